"""A whole institution through the practice Elements: pulled, scored and exported, it is what the institution was told.

The expectation is `naive.elements.expected`, which knows the institution and nothing of the code.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import stores
from conftest import House
from naive.elements import WIRES, Scope, Wire, expected, link_of, pulled, seen, serve, small, told

from sandbox.institution import Institution, example
from sandbox.model import Group, Output, Record
from sandbox.outputs import COMBINATIONS, FIRST_OUTPUT

SCOPES = {
    "default": Scope(),
    "only what is public": Scope("current", "academic", "public", "public", "public"),
    "academics or students": Scope("current", "academic_or_student"),
    "hidden links take part": Scope(people="private", outputs="private", authorships="private"),
    "academics, also former": Scope(profile="academic", authorships="private"),
}


@pytest.fixture(scope="module", params=WIRES)
def wire(request: pytest.FixtureRequest) -> Wire:
    return WIRES[request.param]


@pytest.fixture(scope="module")
def whole(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Institution]]:
    """The example, small, pulled and scored once."""
    institution = example(outputs=120, people=20, mentions=0)
    house = House(tmp_path_factory.mktemp("whole"))
    with pulled(house, institution, wire):
        yield house, institution


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_does_what_its_preview_says_and_then_the_exports_are_what_the_institution_says(
    whole: tuple[House, Institution], wire: Wire, scope: str
) -> None:
    house, institution = whole
    file = house.folder / "scope.toml"
    file.write_text(SCOPES[scope].toml)
    before = {audience: house.rows(audience) for audience in ("public", "internal")}

    preview = house.json("scope", "preview", str(file))
    unchanged = house.rows("internal")
    applied = house.json("scope", "apply", str(file))

    assert (unchanged, applied) == (before["internal"], preview)
    assert (applied["writes"], applied["withdrawals"]) == ({}, {})
    for audience, rows in before.items():
        was, now = seen(rows), seen(after := house.rows(audience))
        assert told(after) == expected(institution, wire, audience, SCOPES[scope])
        for kind in ("outputs", "people", "groups"):
            assert applied[audience][kind]["appear"] == sorted(now[kind] - was[kind])
            assert applied[audience][kind]["vanish"] == sorted(was[kind] - now[kind])


def test_every_combination_of_flags_is_mapped_as_the_house_says(whole: tuple[House, Institution], wire: Wire) -> None:
    """The first 36 outputs, all by one person who is open in every way, under the default scope."""
    house, _ = whole
    (house.folder / "scope.toml").write_text(Scope().toml)
    house.ok("scope", "apply", str(house.folder / "scope.toml"))
    public, internal = house.dois("public"), house.dois("internal")

    for number, (level, link, confidential, approved) in enumerate(COMBINATIONS):
        if wire.version == "4.6":
            vote, seen = "public", link == "public"
        elif not wire.levels:
            vote, seen = ("public" if level == "public" else "private"), link == "public"
        else:
            vote, seen = level, "private" not in (level, link)
        takes_part = approved and not confidential and vote != "private" and seen
        doi = f"10.5555/example.{FIRST_OUTPUT + number}"

        assert (doi in internal) == takes_part, (level, link, confidential, approved)
        assert (doi in public) == (takes_part and vote == "public"), (level, link, confidential, approved)


CLOSED = FIRST_OUTPUT + COMBINATIONS.index(("private", "public", False, True))
Change = Callable[[Institution], object]
ROUNDS: dict[str, tuple[Change, ...]] = {
    "tightened": (
        lambda i: i.change_person(1002, privacy="internal"),
        lambda i: i.change_person(1003, current=False, academic=False, student=False),
        lambda i: i.change_output(50_040, privacy="private"),
        lambda i: i.change_output(50_041, privacy="internal"),
        lambda i: i.change_output(50_042, records=_with(i.outputs[50_042], confidential=True)),
        lambda i: i.change_output(50_043, ever_approved=False),
        lambda i: i.change_authorship(link_of(i, 50_044).id, privacy="private"),
        lambda i: i.change_authorship(link_of(i, 50_045).id, privacy="internal"),
        lambda i: i.change_group(3, privacy="internal", name="Faculty of Closed Arts"),
    ),
    "gone": (
        lambda i: i.delete_output(50_046),
        lambda i: i.delete_person(1005),
        lambda i: i.delete_authorship(link_of(i, 50_047).id),
        lambda i: i.merge_outputs(50_048, 50_049),
        lambda i: i.merge_people(1004, 1001),
    ),
    "new and opened": (
        lambda i: _new_output(i),
        lambda i: _new_person(i),
        lambda i: i.change_output(50_040, privacy="public"),
        lambda i: i.change_output(CLOSED, privacy="public"),
        lambda i: i.change_person(1002, privacy="public"),
        lambda i: i.change_authorship(link_of(i, 50_044).id, privacy="public"),
        lambda i: i.add_group(_new_group()),
        lambda i: i.change_person(1001, groups=(5, 99)),
        lambda i: i.change_group(3, privacy="public"),
        lambda i: i.change_output(50_050, records=_with(i.outputs[50_050], doi="10.5555/corrected", title="Corrected")),
    ),
}


@pytest.mark.parametrize("name", ["v4.6", "v5.5", "v6.13"])
def test_deltas_follow_changes_and_show_nothing_hidden_on_the_way(house: House, name: str) -> None:
    institution, wire = small(), WIRES[name]
    with pulled(house, institution, wire):
        for number, changes in enumerate(ROUNDS.values(), 1):
            for change in changes:
                change(institution)

            house.ok("pull")
            for audience in ("public", "internal"):
                allowed = expected(institution, wire, audience)
                assert [row for row in told(house.rows(audience)) if row not in allowed] == [], (number, audience)
            house.ok("score")

            for audience in ("public", "internal"):
                assert told(house.rows(audience)) == expected(institution, wire, audience), (number, audience)


@pytest.mark.parametrize("name", ["v5.5 newer", "v6.13"])
def test_a_link_follows_its_effective_level_which_moves_without_a_date(house: House, name: str) -> None:
    institution, wire = small(), WIRES[name]
    with pulled(house, institution, wire):
        for level in ("private", "public"):
            institution.change_person(1001, privacy=level)
            stamps = {link.stamps.modified for link in institution.of_person(1001)}

            house.ok("sync")

            assert max(stamps) < institution.people[1001].stamps.modified
            assert told(house.rows("internal")) == expected(institution, wire, "internal")


TIGHTENINGS: dict[str, Change] = {
    "person": lambda i: i.change_person(1001, privacy="private"),
    "output": lambda i: i.change_output(50_040, privacy="private"),
    "authorship": lambda i: i.change_authorship(link_of(i, 50_040).id, privacy="private"),
    "status": lambda i: i.change_person(1001, current=False),
}


@pytest.mark.parametrize("what", TIGHTENINGS)
def test_a_badge_is_gone_right_after_the_pull_that_tightens(house: House, what: str) -> None:
    institution = small()
    with pulled(house, institution, WIRES["v6.13"], Scope("current").toml):
        assert house.run("explain", "10.5555/example.50040").code == 0
        TIGHTENINGS[what](institution)

        house.ok("pull")

        for audience in ("public", "internal"):
            for verb in ("explain", "badge"):
                ran = house.run(verb, "10.5555/example.50040", "--audience", audience)
                assert (ran.code, ran.out, ran.err) == (1, "", "unknown output\n")
            assert "10.5555/example.50040" not in house.dois(audience)


def test_a_merge_survivor_takes_the_less_open_of_both(house: House) -> None:
    institution = small()
    institution.change_output(50_048, privacy="internal")
    institution.change_person(1006, privacy="internal")
    with pulled(house, institution, WIRES["v6.13"]):
        institution.merge_outputs(50_048, 50_049)
        institution.merge_people(1006, 1001)

        house.ok("sync")

        public, either = house.rows("public"), {"10.5555/example.50048", "10.5555/example.50049"}
        assert not either & {row["doi"] for row in public}
        assert either & house.dois("internal")
        assert not any("Ada Maren Abernook" in row["people"] for row in public)
        assert any("Ada Maren Abernook" in row["people"] for row in house.rows("internal"))


def test_the_vote_of_a_deleted_link_stays_while_another_of_the_pair_is_open(house: House) -> None:
    institution = small()
    hidden = replace(link_of(institution, 50_040), id=790_009, type="publication-user-editorship", privacy="private")
    institution.add_authorship(hidden)
    with pulled(house, institution, WIRES["v6.13"]):
        assert "10.5555/example.50041" in house.dois("internal")
        assert "10.5555/example.50040" not in house.dois("internal")
        institution.delete_authorship(790_009)

        house.ok("sync")
        house.ok("pull", "--full")
        house.ok("score")

        assert "10.5555/example.50040" not in house.dois("internal")


@pytest.mark.parametrize("name", ["v4.6", "v6.13"])
def test_a_full_pull_finds_what_no_feed_of_deletions_tells(house: House, name: str) -> None:
    institution, wire = small(), WIRES[name]
    with pulled(house, institution, wire):
        institution.delete_output(50_043)
        institution.delete_person(1005)
        institution.delete_authorship(link_of(institution, 50_044).id)
        institution.deletions.clear()

        house.ok("pull", "--full")
        house.ok("score")

    assert told(house.rows("internal")) == expected(institution, wire, "internal")


def test_a_repeated_pull_changes_nothing(whole: tuple[House, Institution]) -> None:
    house, _ = whole
    before = house.rows("internal")

    again = [house.json("pull")["connections"][0], house.json("pull", "--full")["connections"][0]]
    scored = house.json("score")

    assert [(each["changed"], each["deleted"]) for each in again] == [(0, 0), (0, 0)]
    assert scored == {"outputs": 0, "changed": 0, "badges": 0}
    assert house.rows("internal") == before


def test_what_lies_below_keep_is_missed_by_nobody_whose_scope_asks_for_no_more(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, 'keep = "internal"')
        house.ok("sync")
        for changes in ROUNDS.values():
            for change in changes:
                change(institution)
            house.ok("sync")

            for audience in ("public", "internal"):
                assert told(house.rows(audience)) == expected(institution, wire, audience)


def test_what_falls_below_keep_leaves_no_readable_trace(house: House) -> None:
    institution = small()
    institution.change_output(50_040, records=_with(institution.outputs[50_040], title="An Unmistakable Title"))
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url, 'keep = "internal"')
        house.ok("sync")
        institution.change_output(50_040, privacy="private")
        institution.change_output(50_041, records=_with(institution.outputs[50_041], confidential=True))
        house.ok("sync")

    stored = stores.whole(house.folder)
    private = [o.id for o in institution.outputs.values() if o.privacy == "private" and o.ever_approved]
    assert 50_040 in private
    assert [n for n in (*private, 50_041) if f"10.5555/example.{n}".encode() in stored] == []
    assert b"An Unmistakable Title" not in stored


def test_a_folder_of_files_shows_the_same_institution(house: House) -> None:
    institution = example(outputs=120, people=20, mentions=0)
    institution.write_files(house.folder / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')

    house.ok("sync")

    for audience in ("public", "internal"):
        assert told(house.rows(audience)) == expected(institution, Wire("files", newer=True), audience)


def test_a_dry_run_says_what_a_pull_would_do_and_does_not_do_it(house: House) -> None:
    institution = small()
    with pulled(house, institution, WIRES["v6.13"]):
        before = house.rows("internal")
        cursor = house.json("status")["connections"][0]["cursor"]
        institution.change_output(50_040, privacy="private")
        institution.delete_output(50_043)

        dry = house.json("pull", "--dry-run")
        status = house.json("status")["connections"][0]

        assert dry["dry_run"] is True
        assert dry["connections"][0]["changed"] > 0
        assert house.rows("internal") == before
        assert (status["cursor"], status["last_run"]["step"]) == (cursor, "pull")
        assert house.json("pull")["connections"][0]["changed"] == dry["connections"][0]["changed"]


def _with(output: Output, **changes: Any) -> tuple[Record, ...]:
    return tuple(replace(record, **changes) for record in output.records)


def _new_group() -> Group:
    return Group(id=99, name="Institute of New Things", description="", parents=(2,), privacy="public")


def _new_output(institution: Institution) -> None:
    spare = example(outputs=130, people=20, mentions=0).outputs[50_130]
    institution.add_output(replace(spare, privacy="public", ever_approved=True))
    institution.add_authorship(replace(link_of(institution, 50_052), id=790_001, output=50_130))


def _new_person(institution: Institution) -> None:
    institution.add_person(replace(institution.people[1002], id=1999, orcid="", first_name="Newly", known_as=""))
    institution.add_authorship(replace(link_of(institution, 50_053), id=790_002, person=1999))
