"""A badge is written into one field of an EPrints by the one request that touches nothing else."""

from collections.abc import Iterator

import pytest
from eprints_source import FIELD, NEWER, OURS, THEIRS, connected, doi, sent, yes

from connectors.base import Held
from connectors.eprints import EPrints
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.identifiers import Identifier
from sandbox.eprints import PracticeEPrints, practice_eprints
from sandbox.eprints.faults import EPrintsFault
from sandbox.eprints.records import made

PLACE = f"/rest/eprint/1/{FIELD}.txt"
TIDES = doi("10.5555/tides.1")


@pytest.fixture
def server() -> Iterator[PracticeEPrints]:
    with practice_eprints([made(n, title=f"Tides {n}", id_number=f"10.5555/Tides.{n}") for n in (1, 2, 11)]) as running:
        running.page_size = 2
        yield running


@pytest.fixture
def pubs(server: PracticeEPrints) -> Iterator[EPrints]:
    with connected(server) as pubs:
        yield pubs


def test_a_badge_is_written_replaced_and_taken_back_without_an_echo(server: PracticeEPrints, pubs: EPrints) -> None:
    before = server.eprints[1]
    (address,) = pubs.find([TIDES])
    pubs.write(address, FIELD, Held(), [OURS], permit=yes)
    first = pubs.read(address, FIELD)
    pubs.write(address, FIELD, Held(values=(OURS,)), [NEWER], permit=yes)
    second = pubs.read(address, FIELD)
    pubs.write(address, FIELD, Held(values=(NEWER,)), [], permit=yes)
    third = pubs.read(address, FIELD)

    assert (address, first, second, third) == ("1", Held(values=(OURS,)), Held(values=(NEWER,)), Held())
    assert sent(server) == [("PUT", PLACE, 200)] * 3
    assert server.eprints[1] == before


def test_only_rest_is_ever_used_to_write_since_crud_takes_records_over(server: PracticeEPrints, pubs: EPrints) -> None:
    server.may_rest = False
    with pytest.raises(NotUnderstood, match="give the account the role rest"):
        pubs.write("1", FIELD, Held(), [OURS], permit=yes)

    assert sent(server) == [("PUT", PLACE, 403)]
    assert server.eprints[1].owner == "1"


def test_what_is_the_same_is_not_sent(server: PracticeEPrints, pubs: EPrints) -> None:
    pubs.write("1", FIELD, Held(values=(OURS,)), [OURS], permit=yes)

    assert sent(server) == []


def test_lines_of_others_stay_where_they_are(server: PracticeEPrints, pubs: EPrints) -> None:
    server.edit(1, **{FIELD: f"{THEIRS}\r\n\r\n{OURS}\r\n"})
    held = pubs.read("1", FIELD)
    assert held == Held(values=(THEIRS, OURS))
    pubs.write("1", FIELD, held, [THEIRS, NEWER], permit=yes)

    assert server.eprints[1].text(FIELD) == f"{THEIRS}\n{NEWER}"


def test_letters_that_rest_would_spoil_are_not_sent(server: PracticeEPrints, pubs: EPrints) -> None:
    server.edit(1, **{FIELD: "façade"})
    held = pubs.read("1", FIELD)
    assert held == Held(values=("façade",))
    with pytest.raises(NotUnderstood, match="by hand"):
        pubs.write("1", FIELD, held, ["façade", OURS], permit=yes)

    assert server.eprints[1].text(FIELD) == "façade"


@pytest.mark.parametrize("value", ["two\nlines", "  ", "", "a\rb"])
def test_a_value_that_is_no_line_is_not_sent(server: PracticeEPrints, pubs: EPrints, value: str) -> None:
    with pytest.raises(NotUnderstood):
        pubs.write("1", FIELD, Held(), [value], permit=yes)

    assert sent(server) == []


def test_permission_is_asked_as_the_request_leaves(server: PracticeEPrints, pubs: EPrints) -> None:
    with pytest.raises(Recalled):
        pubs.write("1", FIELD, Held(), [OURS], permit=lambda: False)

    assert sent(server) == []


def test_a_record_that_is_gone_holds_nothing_and_one_without_the_field_is_not_understood(
    server: PracticeEPrints, pubs: EPrints
) -> None:
    assert pubs.read("99", FIELD) is None
    del server.fields[FIELD]
    with pytest.raises(NotUnderstood, match="epadmin update"):
        pubs.read("1", FIELD)
    with pytest.raises(NotUnderstood, match="no such field"):
        pubs.write("1", FIELD, Held(), [OURS], permit=yes)


