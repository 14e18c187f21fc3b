"""Harvesting over OAI-PMH: which formats and sets, what is gone, where the next pull begins, and its settings."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from oai_source import NOW, OPEN, asked, connected, end, filled, made, name, pulled, told

from config.errors import SettingsError
from config.load import load
from connectors.records import Gone
from sandbox.oai import Repository, Ways, practice_oai
from sync import registry


def test_the_richest_format_that_is_offered_is_harvested_and_otherwise_the_first_of_the_settings() -> None:
    rioxx = "http://www.rioxx.net/schema/v2.0/rioxx/"
    offered = {**Ways().formats, "anything": ("x", rioxx), "mods": ("x", "http://www.loc.gov/mods/v3")}
    with practice_oai(filled(3), Ways(formats=offered)) as server:
        pulled(server, **OPEN)
        pulled(server, formats=("etdms", "oai_dc", "mods"), **OPEN)
        asked_for = [parse_qs(query)["metadataPrefix"][0] for query in asked(server, "ListRecords")]

    assert list(dict.fromkeys(asked_for)) == ["anything", "oai_dc"]


def test_a_deleted_header_hides_and_one_with_an_unknown_status_is_private() -> None:
    repository = filled(3)
    repository.delete(name(1))
    repository.put(made(2, NOW, status="withdrawn"))
    with practice_oai(repository) as server:
        pages = pulled(server, **OPEN)
    found = {each.key: each for page in pages for each in page.items}

    assert [each for page in pages for each in page.gone] == [Gone(kind="item", key=name(1), hidden=True)]
    assert (found[name(2)].visibility.word, found[name(3)].visibility.word) == ("private", "public")
    assert found[name(2)].doubts == ("its header has a status that the protocol has not",)


@pytest.mark.parametrize("deleted", ["persistent", "transient", "no"])
def test_a_record_is_confirmed_to_be_there_deleted_or_unknown(deleted: str) -> None:
    repository = filled(3)
    repository.delete(name(1))
    repository.destroy(name(2))
    with practice_oai(repository, Ways(deleted=deleted, error_status=422)) as server, connected(server) as connector:
        answers = [connector.confirm("item", name(number)) for number in (1, 2, 3)]

    hidden = Gone(kind="item", key=name(1), hidden=deleted != "no")
    assert answers == [hidden, Gone(kind="item", key=name(2)), None]


def test_a_record_that_left_the_sets_that_are_harvested_is_gone() -> None:
    repository = Repository(clock=lambda: NOW)
    for number, spec in enumerate(("theses", "theses:phd", "thesesx", ""), 1):
        repository.put(made(number, NOW, *filter(None, [spec])))
    with practice_oai(repository) as server, connected(server, sets=("theses",)) as connector:
        answers = [connector.confirm("item", name(number)) for number in (1, 2, 3, 4)]

    assert answers == [None, None, Gone(kind="item", key=name(3)), Gone(kind="item", key=name(4))]


def test_a_record_that_is_not_told_in_the_format_any_more_is_gone() -> None:
    repository = filled(1)
    repository.records[name(1)].formats.clear()  # type: ignore[attr-defined]
    with practice_oai(repository) as server, connected(server) as connector:
        assert connector.confirm("item", name(1)) == Gone(kind="item", key=name(1))


def test_sets_are_harvested_one_by_one_and_what_is_in_several_comes_once() -> None:
    repository = Repository(clock=lambda: NOW)
    for number, specs in enumerate((("a",), ("a", "b"), ("b",), ("c",)), 1):
        repository.put(made(number, NOW - timedelta(days=3), *specs))
    with practice_oai(repository) as server:
        pages = pulled(server, sets=("b", "a", "unknown"), **OPEN)

    assert sorted(told(pages)) == [name(1), name(2), name(3)]
    assert end(pages).listed == {"item"}


def test_the_next_pull_asks_from_two_days_before_the_providers_own_clock() -> None:
    with practice_oai(filled(9)) as server:
        cursor = end(pulled(server, **OPEN)).cursor
        server.repository.touch(name(5))
        server.requests.clear()
        pages = pulled(server, cursor, **OPEN)
        queries = [parse_qs(query) for query in asked(server, "ListRecords")]

    assert [query["from"] for query in queries] == [["2026-05-31T10:00:00Z"]]
    assert sorted(told(pages)) == [name(5), name(8), name(9)]
    assert end(pages).listed == frozenset()


@pytest.mark.parametrize(
    "cursor", ["", "yesterday", "2026-06-02T10:00:00+00:00", "2026-06-02T10:00:00+00:00 x", "\x00"]
)
def test_a_cursor_of_another_make_reads_everything(cursor: str) -> None:
    with practice_oai(filled(9, apart=timedelta(days=30))) as server:
        pages = pulled(server, cursor, **OPEN)

    assert len(told(pages)) == 9


LIBRARY = """
[connections.library]
kind = "oai"
url = "https://library.example.edu/oai"
{}
[connections.library.assume]
outputs = "{}"
"""


@pytest.mark.parametrize(
    "secret",
    ['username = "u"\npassword_file = "secret"', 'token_file = "secret"', 'headers_file = "secret"'],
)
def test_a_harvest_with_credentials_may_not_assume_that_all_is_public(written, secret: str) -> None:
    written("Cookie: c" if "headers" in secret else "not-public", name="secret")

    registry.check(load(written(LIBRARY.format(secret, "internal")), {}))
    registry.check(load(written(LIBRARY.format("", "public")), {}))
    with pytest.raises(SettingsError, match=r"connections\.library\.assume\.outputs: a harvest with credentials"):
        registry.check(load(written(LIBRARY.format(secret, "public")), {}))


@pytest.mark.parametrize("end", ["/cgi/oai2", "/cgi/oai2/", "/library/cgi/oai2"])
def test_what_an_eprints_hides_may_not_be_assumed_to_be_public(written, end: str) -> None:
    address = LIBRARY.replace("example.edu/oai", f"example.edu{end}")

    registry.check(load(written(address.format("", "internal")), {}))
    with pytest.raises(SettingsError, match=r'connections\.library\.assume\.outputs: .* write kind = "eprints"'):
        registry.check(load(written(address.format("", "public")), {}))


def test_the_kind_needs_an_address(written) -> None:
    with pytest.raises(SettingsError, match=r"connections\.library\.url: missing"):
        registry.check(load(written('[connections.library]\nkind = "oai"\n'), {}))
