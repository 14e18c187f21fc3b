"""Spark gives what DuckDB and the plain model give, to the thousandth; from the store too, and from a folder."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_scoring_model import (
    NOW,
    RULE_SETS,
    account_rows,
    account_table,
    mark_rows,
    mark_table,
    model,
    outlet_rows,
    outlet_table,
    sign_table,
    spoken,
    tallied,
    tally_model,
    tally_rows,
    tally_table,
    totals,
    totals_by_output,
)

import scoring.__main__
from scoring import engine, folder, rules, spark

WORLDS = 100
WORLD = st.tuples(mark_rows, outlet_rows, account_rows, tally_rows, st.randoms(use_true_random=False))
EXCLUDED = (
    (),
    ("new-accounts",),
    ("same-account", "one-journal"),
    (),
)  # signs of gaming, by one rule set after the other
APART = 10  # between the numbers of one world and the next, all of which are smaller
FAST = {"spark.sql.shuffle.partitions": "2", "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1", **spark.HERE}

# One process, and so one Java, runs them all; where much else is running it needs minutes to begin.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def pyspark():
    return pytest.importorskip("pyspark", reason="pyspark is not installed: make spark")


@pytest.fixture(scope="module")
def session(pyspark):  # noqa: ARG001 - which skips
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java 17, which is not installed")
    with spark.opened("local[2]", FAST) as running:
        yield running


@pytest.fixture(scope="module")
def worlds():
    """Many worlds, whose numbers are far enough apart for all of them to be scored at once."""
    found = []

    @given(WORLD)
    @settings(max_examples=WORLDS, phases=[Phase.generate], database=None, deadline=None)
    def collect(world):
        found.append(apart(len(found) + 1, *world))

    collect()
    return found


def apart(number, marks, outlets, accounts, tallies, order):
    ids = [100 * number + place for place in range(len(marks))]
    order.shuffle(ids)
    return (
        [
            {
                "mention": mention,
                **mark,
                "output": mark["output"] + APART * number,
                **{name: mark[name] + APART * number for name in ("unit", "account", "outlet") if mark[name] >= 0},
                "url": mark["url"] and mark["url"] + APART * number,
            }
            for mention, mark in zip(ids, marks, strict=True)
        ],
        {outlet + APART * number: told for outlet, told in outlets.items()},
        {account + APART * number: told for account, told in accounts.items()},
        [{**tally, "output": tally["output"] + APART * number} for tally in tallies],
    )


def told_of(worlds):
    told = {
        "marks": [mark_table(marks) for marks, *_ in worlds],
        "signs": [sign_table(marks) for marks, *_ in worlds],
        "outlets": [outlet_table(outlets) for _, outlets, *_ in worlds],
        "accounts": [account_table(accounts) for *_, accounts, _ in worlds],
        "tallies": [tally_table(tallies) for *_, tallies in worlds],
    }
    return {name: pa.concat_tables(tables) for name, tables in told.items()}


def in_order(table):
    return table.sort_by([(name, "ascending") for name in table.column_names]).to_pylist()


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(("name", "exclude"), [*zip(RULE_SETS, EXCLUDED, strict=True)])
def test_both_engines_give_the_plain_model_s_points_in_every_world(worlds, name, exclude):
    chosen, told = replace(rules.load(name), exclude=exclude), told_of(worlds)
    constants = chosen.as_json()
    verdicts = [model(constants, *mentioned) for *mentioned, _ in worlds]
    numbers = [tally_model(constants, spoken(each), world[-1]) for each, world in zip(verdicts, worlds, strict=True)]
    expected = [*zip(verdicts, numbers, strict=True)]

    by_spark = spark.score(**told, rules=chosen, now=NOW)

    with duckdb.connect() as connection:
        by_duckdb = engine.score(**told, rules=chosen, now=NOW, connection=connection)
    assert in_order(by_spark.scored) == in_order(by_duckdb.scored)
    assert in_order(by_spark.by_source) == in_order(by_duckdb.by_source)
    points = {output: each for world in expected for output, each in totals_by_output(*world).items()}
    assert {row["output"]: (row["millipoints"], row["tallied"]) for row in by_spark.scored.to_pylist()} == points
    sums = [row for told_, counted in expected for row in (*totals(told_), *tallied(counted))]
    assert in_order(by_spark.by_source) == in_order(pa.Table.from_pylist(sums))
    assert len(sums) > WORLDS


@pytest.mark.usefixtures("session")
def test_without_any_mention_there_is_no_score():
    nothing = told_of([([], {}, {}, [])])

    assert spark.score(**nothing, rules=rules.load("ringmark-2026"), now=NOW).scored.num_rows == 0


@pytest.mark.usefixtures("session")
def test_the_verb_publishes_what_duckdb_would_and_says_that_it_was_slower(own, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    own.ok("score", "--full")
    by_duckdb, history = own.rows("internal"), own.stored("SELECT count(*) FROM score_change")
    own.stored("UPDATE score SET millipoints = 0, score = 0")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    ran = own.run("score", "--full", "--engine", "spark")

    assert ran.code == 0
    assert "scores changed" in ran.out
    assert "DuckDB, the default, needs less time for so few" in ran.err
    assert own.rows("internal") == by_duckdb
    assert own.stored("SELECT count(*) FROM score_change") > history
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("instant", [(), ("--as-of", "1970-01-01T00:00:00.000001")])
def test_spark_makes_of_a_folder_what_duckdb_makes_of_it(worlds, instant, tmp_path, monkeypatch):
    folder.write(tmp_path, told_of(worlds), rules.load("ringmark-2026"), now=NOW, buckets=3)

    for engine_ in ("duckdb", "spark"):
        words = (str(tmp_path), str(tmp_path / engine_), "--engine", engine_, *instant)
        monkeypatch.setattr(sys, "argv", ["scoring", *words])
        scoring.__main__.main()

    for part in ("scored", "by_source"):
        by_spark, by_duckdb = (rows(tmp_path / engine_ / part) for engine_ in ("spark", "duckdb"))
        assert by_spark == by_duckdb != []
    assert {row["as_of"] for row in rows(tmp_path / "spark" / "scored")} == {1 if instant else NOW}


def rows(place):
    return in_order(ds.dataset(place).to_table())


@pytest.mark.usefixtures("session")
def test_a_folder_that_is_none_is_named_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["scoring", str(tmp_path / "none"), str(tmp_path / "out"), "--engine", "spark"])

    with pytest.raises(SystemExit) as ended:
        scoring.__main__.main()

    assert str(ended.value).startswith("Spark: ")
    assert f"{tmp_path}/none" in str(ended.value)
    assert "\n" not in str(ended.value)


def test_where_spark_is_not_installed_the_mend_is_said(own, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)

    ran = own.run("score", "--full", "--engine", "spark")

    assert (ran.code, ran.err.splitlines()[-1]) == (1, spark.MEND_SPARK)


@pytest.mark.usefixtures("pyspark")
@pytest.mark.parametrize(
    ("java", "said"),
    [(None, "Spark needs Java, and there is none in JAVA_HOME"), ("exit 1", "Spark cannot run on this Java")],
)
def test_where_java_is_missing_or_too_old_the_mend_is_said(tmp_path, java, said):
    if java:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\n{java}\n")
        (tmp_path / "bin" / "java").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "PYSPARK_GATEWAY_PORT"}

    ended = subprocess.run(
        [sys.executable, "-m", "scoring", "FOLDER", "OUT", "--engine", "spark"],
        env={**environment, "JAVA_HOME": str(tmp_path)},
        cwd=Path(scoring.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert ended.stderr.strip().endswith(spark.MEND_JAVA)
    assert len(ended.stderr.splitlines()) == 1
