"""The preset for counts is as near to the exports that it was fitted on as docs/score.md says."""

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.counted import Counted
from connectors.explorer import export
from scoring import engine, rules
from scoring.rules import SOURCES

MARKS = (
    "output",
    "mention",
    "source",
    "unit",
    "account",
    "outlet",
    "occurred",
    "known",
    "taken",
    "repost",
    "url",
    "twin",
)


def scores(told, name):
    """The displayed score of each dictionary of counts, by its place."""
    rows = [(place, SOURCES[source], n, 0) for place, each in enumerate(told) for source, n in each.items() if n]
    nobody = table(("outlet", "tier", "reach")), table(("account", "followers", "posts", "share"))
    tallies = table(("output", "source", "units", "known"), rows)
    with duckdb.connect(config={"threads": 1}) as connection:
        found = engine.score(
            table(MARKS), *nobody, rules.load(name), tallies=tallies, now=0, connection=connection
        ).scored.to_pylist()
    by_place = {row["output"]: row["score"] for row in found}
    return [by_place.get(place, 0) for place in range(len(told))]


def table(names, rows=()):
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})


def test_the_preset_is_as_near_to_real_scores_as_it_says(shared_data):
    with export(shared_data / "scores" / "explorer-2018" / "Altmetric_2018-03-04.csv") as rows:
        told = [row for row in rows if isinstance(row, Counted)]
    theirs = [int(row.score) for row in told]

    ours = scores([row.units for row in told], "counts-2018")

    near = sum(abs(mine - real) <= max(1, real / 10) for mine, real in zip(ours, theirs, strict=True))
    assert near / len(told) > 0.75
    assert abs(sum(ours) / sum(theirs) - 1) < 0.05


@given(counts=st.dictionaries(st.sampled_from(list(SOURCES)), st.integers(1, 10**9), max_size=4))
@settings(max_examples=30, deadline=None)
def test_one_more_never_lowers_a_score_and_no_count_overflows(counts):
    more = {source: count + 1 for source, count in counts.items()}

    before, after = scores([counts, more], "counts-2018")

    assert 0 <= before <= after
