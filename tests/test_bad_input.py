"""What real systems send when they are ill: an error that says what to mend, or a record set aside and listed.

Whatever comes, no cursor moves by it, nothing is lost, and nothing hidden shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import PASSWORD, House
from naive.elements import WIRES, expected, link_of, serve, small, told

from sandbox.elements import PracticeElements, practice_elements
from sandbox.faults import Fault
from sandbox.institution import example
from sandbox.model import Record

AUDIENCES = ("public", "internal")


@dataclass(frozen=True)
class Ill:
    """What goes wrong, how the pull ends, and words that its one line must hold."""

    fault: Fault
    code: int
    words: str


def always(what: Any, address: str, **more: Any) -> Fault:
    return Fault(what, address=address, times=None, **more)


ILLS = {
    "a login page": Ill(always("login page", "/publications"), 1, "a login page"),
    "a login page from the start": Ill(always("login page", ""), 1, "a login page"),
    "a document type": Ill(always("doctype", "/users"), 1, "DOCTYPE"),
    "cut short": Ill(always("truncated", "/publications"), 1, "broke off"),
    "hung up midway": Ill(always("hang up midway", "/relationships"), 1, "broke off"),
    "no answer": Ill(always("hang up before", "/users"), 1, "no connection"),
    "a wrong charset": Ill(always("wrong charset", "/publications"), 1, "GET"),
    "no XML": Ill(always("not xml", "/publications"), 1, "XML"),
    "no XML from the start": Ill(always("not xml", ""), 1, "XML"),
    "an error in a good answer": Ill(always("error in body", "/publications"), 1, "server fault"),
    "status 500": Ill(always("status", "/publications", status=500), 1, "500"),
    "status 409": Ill(always("status", "/relationships", status=409), 1, "409"),
    "status 504": Ill(always("status", "/users", status=504), 1, "504"),
    "status 400": Ill(always("status", "/publications", status=400), 1, "400|argument fault"),
    "status 403": Ill(always("status", "/publications", status=403), 1, "unauthorised access"),
    "come back tomorrow": Ill(always("too many requests", "/users", retry_after="86400"), 1, "429"),
}


IN_DELTAS = ("a login page", "cut short", "no XML", "status 500", "an error in a good answer")


@dataclass(frozen=True)
class Standing:
    """A house that was pulled and scored, its server, and what it showed and remembered then."""

    house: House
    server: PracticeElements
    shown: dict[str, list[dict[str, Any]]]
    cursor: str


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Shared by all tests that must leave it as it is, which each of them proves."""
    house = House(tmp_path_factory.mktemp("standing"))
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("pull", "--full")
        house.ok("score")
        shown = {audience: house.rows(audience) for audience in AUDIENCES}
        yield Standing(house, server, shown, connection(house)["cursor"])


@pytest.mark.parametrize(("name", "how"), [*product(ILLS, ["full"]), *product(IN_DELTAS, ["delta"])])
def test_an_ill_source_is_named_and_changes_nothing(standing: Standing, name: str, how: str) -> None:
    house, ill = standing.house, ILLS[name]
    standing.server.faults[:] = [replace(ill.fault)]

    ran = house.run("pull", *(["--full"] if how == "full" else []))

    standing.server.faults.clear()
    assert (ran.code, ran.err) == (ill.code, "")
    assert len(ran.out.splitlines()) == 1
    assert any(word in ran.out for word in ill.words.split("|")), ran.out
    unchanged(standing)


@pytest.mark.parametrize("listing", ["/users.*full", "/relationships", "/publications"])
def test_a_repeated_next_link_makes_a_listing_incomplete(standing: Standing, listing: str) -> None:
    standing.server.faults[:] = [always("repeated next", listing)]

    ran = standing.house.run("pull", "--full")

    standing.server.faults.clear()
    assert (ran.code, ran.err, len(ran.out.splitlines())) == (3, "", 1)
    assert "repeated next link: often a missing search index" in ran.out
    unchanged(standing)


