"""A badge in an Elements is one label in a scheme of our own; nothing of anybody else is named, so nothing is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree
from pydantic import SecretStr

from config.settings import Connection
from connectors.base import Finding, Held
from connectors.elements import Elements
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http import client
from connectors.identifiers import Identifier
from sandbox.elements import PracticeElements, practice_elements
from sandbox.faults import Fault
from sandbox.institution import Institution, example
from sandbox.model import Output, Record

SCHEME = "c-ringmark"
BADGE = "https://ringmark.example.edu/badge/output/77.svg 42 2026-11-20"
API = "{http://www.symplectic.co.uk/publications/api}"
THEIRS = (("for", "0101 Pure Mathematics"), (SCHEME, "theirs"), ("", "loose word"))


@pytest.fixture(params=["6.13", "5.5"])
def server(request: pytest.FixtureRequest) -> Iterator[PracticeElements]:
    with practice_elements(example(), request.param) as found:
        found.may_modify = True
        found.schemes.add(SCHEME)
        yield found


def connected(server: PracticeElements, **more: Any) -> Elements:
    settings = Connection(
        name="elements",
        kind="elements",
        url=server.url,  # type: ignore[arg-type]
        username=server.username,
        password=SecretStr(server.password),
        pace=0,
        push="public",
        **{"field": SCHEME, **more},
    )
    return Elements(settings, client(settings, sleep=lambda _: None))


def one(institution: Institution) -> Output:
    """A publication with a DOI."""
    return next(each for each in institution.outputs.values() if any(record.doi for record in each.records))


def doi_of(output: Output) -> Identifier:
    return Identifier("doi", next(record.doi for record in output.records if record.doi).lower())


def labels(server: PracticeElements, output: Output) -> tuple[tuple[str, str], ...]:
    return server.institution.outputs[output.id].labels


def patches(server: PracticeElements) -> list[tuple[str, list[tuple[str | None, str | None]]]]:
    """The operations that were asked for, read by the schema's names and not by ours."""
    told = []
    for asked in server.requests:
        if asked.method == "PATCH":
            (field,) = etree.fromstring(asked.body).iterfind(f"{API}fields/{API}field")
            assert field.get("name") == "labels"
            words = [(each.get("scheme"), each.text) for each in field.iter(f"{API}keyword")]
            told.append((str(field.get("operation")), words))
    return told


def test_a_publication_is_found_by_the_doi_that_counts_and_not_by_one_that_only_begins_so(
    server: PracticeElements,
) -> None:
    output = one(server.institution)
    near = Record(source="crossref", id_at_source="near", title="Near", doi=f"{doi_of(output).value}.2")
    other = next(each for each in server.institution.outputs.values() if each.id != output.id and each.ever_approved)
    server.institution.change_output(other.id, records=(near,))

    with connected(server) as elements:
        assert elements.find([doi_of(output)]) == (str(output.id),)
        assert elements.find([Identifier("doi", near.doi)]) == (str(other.id),)
        assert elements.find([Identifier("doi", "10.5555/nowhere")]) == ()


def test_a_doi_that_cannot_be_quoted_is_not_searched_for(server: PracticeElements) -> None:
    with connected(server) as elements:
        assert elements.find([Identifier("doi", '10.5555/a"b'), Identifier("pmid", "1")]) == ()
    assert not server.requests


def test_labels_are_added_and_taken_away_by_name_and_all_others_stay(server: PracticeElements) -> None:
    output = one(server.institution)
    server.institution.change_output(output.id, labels=(*THEIRS, (SCHEME, "old badge")))
    address = str(output.id)

    with connected(server) as elements:
        held = elements.read(address, SCHEME)
        assert held == Held(values=("theirs", "old badge"))
        elements.write(address, SCHEME, held, ["theirs", BADGE], permit=lambda: True)

        assert elements.read(address, SCHEME) == Held(values=("theirs", BADGE))
    assert labels(server, output) == (*THEIRS, (SCHEME, BADGE))
    assert patches(server) == [("remove", [(SCHEME, "old badge")]), ("add", [(SCHEME, BADGE)])]


def test_what_somebody_adds_meanwhile_stays(server: PracticeElements) -> None:
    output = one(server.institution)

    with connected(server) as elements:
        held = elements.read(str(output.id), SCHEME)
        assert held is not None
        server.institution.change_output(output.id, labels=THEIRS)
        elements.write(str(output.id), SCHEME, held, [BADGE], permit=lambda: True)

    assert labels(server, output) == (*THEIRS, (SCHEME, BADGE))


def test_labels_of_records_and_journals_are_not_taken_for_ours(server: PracticeElements) -> None:
    output = one(server.institution)
    inferred = '<api:keyword scheme="c-ringmark" origin="record-data" source="manual">of a record</api:keyword>'
    server.institution.change_output(output.id, labels=((SCHEME, BADGE),))
    server.faults.append(Fault("rewrite", old="<api:keywords>", new=f"<api:keywords>{inferred}", times=None))

    with connected(server) as elements:
        assert elements.read(str(output.id), SCHEME) == Held(values=(BADGE,))


