"""The file of Reliance on Science is read when it is another one, and each patent that cites an output is a mention."""

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patents_source import NOW, ONE, PMID, TWO, Reading, cites

from connectors import patents
from connectors.errors import NotUnderstood, TryLater
from connectors.identifiers import Identifier
from connectors.patents import reading as run
from connectors.patents.citation import LEAST, OddRowError, patent
from connectors.patents.sheet import opened
from connectors.patents.years import published
from connectors.records import Page
from sandbox.patents import JOINED, OPENALEX, USPTO_ONLY, WITH_DOI, Cites, text


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path / "pcs.csv")


# What a patent is ---------------------------------------------------------------------------------------------------


def test_a_patent_that_cites_an_output_is_a_mention_of_it(reading: Reading) -> None:
    (told,) = reading.run([cites(date="2019-12-03"), cites(1234567, "10.5555/stranger")])

    assert (told.key, told.source, told.jurisdiction) == ("us-10494607-b2", "patent", "US")
    assert (told.title, told.url) == ("US 10494607 B2", "https://patents.google.com/patent/US10494607B2")
    assert told.occurred_at == datetime(2019, 12, 3, tzinfo=UTC)
    assert told.targets == (ONE,)
    assert (told.account, told.outlet) == (None, None)


def test_it_is_tied_by_a_list_and_what_the_list_says_is_quoted(reading: Reading) -> None:
    (told,) = reading.run([cites(reftype="exm", wherefound="both", confscore="7")])

    (why,) = told.evidence
    assert (why.level, why.method) == ("lookup", "matched-reference")
    assert why.excerpt == (
        "doi:10.5555/one: US 10494607 B2 cites it by the examiner, on the front page and in the text, "
        "matched with confidence 7 of 10"
    )


@pytest.mark.parametrize(
    ("who", "where", "said"),
    [
        ("app", "frontonly", "by the applicant, on the front page"),
        ("oth", "bodyonly", "in the text"),
        ("APP", "body", "by the applicant, in the text"),
        ("new\x1fword", "else", ""),
    ],
)
def test_what_the_file_says_of_a_citation_is_kept_as_far_as_it_is_known(
    reading: Reading, who: str, where: str, said: str
) -> None:
    (told,) = reading.run([cites(reftype=who, wherefound=where)])

    start = "doi:10.5555/one: US 10494607 B2 cites it "
    assert told.evidence[0].excerpt == f"{start}{said}{', ' if said else ''}matched with confidence 10 of 10"


def test_matches_that_are_not_sure_enough_tie_nothing(reading: Reading) -> None:
    rows = [cites(10494600 + sure, confscore=str(sure)) for sure in range(1, 11)]

    assert len(reading.run(rows)) == 11 - LEAST


def test_one_patent_is_one_mention_of_all_that_it_cites_wherever_its_rows_stand(reading: Reading) -> None:
    other = [cites(9000000 + n, f"10.5555/stranger.{n}") for n in range(50)]

    (told,) = reading.run([cites(doi="10.5555/two"), *other, cites(), cites(confscore="4"), cites(confscore="9")])

    assert told.targets == (ONE, TWO)
    assert "confidence 10 of 10" in told.evidence[0].excerpt


@pytest.mark.parametrize(
    ("number", "key", "office", "url"),
    [
        ("us-10494607-b2", "us-10494607-b2", "US", "US10494607B2"),
        ("US-7654321", "us-7654321", "US", "US7654321"),
        ("7654321", "us-7654321", "US", "US7654321"),
        ("us-re39456-e", "us-re39456-e", "US", "USRE39456E"),
        ("us-20030123456-a1", "us-20030123456-a1", "US", "US20030123456A1"),
        ("EP-1234567-B1", "ep-1234567-b1", "EP", "EP1234567B1"),
        ("wo-2005012345-a1", "wo-2005012345-a1", "WO", "WO2005012345A1"),
        ("jp-h0512345-a", "jp-h0512345-a", "JP", "JPH0512345A"),
        ("su-1234567-a1", "su-1234567-a1", "SU", "SU1234567A1"),
    ],
)
def test_the_office_is_in_the_number(number: str, key: str, office: str, url: str) -> None:
    told = patent(number)

    assert (told.key, told.office.upper(), told.url) == (key, office, f"https://patents.google.com/patent/{url}")


