"""Exports of the Altmetric Explorer: read whatever their year and encoding; what is no count is set aside."""

import csv
import io

import pytest

from connectors.counted import Counted
from connectors.errors import NotUnderstood
from connectors.explorer import export
from connectors.records import Aside

OLD = ("Altmetric Attention Score", "Title", "Journal/Collection Title", "Journal ISSNs", "Authors at my Institution",
       "Departments", "Output Type", "Publication Date", "DOI", "ISBN", "URI", "PubMed ID", "Handle.net IDs",
       "News mentions", "Twitter mentions", "Number of Mendeley readers", "Details Page URL")  # fmt: skip
ROW = ("12", "Café and climate", "Journal of Examples", "1234-5678, 8765-4321", "Ada Example", "Geology", "Article",
       "2015-03-02", "10.5555/A", "", "", "123", "20.500.1/7, 20.500.1/8", "3", "20", "7",
       "https://a.example/1")  # fmt: skip


def written(folder, *rows, header=OLD, encoding="utf-8", mark=","):
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([header, *rows])
    file = folder / "export.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def read(file):
    with export(file) as opened:
        return list(opened)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_an_export_is_read_whatever_its_encoding_and_what_parts_its_cells(tmp_path, encoding, mark):
    (told,) = read(written(tmp_path, ROW, encoding=encoding, mark=mark))

    assert told.title == "Café and climate"
    assert told.units == {"news": 3, "x": 20, "mendeley": 7}
    assert [str(each) for each in told.identifiers] == [
        "doi:10.5555/a", "pmid:123", "handle:20.500.1/7", "handle:20.500.1/8"
    ]  # fmt: skip
    assert (told.type, told.journal, told.published) == ("journal-article", "Journal of Examples", "2015-03-02")
    assert told.issns == ("1234-5678", "8765-4321")
    assert told.score == 12


def test_a_byte_that_windows_does_not_know_is_no_reason_to_stop(tmp_path):
    file = written(tmp_path, ROW, encoding="latin-1")
    file.write_bytes(file.read_bytes().replace(b"climate", b"\x81climate"))

    (told,) = read(file)

    assert told.units["news"] == 3


@pytest.mark.parametrize(
    ("column", "source"),
    [
        ("Twitter mentions", "x"),
        ("X mentions", "x"),
        ("x  Mentions", "x"),
        ("Bluesky mentions", "bluesky"),
        ("Podcast mentions", "podcast"),
        ("Clinical guideline mentions", "guideline"),
        ("Peer review mentions", "peer_review"),
        ("Patent mentions", "patent"),
        ("Syllabi mentions", "syllabus"),
        ("Video mentions", "youtube"),
        ("Q&A mentions", "qna"),
        ("Google+ mentions", "gplus"),
        ("Number of Mendeley readers", "mendeley"),
    ],
)
def test_a_column_is_known_by_each_of_its_names(tmp_path, column, source):
    (told,) = read(written(tmp_path, ("10.5555/a", "4"), header=("DOI", column)))

    assert told.units == {source: 4}


def test_a_column_that_is_not_there_and_an_empty_cell_tell_nothing_of_their_source(tmp_path):
    (told,) = read(written(tmp_path, ("10.5555/a", "", "0"), header=("DOI", "News mentions", "Blog mentions")))

    assert told.units == {"blog": 0}


def test_a_source_that_stands_under_both_its_names_is_not_counted_twice(tmp_path):
    (told,) = read(written(tmp_path, ("10.5555/a", "7", "9"), header=("DOI", "Twitter mentions", "X mentions")))

    assert told.units == {"x": 9}


def test_columns_that_nobody_knows_are_named(tmp_path):
    with export(written(tmp_path, header=("DOI", "News mentions", "Threads mentions", "Departments"))) as opened:
        assert opened.unknown == ("Threads mentions",)


