"""What stands in a record that cannot be believed: it is set aside or private, listed, and the others go on."""

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import PASSWORD, House
from naive.elements import WIRES, expected, link_of, serve, small, told
from naive.said import always, connection

from sandbox.elements import practice_elements
from sandbox.institution import example
from sandbox.model import Record

AUDIENCES = ("public", "internal")


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


def test_what_is_stumbled_over_in_every_pull_is_open_since_the_first_and_its_evidence_ends(house: House) -> None:
    (house.folder / "import").mkdir()
    (house.folder / "import" / "outputs.csv").write_text("output,title,visibility,doi\n,No key,public,10.5555/none\n")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.run("pull")
    (first,) = house.stored("SELECT id, at, evidence FROM set_aside")

    house.later += 20 * 86_400_000_000
    house.run("pull")
    (again,) = house.stored("SELECT id, at, evidence FROM set_aside")
    house.later += 11 * 86_400_000_000
    house.run("pull")
    (old,) = house.stored("SELECT id, at, evidence FROM set_aside")

    assert tuple(again) == tuple(first)
    assert "No key" in first[2]
    assert tuple(old) == (*first[:2], "")
