"""Quotes are looked through again when the extractors have changed: it is shown what names something else by that, and
what an administrator ruled holds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
import stores
from conftest import House
from evidence_house import evidence, hear, mention
from mention_house import a_copy, some_works
from sqlalchemy import text

from connectors import sightings
from connectors.ties import again, ties
from sync import store
from sync.store import evidence as evidence_store

works, house = some_works(), a_copy()
TEXTS = {
    "plain": (
        sightings.plain,
        "see doi:10.5555/abc.(1) and PMID: 1234567, arXiv:2101.00001v2, "
        "ISBN 978-3-16-148410-0, PMC1234567, NCT01234567",
    ),
    "html": (
        sightings.html,
        '<a href="https://doi.org/10.5555/abc%2Fd?utm_source=x">x</a><a href="https://arxiv.org/abs/math/0309136v2">a</a>'
        '<a href="https://journals.example.org/doi/full/10.5555/abc/full">x</a><a href="https://example.org/articles/1">x</a>'
        '<a href="https://pubmed.ncbi.nlm.nih.gov/123/">p</a><p>10.5555/x</p>',
    ),
    "wikitext": (
        sightings.wikitext,
        "{{cite journal|title=A|doi=10.5555/wiki|pmid=99|pmc=88|arxiv=2101.00002|isbn=978-3-16-148410-0}} "
        "[https://doi.org/10.5555/ext text] {{doi|10.5555/tpl}} {{arxiv|2101.00003}}",
    ),
    "markdown": (sightings.markdown, "[x](https://doi.org/10.5555/md) <https://doi.org/10.5555/auto> 10.5555/bare"),
    "tags": (
        sightings.page_tags,
        '<meta name="citation_doi" content="doi:10.5555/meta"><meta name="citation_pmid" content="123">'
        '<meta name="citation_arxiv_id" content="2101.00004"><meta name="DC.identifier" content="10.5555/dc">'
        '<script type="application/ld+json">{"@type":"Article","identifier":"10.5555/ld"}</script>',
    ),
}


class Everything:
    def __contains__(self, identifier: object) -> bool:
        return True


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_seen_in_a_text_is_seen_in_its_quote(name: str) -> None:
    extract, text = TEXTS[name]
    found = ties(extract(text), Everything(), "a" * 64)

    assert found
    for each in found:
        assert each.identifier in {now.identifier for now in again(each, Everything())}, each


def stale(house: House) -> None:
    """Something was quoted rightly, something wrongly, and in one quote something was overseen."""
    wrong = evidence("two", excerpt="see 10.5555/twofold", method="plain-doi")
    both = evidence("one", excerpt="10.5555/one and 10.5555/three", method="plain-doi")
    by_service = evidence("two", excerpt="found by a service", method="service-answer", level="lookup")
    hear(
        house,
        mention("right", evidence=(evidence("one", excerpt="10.5555/one"),)),
        mention("wrong", works=("two",), evidence=(wrong,)),
        mention("both", evidence=(both,)),
        mention("asked", works=("two",), evidence=(by_service,)),
    )


def named(house: House) -> dict[str, list[str]]:
    found = house.json("mention", "list")["mentions"]
    return {each["url"].rpartition("/")[2]: each["names"] for each in found}


def rematch(house: House, *words: str) -> dict[str, Any]:
    return dict(house.json("mention", "rematch", *words))


def test_a_dry_run_says_what_would_change_and_changes_nothing(house: House) -> None:
    stale(house)
    before = named(house)

    told = rematch(house, "--dry-run")

    assert told["looked_through"] == 4
    assert [(each["lost"], each["gained"]) for each in told["changed"]] == [
        (["doi:10.5555/two"], []),
        ([], ["doi:10.5555/three"]),
    ]
    assert named(house) == before


def test_what_names_something_else_is_tied_to_that(house: House) -> None:
    stale(house)
    house.ok("score")
    before = [house.json("explain", f"10.5555/{each}")["score"] for each in ("one", "two", "three")]

    rematch(house)
    house.ok("score")

    assert named(house) == {
        "right": ["doi:10.5555/one"], "wrong": [], "both": ["doi:10.5555/one", "doi:10.5555/three"],
        "asked": ["doi:10.5555/two"],
    }  # fmt: skip
    after = [house.json("explain", f"10.5555/{each}")["score"] for each in ("one", "two", "three")]
    assert [later - earlier for earlier, later in zip(before, after, strict=True)] == [0, -8, 8]
    assert rematch(house)["changed"] == []


def test_what_an_administrator_ruled_holds(house: House) -> None:
    stale(house)
    ids = {each["url"].rpartition("/")[2]: each["mention"] for each in house.json("mention", "list")["mentions"]}
    house.ok("mention", "confirm", ids["wrong"], "--output", "10.5555/two", "--why", "I have read it")
    house.ok("mention", "refuse", ids["both"], "--output", "10.5555/one", "--why", "of another part")

    rematch(house)

    assert named(house)["wrong"] == ["doi:10.5555/two"]
    (both,) = (each for each in house.json("mention", "list")["mentions"] if each["mention"] == ids["both"])
    assert both["refused"] == ["doi:10.5555/one"]
    assert both["outputs"] == ["doi:10.5555/three"]


def test_what_this_version_quoted_is_not_looked_through(house: House) -> None:
    hear(house, mention(evidence=(evidence(excerpt="nothing", extractor=sightings.VERSION),)))

    assert rematch(house) == {"dry_run": False, "looked_through": 0, "changed": []}


def test_who_is_erased_while_it_waits_for_its_turn_is_quoted_no_more(house: House) -> None:
    stale(house)
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    began = Event()

    def erase() -> None:
        with home.write() as db:
            began.set()
            sleep(0.5)  # until the other waits
            evidence_store.silence(db, [row.id for row in db.execute(text("SELECT id FROM mention"))])

    with ThreadPoolExecutor() as pool:
        erasing = pool.submit(erase)
        began.wait()
        rematch(house)
        erasing.result()
    home.engine.dispose()

    assert house.stored("SELECT DISTINCT excerpt FROM evidence") == [("",)]


def test_the_line_of_a_run_and_its_table(house: House) -> None:
    stale(house)

    ran = house.ok("mention", "rematch", "--dry-run")

    assert "4 mentions were looked through; 2 would name something else" in ran
    assert "doi:10.5555/three" in ran