def test_nothing_is_sent_where_nothing_differs_or_nothing_is_permitted(server: PracticeElements) -> None:
    address = str(one(server.institution).id)

    with connected(server) as elements:
        elements.write(address, SCHEME, Held(values=(BADGE,)), [BADGE], permit=lambda: True)
        with pytest.raises(Recalled):
            elements.write(address, SCHEME, Held(), [BADGE], permit=lambda: False)

    assert patches(server) == []


def test_what_is_deleted_or_merged_is_gone_and_a_survivor_that_answers_for_it_is_a_copy(
    server: PracticeElements,
) -> None:
    output = one(server.institution)
    rest = [each for each in server.institution.outputs.values() if each.id != output.id]
    server.institution.change_output(rest[0].id, labels=((SCHEME, BADGE),))
    survivor = Fault("rewrite", old=rf'(<api:object [^>]*)\bid="{rest[0].id}"', new=rf'\1id="{output.id}"', times=None)

    with connected(server) as elements:
        server.faults.append(survivor)
        assert elements.read(str(rest[0].id), SCHEME) is None
        assert elements.copies(str(rest[0].id), SCHEME, BADGE.split(" ")[0]) == (str(output.id),)
        assert elements.copies(str(rest[0].id), SCHEME, "another badge") == ()
        server.faults.clear()
        assert elements.copies(str(rest[0].id), SCHEME, BADGE) == ()
        server.institution.delete_output(rest[0].id)
        assert elements.read(str(rest[0].id), SCHEME) is None
        assert elements.copies(str(rest[0].id), SCHEME, BADGE) == ()


@pytest.mark.parametrize("field", ["altmetric-attention-score", "for", "mesh", "", "C-Ringmark", "c-", "c-x y"])
def test_only_a_scheme_of_the_institution_is_written_to(server: PracticeElements, field: str) -> None:
    with connected(server) as elements, pytest.raises(NotAllowed, match="begins with c-"):
        elements.read(str(one(server.institution).id), field)
    assert not server.requests


@pytest.mark.parametrize(
    ("status", "mend"),
    [(403, "can-modify-data"), (401, "username and password"), (409, "the next push"), (410, "gone"), (400, "scheme")],
)
def test_a_refusal_names_its_mend(server: PracticeElements, status: int, mend: str) -> None:
    server.faults.append(Fault("status", method="PATCH", status=status))

    with connected(server) as elements, pytest.raises(NotUnderstood, match=mend):
        elements.write(str(one(server.institution).id), SCHEME, Held(), [BADGE], permit=lambda: True)


@pytest.mark.parametrize("status", [500, 504])
def test_a_server_that_fails_is_tried_later(server: PracticeElements, status: int) -> None:
    server.faults.append(Fault("status", method="PATCH", status=status))

    with connected(server) as elements, pytest.raises(TryLater):
        elements.write(str(one(server.institution).id), SCHEME, Held(), [BADGE], permit=lambda: True)


def test_a_scheme_that_nobody_registered_is_refused_and_said(server: PracticeElements) -> None:
    server.schemes.clear()

    with connected(server) as elements, pytest.raises(NotUnderstood, match="is the label scheme registered"):
        elements.write(str(one(server.institution).id), SCHEME, Held(), [BADGE], permit=lambda: True)


def test_an_answer_without_records_proves_nothing(server: PracticeElements) -> None:
    server.faults.append(Fault("rewrite", old="(</?)api:records>", new=r"\1api:rest>", times=None))

    with connected(server) as elements, pytest.raises(NotUnderstood, match="may the account see all of it"):
        elements.read(str(one(server.institution).id), SCHEME)


def test_a_search_that_finds_everything_is_not_believed(server: PracticeElements) -> None:
    output = one(server.institution)
    many = Record(source="crossref", id_at_source="x", title="x", doi=doi_of(output).value)
    for each in [each for each in server.institution.outputs.values() if each.ever_approved][:30]:
        server.institution.change_output(each.id, records=(many,))

    with connected(server) as elements, pytest.raises(NotUnderstood, match="far more"):
        elements.find([doi_of(output)])


def test_check_says_what_keeps_labels_from_being_written(server: PracticeElements) -> None:
    assert complaints(connected(server)) == {}
    server.may_modify = False
    mend = "name a label scheme of your own that begins with c-, such as c-ringmark"
    assert complaints(connected(server, field="for")) == {
        "field is no label scheme of your own": mend,
        "the account may not write": "give it the right can-modify-data",
    }


def test_the_oldest_api_writes_no_labels_and_check_says_so() -> None:
    with practice_elements(example(), "4.6") as old:
        old.may_modify = True
        old.schemes.add(SCHEME)
        assert complaints(connected(old))["this version of the API writes no labels"] == "set url to v5.5 or newer"
        with connected(old) as elements, pytest.raises(NotUnderstood, match=r"5\.5 or newer"):
            elements.write(str(one(old.institution).id), SCHEME, Held(), [BADGE], permit=lambda: True)


def complaints(elements: Elements) -> dict[str, str]:
    """What `check --connect` says of writing."""
    with elements:
        found: list[Finding] = list(elements.check())
    about = ("field", "write", "label")
    return {each.what: each.mend for each in found if not each.ok and any(word in each.what for word in about)}