def test_a_repeated_next_link_of_a_delta_moves_no_cursor_and_the_next_run_mends_it(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("sync")
        cursor = connection(house)["cursor"]
        institution.change_person(1001, privacy="private")
        server.faults.append(always("repeated next", "/publications"))

        assert house.run("pull").code == 3
        assert connection(house)["cursor"] == cursor
        assert not any("Ada Maren Abernook" in row["people"] for row in house.rows("internal"))
        server.faults.clear()
        house.ok("sync")

    assert told(house.rows("internal")) == expected(institution, wire, "internal")


def test_wrong_credentials_are_named(standing: Standing) -> None:
    standing.server.password = "another"
    try:
        ran = standing.house.run("pull")
        checked = standing.house.run("check", "--connect")
    finally:
        standing.server.password = PASSWORD

    assert (ran.code, checked.code) == (1, 1)
    assert "'invalid credentials'; check username and password" in ran.out
    assert "'invalid credentials'; check username and password" in checked.out
    unchanged(standing)


def test_an_account_without_rights_is_named(standing: Standing) -> None:
    standing.server.allowed = False
    try:
        ran = standing.house.run("pull")
    finally:
        standing.server.allowed = True

    assert ran.code == 1
    assert "'unauthorised access'; give the API account the right to read this" in ran.out
    unchanged(standing)


@pytest.mark.parametrize("wrong", ["{origin}/elements/v6.13", "{origin}", "http://127.0.0.1:9/secure-api/v6.13"])
def test_a_wrong_address_is_named(standing: Standing, wrong: str) -> None:
    house, good = standing.house, standing.house.file.read_text()
    house.elements(wrong.format(origin=standing.server.origin), "per_page = 5")
    try:
        ran, checked = house.run("pull"), house.run("check", "--connect", "--json")
    finally:
        house.write(good)

    assert (ran.code, checked.code, checked.document["ok"]) == (1, 1, False)
    assert len(ran.out.splitlines()) == 1
    assert any(word in ran.out for word in ("url", "connection", "address")), ran.out
    unchanged(standing)


def test_a_failure_as_json_is_one_document_with_an_error(standing: Standing) -> None:
    standing.server.faults[:] = [always("not xml", "")]

    ran = standing.house.run("pull", "--json")

    standing.server.faults.clear()
    assert ran.code == 1
    assert "error" in ran.document
    unchanged(standing)


def unchanged(standing: Standing) -> None:
    """After a failure: the failure is an alarm; rows, people, scores and cursor are as they were."""
    status = standing.house.json("status")

    assert status["connections"][0]["cursor"] == standing.cursor
    assert any(alarm.startswith("elements: ") for alarm in status["alarms"])
    assert standing.house.rows("internal") == standing.shown["internal"]


CUTS = {
    "users": Fault("change", address=r"/users\?.*after-id", act=lambda _: None),
    "relationships": Fault("change", address=r"/relationships\?types.*after-id"),
    "publications": Fault("change", address=r"/publications\?.*after-id=500[34]"),
}


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("users", "hang up midway"),
        ("relationships", "status"),
        ("publications", "not xml"),
        ("publications", "truncated"),
    ],
)
def test_an_interrupted_pull_goes_on_from_its_bookmark_to_the_same_end(
    house: House, standing: Standing, place: str, what: Any
) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        cut = replace(CUTS[place], act=lambda _: server.faults.append(always(what, "")))
        server.faults.append(cut)

        assert house.run("pull").code == 1
        broken = connection(house)
        server.faults.clear()
        before = len(server.requests)
        house.ok("pull")
        house.ok("score")

        assert (broken["cursor"], broken["unfinished"]) == (None, True)
        asked = [f"{each.path}?{each.query}" for each in server.requests[before:]]
        began_again = [each for each in asked if each.endswith("/users?detail=full&per-page=5")]
        assert began_again == []
        assert (connection(house)["unfinished"], connection(house)["cursor"] is not None) == (False, True)
        assert without_ids(house.rows("internal")) == without_ids(standing.shown["internal"])


