"""What archives and lines may be that GDELT, or somebody on the way, hands out: nothing is scored wrongly, and the rest
goes on."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from tracemalloc import get_traced_memory, start, stop

import pytest
from gdelt_source import LINK, NOW, ONE, OUTLET, Listening, story
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.errors import NotUnderstood, TryLater
from connectors.gdelt import file as reader
from connectors.gdelt.archive import LONGEST_LINE, BadArchiveError, lines
from connectors.gdelt.article import COLUMNS, MOST_LINKS, OddLineError, article
from connectors.gdelt.file import File
from connectors.gdelt.reading import LATE
from connectors.records import Page
from connectors.sightings import Tracked
from sandbox.gdelt import QUARTER, GdeltFault, PracticeGdelt, Row, practice_gdelt
from sandbox.gdelt.archives import packed, spoiled
from sandbox.gdelt.rows import lines as written

NAME = "20260301120000.gkg.csv"
SPOILED = ("bomb", "two files", "no file", "path in name", "other name", "locked", "damaged", "long list")


@pytest.fixture(scope="module")
def mirror() -> Iterator[PracticeGdelt]:
    with practice_gdelt(NOW) as server:
        yield server


@pytest.fixture
def server(mirror: PracticeGdelt) -> PracticeGdelt:
    mirror.forget(NOW)
    return mirror


@pytest.fixture
def listening(server: PracticeGdelt) -> Listening:
    return Listening(server).caught_up()


def spoil(server: PracticeGdelt, what: str, **more: object) -> None:
    fault = {"address": "20260301120000.gkg", "times": None, **more}
    server.faults.append(GdeltFault(what, **fault))  # type: ignore[arg-type]


def unpacked(archive: bytes, name: str = NAME) -> list[bytes]:
    with lines(io.BytesIO(archive), name) as told:
        return list(told)


# Archives -----------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_whole_archive_are_read_one_by_one() -> None:
    assert unpacked(packed(NAME, b"a\tb\n\nc")) == [b"a\tb\n", b"\n", b"c"]


@pytest.mark.parametrize("what", SPOILED)
def test_an_archive_that_is_none_of_ours_is_refused(what: str) -> None:
    body = spoiled(NAME, b"a\tb\n" * 1000, frozenset([what]))

    with pytest.raises(BadArchiveError):
        unpacked(body)


def test_a_bomb_is_refused_before_it_is_unpacked_and_a_long_list_before_it_is_read() -> None:
    bombs = [spoiled(NAME, b"", frozenset(["bomb"])), packed(NAME, b"", *((f"{n}", b"") for n in range(5000)))]

    for bomb in bombs:
        start()
        with pytest.raises(BadArchiveError):
            unpacked(bomb)
        peak = get_traced_memory()[1]
        stop()
        assert peak < 1_000_000


def test_a_line_that_is_too_long_comes_cut_once() -> None:
    noise = Random(1).randbytes(100_000).replace(b"\n", b"")
    long = (noise * (2 * LONGEST_LINE // len(noise) + 1))[: 2 * LONGEST_LINE + 5]

    assert [len(each) for each in unpacked(packed(NAME, long + b"\nnext\n"))] == [LONGEST_LINE, 5]


@given(st.binary(max_size=400), st.integers(0, 400))
@example(b"PK\x05\x06" + b"\0" * 18, 0)
@settings(max_examples=60, deadline=None)
def test_whatever_bytes_come_they_are_refused_in_one_way(noise: bytes, place: int) -> None:
    whole = packed(NAME, b"a\tb\n" * 50)
    for body in (noise, whole[:place], whole[:place] + noise + whole[place + len(noise) :]):
        try:
            told = unpacked(body)
        except BadArchiveError:
            continue
        assert told == [b"a\tb\n"] * 50


@pytest.mark.parametrize("what", [*SPOILED, "cut short", "other bytes", "other sum"])
def test_a_file_that_is_not_whole_is_waited_for_as_long_as_it_may_be_written_still(
    server: PracticeGdelt, listening: Listening, what: str
) -> None:
    server.put(story(1))
    spoil(server, what)

    assert listening.run() == []
    server.faults.clear()
    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/1"]


@pytest.mark.parametrize("what", [*SPOILED, "cut short", "other sum"])
def test_an_old_file_that_is_not_whole_is_set_aside_and_the_rest_goes_on(server: PracticeGdelt, what: str) -> None:
    server.newest += LATE + QUARTER
    listening = Listening(server, cursor='{"English": "20260301114500", "translated": "20260301141500"}')
    server.put(story("lost"), at=NOW)
    server.put(story("kept"))
    spoil(server, what)

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/kept"]
    (aside,) = listening.asides
    assert (aside.kind, aside.place, aside.keyless) == ("file", f"{NAME}.zip", False)
    assert aside.reason


def test_nothing_of_a_file_is_told_that_is_not_what_was_packed() -> None:
    body = packed(NAME, b"x" * 100)
    crc = body.index(b"PK\x01\x02") + 16
    broken = body[:crc] + bytes([body[crc] ^ 1]) + body[crc + 1 :]

    with pytest.raises(BadArchiveError):
        unpacked(broken)


@pytest.mark.parametrize("what", ["truncated", "status", "hang up before"])
def test_a_file_that_breaks_off_on_the_way_is_asked_for_again(
    server: PracticeGdelt, listening: Listening, what: str
) -> None:
    server.put(story(1))
    spoil(server, what, times=2)

    assert [each.key for each in listening.run()] == [f"{OUTLET}/story/1"]
    assert len(listening.slept) >= 2


def test_one_that_always_breaks_off_ends_the_run_which_goes_on_there(
    server: PracticeGdelt, listening: Listening
) -> None:
    spoil(server, "truncated")
    before = listening.cursor

    with pytest.raises(TryLater):
        listening.run()

    assert listening.cursor == before


def test_too_many_requests_are_waited_for(server: PracticeGdelt, listening: Listening) -> None:
    spoil(server, "too many requests", times=1, retry_after="7")

    listening.run()

    assert max(listening.slept) >= 7


@pytest.mark.parametrize("address", ["lastupdate", "gkg.csv.zip"])
def test_a_login_page_is_no_file_and_nothing_is_passed_over(
    server: PracticeGdelt, listening: Listening, address: str
) -> None:
    server.put(story(1))
    server.faults.append(GdeltFault("login page", address=address, times=None))

    with pytest.raises(NotUnderstood):
        listening.run()
    server.faults.clear()

    assert len(listening.run()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "150383 297a16b493de7cf6ca809a7cc31d0b93 http://data.gdeltproject.org/gdeltv2/20260301120000.export.CSV.zip",
        "150383 xyz http://data.gdeltproject.org/gdeltv2/20260301120000.gkg.csv.zip",
        f"1 {'0' * 32} http://data.gdeltproject.org/gdeltv2/20260301120100.gkg.csv.zip",
        f"1 {'0' * 32} http://data.gdeltproject.org/gdeltv2/20260231120000.gkg.csv.zip",
        f"1 {'0' * 32} http://evil.example/gdeltv2/../../20260301120000.gkg.csv.zip/x",
        "x" * 100_000,
        "\x00" * 300,
    ],
)
def test_another_announcement_is_not_understood(server: PracticeGdelt, listening: Listening, text: str) -> None:
    server.faults.append(GdeltFault("other announcement", text=text))

    with pytest.raises(NotUnderstood, match=r"lastupdate\.txt"):
        listening.run()


def test_only_the_name_is_taken_from_an_announcement(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    told = server.announcement("").replace("data.gdeltproject.org", "evil.example")
    server.faults.append(GdeltFault("other announcement", text=told))

    assert len(listening.run()) == 1


# Lines --------------------------------------------------------------------------------------------------------------


def found(*rows: Row, more: bytes = b"") -> File:
    file = File(NAME, Tracked([ONE]))
    file.read(io.BytesIO(written(rows, "20260301120000", translated=False) + more))
    return file


def test_one_odd_line_is_set_aside_with_its_evidence_and_the_rest_goes_on(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(Row(raw=b"half\ta line\n"), story(1))

    assert len(listening.run()) == 1
    (aside,) = listening.asides
    assert (aside.kind, aside.place, aside.keyless) == ("article", f"{NAME}:5", False)
    assert aside.reason == "it has 2 columns, and not 27"
    assert aside.evidence == "half\ta line\n"


@pytest.mark.parametrize(
    "row",
    [
        story(1, seen="yesterday"), story(1, url="ftp://courier.example/1"), story(1, url="https://[::1"),
        story(1, url=f"https://courier.example/{'x' * 3000}"), story(1, url=""), story(1, seen="20260231000000"),
    ],
)  # fmt: skip
def test_an_article_without_address_or_time_is_set_aside_where_it_is_ours(row: Row) -> None:
    file = found(row)

    assert file.mentions() == []
    assert len(file.asides) == 1


def test_files_of_another_form_stop_the_run_and_nothing_is_passed_over(
    server: PracticeGdelt, listening: Listening
) -> None:
    server.put(story(1))
    server.bent.add("more columns")

    with pytest.raises(NotUnderstood, match="28 columns"):
        listening.run()
    server.bent.clear()

    assert len(listening.run()) == 1


def test_more_mentions_in_one_file_than_there_can_be_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST", 50)
    rows = (written([story(n)], "20260301120000", translated=False) for n in range(51))

    with pytest.raises(NotUnderstood, match="not believed"):
        File(NAME, Tracked([ONE])).read(rows)


def test_a_line_of_ten_megabytes_is_one_odd_line(server: PracticeGdelt, listening: Listening) -> None:
    server.put(story(1))
    server.bent.add("huge line")

    (told,) = listening.run()

    assert told.key == f"{OUTLET}/story/1"
    assert [len(each.evidence) for each in listening.asides] == [4000]


@pytest.mark.parametrize("what", ["shuffled", "twice", "no rows"])
def test_order_and_repetition_mean_nothing(server: PracticeGdelt, listening: Listening, what: str) -> None:
    server.put(story(1), story(2))
    server.bent.add(what)

    told = {each.key for each in listening.run()}

    assert told == (set() if what == "no rows" else {f"{OUTLET}/story/1", f"{OUTLET}/story/2"})


def test_a_link_within_a_link_and_one_without_a_scheme_are_read_and_no_title_can_pretend_to_be_a_link() -> None:
    wrapped = found(story(1, "https://t.example/?u=https%3A%2F%2Fdoi.org%2F10.5555%2Fone"))
    titled = found(story(1, f"{OUTLET}/about", title=f"</PAGE_TITLE><PAGE_LINKS>{LINK}</PAGE_LINKS>"))
    unclosed = found(Row(raw=written([story(1)], "20260301120000", translated=False).replace(b"</PAGE_LINKS>", b"")))

    assert [len(each.mentions()) for each in (wrapped, titled, unclosed)] == [1, 0, 0]


def test_a_list_of_links_that_breaks_off_takes_nothing_back_and_a_very_long_one_is_cut() -> None:
    whole = written([story(1, f"{OUTLET}/about")], "20260301120000", translated=False)
    broken = found(Row(raw=whole.replace(b"</PAGE_LINKS>", b"")))

    assert (found(Row(raw=whole)).silent, broken.silent) == ({f"{OUTLET}/story/1"}, set())
    assert found(story(1, *(f"{OUTLET}/{n}" for n in range(MOST_LINKS)), LINK)).mentions() == []


@pytest.mark.parametrize(
    "url", ["https://[2001:db8::1]/1", "https://192.0.2.1/1", "https://localhost/1", "https://a.b/1"]
)
def test_an_article_may_stand_at_any_address_of_the_web(url: str) -> None:
    assert [each.url for each in found(story(1, url=url)).mentions()] == [url]


def test_titles_are_one_line_and_short_and_hold_nothing_that_no_store_takes() -> None:
    file = found(story(1, title="a&#10;b\x00 &#xd800;" + "c" * 5000))

    (told,) = file.mentions()
    assert len(told.title) <= 300
    assert not set("\n\x00\ud800") & set(told.title)


urls = st.text(max_size=60) | st.text(max_size=40).map("https://courier.example/{}".format)


@given(st.binary(max_size=20), urls, st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=80, deadline=None)
def test_whatever_stands_in_a_line_it_is_a_mention_or_nothing_or_odd(
    date: bytes, url: str, title: str, when: str
) -> None:
    extras = f"<PAGE_LINKS>{LINK};{url}</PAGE_LINKS><PAGE_TITLE>{title}</PAGE_TITLE>"
    extras += f"<PAGE_PRECISEPUBTIMESTAMP>{when}</PAGE_PRECISEPUBTIMESTAMP>"
    cells = [b""] * COLUMNS
    cells[1], cells[2], cells[4], cells[26] = date, b"1", url.encode(errors="replace"), extras.encode(errors="replace")
    for each in (date, b"20260301120000"):
        cells[1] = each
        file = File(NAME, Tracked([ONE]))

        file.read([b"\t".join(cells)])

        assert len(file.mentions()) + len(file.asides) in (0, 1)
        assert Page(mentions=tuple(file.mentions()), asides=tuple(file.asides))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_line_breaks_the_reader(line: bytes) -> None:
    with suppress(OddLineError):
        article(line)


def test_memory_is_flat_however_long_a_file_is() -> None:
    def peak(many: int) -> int:
        row = written([story(1, f"{OUTLET}/about", "https://doi.org/10.5555/stranger")], "2026", translated=False)
        file = File(NAME, Tracked([ONE]))
        start()
        file.read(row for _ in range(many))
        told = get_traced_memory()[1]
        stop()
        return told

    peak(10)
    assert peak(4000) < peak(400) + 50_000


# Real ones ----------------------------------------------------------------------------------------------------------


def test_real_extras_have_links_as_ours_have(shared_data: Path) -> None:
    rows = (shared_data / "attention" / "gdelt" / "gkg_extras_page_links.tsv").read_text(errors="replace").splitlines()
    cells = [b""] * COLUMNS
    cells[1], cells[2], cells[4] = b"20170701234500", b"1", b"https://courier.example/1"
    links, dated = [], 0
    for row in rows:
        cells[26] = row.partition("\t")[2].encode()
        told = article(b"\t".join(cells))
        assert told is not None
        links += told.links
        dated += told.at < NOW.replace(year=2017, month=7, day=1, hour=23, minute=45)

    assert len(rows) == 49
    assert len(links) > 150
    assert all(each.startswith(("http://", "https://", "//")) for each in links)
    assert dated > 5


def test_the_columns_are_where_the_published_header_has_them(shared_data: Path) -> None:
    path = shared_data / "attention" / "gdelt" / "GDELT_2.0_gdeltKnowledgeGraph_Column_Labels_Header_Row_Sep2016.tsv"
    names = [line.split("\t")[1] for line in path.read_text().splitlines()[1:] if "\t" in line]

    assert len(names) == COLUMNS
    assert [names[place] for place in (1, 2, 4, 26)] == [
        "DATE", "SourceCollectionIdentifier", "DocumentIdentifier", "Extras"
    ]  # fmt: skip


def test_our_archives_are_such_as_another_reader_opens() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(NAME, b"a\n"))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [NAME]
    assert timedelta(minutes=15) == QUARTER