@pytest.mark.parametrize("number", ["", "zz-1234567-b2", "us-", "us-123/456", "us-1-2-3", "x" * 300, "us-१२३"])
def test_what_is_no_number_of_a_patent_is_none(number: str) -> None:
    with pytest.raises(OddRowError):
        patent(number)


# When ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("us-3930270-b2", 0), ("us-3930271-a", 1976), ("us-6167568-b1", 2000), ("us-6167569-b1", 2001),
        ("us-7654321", 2010), ("us-9226436-b2", 2015), ("us-9226437-b2", 2016), ("us-10165721-b2", 2019),
        ("us-10524402-b2", 2020), ("us-11856699-b2", 2023), ("us-11856700-b2", 0), ("us-20030123456-a1", 2003),
        ("us-re39456-e", 0), ("us-d123456-s", 0), ("wo-2005012345-a1", 2005), ("wo-200512345-a1", 2005),
        ("wo-9912345-a1", 1999), ("wo-0212345-a1", 2002), ("wo-7900001-a1", 1979), ("ep-1234567-b1", 0),
        ("jp-2005123456-a", 0), ("wo-12345", 0), ("us-99999999999", 0),
    ],
)  # fmt: skip
def test_the_year_is_in_some_numbers(number: str, year: int) -> None:
    assert published(number) == (datetime(year, 1, 1, tzinfo=UTC) if year else None)


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("2019-12-03", datetime(2019, 12, 3, tzinfo=UTC)),
        ("2019-12", datetime(2019, 12, 1, tzinfo=UTC)),
        ("2019", datetime(2019, 1, 1, tzinfo=UTC)),
        ("2019-02-31", datetime(2019, 2, 1, tzinfo=UTC)),
        ("soon", datetime(2019, 1, 1, tzinfo=UTC)),  # by its number
    ],
)
def test_a_date_in_the_file_counts_before_the_number(reading: Reading, date: str, told: datetime) -> None:
    (mention,) = reading.run([cites(date=date)])

    assert mention.occurred_at == told


def test_without_either_it_is_the_date_of_the_edition_that_told_it_first(reading: Reading) -> None:
    def at(year: int, *rows: Cites) -> list[str]:
        path = reading.path
        path.write_text(text(rows, JOINED))
        os.utime(path, (moment := datetime(year, 6, 1, tzinfo=UTC).timestamp(), moment))
        return [each.key for each in reading.run()]

    assert at(2024, cites("ep-1-a1")) == ["ep-1-a1"]
    assert at(2025, cites("ep-1-a1"), cites("ep-2-a1")) == ["ep-2-a1"]
    assert at(2030, cites("ep-1-a1"), cites("ep-2-a1"), cites("ep-3-a1")) == ["ep-3-a1"]
    dates = [each.occurred_at for _, each in sorted(reading.mentions.items())]
    assert dates == [datetime(2024, 6, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC), NOW]


# Layouts ------------------------------------------------------------------------------------------------------------


def test_the_layout_with_dois_and_pmids_ties_by_both(reading: Reading) -> None:
    rows = [
        cites("US-7654321"), cites("US-7654322", "", pmid="30000001"), cites("US-7654323", pmid="30000001.0"),
        cites("EP-1234567", "10.5555/ONE"), cites("US-7654324", "", pmid="1"),
    ]  # fmt: skip

    told = {each.key: each.targets for each in reading.run(rows, WITH_DOI)}

    assert told == {
        "us-7654321": (ONE,),
        "us-7654322": (PMID,),
        "us-7654323": (ONE, PMID),
        "ep-1234567": (ONE,),
    }


@pytest.mark.parametrize(
    "columns", [OPENALEX, USPTO_ONLY, tuple(each for each in WITH_DOI if each not in ("doi", "pmid"))]
)
def test_the_layout_that_names_papers_elsewhere_is_refused_and_says_what_to_do(
    reading: Reading, columns: tuple[str, ...]
) -> None:
    with pytest.raises(NotUnderstood, match=r"(oaid|magid) alone, by which no output here is known: add a column doi"):
        reading.run([cites()], columns)
    with reading.connector() as connector:
        (found,) = connector.check()

    assert not found.ok


def test_a_packed_file_is_read_as_it_is(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "pcs.csv.gz")

    assert len(reading.run([cites()])) == 1


def test_a_doi_with_a_comma_is_quoted_and_one_with_a_quote_between_tabs_is_not(reading: Reading) -> None:
    reading.tracked = (Identifier("doi", "10.5555/a,b"), Identifier("doi", '10.5555/a"b'))

    assert len(reading.run([cites(doi="10.5555/a,b")])) == 1
    assert [each.deleted for each in reading.run([cites(1234567, '10.5555/a"b')], WITH_DOI)] == [False, True]


