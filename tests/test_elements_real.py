"""Real answers of real Elements, read whole; what is expected comes from XPath, not from our reading."""

from collections import Counter
from pathlib import Path

import pytest
import responses
from elements_source import INTERNAL, PRIVATE, PUBLIC, QUIET, Source, every, everything, feed
from lxml import etree

from connectors.elements.items import Rules, item
from connectors.records import Item

V55 = (5, 5)


API = "{http://www.symplectic.co.uk/publications/api}"


def test_the_real_feed_is_read_whole(shared_data: Path) -> None:
    body = (shared_data / "elements" / "v4.6" / "publications-feed-full.xml").read_bytes()
    tree = etree.fromstring(body)
    objects = tree.findall(f".//{API}object")
    expected = {one.get("id"): dois(one) for one in objects}
    found = real_items(body, assume={"outputs": INTERNAL})

    assert len(found) == len(objects) == 25
    assert {
        one.key: [i.value for i in (*one.identifiers, *one.other_dois) if i.scheme == "doi"] for one in found
    } == expected
    assert sum(not told for told in expected.values()) == 2
    assert sum(len(told) > 1 for told in expected.values()) == 1
    assert {one.visibility for one in found} == {INTERNAL}
    assert {one.key: one.title for one in found} == {one.get("id"): first(one, "title") for one in objects}
    assert {one.key: one.journal for one in found} == {one.get("id"): first(one, "journal") for one in objects}
    assert all(one.published[:4] == year(one.key, objects) for one in found)


@responses.activate
def real_items(body: bytes, **more: object) -> list[Item]:
    Source({**QUIET, "/users": feed(version="4.6"), "/publications": body})
    return every(everything(**more), "items")


def records(publication: etree._Element) -> list[etree._Element]:
    """Its own records, the one whose DOI counts first: here no record is preferred and no source takes precedence."""
    found = publication.findall(f"{API}records/{API}record")
    return sorted(found, key=lambda one: one is not next((r for r in found if texts(r, "doi")), None))


def texts(record: etree._Element, name: str) -> list[str]:
    return record.xpath(f"*[local-name()='native']/*[@name='{name}']/*[local-name()='text']/text()")


def dois(publication: etree._Element) -> list[str]:
    return list(dict.fromkeys(doi.lower() for one in records(publication) for doi in texts(one, "doi")))


def first(publication: etree._Element, name: str) -> str:
    return next((" ".join(text.split()) for one in records(publication) for text in texts(one, name)), "")


def year(key: str, objects: list[etree._Element]) -> str:
    (publication,) = [one for one in objects if one.get("id") == key]
    told = [
        y
        for one in records(publication)
        for y in one.xpath("*/*[@name='publication-date']//*[local-name()='year']/text()")
    ]
    return told[0] if told else ""


def test_the_real_feed_has_93_records_of_its_own_and_87_of_journals(shared_data: Path) -> None:
    tree = etree.parse(shared_data / "elements" / "v4.6" / "publications-feed-full.xml")

    own = [one for publication in tree.iter(f"{API}object") for one in records(publication)]

    assert (len(own), sum(1 for _ in tree.iter(f"{API}record"))) == (93, 180)


def test_without_an_assumption_the_real_feed_is_private(shared_data: Path) -> None:
    body = (shared_data / "elements" / "v4.6" / "publications-feed-full.xml").read_bytes()

    assert {one.visibility for one in real_items(body)} == {PRIVATE}


@pytest.mark.parametrize(
    ("name", "title", "published"),
    [
        ("publication.xml", "I am the Title of a Publication", "2017"),
        ("publication-no-date.xml", None, ""),
        ("fun-publication-emoji.xml", None, None),
        ("fun-publication-math.xml", None, None),
    ],
)
def test_real_single_publications_are_read(
    shared_data: Path, name: str, title: str | None, published: str | None
) -> None:
    tree = etree.parse(shared_data / "elements" / "v5.5" / name)
    (publication,) = tree.iter("{*}object")
    expected = tree.xpath(
        "normalize-space((//*[local-name()='object']/*[local-name()='records']/*[local-name()='record']"
        "/*[local-name()='native']/*[@name='title']/*[local-name()='text'])[1])"
    )

    found = next(iter(item(publication, V55, "/", Rules())))

    assert isinstance(found, Item)
    assert found.title == (title or expected)
    assert found.title
    assert published in (None, found.published)
    assert Counter(found.doubts) == Counter()
    assert found.visibility == PUBLIC
