"""A data provider that errs, repeats itself or breaks off: how the run ends, and what was told before it."""

from datetime import timedelta

import pytest
from oai_source import MIDDLE, NOW, OPEN, connected, end, filled, name, pulled, told

from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from sandbox.faults import Fault
from sandbox.oai import Repository, Ways, practice_oai

BAD_VERB = '<error code="badVerb"/>'


def test_tokens_that_are_never_known_end_the_run_after_some_attempts() -> None:
    with practice_oai(filled(9), Ways(per_page=2, token_life=-1)) as server, pytest.raises(TryLater, match="tokens"):
        pulled(server, **OPEN)


def test_the_same_page_again_ends_the_run_as_incomplete() -> None:
    with practice_oai(filled(9), Ways(per_page=3)) as server:
        server.faults.append(Fault("repeated next", address=MIDDLE, times=None))
        pages = pulled(server, **OPEN)

    assert "token came twice" in end(pages).incomplete
    assert end(pages).cursor is None


def test_tokens_without_end_and_without_records_end_the_run() -> None:
    with practice_oai(filled(220, apart=timedelta(0)), Ways(per_page=2)) as server:
        server.faults.append(Fault("rewrite", old="<record>.*?</record>", new="", times=None))
        pages = pulled(server, **OPEN)

    assert "again and again" in end(pages).incomplete


def test_nothing_matches_together_with_another_error_is_no_empty_list() -> None:
    both = r'(<error code="noRecordsMatch">.*?</error>)'
    with practice_oai(Repository(clock=lambda: NOW)) as server:
        server.faults.append(Fault("rewrite", old=both, new=r'\1<error code="badArgument">?</error>', times=None))
        with pytest.raises(NotUnderstood, match="badArgument and noRecordsMatch"):
            pulled(server, **OPEN)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault("login page", times=None), "a web page"),
        (Fault("doctype", times=None), "DOCTYPE"),
        (Fault("not xml", times=None), "no XML"),
        (Fault("wrong charset", times=None), "no XML"),
        (
            Fault("rewrite", old="</?ListRecords>", new="", address="ListRecords", times=None),
            "no answer to ListRecords",
        ),
        (Fault("rewrite", old="OAI-PMH", new="rdf", times=None), "another kind"),
        (Fault("rewrite", old="(<record>.*?)</OAI-PMH>", new=r"\1", times=None), "no complete XML"),
        (Fault("rewrite", old="<ListRecords>.*</ListRecords>", new="<error code='odd'/>", times=None), "has not"),
        (Fault("status", status=404, times=None), "a web page"),
    ],
    ids=lambda each: each.what if isinstance(each, Fault) else "",
)
def test_what_is_no_answer_fails_the_run(fault: Fault, why: str) -> None:
    with practice_oai(filled(3)) as server:
        server.faults.append(fault)
        with pytest.raises(NotUnderstood, match=why):
            pulled(server, **OPEN)


def test_a_refusal_of_the_credentials_is_told_as_one() -> None:
    with practice_oai(filled(3)) as server:
        server.faults.append(Fault("status", status=401, times=None))
        with pytest.raises(NotAllowed):
            pulled(server, **OPEN)


def test_a_provider_that_cannot_name_its_formats_now_is_asked_again_later_and_one_that_refuses_has_dublin_core() -> (
    None
):
    with practice_oai(filled(3)) as server:
        server.faults.append(Fault("status", address="ListMetadataFormats", status=500, times=None))
        with pytest.raises(TryLater):
            pulled(server, **OPEN)
        assert len(told(pulled(server, formats=("oai_dc",), **OPEN))) == 3
        server.faults[:] = [
            Fault("rewrite", address="Formats", old="<ListM.*>.*</ListM[^>]*>", new=BAD_VERB, times=None)
        ]
        assert len(told(pulled(server, **OPEN))) == 3


def test_an_answer_about_another_record_confirms_nothing() -> None:
    with practice_oai(filled(2)) as server, connected(server) as connector:
        server.faults.append(Fault("rewrite", old=name(1), new=name(2), address="GetRecord", times=None))
        with pytest.raises(NotUnderstood, match="another record"):
            connector.confirm("item", name(1))


def test_a_broken_page_fails_the_run_and_the_pages_before_it_were_told() -> None:
    with practice_oai(filled(9), Ways(per_page=3)) as server, connected(server, **OPEN) as connector:
        server.faults.append(Fault("truncated", address=MIDDLE, times=None))
        run = connector.pull(Since(now=NOW))
        first = next(run)
        with pytest.raises(TryLater):
            list(run)

    assert len(first.items) == 3