def test_the_check_says_what_papers_are_named_by_and_asks_for_the_path(reading: Reading) -> None:
    reading.run([cites()], WITH_DOI)
    with reading.connector() as connector:
        (found,) = connector.check()
        missing = list(patents.Patents.refused(connector.settings.model_copy(update={"path": None})))

    assert (found.ok, found.what) == (True, "pcs.csv names papers by doi and pmid")
    assert [key for key, _ in missing] == ["path"]
    assert all(f"\n{line}:" in (patents.__doc__ or "") for line in ("API", "Auth", "Deletions", "Terms", "Costs"))


# Editions -----------------------------------------------------------------------------------------------------------


def test_the_same_file_is_not_read_again_and_one_that_was_only_copied_is_not_either(reading: Reading) -> None:
    rows = [cites()]
    reading.run(rows)
    first = reading.cursor
    assert reading.run() == []
    assert reading.cursor == first
    os.utime(reading.path, (0, 0))

    assert reading.run() == []
    assert reading.cursor != first
    reading.cursor = None  # everything is read

    assert [each.key for each in reading.run()] == ["us-10494607-b2"]


def test_what_a_newer_edition_has_no_more_is_taken_back(reading: Reading) -> None:
    rows = [cites(10494600 + n) for n in range(10)]
    reading.run(rows)

    told = reading.run(rows[3:])

    assert [(each.key, each.deleted, each.reason) for each in told if each.deleted] == [
        (each.patent, True, "untold") for each in sorted(rows[:3], key=lambda row: run._shelf(row.patent))
    ]
    assert len(reading.mentions) == 7
    assert reading.run(rows[2:])
    assert len(reading.mentions) == 8


def test_one_that_cites_something_else_now_is_told_again(reading: Reading) -> None:
    reading.run([cites()])

    assert [(each.key, each.targets) for each in reading.run([cites(doi="10.5555/two")])] == [
        ("us-10494607-b2", (TWO,))
    ]


def test_an_edition_that_lacks_much_is_believed_when_it_is_read_a_second_time(reading: Reading) -> None:
    rows = [cites(10494000 + n) for n in range(100)]
    reading.run(rows)
    before = reading.cursor

    reading.run([*rows[:10], cites(1234567)])
    assert reading.done is not None
    assert "90 of 100" in reading.done.incomplete
    assert (len(reading.mentions), reading.cursor) == (101, before)

    reading.run()
    assert reading.done.incomplete == ""
    assert len(reading.mentions) == 11
    reading.run(rows)
    assert len(reading.mentions) == 100
    assert reading.done.incomplete == ""


def test_a_doubted_edition_that_is_replaced_by_a_whole_one_takes_nothing_back(reading: Reading) -> None:
    rows = [cites(10494000 + n) for n in range(100)]
    reading.run(rows)
    reading.run(rows[:10])

    reading.run([*rows, cites(1234567)])

    assert len(reading.mentions) == 101
    assert reading.notes[run.DOUBTED] == ""


def test_a_run_that_ends_in_the_middle_is_made_up_for_by_the_next(reading: Reading) -> None:
    rows = [cites(10494000 + n) for n in range(40)]
    reading.run(rows)
    reading.path.write_text(text(rows[5:], JOINED))
    ear, since = reading._ear(), run.Since(cursor=reading.cursor, now=NOW)
    with reading.connector() as connector:
        pages = connector.listen(since, ear)
        for page in pages:  # as far as the first that is taken back, and then it is killed
            if any(each.deleted for each in page.mentions):
                reading.mentions.pop(page.mentions[0].key)
                break

    reading.run()

    assert set(reading.mentions) == {each.patent for each in rows[5:]}