def test_a_record_that_may_not_be_seen_any_more_holds_nobody_knows_what(server: PracticeEPrints, pubs: EPrints) -> None:
    server.move(1, "buffer")
    server.may_rest = False
    with pytest.raises(NotUnderstood, match="403"):
        pubs.read("1", FIELD)


@pytest.mark.parametrize("fault", ["status", "hang up after"])
def test_after_trouble_nobody_knows_and_only_reading_tells(server: PracticeEPrints, pubs: EPrints, fault: str) -> None:
    server.faults.append(EPrintsFault(fault, method="PUT"))  # type: ignore[arg-type]
    with pytest.raises(TryLater):
        pubs.write("1", FIELD, Held(), [OURS], permit=yes)

    assert pubs.read("1", FIELD) == (Held(values=(OURS,)) if fault == "hang up after" else Held())
    assert len(sent(server)) == 1


def test_a_login_that_is_refused_while_writing_is_told(server: PracticeEPrints) -> None:
    with connected(server, password="wrong") as pubs, pytest.raises(NotAllowed, match="login was refused"):
        pubs.write("1", FIELD, Held(), [OURS], permit=yes)


@pytest.mark.parametrize("address", ["", "x", "1/../2", "1.xml", "٣", "12345678901"])
def test_an_address_that_is_no_number_is_not_asked_for(server: PracticeEPrints, pubs: EPrints, address: str) -> None:
    with pytest.raises(NotUnderstood):
        pubs.read(address, FIELD)
    with pytest.raises(NotUnderstood):
        pubs.write(address, FIELD, Held(), [OURS], permit=yes)
    assert server.requests == []


@pytest.mark.parametrize("field", ["", "a.b", "../x", "A", "title/1"])
def test_a_field_that_is_no_name_is_not_asked_for(server: PracticeEPrints, pubs: EPrints, field: str) -> None:
    with pytest.raises(NotAllowed, match="no field of an EPrints"):
        pubs.read("1", field)
    assert server.requests == []


def test_a_login_page_is_no_value(server: PracticeEPrints, pubs: EPrints) -> None:
    server.faults.append(EPrintsFault("login page"))
    with pytest.raises(NotUnderstood, match="login page"):
        pubs.read("1", FIELD)


def test_a_huge_value_is_no_badge(server: PracticeEPrints, pubs: EPrints) -> None:
    server.edit(1, **{FIELD: "x" * 100_000})
    with pytest.raises(NotUnderstood, match="64 KB"):
        pubs.read("1", FIELD)


def test_records_are_found_by_doi_among_those_that_everybody_sees(server: PracticeEPrints) -> None:
    server.edit(2, metadata_visibility="hide")
    server.put(made(12, title="Twin", id_number="https://doi.org/10.5555/TIDES.11"))
    server.put(made(13, title="Elsewhere", official_url="https://doi.org/10.5555/tides.11"))
    server.move(11, "buffer")
    with connected(server) as pubs:
        assert pubs.find([TIDES]) == ("1",)
        assert pubs.find([doi("10.5555/tides.2")]) == ()
        assert pubs.find([doi("10.5555/tides.11"), TIDES]) == ("1", "12", "13")
        assert pubs.find([doi("10.5555/tides"), Identifier("handle", "1/2")]) == ()


def test_a_doi_that_is_only_mentioned_or_has_left_the_record_since_is_not_carried(server: PracticeEPrints) -> None:
    server.put(made(20, title="About 10.5555/tides.1", related_url=({"url": "https://doi.org/10.5555/tides.1"},)))
    server.faults.append(
        EPrintsFault("change", address=r"/rest/eprint/1\.xml", act=lambda held: held.edit(1, id_number="10.5555/other"))
    )
    with connected(server) as pubs:
        assert pubs.find([TIDES]) == ()


def test_the_dois_are_read_once_however_many_are_asked_for(server: PracticeEPrints, pubs: EPrints) -> None:
    for number in (1, 2, 11):
        assert pubs.find([doi(f"10.5555/tides.{number}")]) == (str(number),)

    assert sum("verb=ListRecords" in one.query for one in server.requests) == 2  # pages


def test_a_list_of_dois_that_breaks_off_finds_nothing_and_is_read_anew(server: PracticeEPrints, pubs: EPrints) -> None:
    server.faults.append(EPrintsFault("cut short", address="verb=ListRecords.*offset"))
    with pytest.raises(NotUnderstood):
        pubs.find([TIDES])

    assert pubs.find([TIDES]) == ("1",)
