"""The marks as a folder of Parquet: what is in it, who may read it, and that it is scored without a store."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from test_scoring_model import (
    NOW,
    account_rows,
    account_table,
    mark_rows,
    mark_table,
    model,
    outlet_rows,
    outlet_table,
    sign_table,
    spoken,
    tally_model,
    tally_rows,
    tally_table,
    totals_by_output,
)

import scoring
from scoring import engine, folder, rules

ROOT = Path(scoring.__file__).parents[1]


def scored(*words):
    return subprocess.run(
        [sys.executable, "-m", "scoring", *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module", autouse=True)
def little_at_once():
    """In this process even small folders take several goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "AT_ONCE", 4)
        yield


def rows(place):
    table = ds.dataset(place).to_table()
    return table.sort_by([(name, "ascending") for name in table.column_names]).to_pylist()


def told_of(marks, outlets, accounts, tallies=()):
    tables = {"marks": mark_table(marks), "outlets": outlet_table(outlets), "accounts": account_table(accounts)}
    return {**tables, "signs": sign_table(marks), "tallies": tally_table(tallies)}


@given(marks=mark_rows, outlets=outlet_rows, accounts=account_rows, tallies=tally_rows)
@settings(max_examples=12, deadline=None)
def test_a_folder_gives_the_plain_model_s_points_however_many_share_it(
    tmp_path_factory, marks, outlets, accounts, tallies
):
    place = tmp_path_factory.mktemp("world")
    chosen = replace(rules.load("ringmark-2026"), exclude=("same-account",))
    marks = [{"mention": number, **mark, "output": number % 7} for number, mark in enumerate(marks)]
    folder.write(place, told_of(marks, outlets, accounts, tallies), chosen, now=NOW, buckets=3)

    counts = [folder.score(place, place / "scores", part=part, parts=2) for part in (1, 2)]

    verdicts = model(chosen.as_json(), marks, outlets, accounts)
    whole = totals_by_output(verdicts, tally_model(chosen.as_json(), spoken(verdicts), tallies))
    expected = {output: points for output, (points, _) in whole.items()}
    found = folder.read(place / "scores")
    assert {row["output"]: (row["millipoints"], row["tallied"]) for row in found.scored.to_pylist()} == whole
    assert sum(counts) == len(expected)
    by_source = [(row["output"], row["millipoints"]) for row in found.by_source.to_pylist()]
    assert {output: sum(points for each, points in by_source if each == output) for output in expected} == expected


def test_the_scores_of_a_folder_are_those_of_the_store_by_public_id_hidden_ones_too(own):
    own.ok("hide", "doi:10.5555/example.50001", "--why", "x")
    told = own.json("marks", str(own.folder / "marks"), "--buckets", "8")

    ended = scored(own.folder / "marks", own.folder / "scores")

    stored = own.stored(
        "SELECT o.public_id, s.millipoints, s.score, s.rules, s.version "
        "FROM score s JOIN output o ON o.id = s.output_id WHERE s.basis = 'mentions' ORDER BY 1"
    )
    found = rows(own.folder / "scores" / "scored")
    assert [tuple(row[name] for name in ("output", "millipoints", "score", "rules", "version")) for row in found] == [
        tuple(row) for row in stored
    ]
    assert (ended.returncode, ended.stdout) == (0, f"{len(found)} outputs scored, written to {own.folder / 'scores'}\n")
    assert told["outputs"] == len(found)
    assert (told["rules"], told["version"], told["buckets"]) == ("ringmark-2026", "1", 8)
    assert told["marks"] == own.stored("SELECT count(*) FROM mark")[0][0]


def test_a_bucket_holds_the_outputs_whose_number_leaves_its_own(own):
    own.ok("marks", str(own.folder / "marks"), "--buckets", "5")

    found = [
        (int(bucket.name.removeprefix("bucket=")), output)
        for bucket in (own.folder / "marks" / "marks").iterdir()
        for output in ds.dataset(bucket).to_table(columns=["output"]).column("output").to_pylist()
    ]

    assert {output % 5 == bucket for bucket, output in found} == {True}
    assert len({bucket for bucket, _ in found}) == 5


def test_a_folder_has_every_relation_of_the_one_expression_and_nothing_but_numbers_of_ours(own):
    own.ok("marks", str(own.folder / "marks"))

    files = {path.stem: pq.read_schema(path) for path in (own.folder / "marks").glob("*.parquet")}

    assert {*folder.SPREAD, *files} == engine.relations()
    texts = {f"{name}.{field.name}" for name, schema in files.items() for field in schema if field.type == pa.string()}
    assert texts == {"params.rules", "params.version", "reasons.reason"}
    marks = ds.dataset(own.folder / "marks" / "marks").schema
    assert {field.type for field in marks} == {pa.int64()}
    assert set(marks.names) == set(mark_table([]).column_names)


def test_no_row_key_leaves_the_store(own):
    own.ok("marks", str(own.folder / "first"))
    speaker, speakers = ("id",), ("account_id", "outlet_id")
    keys = {
        "mark": ("mention_id", "unit_id", "page_id", *speakers), "sign": ("mention_id",), "account": speaker,
        "outlet": speaker, "account_said": speakers[:1], "account_habit": speakers[:1], "outlet_said": speakers[1:],
        "outlet_domain": speakers[1:],
    }  # fmt: skip
    for table, columns in keys.items():
        for name in columns:
            own.stored(f"UPDATE {table} SET {name} = {name} + 1000000 WHERE {name} > 0")

    own.ok("marks", str(own.folder / "second"))

    for name in ("marks", "accounts.parquet", "outlets.parquet"):
        assert rows(own.folder / "first" / name) == rows(own.folder / "second" / name) != []