# Bad files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "", "\n", "patent\nus-1-a\n", "confscore,doi\n", "patent,confscore,doi,doi\n", "<html>Sign in</html>",
        "patent,confscore,doi\nus-1234567-b2,10,10.5555/one\nus-1234568-b2,1", "\x00" * 100, "a,b,c\n1,2,3\n",
        "patent,confscore,doi\nus-1234567-b2,10,nothing\n",
    ],
)  # fmt: skip
def test_a_file_of_another_kind_or_half_a_file_is_not_understood(reading: Reading, body: str) -> None:
    reading.path.write_text(body)

    with pytest.raises(NotUnderstood):
        reading.run()
    assert reading.mentions == {}


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_half_a_packed_file_takes_nothing_back(tmp_path: Path, cut: float) -> None:
    reading = Reading(tmp_path / "pcs.csv.gz")
    rows = [cites(10494000 + n, date=f"{Random(n).randrange(10**12)}") for n in range(300)]
    reading.run(rows)
    whole = reading.path.read_bytes()
    reading.path.write_bytes(whole[: int(len(whole) * cut)])

    with pytest.raises(NotUnderstood, match="breaks off"):
        reading.run()

    assert len(reading.mentions) == 300


def test_a_damaged_packed_file_is_not_understood(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "pcs.csv.gz")
    reading.run([cites(10494000 + n) for n in range(500)])
    whole = bytearray(reading.path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    reading.path.write_bytes(whole)

    with pytest.raises(NotUnderstood, match="damaged"):
        reading.run()


def test_a_file_that_is_written_meanwhile_is_read_later(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = run._gathered

    def meanwhile(*given: object) -> object:
        yield from gathered(*given)  # type: ignore[arg-type]
        with reading.path.open("a") as file:
            file.write("more\n")

    monkeypatch.setattr(run, "_gathered", meanwhile)

    with pytest.raises(TryLater, match="while it was read"):
        reading.run([cites()])
    assert reading.mentions == {}


def test_no_file_and_a_folder_are_said_to_be_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(NotUnderstood, match="is no file"), opened(path):
            pass


def test_one_odd_row_is_set_aside_with_its_evidence_and_the_rest_goes_on(reading: Reading) -> None:
    body = text([cites(1), cites("zz-5-a"), cites(2, confscore="high"), cites(1234567)], JOINED)
    reading.path.write_text(f"{body}half,a row\n\n{text([cites(7654321)], JOINED).splitlines()[1]}\n")

    told = reading.run()

    assert {each.key for each in told} == {"us-1-b2", "us-1234567-b2", "us-7654321-b2"}
    assert [(each.place, each.keyless) for each in reading.asides] == [(f"pcs.csv:{line}", False) for line in (3, 4, 6)]
    assert [each.reason for each in reading.asides] == [
        "its patent has no number that is one",
        "its confidence is no number from 1 to 10",
        "it has 2 cells, and the header 7",
    ]
    assert reading.asides[2].evidence == "half,a row\n"


def test_a_row_of_ten_megabytes_is_cut_and_set_aside(reading: Reading) -> None:
    row = text([cites(1234567)], JOINED).splitlines()[1]
    reading.path.write_text(text([cites()], JOINED) + "x" * 10_000_000 + "\n" + row)

    told = reading.run()

    assert {each.key for each in told} == {"us-10494607-b2", "us-1234567-b2"}
    assert [len(each.evidence) for each in reading.asides] == [4000]


@given(st.lists(st.text(max_size=30), min_size=7, max_size=7), st.sampled_from(range(7)))
@settings(max_examples=50, deadline=None)
def test_whatever_stands_in_a_row_it_is_a_mention_or_nothing_or_odd(
    tmp_path_factory: pytest.TempPathFactory, noise: list[str], place: int
) -> None:
    reading = Reading(tmp_path_factory.getbasetemp() / "noise.csv")
    whole = ["app", "10", "3066", "us-1234567-b2", "frontonly", "10.5555/one", "2019"]
    rows = [whole, [*whole[:place], noise[place], *whole[place + 1 :]], noise]
    lines = [",".join(each.replace("\n", " ").replace("\r", " ") for each in row) for row in rows]
    reading.path.write_text(f"{','.join(JOINED)}\n" + "".join(f"{line}\n" for line in lines), errors="replace")

    told = reading.run()

    assert Page(mentions=tuple(told), asides=tuple(reading.asides))
    assert reading.mentions["us-1234567-b2"].targets == (ONE,)


def test_memory_is_flat_however_long_the_file_is(tmp_path: Path) -> None:
    def peak(many: int) -> int:
        reading = Reading(tmp_path / f"{many}.csv")
        row = text([cites(1234567, "10.5555/stranger")], JOINED).splitlines(keepends=True)
        reading.path.write_text(row[0] + row[1] * many)
        start()
        reading.run()
        told = get_traced_memory()[1]
        stop()
        return told

    peak(10)
    assert peak(4000) < peak(500) + 100_000