@pytest.mark.parametrize("listing", [r"/users\?.*page=2", r"/relationships\?.*page=4", r"/publications\?.*page=5"])
def test_an_interrupted_pull_of_numbered_pages_ends_the_same(house: House, listing: str) -> None:
    institution, wire = small(), WIRES["v4.6"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5\n" + wire.settings)
        server.faults.append(
            Fault("change", address=listing, act=lambda _: server.faults.append(always("not xml", "")))
        )
        assert house.run("pull").code == 1
        institution.delete_output(50_041)
        institution.change_authorship(link_of(institution, 50_042).id, privacy="private")
        server.faults.clear()

        house.ok("sync")
        house.ok("sync")

    assert told(house.rows()) == expected(institution, wire, "public")


def test_what_tightens_between_two_halves_of_a_pull_does_not_show(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(replace(CUTS["publications"], act=lambda _: server.faults.append(always("not xml", ""))))
        assert house.run("pull").code == 1
        institution.change_person(1001, privacy="internal")
        institution.change_output(50_005, privacy="private")
        server.faults.clear()

        house.ok("pull")
        house.ok("pull")
        house.ok("score")

        for audience in AUDIENCES:
            assert told(house.rows(audience)) == expected(institution, wire, audience)


def test_a_bookmark_that_the_source_refuses_begins_again(house: House, standing: Standing) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(replace(CUTS["publications"], act=lambda _: server.faults.append(always("not xml", ""))))
        assert house.run("pull").code == 1
        server.faults[:] = [Fault("status", address=r"/publications\?.*after-id", status=400)]

        house.ok("pull")
        house.ok("score")

        assert without_ids(house.rows("internal")) == without_ids(standing.shown["internal"])


def test_an_unknown_word_of_privacy_is_private_counted_and_listed(house: House) -> None:
    institution = small()
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url)
        house.ok("sync")
        assert {"10.5555/example.50040", "10.5555/example.50041"} <= house.dois()
        institution.change_output(50_040, privacy="secret")
        institution.change_authorship(link_of(institution, 50_041).id, privacy="campus")

        house.ok("pull")

        for audience in AUDIENCES:
            assert not {"10.5555/example.50040", "10.5555/example.50041"} & house.dois(audience)
        open_ = house.json("setaside", "list")["set_aside"]
        assert {(row["kind"], row["key"]) for row in open_} >= {
            ("item", "50040"), ("authorship", str(link_of(institution, 50_041).id)),
        }  # fmt: skip
        assert house.json("status")["set_aside"]["open"] == len(open_)
        assert any("privacy-level is no level" in reason for reason in house.json("status")["set_aside"]["by_reason"])

        institution.change_output(50_040, privacy="public")
        institution.change_authorship(link_of(institution, 50_041).id, privacy="public")
        house.ok("sync")

        assert {"10.5555/example.50040", "10.5555/example.50041"} <= house.dois()
        keys = {row["key"] for row in house.json("setaside", "list")["set_aside"]}
        assert not {"50040", str(link_of(institution, 50_041).id)} & keys


@pytest.mark.parametrize("name", ["v5.5", "v6.13"])
def test_a_link_to_an_unknown_output_or_person_waits_and_ties_when_they_appear(house: House, name: str) -> None:
    institution, wire = small(), WIRES[name]
    lost = replace(link_of(institution, 50_040), id=790_001, output=59_999)
    stranger = replace(link_of(institution, 50_041), id=790_002, person=1999)
    institution.link(lost)
    institution.link(stranger)
    with serve(institution, wire) as server:
        house.elements(server.url, wire.settings)
        house.ok("sync")
        waiting = {row["key"]: row["reason"] for row in house.json("setaside", "list")["set_aside"]}
        assert {"790001", "790002"} <= waiting.keys()
        assert "unknown output 59999" in waiting["790001"]
        assert "unknown person 1999" in waiting["790002"]

        spare = example(outputs=113, people=8, mentions=0).outputs[50_113]
        institution.add_output(replace(spare, id=59_999, privacy="public", ever_approved=True))
        institution.add_person(replace(institution.people[1001], id=1999, orcid="", first_name="Late", known_as=""))
        house.ok("sync")

        assert told(house.rows()) == expected(institution, wire, "public")
        keys = {row["key"] for row in house.json("setaside", "list")["set_aside"]}
        assert not {"790001", "790002"} & keys


def test_records_without_a_readable_id_are_set_aside_and_then_nothing_is_deleted(house: House) -> None:
    institution = small()
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url)
        house.ok("sync")
        institution.delete_output(50_041)
        institution.deletions.clear()
        server.faults.append(always("rewrite", r"/publications\?.*full", old='id="50040"', new='id=""'))

        ran = house.run("pull", "--full", "--json")
        server.faults.clear()

        assert ran.code in (0, 3)
        assert ran.document["connections"][0]["keyless"] == 1
        assert {"10.5555/example.50040", "10.5555/example.50041"} <= house.dois()
        (row,) = [row for row in house.json("setaside", "list")["set_aside"] if row["what"] == "set aside"]
        shown = house.json("setaside", "show", str(row["id"]))
        assert shown["place"].startswith("/publications, entry ")
        assert 'category="publication"' in shown["evidence"]


def test_too_many_unreadable_records_stop_the_run(house: House) -> None:
    institution = small()
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url, 'set_aside_max = "1%"\nper_page = 25')
        house.ok("sync")
        before, cursor = house.rows("internal"), connection(house)["cursor"]
        server.faults.append(always("rewrite", r"/publications\?.*full", old=r'id="500\d\d"', new='id=""'))

        ran = house.run("pull", "--full")
        server.faults.clear()

        assert ran.code == 1
        assert "set_aside_max" in ran.out
        assert (connection(house)["cursor"], house.rows("internal")) == (cursor, before)


