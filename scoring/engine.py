"""Scores from marks: score.sql on a DuckDB connection that the caller brings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, Literal, TypeAlias

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from scoring.rules import RuleSet
from scoring.tables import tables

Relation = Literal["scored", "by_source", "ledger", "tally_ledger", "account_factors"]
LINES: tuple[Relation, ...] = ("ledger", "tally_ledger")  # of a few outputs, where planning takes longer than counting
Rows: TypeAlias = pa.Table | pa.RecordBatchReader | duckdb.DuckDBPyRelation
NO_SIGNS = pa.table({name: pa.array([], pa.int64()) for name in ("output", "mention", "sign")})
NO_TALLIES = pa.schema([(name, pa.int64()) for name in ("output", "source", "units", "known")]).empty_table()


class EngineError(RuntimeError):
    """An engine cannot do its work: what it says names the thing and the mend."""


@dataclass(frozen=True, slots=True)
class Scores:
    """`scored`: output, millipoints, score, mentions, units, tallied; `by_source`: output, source, mentions, units,
    millipoints, tallied. Only outputs with a mention in force or a tally are there; the millipoints of `by_source` add
    up to those of `scored`. `tallied` is 1 where points come from counts."""

    scored: pa.Table
    by_source: pa.Table


def score(
    marks: Rows,
    outlets: Rows,
    accounts: Rows,
    rules: RuleSet,
    *,
    signs: Rows = NO_SIGNS,
    tallies: Rows = NO_TALLIES,
    now: int,
    connection: duckdb.DuckDBPyConnection,
) -> Scores:
    """Score every output in `marks` and `tallies`, as of `now` (microseconds UTC).

    The columns are told at the head of score.sql. A relation must belong to `connection`, whose own temporary views and
    tables of the names used there are replaced and dropped. A source number that is not in `SOURCES` is not scored:
    stores refuse it.
    """
    told: dict[str, Rows] = {
        "marks": marks, "outlets": outlets, "accounts": accounts, "signs": signs, "tallies": tallies,
    }  # fmt: skip
    return score_told(told, small(rules, now=now), connection=connection)


def score_told(
    told: Mapping[str, Rows], small: Mapping[str, pa.Table], *, connection: duckdb.DuckDBPyConnection
) -> Scores:
    """The same where every relation that score.sql joins to is at hand as rows: those of the store, and the `small`
    ones, which are those of the rule set and `params`."""
    with _as_written(connection), _registered(connection, told), _copied(connection, small):
        by_source = _rows(connection, statement("by_source"))
        with _registered(connection, {"by_source": by_source}):
            scored = _rows(connection, statement("scored", given="by_source"))
    return Scores(scored, by_source)


def small(rules: RuleSet, *, now: int) -> dict[str, pa.Table]:
    """What score.sql takes from the rule set, and the instant."""
    return {"params": pa.table({"now": pa.array([now], pa.int64())}), **tables(rules)}


def ledger(
    marks: Rows,
    outlets: Rows,
    accounts: Rows,
    rules: RuleSet,
    *,
    signs: Rows = NO_SIGNS,
    now: int,
    connection: duckdb.DuckDBPyConnection,
) -> list[dict[str, Any]]:
    """The middle of the same expression: a line for every mention in force, for the marks of a few outputs.

    Columns: output, mention, source, unit, occurred, repost, counted, millipoints, reason, tier (0 unless the source
    goes by it and the tier is known), factor (thousandths; administrators only), carried. All marks of an output must
    be given. The millipoints add up to those of `score`. By output, then time, then mention.
    """
    told: dict[str, Rows] = {"marks": marks, "outlets": outlets, "accounts": accounts, "signs": signs}
    with _registered(connection, {**told, **small(rules, now=now)}):
        return _lines(connection, statement("ledger"), "output", "occurred", "mention")


def tally_ledger(
    marks: Rows,
    outlets: Rows,
    accounts: Rows,
    rules: RuleSet,
    *,
    signs: Rows = NO_SIGNS,
    tallies: Rows,
    now: int,
    connection: duckdb.DuckDBPyConnection,
) -> list[dict[str, Any]]:
    """The rest of the ledger: a line for every number that was told, beaten by mentions (1) or not (0).

    Columns: output, source, units, known, counted, millipoints, beaten. With the millipoints of `ledger` they add up to
    those of `score`. By output, then source."""
    told: dict[str, Rows] = {
        "marks": marks, "outlets": outlets, "accounts": accounts, "signs": signs, "tallies": tallies,
    }  # fmt: skip
    with _registered(connection, {**told, **small(rules, now=now)}):
        return _lines(connection, statement("tally_ledger"), "output", "source")


def factors(accounts: Rows, rules: RuleSet, *, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The factor of every account and the three it is made of, by the same expression: account, factor, reach,
    promiscuity, bias, in thousandths. Administrators only: it judges a person."""
    return answer(statement("account_factors"), {"accounts": accounts}, tables(rules), connection=connection)


