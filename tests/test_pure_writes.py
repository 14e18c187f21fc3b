"""A badge in an output of Pure: found by its DOI, written beside what others keep there, guarded by the version."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_contract import NAME, contract
from pure_source import pure

from connectors.base import Held
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.identifiers import Identifier
from connectors.pure.write import changed, values
from sandbox.pure import Doi, Link, Output, PracticePure, PureFault, practice_pure
from sandbox.pure.model import ATTENTION, LINK_TYPES, made

FIELD = f"link:{ATTENTION}"
ONE = made("output", 1)
BADGE = "https://badges.example.edu/badge/output/7.svg 12 2026-06-02"
SCOPUS = Link(url="https://www.scopus.com/record/1", type=LINK_TYPES[1], alias="In Scopus")


@pytest.fixture
def server() -> Iterator[PracticePure]:
    with practice_pure() as server:
        server.put(Output(number=1, title="Tide tables", dois=(Doi(value="10.5555/tides.1"),), links=(SCOPUS,)))
        yield server


def yes() -> bool:
    return True


def held(server: PracticePure) -> Output:
    return server.held.outputs[ONE]


def put(server: PracticePure, *wanted: str, field: str = FIELD, before: Held | None = None) -> None:
    connector = pure(server.url)
    found = before or connector.read(ONE, field)
    assert found is not None
    connector.write(ONE, field, found, wanted, permit=yes)


def test_an_output_is_found_by_each_of_its_dois_and_by_no_beginning_of_one(server: PracticePure) -> None:
    server.put(Output(number=2, dois=(Doi(value="10.5555/tides.1.2"),)))
    server.put(Output(number=3, dois=(Doi(value="10.5555/TIDES.3", version="submitted"), Doi(value="10.5555/x"))))
    connector = pure(server.url)

    assert connector.find([Identifier("doi", "10.5555/tides.1")]) == (ONE,)
    assert connector.find([Identifier("doi", "10.5555/tides.3")]) == (made("output", 3),)
    assert connector.find([Identifier("doi", "10.5555/tides")]) == ()
    assert connector.find([Identifier("pmid", "1")]) == ()


def test_all_that_carry_a_doi_are_found_however_many_pages_that_takes(server: PracticePure) -> None:
    for number in range(2, 150):
        server.put(Output(number=number, dois=(Doi(value=f"10.5555/tides.1.{number}"),)))
    server.put(Output(number=150, dois=(Doi(value="https://doi.org/10.5555/Tides.1"),)))

    assert pure(server.url).find([Identifier("doi", "10.5555/tides.1")]) == tuple(sorted((ONE, made("output", 150))))


def test_a_search_that_finds_far_too_much_is_not_searching(server: PracticePure) -> None:
    server.faults.append(PureFault("rewrite", address="/search", old='"count": 1', new='"count": 100000', times=None))

    with pytest.raises(NotUnderstood, match="far more"):
        pure(server.url).find([Identifier("doi", "10.5555/tides.1")])


def test_a_badge_is_a_link_of_its_type_and_the_other_links_stay(server: PracticePure) -> None:
    put(server, BADGE)

    url, _, shown = BADGE.partition(" ")
    assert held(server).links == (SCOPUS, Link(url=url, type=ATTENTION, alias=shown))
    assert pure(server.url).read(ONE, FIELD) == Held(values=(BADGE,), guard="v2")


def test_a_badge_takes_the_place_of_the_last_and_goes_without_a_trace(server: PracticePure) -> None:
    put(server, BADGE)
    put(server, BADGE.replace(" 12 ", " 13 "))
    assert [each.alias for each in held(server).links] == ["In Scopus", "13 2026-06-02"]

    put(server)
    assert held(server).links == (SCOPUS,)


def test_what_somebody_else_put_beside_it_stays(server: PracticePure) -> None:
    theirs = Link(url="https://example.org/", type=ATTENTION)
    server.put(replace(held(server), links=(theirs, SCOPUS)))
    put(server, "https://example.org/", BADGE)
    put(server, "https://example.org/")

    assert held(server).links == (theirs, SCOPUS)


def test_everything_else_of_the_output_goes_back_as_it_came(server: PracticePure) -> None:
    before = pure(server.url)._rest().one("/research-outputs", ONE)
    put(server, BADGE)

    sent = json.loads(next(each.body for each in server.requests if each.method == "PUT"))
    assert {**sent, "links": None} == {**(before or {}), "links": None}
    assert sent["links"][:-1] == (before or {})["links"]
    assert sent["version"] == "v1"


def test_nothing_is_sent_where_nothing_differs(server: PracticePure) -> None:
    put(server, BADGE)
    put(server, BADGE)

    assert sum(each.method == "PUT" for each in server.requests) == 1


def test_an_output_that_changed_since_it_was_read_is_not_written_to(server: PracticePure) -> None:
    before = pure(server.url).read(ONE, FIELD)
    server.put(replace(held(server), title="Tide tables, revised"))

    with pytest.raises(NotUnderstood, match="somebody changed"):
        put(server, BADGE, before=before)
    assert held(server).links == (SCOPUS,)
    assert not [each for each in server.requests if each.method == "PUT"]


def test_who_is_quicker_between_our_reading_and_our_writing_wins(server: PracticePure) -> None:
    def revise(held_by: PracticePure) -> None:
        held_by.put(replace(held(held_by), title="Tide tables, revised", links=()))

    server.faults.append(PureFault("change", method="PUT", act=revise))

    with pytest.raises(NotUnderstood, match="somebody changed"):
        put(server, BADGE)
    assert (held(server).title, held(server).links) == ("Tide tables, revised", ())


def test_an_output_without_a_version_is_not_written_to(server: PracticePure) -> None:
    server.faults.append(PureFault("rewrite", old='"version": "v1"', new='"version": null', times=None))

    with pytest.raises(NotUnderstood, match="no version"):
        put(server, BADGE)


def test_an_output_that_is_gone_or_merged_holds_nothing(server: PracticePure) -> None:
    server.put(Output(number=2))
    before = pure(server.url).read(ONE, FIELD)
    server.held.merge(held(server), server.held.outputs[made("output", 2)])
    connector = pure(server.url)

    assert connector.read(ONE, FIELD) is None
    with pytest.raises(NotUnderstood, match="gone, or was merged"):
        connector.write(ONE, FIELD, before or Held(), [BADGE], permit=yes)


def test_only_where_pure_says_so_is_an_output_gone_since_one_that_the_key_may_not_see_is_not_found_either(
    server: PracticePure,
) -> None:
    put(server, BADGE)
    server.put(replace(held(server), visibility="CONFIDENTIAL"))
    with pytest.raises(NotUnderstood, match="let the key see confidential content"):
        pure(server.url).read(ONE, FIELD)

    server.faults.append(PureFault("status", status=410))
    assert pure(server.url).read(ONE, FIELD) is None


@pytest.mark.parametrize("field", [FIELD, "attention"])
def test_what_a_merge_carried_over_to_the_survivor_is_a_copy(server: PracticePure, field: str) -> None:
    put(server, BADGE, field=field)
    carried = held(server)
    server.put(Output(number=2, links=(SCOPUS,)))
    badge = BADGE.partition(" ")[0]
    assert pure(server.url).copies(ONE, field, badge) == ()

    server.held.merge(carried, server.held.outputs[made("output", 2)])
    assert pure(server.url).copies(ONE, field, badge) == ()
    server.put(Output(number=2, links=carried.links, custom=carried.custom))
    assert pure(server.url).copies(ONE, field, badge) == (made("output", 2),)
    assert pure(server.url).copies(ONE, field, badge.replace("/7.", "/8.")) == ()


def test_where_permission_has_ended_nothing_is_sent(server: PracticePure) -> None:
    connector = pure(server.url)

    with pytest.raises(Recalled):
        connector.write(ONE, FIELD, connector.read(ONE, FIELD) or Held(), [BADGE], permit=lambda: False)
    assert held(server).links == (SCOPUS,)


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (400, NotUnderstood, "docs/pure.md"),
        (401, NotAllowed, "check token"),
        (403, NotUnderstood, "write research outputs"),
        (404, NotUnderstood, "gone"),
        (409, NotUnderstood, "somebody changed"),
        (422, NotUnderstood, "status 422"),
        (500, TryLater, "only reading can tell"),
        (503, TryLater, "only reading can tell"),
    ],
)
def test_each_refusal_says_what_to_do_and_names_no_title(
    server: PracticePure, status: int, error: type[Exception], says: str
) -> None:
    server.faults.append(PureFault("status", method="PUT", status=status))

    with pytest.raises(error, match=says) as refused:
        put(server, BADGE)
    assert "Tide" not in str(refused.value)
    assert "badges.example.edu" not in str(refused.value)


def test_a_custom_field_holds_one_badge_as_a_text_and_other_fields_stay(server: PracticePure) -> None:
    server.held.fields |= {"shelf"}
    server.put(replace(held(server), custom=(("shelf", "B 12"),)))
    put(server, BADGE, field="attention")
    assert dict(held(server).custom) == {"shelf": "B 12", "attention": BADGE}
    assert held(server).links == (SCOPUS,)

    put(server, field="attention")
    assert dict(held(server).custom) == {"shelf": "B 12"}


@pytest.mark.parametrize("field", [FIELD, "attention"])
def test_what_is_sent_is_as_the_contract_says(server: PracticePure, shared_data: Path, field: str) -> None:
    vendor = contract(shared_data / "repositories" / "pure" / NAME)
    put(server, BADGE, field=field)
    put(server, field=field)

    sent = [json.loads(each.body) for each in server.requests if each.method == "PUT"]
    assert len(sent) == 2
    assert [vendor.complaints("ResearchOutput", each) for each in sent] == [[], []]


def test_nothing_is_put_beside_the_value_of_a_custom_field(server: PracticePure) -> None:
    with pytest.raises(NotUnderstood, match="one value"):
        put(server, "theirs", BADGE, field="attention")


def test_a_custom_field_that_nobody_declared_is_refused_with_the_mend(server: PracticePure) -> None:
    with pytest.raises(NotUnderstood, match="status 400; is the field there"):
        put(server, BADGE, field="atention")


@pytest.mark.parametrize("custom", [{"typeDiscriminator": "Integer", "value": 3}, {"value": "x"}, "x", [], {"x": 1}])
def test_a_custom_field_that_is_no_text_is_not_understood(custom: object) -> None:
    with pytest.raises(NotUnderstood, match="no text"):
        values({"customDefinedFields": {"attention": custom}}, "attention")


@pytest.mark.parametrize("fields", ["many", [{"shelf": "B 12"}], 3])
def test_custom_fields_that_cannot_be_read_are_not_written_over(fields: object) -> None:
    told = {"customDefinedFields": fields}
    for attempt in (lambda: values(told, "attention"), lambda: changed(told, "attention", [BADGE])):
        with pytest.raises(NotUnderstood, match="cannot be read"):
            attempt()


@pytest.mark.parametrize("links", ["many", {}, [3], [{"url": 3, "linkType": {"uri": ATTENTION}}]])
def test_links_that_cannot_be_read_are_not_written_over(links: object) -> None:
    for attempt in (lambda: values({"links": links}, FIELD), lambda: changed({"links": links}, FIELD, [BADGE])):
        with pytest.raises(NotUnderstood):
            attempt()


@pytest.mark.parametrize("field", ["link:", "link:attention"])
def test_a_field_that_names_no_type_of_link_is_refused(server: PracticePure, field: str) -> None:
    with pytest.raises(NotAllowed, match="such as link:/"):
        pure(server.url).read(ONE, field)


def test_by_the_legacy_api_nothing_is_found_read_or_written(server: PracticePure) -> None:
    connector = pure(server.legacy_url)

    for attempt in (
        lambda: connector.find([Identifier("doi", "10.5555/tides.1")]),
        lambda: connector.read(ONE, FIELD),
        lambda: connector.write(ONE, FIELD, Held(), [BADGE], permit=yes),
    ):
        with pytest.raises(NotAllowed, match="ends with /ws/api"):
            attempt()
    assert server.requests == []


TEXTS = st.lists(st.sampled_from(["a", "b", "c d", "https://x.y/ 1"]), max_size=5)
LINKS = st.lists(
    st.builds(
        lambda url, kind, alias: {"url": url, "linkType": {"uri": kind}} | ({"alias": alias} if alias else {}),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([ATTENTION, LINK_TYPES[1]]),
        st.sampled_from(["", "d"]),
    ),
    max_size=6,
).map(lambda links: [{**each, "pureId": at} for at, each in enumerate(links)])


@given(links=LINKS, wanted=TEXTS)
def test_afterwards_the_field_holds_what_was_wanted_and_what_is_not_ours_is_untouched(
    links: list[dict[str, object]], wanted: list[str]
) -> None:
    told = {"uuid": "u", "title": {"value": "T"}, "links": links}
    after = changed(told, FIELD, wanted)

    assert sorted(values(after, FIELD)) == sorted(wanted)
    others = [each for each in links if each["linkType"] != {"uri": ATTENTION}]
    assert [each for each in after["links"] if each["linkType"] != {"uri": ATTENTION}] == others
    kept = [each for each in after["links"] if "pureId" in each]
    assert kept == [each for each in links if each in kept]
    assert {**after, "links": links} == told