def test_both_folders_are_for_their_owner_alone(own):
    own.ok("marks", str(own.folder / "marks"))
    scored(own.folder / "marks", own.folder / "scores")

    for place in ("marks", "scores"):
        found = [own.folder / place, *(own.folder / place).rglob("*")]
        assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_dir()} == {"0o700"}
        assert {oct(path.stat().st_mode & 0o777) for path in found if path.is_file()} == {"0o600"}


def test_the_folder_is_noted_in_the_audit_log(own):
    own.ok("marks", str(own.folder / "marks"))

    assert own.stored("SELECT verb, subject FROM audit ORDER BY id DESC LIMIT 1") == [("marks", "marks")]


def test_a_folder_that_is_there_already_is_left_as_it_is(own):
    (own.folder / "marks").mkdir()

    ran = own.run("marks", str(own.folder / "marks"))

    assert (ran.code, ran.err) == (1, f"{own.folder / 'marks'}: is there already; give another name\n")
    assert list((own.folder / "marks").iterdir()) == []


def test_a_place_that_is_not_there_is_named_and_nothing_is_left(own):
    before = set(own.folder.iterdir())

    ran = own.run("marks", str(own.folder / "nowhere" / "marks"))

    assert (ran.code, ran.err) == (1, f"{own.folder / 'nowhere' / 'marks'}: No such file or directory\n")
    assert set(own.folder.iterdir()) == before


def test_a_store_without_mentions_makes_a_folder_without_scores(house):
    house.write("")
    house.ok("marks", str(house.folder / "marks"))

    ended = scored(house.folder / "marks", house.folder / "scores")

    assert (ended.returncode, ended.stdout) == (0, f"0 outputs scored, written to {house.folder / 'scores'}\n")


def test_another_rule_set_and_another_day_can_be_chosen_and_are_named_in_every_score(own):
    own.ok("marks", str(own.folder / "marks"), "--rules", "published-2020")

    scored(own.folder / "marks", own.folder / "scores", "--as-of", "2100-01-01")

    found = rows(own.folder / "scores" / "scored")
    then = own.json("score", "--rules", "published-2020", "--as-of", "2100-01-01")
    told = {int(row["output"]): row["millipoints"] for row in then["outputs"] if row["millipoints"]}
    assert {(row["rules"], row["as_of"]) for row in found} == {("published-2020", 4102444800000000)}
    assert {row["output"]: row["millipoints"] for row in found if row["millipoints"]}.items() >= told.items() != {}


def test_scored_again_as_of_an_earlier_instant_nothing_of_the_later_one_is_left(tmp_path):
    alike = {"source": 3, "account": -1, "outlet": -1, "known": 0, "taken": -1, "repost": 0, "url": 0, "signs": ()}
    marks = [{**alike, **dict.fromkeys(("output", "mention", "unit", "occurred"), number)} for number in range(9)]
    folder.write(tmp_path, told_of(marks, {}, {}), rules.load("ringmark-2026"), now=NOW, buckets=4)
    folder.score(tmp_path, tmp_path / "scores")

    folder.score(tmp_path, tmp_path / "scores", now=1)

    assert [(row["output"], row["as_of"]) for row in rows(tmp_path / "scores" / "scored")] == [(0, 1), (1, 1)]
    assert [row["output"] for row in rows(tmp_path / "scores" / "by_source")] == [0, 1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("none", "out"), 1, "none: holds no marks; `ringmark marks FOLDER` writes such a folder"),
        (("none", "out", "--part", "3/2"), 2, "argument --part: invalid _part value: '3/2'"),
        (("none", "out", "--as-of", "soon"), 2, "argument --as-of: invalid _instant value: 'soon'"),
        (("none", "out", "--engine", "abacus"), 2, "argument --engine: invalid choice: 'abacus'"),
    ],
)
def test_what_cannot_be_scored_is_named(words, code, said):
    ended = scored(*words)

    assert ended.returncode == code
    assert said in ended.stderr.splitlines()[-1]


def test_a_damaged_file_is_named_and_no_score_is_made_of_the_rest(own):
    own.ok("marks", str(own.folder / "marks"), "--buckets", "1")
    (own.folder / "marks" / "outlets.parquet").write_bytes(b"nothing")

    ended = scored(own.folder / "marks", own.folder / "scores")

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "outlets.parquet" in ended.stderr
    assert not (own.folder / "scores").exists()


def test_scores_of_another_folder_are_not_mixed_with_its_own(own):
    own.ok("marks", str(own.folder / "many"), "--buckets", "8")
    own.ok("marks", str(own.folder / "few"), "--buckets", "2")
    scored(own.folder / "many", own.folder / "scores")

    ended = scored(own.folder / "few", own.folder / "scores")

    assert (ended.returncode, ended.stderr) == (
        1, f"{own.folder / 'scores'}: holds scores of another folder; give another name\n"
    )  # fmt: skip


def test_an_unknown_engine_is_refused(own):
    ran = own.run("score", "--engine", "abacus")

    assert (ran.code, ran.err) == (2, '--engine: "abacus" is none of duckdb, spark\n')