@pytest.mark.parametrize("name", ["v4.6", "v6.13"])
def test_odd_identifiers_and_dates_are_read_as_far_as_they_go(house: House, name: str) -> None:
    institution, wire = small(), WIRES[name]
    record = institution.outputs[50_040].records[0]
    odd: dict[int, Record] = {
        50_040: replace(record, doi="10.5555/EXAMPLE.50040).", published=(2021, 2, 31)),
        50_041: replace(record, doi="https://dx.doi.org/10.5555%2Fexample.50041", published=(2021, 13, 40)),
        50_042: replace(record, doi="10.55/short", published=(2020, 0, 0)),
        50_043: replace(record, doi="10.5555/with\u200bzero-width", published=(2019, 2, 29)),
        50_044: replace(record, doi="javascript:alert(1)", title="No DOI at all", published=(15, None, None)),
    }
    for number, one in odd.items():
        institution.change_output(number, records=(one,))
    with serve(institution, wire) as server:
        house.elements(server.url, wire.settings)
        house.ok("sync")

    dates = {row["doi"]: row["published"] for row in house.rows()}
    assert dates["10.5555/example.50040"] == "2021-02"
    assert dates["10.5555/example.50041"] == "2021"
    assert not any("short" in doi or "javascript" in doi or "\u200b" in doi for doi in dates)
    assert [row["doi"] for row in house.rows() if row["title"] == "No DOI at all"] == [""]


def test_one_bad_source_never_stops_the_others(house: House, tmp_path: Path) -> None:
    institution = small()
    institution.write_files(tmp_path / "import")
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url, '[connections.local]\nkind = "files"\npath = "import"')
        server.faults.append(always("not xml", ""))

        ran = house.run("pull", "--json")

    outcomes = {each["connection"]: each["outcome"] for each in ran.document["connections"]}
    assert (ran.code, outcomes) == (3, {"elements": "failed", "local": "done"})
    house.ok("score")
    assert "10.5555/example.50040" in house.dois()


def test_a_gateway_with_its_own_header_and_another_base_address_is_followed(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    context = practice_elements(
        institution, gateway_header=("Subscription-Key", PASSWORD), configured_base="https://inner.example.edu:8091/api"
    )
    with context as server:
        house.write(f"""[connections.elements]
kind = "elements"
url = "{server.url}"
pace = 0
per_page = 5
headers_file = "headers"
""")
        (house.folder / "headers").write_text(f"Subscription-Key: {PASSWORD}\n")
        (house.folder / "headers").chmod(0o600)

        house.ok("sync")

    assert told(house.rows()) == expected(institution, wire, "public")


FILES: dict[str, tuple[str, str, str]] = {
    "an unknown privacy word": ("outputs.csv", "o1,One,journal-article,campus,10.5555/one", "visibility"),
    "an empty privacy": ("outputs.csv", "o1,One,journal-article,,10.5555/one", "visibility"),
    "an unknown person": ("authorships.csv", "o2,nobody,public", "unknown person nobody"),
    "an unknown output": ("authorships.csv", "nothing,p1,public", "unknown output nothing"),
    "a row without a key": ("outputs.csv", ",Keyless,journal-article,public,10.5555/keyless", "outputs.csv"),
    "a row that is too long": ("outputs.csv", "o3,Three,book,public,10.5555/three,more,and more", ""),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_row_is_set_aside_or_private_and_listed(house: House, tmp_path: Path, name: str) -> None:
    file, row, reason = FILES[name]
    folder = tmp_path / "import"
    folder.mkdir()
    tables = {
        "people.csv": "person,name,visibility,current,academic\np1,Una Example,public,true,true\n",
        "outputs.csv": "output,title,type,visibility,doi\no1,One,journal-article,public,10.5555/one\n"
        "o2,Two,journal-article,public,10.5555/two\n",
        "authorships.csv": "output,person,visibility\no1,p1,public\no2,p1,public\n",
    }
    for table, text in tables.items():
        (folder / table).write_text(text)
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    assert house.dois() == {"10.5555/one", "10.5555/two"}
    (folder / file).write_text(tables[file] + row + "\n")

    house.ok("sync")

    listed = house.json("setaside", "list")["set_aside"]
    assert listed != []
    assert any(reason in f"{each['reason']} {each['place']}" for each in listed), listed
    assert house.dois() - {"10.5555/three"} == {"10.5555/two"} | ({"10.5555/one"} - _hidden(name))
    assert house.json("status")["set_aside"]["open"] == len(listed)


def _hidden(name: str) -> set[str]:
    return {"10.5555/one"} if "privacy" in name else set()


def connection(house: House, name: str = "elements") -> Any:
    """What `status` says of one connection."""
    return next(each for each in house.json("status")["connections"] if each["name"] == name)


def without_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without the random ids that no two stores share."""
    return sorted(({**row, "output": ""} for row in rows), key=str)