def answer(
    query: str, rows: Mapping[str, Rows], small: Mapping[str, pa.Table], *, connection: duckdb.DuckDBPyConnection
) -> pa.Table:
    """What a query says of rows and of the small tables that hold its constants, both by the names it has for them."""
    with _registered(connection, rows), _copied(connection, small):
        return _rows(connection, query)


@cache
def statement(relation: Relation, dialect: str = "duckdb", *, given: str | None = None) -> str:
    """score.sql ending in `relation`, in a dialect of sqlglot, without the parts that it does not need.

    `given`: a part whose rows are at hand as a table of that name, so that it is not worked out again."""
    parts = _parts()
    needed = _needed(relation, parts, given)
    query = sqlglot.select("*").from_(relation)
    for name, part in parts.items():
        if name not in needed:
            continue
        hinted = dialect == "duckdb" and relation not in LINES  # Spark has no such word
        materialized = part.args.get("materialized") if hinted else None
        query = query.with_(name, as_=part.this, materialized=materialized, copy=False)
    return query.sql(dialect=dialect, pretty=True)


@cache
def relations() -> frozenset[str]:
    """The name of every relation that score.sql is told: the store's, the rule set's, and `params`."""
    parts = _parts()
    return frozenset(table.name for part in parts.values() for table in part.find_all(exp.Table)) - parts.keys()


def _parts() -> dict[str, exp.CTE]:
    whole = sqlglot.parse_one(files("scoring").joinpath("score.sql").read_text(encoding="utf-8"), read="duckdb")
    return {part.alias: part for part in whole.find_all(exp.CTE)}


def _needed(relation: str, parts: Mapping[str, exp.CTE], given: str | None) -> set[str]:
    needed: set[str] = set()
    waiting = [relation]
    while waiting:
        name = waiting.pop()
        if name in parts and name != given and name not in needed:
            needed.add(name)
            waiting += [table.name for table in parts[name].find_all(exp.Table)]
    return needed


def _lines(connection: duckdb.DuckDBPyConnection, query: str, *order: str) -> list[dict[str, Any]]:
    """As dictionaries, in the order of some columns: of a few thousand lines quicker than by way of Arrow."""
    answer = connection.execute(query)
    names = [column[0] for column in answer.description]
    lines = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return sorted(lines, key=itemgetter(*order))


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table()


@contextmanager
def _as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Join in the order of score.sql, marks first: Arrow tables tell DuckDB no size, and its guess builds a hash table
    of all marks in place of one of a few thousand outlets, which takes several times as long."""
    before = connection.execute("SELECT current_setting('disabled_optimizers')").fetchall()[0][0]
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute(f"SET disabled_optimizers = '{before}'")


@contextmanager
def _copied(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, pa.Table]) -> Iterator[None]:
    """As tables of DuckDB's own, whose size it knows: with a guess in their place the score takes half as much memory
    again."""
    try:
        for name, data in rows.items():
            with _registered(connection, {"copied": data}):
                connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM copied")  # noqa: S608
        yield
    finally:
        for name in rows:
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows]) -> Iterator[None]:
    try:
        for name, data in rows.items():
            if isinstance(data, duckdb.DuckDBPyRelation):
                data.create_view(name, replace=True)
            else:  # a reader gives its rows once only, and the statement reads marks twice
                connection.register(name, data.read_all() if isinstance(data, pa.RecordBatchReader) else data)
        yield
    finally:
        for name in rows:
            connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