@pytest.mark.parametrize("cell", ["many", "-3", "NaN", "nan", "1,234", "2.5", "1e9", "inf", "9" * 12, "\u0663"])
def test_a_row_with_a_cell_that_is_no_count_is_set_aside_and_the_others_are_read(tmp_path, cell):
    good, bad = ("10.5555/a", "1"), ("10.5555/b", cell)

    first, aside, last = read(written(tmp_path, good, bad, good, header=("DOI", "News mentions")))

    assert isinstance(first, Counted)
    assert isinstance(last, Counted)
    assert isinstance(aside, Aside)
    assert (aside.place, aside.keyless) == ("export.csv:3", False)
    assert aside.reason.startswith("News mentions is ")
    assert aside.evidence == cell


def test_what_a_spreadsheet_made_of_a_whole_number_is_still_one(tmp_path):
    (told,) = read(written(tmp_path, ("10.5555/a", "12.0"), header=("DOI", "News mentions")))

    assert told.units == {"news": 12}


def test_a_set_aside_row_keeps_no_title_and_no_name(tmp_path):
    bad = tuple("many" if name == "News mentions" else cell for name, cell in zip(OLD, ROW, strict=True))

    (aside,) = read(written(tmp_path, bad))

    assert "Ada" not in str(aside)
    assert "climate" not in str(aside)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("", "3"), "has no identifier that can be read"),
        (("no doi", "3"), "has no identifier that can be read"),
        (("10.5555/a",), "has 1 cells where the header has 2"),
        (("10.5555/a", "3", "4"), "has 3 cells where the header has 2"),
        (("x" * 200_000, "3"), "the row is no CSV: field larger than field limit (131072)"),
    ],
)
def test_a_row_of_which_nothing_can_be_known_is_set_aside(tmp_path, row, reason):
    told = read(written(tmp_path, row, ("10.5555/b", "1"), header=("DOI", "News mentions")))

    assert [each.reason for each in told if isinstance(each, Aside)] == [reason]
    assert [each.key for each in told if isinstance(each, Counted)] == ["doi:10.5555/b"]


def test_a_row_is_found_by_the_line_it_begins_on(tmp_path):
    header = ("DOI", "Title", "News mentions")
    rows = ("10.5555/a", "two\nlines", "1"), ("10.5555/b", "three\n\nlines", "many")

    aside = read(written(tmp_path, *rows, header=header))[1]

    assert aside.place == "export.csv:4"


@pytest.mark.parametrize("header", [("Name", "Age"), ("DOI", "Title"), ("News mentions", "Title"), ()])
def test_a_file_that_is_no_export_is_refused(tmp_path, header):
    with (
        pytest.raises(NotUnderstood, match=r"^export\.csv: has no column of "),
        export(written(tmp_path, header=header)),
    ):
        pass


def test_a_chapter_is_not_counted_for_the_book_whose_isbn_it_names(tmp_path):
    header = ("DOI", "ISBN", "Output Type", "News mentions")
    isbn = "978-3-16-148410-0"

    chapter, book, nothing = read(written(
        tmp_path, ("10.5555/c", isbn, "Chapter", "1"), ("", isbn, "Book", "2"), ("", isbn, "Chapter", "3"),
        header=header,
    ))  # fmt: skip

    assert [each.scheme for each in chapter.tally.targets] == ["doi"]
    assert [each.scheme for each in book.tally.targets] == ["isbn"]
    assert nothing.reason == "has no identifier that can be read"


@pytest.mark.parametrize(
    ("told", "date"),
    [("2015", "2015"), ("2015-03", "2015-03"), ("2015-02-31", "2015-02"), ("soon", ""), ("2015-03-02 x", "2015-03-02")],
)
def test_a_date_is_kept_as_far_as_it_is_one(tmp_path, told, date):
    (found,) = read(written(tmp_path, ("10.5555/a", told, "1"), header=("DOI", "Publication Date", "News mentions")))

    assert found.published == date


def test_a_real_export_is_read_whole(shared_data):
    with export(shared_data / "scores" / "explorer-2018" / "Altmetric_2018-03-04.csv") as opened:
        told = list(opened)

    assert opened.unknown == ()
    assert len(told) == 11_469
    assert sum(isinstance(each, Aside) for each in told) == 2
    assert sum(each.units["x"] for each in told if isinstance(each, Counted)) > 130_000
