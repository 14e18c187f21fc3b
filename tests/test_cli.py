"""The command line as scripts see it: exit codes, one JSON document, files as promised, and the same words for all
that an audience may not know."""

import csv
import io
import json
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import House

from sandbox.attention import SHARES
from sandbox.outputs import COMBINATIONS, FIRST_OUTPUT
from sync.store.arrow import duck

FIRST_COLUMNS = ["output", "title", "type", "journal", "published", "doi", "visibility", "people", "groups", "score",
                 "millipoints", "basis", "rules"]  # fmt: skip
SHOWN = "10.5555/example.50040"
PRIVATE = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('private', 'public', False, True))}"
INTERNAL = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('internal', 'public', False, True))}"


def test_csv_has_the_promised_columns_and_runs_in_no_spreadsheet(scored: House) -> None:
    text = scored.ok("export", "-o", "-")

    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header[: len(FIRST_COLUMNS)] == FIRST_COLUMNS
    assert set(header[len(FIRST_COLUMNS) :]) == set(SHARES)
    assert len(header) == len(FIRST_COLUMNS) + len(SHARES)
    assert all(len(row) == len(header) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "'=SUM(A1:A9) and other spreadsheet accidents" in {row[1] for row in rows}
    assert "A title that was pasted from a PDF, with its line breaks" in {row[1] for row in rows}


def test_every_format_tells_the_same(scored: House) -> None:
    lines = scored.rows("internal")
    columns = [*FIRST_COLUMNS, *(name for name in lines[0] if name in SHARES)]
    sheet = list(csv.DictReader(io.StringIO(scored.ok("export", "-o", "-", "--audience", "internal"), newline="")))
    scored.ok("export", "--audience", "internal", "--format", "parquet", "-o", str(scored.folder / "x.parquet"))
    table = pq.read_table(scored.folder / "x.parquet").to_pylist()

    assert table == lines
    assert set(lines[0]) == {*FIRST_COLUMNS, *SHARES, "identifiers", "from_counts"}
    for row, line in zip(sheet, lines, strict=True):
        for name in columns:
            value = "; ".join(line[name]) if isinstance(line[name], list) else str(line[name])
            assert row[name] == (f"'{value}" if value[:1] in tuple("=+-@") else value)


def test_rows_are_sorted_by_doi_and_hold_what_they_should(scored: House) -> None:
    rows = scored.rows("internal")

    assert [row["doi"] for row in rows] == sorted(row["doi"] for row in rows)
    for row in rows:
        assert row["people"] == sorted(row["people"])
        assert row["groups"] == sorted(row["groups"])
        assert row["score"] == -(-row["millipoints"] // 1000)
        assert row["millipoints"] == sum(row[source] for source in SHARES)
        assert row["visibility"] in ("public", "internal")
        assert row["doi"] == row["doi"].lower()
        assert ("doi:" + row["doi"] in row["identifiers"]) == bool(row["doi"])
    assert {row["visibility"] for row in scored.rows("public")} == {"public"}


def test_an_export_is_for_its_owner_alone_also_over_an_older_file(scored: House, tmp_path: Path) -> None:
    target = tmp_path / "export.csv"
    target.write_text("old and longer than anything" * 10_000)
    target.chmod(0o644)

    told = scored.json("export", "-o", str(target))

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert told == {"outputs": len(scored.rows()), "file": str(target)}
    assert target.read_bytes().decode() == scored.ok("export", "-o", "-")


def test_o_is_relative_to_the_working_directory_and_the_store_to_the_settings(
    scored: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    scored.ok("export", "-o", "here.csv")

    assert (tmp_path / "here.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["here.csv"]


@pytest.mark.parametrize(
    "words",
    ["status", "check", "check --connect", "rules list", "rules show published-2020", "connection list", "scope show",
     "setaside list", f"explain {SHOWN}", f"explain {INTERNAL} --audience internal", f"badge {SHOWN}", f"why {SHOWN}",
     "score", "pull", "pull --dry-run", "score --rules published-2021", "score --as-of 2020-01-01",
     "changes --since 2020-01-01"],
)  # fmt: skip
def test_json_is_one_document_and_nothing_else(scored: House, words: str) -> None:
    ran = scored.run(*words.split(), "--json")

    assert (ran.code, ran.err) == (0, "")
    assert isinstance(ran.document, dict)
    assert "error" not in ran.document


FAILURES = {
    "explain 10.5555/nowhere": 1,
    "explain 10.5555/nowhere --audience everybody": 2,
    "explain": 2,
    "badge 10.5555/nowhere": 1,
    f"badge {SHOWN} --style baroque": 2,
    "why 10.5555/nowhere": 1,
    "why person:17": 1,
    "hide 10.5555/nowhere --why because": 1,
    f"hide {SHOWN}": 2,
    f"hide {SHOWN} --why because --until soon": 2,
    f"unhide {SHOWN}": 1,
    "accept 4711": 1,
    "accept many": 2,
    "rules show nobodys": 2,
    "score --rules nobodys": 2,
    "changes": 2,
    "changes --since yesterday": 2,
    "changes --since 2020-01-01 --audience everybody": 2,
    "score --as-of yesterday": 2,
    "score --engine abacus": 2,
    "scope preview nowhere.toml": 2,
    "scope apply nowhere.toml": 2,
    "setaside show 4711": 1,
    "setaside replay 4711": 1,
    "connection pause nowhere": 1,
    "connection resume nowhere": 1,
    "connection forget nowhere": 1,
    "pull nowhere": 2,
    "import nowhere.jsonl": 1,
    "import nowhere.jsonl --format runes": 2,
    "export -o -": 2,
    "export": 2,
    "export -o x.csv --format runes": 2,
    "export -o x.csv --audience everybody": 2,
    "export -o nowhere/x.csv": 1,
    "status --fail-on monday": 2,
    "dance": 2,
}


@pytest.mark.parametrize("words", FAILURES)
def test_a_failure_is_named_with_its_code_and_as_json_is_one_document(scored: House, words: str) -> None:
    plain, as_json = scored.run(*words.split()), scored.run(*words.split(), "--json")

    assert as_json.code == FAILURES[words]
    assert set(as_json.document) == {"error"}
    assert as_json.document["error"] != ""
    if words != "export -o -":  # only together with --json is that wrong
        assert (plain.code, plain.out) == (FAILURES[words], "")
        assert plain.err.strip() != ""


def test_hidden_and_unknown_are_the_same_answer(own: House) -> None:
    own.ok("hide", SHOWN, "--why", "because")
    public = own.json("why", PRIVATE)["output"]
    shy = own.json("why", INTERNAL)["output"]
    never = FIRST_OUTPUT + COMBINATIONS.index(("public", "public", False, False))
    names = ["10.5555/nowhere", PRIVATE, INTERNAL, SHOWN, public, shy, f"10.5555/example.{never}", "output:17",
             "output:", "output:99999999999999999999", "doi:", "isbn:12", "mailto:x@example.org", "pmid:1", "🐝",
             f"https://doi.org/{PRIVATE}", f"DOI:{PRIVATE.upper()}"]  # fmt: skip

    for verb in (("explain",), ("badge",), ("explain", "--json"), ("badge", "--json")):
        answers = {
            (own.run(*verb, name).code, own.run(*verb, name).out, own.run(*verb, name).err) for name in names[:1]
        }
        for name in names[1:]:
            ran = own.run(*verb, name)
            answers.add((ran.code, ran.out, ran.err))
        assert len(answers) == 1, answers
        assert next(iter(answers))[0] == 1
    assert own.run("explain", INTERNAL, "--audience", "internal").code == 0


def test_identifiers_are_read_in_every_spelling(scored: House) -> None:
    told = scored.ok("explain", SHOWN)
    number = scored.json("explain", SHOWN)["output"]

    for spelling in (f"doi:{SHOWN}", SHOWN.upper(), f"https://doi.org/{SHOWN}", f"http://dx.doi.org/{SHOWN}",
                     f"output:{number}", f" {SHOWN} "):  # fmt: skip
        assert scored.ok("explain", spelling) == told


MENTIONS = [
    {"id": "n1", "source": "news", "occurred_at": "2026-03-01T10:00:00Z", "url": "https://a.example/1",
     "outlet": {"id": "times", "name": "Times", "tier": 1}},
    {"id": "n2", "source": "news", "occurred_at": "2026-03-02T10:00:00Z", "url": "https://a.example/2",
     "outlet": {"id": "times", "name": "Times", "tier": 1}},
    {"id": "b1", "source": "blog", "occurred_at": "2026-03-03", "url": "https://b.example/1", "outlet": {"id": "blog"}},
    {"id": "w1", "source": "wikipedia", "occurred_at": "2026-03-01", "url": "https://en.wikipedia.example/wiki/One"},
    {"id": "w2", "source": "wikipedia", "occurred_at": "2026-03-02", "url": "https://de.wikipedia.example/wiki/Eins"},
    {"id": "x1", "source": "x", "occurred_at": "2026-03-01T08:00:00Z", "url": "https://x.example/1",
     "author": {"id": "one", "followers": 10}},
    {"id": "x2", "source": "x", "occurred_at": "2026-03-01T09:00:00Z", "url": "https://x.example/2", "repost": True,
     "author": {"id": "two", "followers": 10}},
    {"id": "d1", "source": "mendeley", "occurred_at": "2026-03-01T09:00:00Z", "url": "https://m.example/2"},
    {"id": "gone", "source": "policy", "occurred_at": "2026-03-01T09:00:00Z", "url": "https://p.example/2"},
    {"id": "gone", "deleted": True},
]  # fmt: skip
"""By `published-2020`: 8 + 5 + 3 + 1 + 0.85 rounded up to 1 + 0 = 18."""


def test_an_import_scores_and_explains_by_the_book(own: House) -> None:
    own.write('[score]\nrules = "published-2020"\n' + own.file.read_text())
    target = "10.5555/example.50070"
    (own.folder / "import" / "mentions.jsonl").unlink()
    lines = [json.dumps({**mention, "output": [f"https://doi.org/{target.upper()}"]}) for mention in MENTIONS]
    lines.append("{ this is no JSON")
    lines.append(json.dumps({"id": "z", "source": "telepathy", "occurred_at": "2026-01-01", "output": [target]}))
    lines.append(json.dumps({"id": "y", "source": "blog", "occurred_at": "2026-01-01", "output": ["10.5555/nowhere"]}))
    (own.folder / "more.jsonl").write_text("\n".join(lines) + "\n")
    before = own.json("explain", target)

    first = own.json("import", str(own.folder / "more.jsonl"))
    again = own.json("import", str(own.folder / "more.jsonl"))
    own.ok("score")
    told = own.json("explain", target)

    assert before["audience"] == "public"
    assert (first["set_aside"], again["changed"]) == (2, 0)
    assert list(told) == ["output", "title", "identifiers", "versions", "audience", "score", "millipoints", "basis",
                          "rules", "breakdown", "ledger", "context", "history"]  # fmt: skip
    ours = {line["url"]: line for line in told["ledger"] if "example" in line["url"]}
    assert (ours["https://a.example/1"]["millipoints"], ours["https://a.example/2"]["millipoints"]) == (8000, 0)
    assert (ours["https://a.example/1"]["counted"], ours["https://a.example/2"]["counted"]) == (True, False)
    assert ours["https://b.example/1"]["millipoints"] == 5000
    assert ours["https://m.example/2"]["millipoints"] == 0
    assert "https://p.example/2" not in ours
    assert sum(line["millipoints"] for line in told["ledger"]) == told["millipoints"]
    assert sum(part["millipoints"] for part in told["breakdown"]) == told["millipoints"]
    assert told["rules"]["name"] == "published-2020"
    assert set(told["context"]) == {
        *("all", "journal", "similar_age", "similar_age_journal", "type", "groups", "subjects", "field_percentile")
    }
    assert told["context"]["all"]["count"] == len(own.rows())
    row = next(row for row in own.rows() if row["doi"] == target)
    assert (row["score"], row["millipoints"]) == (told["score"], told["millipoints"])


def test_a_handmade_folder_scores_by_the_book(house: House) -> None:
    folder = house.folder / "import"
    folder.mkdir()
    (folder / "outputs.csv").write_text(
        "output,title,type,published,visibility,doi\no,One,book,2024,public,10.5555/o\n"
    )
    (folder / "mentions.jsonl").write_text(
        "".join(json.dumps({**mention, "output": ["doi:10.5555/o"]}) + "\n" for mention in MENTIONS)
    )
    house.write('[score]\nrules = "published-2020"\n[connections.local]\nkind = "files"\npath = "import"\n'
                "require_author = false\n")  # fmt: skip

    house.ok("sync")

    told = house.json("explain", "10.5555/o")
    assert (told["score"], told["millipoints"]) == (18, 18_000)
    assert {part["source"]: (part["mentions"], part["units"], part["millipoints"]) for part in told["breakdown"]} == {
        "news": (2, 1, 8000), "blog": (1, 1, 5000), "wikipedia": (2, 1, 3000), "x": (2, 2, 2000), "mendeley": (1, 1, 0),
    }  # fmt: skip
    assert house.ok("badge", "10.5555/o").startswith("<svg")
    assert ">18<" in house.ok("badge", "10.5555/o")


def test_other_rules_and_other_days_are_printed_and_published_nowhere(scored: House) -> None:
    before = scored.rows("internal")

    other = scored.json("score", "--rules", "published-2021")
    early = scored.json("score", "--as-of", "1999-01-01")
    scored.ok("score", "--rules", "published-2020")

    assert other["rules"] == "published-2021"
    assert any(row["millipoints"] for row in other["outputs"])
    assert all(row["millipoints"] == 0 for row in early["outputs"])
    assert scored.rows("internal") == before
    assert {row["rules"] for row in before} == {"ringmark-2026"}


def test_the_rules_of_the_settings_decide_what_is_published(own: House) -> None:
    own.write('[score]\nrules = "published-2020"\n' + own.file.read_text())

    own.ok("score")

    assert {row["rules"] for row in own.rows()} == {"published-2020"}


@pytest.mark.parametrize("name", ["published-2020", "published-2021", "ringmark-2026"])
def test_rules_show_every_constant(scored: House, name: str) -> None:
    told = scored.json("rules", "show", name)

    assert {"name", "version", "sources", "tiers", "unknown_tier", "neutral", "curves"} <= set(told)
    assert {each["source"] for each in told["sources"]} == set(SHARES)
    for each in told["sources"]:
        assert {"source", "unit", "millipoints", "repost", "static", "published"} <= set(each)
    points = {each["source"]: each["millipoints"] for each in told["sources"]}
    assert (points["blog"], points["policy"], points["wikipedia"], points["syllabus"]) == (5000, 3000, 3000, 1000)
    assert told["tiers"] == {"1": 8000, "2": 7000, "3": 4000, "4": 1000}
    assert told["tiers"][str(told["unknown_tier"])] == 1000


def test_the_scoring_engine_draws_no_progress_into_an_answer() -> None:
    with duck() as engine:
        assert engine.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
