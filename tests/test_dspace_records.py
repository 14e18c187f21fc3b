"""A DSpace's items become outputs, people and authorships; whatever else they are, they are never more open for it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.visibility import Visibility
from connectors.dspace.access import Access
from connectors.dspace.records import Rules, is_output, is_person, output, person
from connectors.dspace.search import Row, sheet
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.people_map import Flags, PeopleMap
from connectors.records import Aside, Authorship, Item, Person, Version

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
OPEN = Access(visibility=PUBLIC, raw={"withdrawn": "false"})
KEY = "0a1b2c3d-0000-4000-8000-000000000001"
ANN, BEN = "0a1b2c3d-0000-4000-8000-00000000000a", "0a1b2c3d-0000-4000-8000-00000000000b"
RULES = Rules(
    doi_fields=("dc.identifier.doi", "dc.identifier.uri"), people=True, links=PUBLIC, people_map=PeopleMap({})
)


def row(metadata: object = None, **more: object) -> Row:
    fields = {name: values(*told) for name, told in metadata.items()} if isinstance(metadata, dict) else metadata
    return Row(key=KEY, item={"uuid": KEY, "metadata": fields, **more}, told=None)


def values(*told: object) -> list[object]:
    return [{"value": one, "place": at} if isinstance(one, str) else one for at, one in enumerate(told)]


def read(metadata: object, rules: Rules = RULES, **more: object) -> tuple[Item, list[Authorship], list[Aside]]:
    told = list(output(row(metadata, **more), OPEN, rules))
    links = [one for one in told if isinstance(one, Authorship)]
    asides = [one for one in told if isinstance(one, Aside)]
    (item,) = [one for one in told if isinstance(one, Item)]
    return item, links, asides


def doi(suffix: str) -> Identifier:
    return Identifier("doi", f"10.5555/{suffix}")


def test_an_output_is_read_with_one_doi_that_counts() -> None:
    item, _, asides = read(
        {
            "dc.title": ["Tide  tables\n", "Another title"],
            "dc.type": ["article"],
            "dc.date.issued": ["2026-02-31T00:00:00Z"],
            "dc.identifier.doi": ["https://doi.org/10.5555/TIDES", "doi:10.5555/other"],
            "dc.identifier.uri": ["https://hdl.handle.net/20.500.99999/1", "10.5555/third"],
            "dc.identifier.issn": ["12345678", "none"],
            "dc.identifier.pmid": ["123"],
            "dc.relation.ispartof": ["Journal of Harbours"],
            "dc.contributor.author": ["Quill, Ada"],
        },
        handle="20.500.99999/1",
    )

    assert (item.key, item.title, item.type, item.published) == (KEY, "Tide tables", "article", "2026-02")
    assert item.identifiers == (doi("tides"), Identifier("handle", "20.500.99999/1"), Identifier("pmid", "123"))
    assert item.other_dois == (doi("other"), doi("third"))
    assert (item.journal, item.issns) == ("Journal of Harbours", ("1234-5678",))
    assert (item.visibility, item.raw, item.doubts) == (PUBLIC, {"withdrawn": "false"}, ())
    assert asides == []
    assert "Quill" not in repr(item)


def test_what_wants_to_be_a_doi_and_is_none_is_reported_and_other_addresses_are_not() -> None:
    _, _, asides = read({"dc.identifier.doi": ["doi:none"], "dc.identifier.uri": ["https://example.edu/1"]})

    assert [(one.key, one.keyless, one.stored) for one in asides] == [(KEY, False, True)]


def test_other_versions_are_told_where_the_field_is_not_one_of_dois() -> None:
    told = {
        "dc.title": ["T"],
        "dc.relation.hasversion": ["https://doi.org/10.5555/v2"],
        "dc.relation.isversionof": ["10.5555/v0", "an earlier one"],
        "dc.relation.isreplacedby": ["20.500.99999/9"],
    }
    rules = Rules(doi_fields=("dc.relation.isversionof",), people=False, links=PRIVATE, people_map=PeopleMap({}))

    assert read(told)[0].versions == (
        Version("has_version", doi("v2")),
        Version("is_version_of", doi("v0")),
        Version("is_previous_version_of", Identifier("handle", "20.500.99999/9")),
    )
    assert read(told, rules)[0].identifiers == (doi("v0"),)
    assert [one.relation for one in read(told, rules)[0].versions] == ["has_version", "is_previous_version_of"]


def test_values_come_in_the_order_of_their_place_and_odd_ones_do_no_harm() -> None:
    odd = [{"value": "third", "place": "x"}, {"value": "first", "place": 0}, {"value": 5}, None, "x"]

    assert read({"dc.title": odd})[0].title == "first"
    assert read({"dc.title": [{"value": "half \ud800 a\x00pair"}]})[0].title == "half \ufffd a pair"


def test_what_is_kept_from_the_public_is_not_told_on() -> None:
    hidden = [{"value": "Secret", "securityLevel": level} for level in (1, 2, "0", True, False, -1)]
    told = {"dc.title": [*hidden, {"value": "Shown", "securityLevel": 0}], "dc.identifier.doi": hidden}

    item, _, _ = read(told)

    assert (item.title, item.identifiers) == ("Shown", ())


def test_an_item_that_shows_no_metadata_is_private_and_what_it_was_stays() -> None:
    for metadata in ({}, None, [], "x"):
        item, links, _ = read(metadata)
        assert (item.visibility, item.unread, item.doubts, links) == (PRIVATE, True, ("it shows no metadata",), [])


def test_links_are_relations_and_accepted_authorities_each_person_once() -> None:
    told = {
        "relation.isAuthorOfPublication": [ANN, "somebody"],
        "dc.contributor.author": [
            {"value": "Moss, Ben", "authority": BEN, "confidence": 600},
            {"value": "Harbourmaster, Ann", "authority": ANN, "confidence": 600},
            {"value": "X", "authority": KEY, "confidence": 500},
            {"value": "Y", "authority": "virtual::7", "confidence": 600},
            {"value": "Z", "authority": {"a": 1}, "confidence": 600},
        ],
    }

    _, links, _ = read(told)

    assert [(one.item, one.person, one.visibility, one.position) for one in links] == [
        (KEY, ANN, PUBLIC, 1),
        (KEY, BEN, PUBLIC, 2),
    ]


def test_a_link_that_is_kept_from_the_public_anywhere_is_private() -> None:
    told = {
        "relation.isAuthorOfPublication": [ANN],
        "dc.contributor.author": [{"value": "A", "authority": ANN, "confidence": 600, "securityLevel": 2}],
    }

    assert [one.visibility for one in read(told)[1]] == [PRIVATE]


def test_without_an_assumption_links_are_private_and_without_people_there_are_none() -> None:
    told = {"relation.isAuthorOfPublication": [ANN]}
    closed = Rules(doi_fields=(), people=True, links=PRIVATE, people_map=PeopleMap({}))
    alone = Rules(doi_fields=(), people=False, links=PUBLIC, people_map=PeopleMap({}))

    assert [one.visibility for one in read(told, closed)[1]] == [PRIVATE]
    assert read(told, alone)[1] == []


def someone(rules: Rules = RULES, **fields: object) -> Person:
    return person(row({name.replace("_", "."): told for name, told in fields.items()}), OPEN, rules)


def test_a_person_is_called_first_name_then_last_name() -> None:
    assert someone(person_givenName=["Ann"], person_familyName=["Harbourmaster"]).name == "Ann Harbourmaster"
    assert someone(dc_title=["Harbourmaster, Ann"]).name == "Ann Harbourmaster"
    assert someone(dc_title=["Plato"]).name == "Plato"
    assert someone(dc_title=[{"value": "Plato", "securityLevel": 1}]).name == ""


def test_an_orcid_counts_where_the_person_proved_it() -> None:
    told, proof = ["0000-0002-1825-0097"], ["2026-01-01T10:00:00"]

    assert someone(person_identifier_orcid=told, dspace_orcid_authenticated=proof).orcid == told[0]
    assert someone(person_identifier_orcid=told).orcid is None
    assert someone(person_identifier_orcid=["0000-0002-1825-0098"], dspace_orcid_authenticated=proof).orcid is None
    two = [*told, "0000-0001-5109-3700"]
    assert someone(person_identifier_orcid=two, dspace_orcid_authenticated=proof).orcid is None


def test_who_is_current_is_told_by_the_map_alone() -> None:
    flags = Flags(current=True, academic=False)
    rules = Rules(doi_fields=(), people=True, links=PUBLIC, people_map=PeopleMap({("email", "ann@example.edu"): flags}))

    told = someone(rules, person_email=["ANN@example.edu"])

    assert (told.current, told.academic, told.student) == (True, False, None)
    assert someone(rules, dc_title=["X"]).current is None


def test_what_an_item_is_both_its_words_must_say() -> None:
    def kinds(own: object, *told: str) -> tuple[bool, bool]:
        item = {"entityType": own, "metadata": {"dspace.entity.type": values(*told)}}
        return is_output(item), is_person(item)

    assert kinds(None) == (True, False)
    assert kinds("Publication", "Publication") == (True, False)
    assert kinds("Person", "Person") == (False, True)
    assert kinds(None, "Person") == (False, True)
    assert kinds("Person") == (False, True)
    assert kinds("Publication", "Person") == (False, False)
    assert kinds("Researcher") == (False, False)
    assert kinds("OrgUnit") == (False, False)
    assert (is_output(None), is_person(None)) == (True, False)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800") | st.just("\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("dc.title", "dc.type", "dc.date.issued", "dc.identifier.doi", "dc.identifier.isbn", "person.email",
         "relation.isAuthorOfPublication", "dc.contributor.author", "dspace.orcid.authenticated",
         "person.identifier.orcid", "dc.relation.hasversion", "dc.identifier.issn")  # fmt: skip
VALUES = st.lists(
    st.fixed_dictionaries(
        {"value": ANYTHING | st.sampled_from(["10.5555/x", ANN, "2026-13", "0000-0002-1825-0097"])},
        optional={"place": ANYTHING, "authority": ANYTHING, "confidence": ANYTHING, "securityLevel": ANYTHING},
    ),
    max_size=3,
)
METADATA = ANYTHING | st.dictionaries(st.sampled_from(NAMES), ANYTHING | VALUES, max_size=5)


@given(METADATA, ANYTHING, st.sampled_from([PUBLIC, PRIVATE]))
def test_whatever_stands_in_an_item_it_is_read_and_as_open_as_it_may_be(
    metadata: object, handle: object, level: Visibility
) -> None:
    one = Row(key=KEY, item={"uuid": KEY, "metadata": metadata, "handle": handle, "entityType": handle}, told=None)
    access = Access(visibility=level, raw={})

    told = [*output(one, access, RULES), person(one, access, RULES)]

    assert all(each.visibility <= level for each in told if isinstance(each, Item | Person))
    for each in told:  # a lone surrogate could not be stored
        (each.title if isinstance(each, Item) else getattr(each, "name", "")).encode()
    assert not (is_output(one.item) and is_person(one.item))


@given(ANYTHING, ANYTHING, st.integers(0, 3) | ANYTHING)
def test_whatever_a_search_answers_it_is_read_or_not_understood(told: Any, rows: Any, number: Any) -> None:
    page = dict.fromkeys(("number", "size", "totalPages", "totalElements"), number)
    for body in (told, {"_embedded": {"searchResult": {"page": page, "_embedded": {"objects": rows}}}}):
        try:
            found = sheet(body)
        except NotUnderstood:
            continue
        assert all(not one.key or len(one.key) == 36 for one in found.rows)


def test_a_row_without_its_item_is_known_by_its_link() -> None:
    link = {"_links": {"indexableObject": {"href": f"https://repository.example.edu/server/api/core/items/{KEY}"}}}
    page = {"number": 0, "size": 1, "totalPages": 1, "totalElements": 2}
    body = {"_embedded": {"searchResult": {"page": page, "_embedded": {"objects": [link, {}]}}}}

    assert [(one.key, one.item) for one in sheet(body).rows] == [(KEY, None), ("", None)]
