"""What a PDF says, read in a process with limits: broken lines, hostile files, and a recorded one."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from connectors import NotUnderstood
from connectors.policy import pdf, reader
from connectors.policy.pdf import Pdf, read, whole_lines
from sandbox.policy.pdf import bomb
from sandbox.policy.pdf import pdf as made

RECORDED = Path("attention") / "policy" / "test_pdf_multipage.pdf"


def named(told: Pdf) -> set[str]:
    return {str(each.identifier) for each in told.found if each.identifier.scheme == "doi"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://doi.org/10.5555/\none for more", ["https://doi.org/10.5555/one"]),
        ("see 10.5555/a-\nb.2", ["10.5555/a-b.2"]),
        ("see 10.5555/a\n.2020.7", ["10.5555/a.2020.7"]),
        ("see 10.5555/a.\n2020.7", ["10.5555/a.2020.7"]),
        ("see https://www.\nexample.org/one", ["https://www.example.org/one"]),
        ("see 10.5555/a.b.\nc.d/\ne", ["10.5555/a.b.c.d/e"]),
        ("see 10.5555/one.\n12. Smith", ["10.5555/one.\n12. Smith"]),
        ("see 10.5555/one\n[13] Smith", ["10.5555/one\n[13] Smith"]),
        ("see 10.5555/one.\nSmith", ["10.5555/one.\nSmith"]),
        ("see 10.5555/one\nand others", ["10.5555/one\nand others"]),
        ("1. 10.5555/one.\n2. 10.5555/two.\n3. 10.5555/three-\nfour", ["10.5555/one.\n2.", "10.5555/three-four"]),
        ("no identifier-\nat all", ["no identifier-\nat all"]),
    ],
)
def test_what_is_broken_at_the_end_of_a_line_is_made_whole_and_what_follows_is_none_of_it(
    text: str, found: list[str]
) -> None:
    assert all(each in whole_lines(text) for each in found)


def test_half_an_identifier_is_never_told_for_another() -> None:
    told = read(made([["Cited: 10.5555/one", "2020.7 and 10.5555/two-", "more"]]))

    assert {"doi:10.5555/one", "doi:10.5555/two"}.isdisjoint(named(told))
    assert "doi:10.5555/two-more" in named(told)


@settings(max_examples=50)
@given(st.text(alphabet="10.5/aZ-\n ([,", max_size=200))
def test_making_lines_whole_takes_nothing_away_but_ends_of_lines(text: str) -> None:
    assert "".join(whole_lines(text).split()) == "".join(text.split())


def test_a_link_is_read_whole_where_its_words_are_broken() -> None:
    told = read(made([["https://doi.org/10.5555/lo", "ng"]], links={1: ["https://doi.org/10.5555/long"]}))

    assert "doi:10.5555/long" in named(told)


@pytest.mark.parametrize(("title", "shown"), [("A report", "A report"), ("Microsoft Word - x y.doc", "")])
def test_a_title_that_is_the_name_of_a_file_is_none(title: str, shown: str) -> None:
    assert read(made([["x"]], info={"Title": title})).title == shown


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4", made([["10.5555/one"]])[:-300], bomb(300),
    ],
    ids=["head alone", "cut", "bomb"],
)  # fmt: skip
def test_a_file_that_is_broken_or_made_to_do_harm_names_nothing_or_is_not_understood(body: bytes) -> None:
    try:
        told = named(read(body))
    except NotUnderstood:
        told = set()
    assert told <= {"doi:10.5555/one"}


def test_what_takes_longer_than_it_may_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "reader.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(pdf, "READER", slow)
    monkeypatch.setattr(pdf, "PATIENCE", 0.3)

    with pytest.raises(NotUnderstood):
        read(made([["x"]]))


def test_the_process_that_reads_has_limits_and_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RINGMARK_SECRET", "s3cret")
    spy = tmp_path / "reader.py"
    limits = (
        "[resource.getrlimit(each)[0] for each in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]"
    )
    source = Path(reader.__file__).read_text().split("    from pypdf import")[0]
    spy.write_text(
        f"{source}    import os\n    told = {{'info': {{'/Title': str({limits}) + ' ' + str(dict(os.environ))}}}}\n"
        "    sys.stdout.write(json.dumps(told))\nmain()\n"
    )
    monkeypatch.setattr(pdf, "READER", spy)

    told = read(b"").title

    assert told.startswith(f"[{reader.SECONDS}, {reader.MEMORY}, 0]")
    assert "s3cret" not in told
    assert "s3cret" in os.environ.values()


def test_a_practice_pdf_is_one_to_another_reader(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(made([["One (1)", "two"], ["three"]], links={1: ["https://example.org/a"]}, info={"Title": "T"}))

    read_by_another = PdfReader(file, strict=True)

    assert [page.extract_text().split() for page in read_by_another.pages] == [["One", "(1)", "two"], ["three"]]
    assert read_by_another.metadata is not None
    assert read_by_another.metadata.title == "T"


def test_a_recorded_pdf_is_read(shared_data: Path) -> None:
    told = read((shared_data / RECORDED).read_bytes())

    assert (told.title, told.found, told.own) == ("", (), ())
