"""The score against a plain model, written from the house's meaning and the rule set's published constants alone."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import engine, rules
from scoring.signs import checks

RULE_SETS = ("counts-2018", "published-2020", "published-2021", "ringmark-2026")
NOW = 1_000
ROW = ("output", "source", "mentions", "units", "millipoints", "tallied")


def half_up(value):
    return floor(Fraction(value) + Fraction(1, 2))


def curve(constants, name, told):
    if told < 0:
        return constants["neutral"][name]
    return [step["milli"] for step in constants["curves"][name] if step["from"] <= told][-1]


def account_factor(constants, account):
    followers, posts, share = account or (-1, -1, -1)
    product = Fraction(1)
    for name, told in (("reach", followers), ("promiscuity", posts), ("bias", share)):
        product *= Fraction(curve(constants, name, told), 1000)
    least, most = Fraction(constants["clamp"]["least"], 1000), Fraction(constants["clamp"]["most"], 1000)
    return half_up(min(max(product, least), most) * 1000)


def points(constants, line, mark, outlets, accounts):
    tier, reach = outlets.get(mark["outlet"], (-1, -1))
    if line["by"] == "tier":
        return constants["tiers"].get(str(tier), constants["tiers"][str(constants["unknown_tier"])])
    weight = line["repost"] if mark["repost"] else line["millipoints"]
    if line["by"] == "account":
        return half_up(Fraction(weight * account_factor(constants, accounts.get(mark["account"])), 1000))
    if line["by"] == "reach":
        bounds = constants["blog_reach"]
        told = constants["neutral"]["blog_reach"] if reach < 0 else min(max(reach, bounds["least"]), bounds["most"])
        return half_up(Fraction(weight * told, 1000))
    return weight


def model(constants, marks, outlets, accounts):
    """{(output, mention): (source, counts as a mention, first of its unit, millipoints)}, as of NOW."""
    lines = {rules.SOURCES[line["source"]]: line for line in constants["sources"]}
    excluded = {checks()[name].number for name in constants["exclude"]}
    in_force = []
    for mark in marks:
        if mark["occurred"] > NOW or mark["known"] > NOW or 0 <= mark["taken"] <= NOW:
            continue
        value = points(constants, lines[mark["source"]], mark, outlets, accounts)
        in_force.append({**mark, "value": value, "order": (mark["occurred"], mark["repost"], value, mark["mention"])})
    in_force.sort(key=lambda mark: mark["order"])
    verdicts, pages, units, last_repost = {}, set(), set(), {}
    reposts = defaultdict(int)
    for mark in in_force:
        key, line = (mark["output"], mark["mention"]), lines[mark["source"]]
        page = (mark["output"], mark["source"], mark["url"])
        if excluded & mark["signs"]:
            verdicts[key] = [mark["source"], False, False, 0]
            continue
        if mark["url"] and page in pages:
            verdicts[key] = [mark["source"], False, False, 0]
            continue
        pages.add(page)
        unit = (mark["output"], mark["source"], None if line["static"] else mark["unit"])
        first = unit not in units
        units.add(unit)
        verdicts[key] = [mark["source"], True, first, mark["value"] if first else 0]
        if first and mark["repost"]:
            place = (mark["output"], mark["source"])
            reposts[place] += mark["value"]
            if place not in last_repost or (mark["occurred"], mark["mention"]) > last_repost[place][0]:
                last_repost[place] = ((mark["occurred"], mark["mention"]), key)
    for (output, source), total in reposts.items():
        if lines[source]["round_reposts"]:
            verdicts[last_repost[output, source][1]][3] += ceil(Fraction(total, 1000)) * 1000 - total
    return verdicts


def spoken(verdicts):
    """The outputs and sources of which a mention is in force."""
    return {(output, told[0]) for (output, _), told in verdicts.items()}


def tally_model(constants, mentioned, tallies):
    """{(output, source): (units, millipoints, beaten)} of every number that was told, as of NOW."""
    highest = {}
    for tally in tallies:
        if tally["known"] <= NOW:
            key = (tally["output"], tally["source"])
            highest[key] = max(highest.get(key, 0), tally["units"])
    names = {number: name for name, number in rules.SOURCES.items()}
    verdicts = {}
    for (output, source), units in highest.items():
        steps = constants["counts"][names[source]]
        value = sum([step["milli"] for step in steps if step["from"] <= unit][-1] for unit in range(1, units + 1))
        beaten = (output, source) in mentioned
        verdicts[output, source] = (units, 0 if beaten else value, beaten)
    return verdicts


few = st.integers(min_value=-1, max_value=3)
instants = st.sampled_from((0, 1, 2, NOW - 1, NOW, NOW + 1, -5))
milli = st.sampled_from((-1, 0, 1, 249, 250, 333, 500, 999, 1000, 1999, 2000, 2500, 30_000, 100_000, 1_000_000, 2**40))
outlet_rows = st.dictionaries(st.integers(0, 3), st.tuples(st.integers(-1, 6), milli), max_size=4)
account_rows = st.dictionaries(st.integers(0, 3), st.tuples(milli, milli, milli), max_size=4)
mark_rows = st.lists(
    st.fixed_dictionaries(
        {
            "output": st.integers(1, 2),
            "source": st.sampled_from((*rules.SOURCES.values(), 1, 2, 10, 10, 10, 11, 12)),
            "unit": few,
            "account": few,
            "outlet": few,
            "occurred": instants,
            "known": st.sampled_from((0, 0, 0, NOW, NOW + 1)),
            "taken": st.sampled_from((-1, -1, -1, 0, NOW, NOW + 1)),
            "repost": st.integers(0, 1),
            "url": st.sampled_from((0, 0, 1, 2)),
            "signs": st.sampled_from((set(), set(), {1}, {2}, {1, 3}, {4})),
        }
    ),
    max_size=25,
)
tally_rows = st.lists(
    st.fixed_dictionaries(
        {
            "output": st.integers(1, 3),
            "source": st.sampled_from((*rules.SOURCES.values(), 1, 1, 6, 10, 10)),
            "units": st.sampled_from((1, 2, 3, 7, 40, 1000)),
            "known": st.sampled_from((0, 0, 0, NOW, NOW + 1)),
        }
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


@pytest.mark.parametrize("name", RULE_SETS)
@given(
    marks=mark_rows,
    tallies=tally_rows,
    order=st.randoms(use_true_random=False),
    outlets=outlet_rows,
    accounts=account_rows,
    exclude=st.sampled_from(((), (), ("new-accounts",), ("same-account", "one-journal"))),
)
@settings(max_examples=30, deadline=None)
def test_every_mention_and_every_count_has_the_points_of_the_plain_model(
    connection, name, marks, tallies, order, outlets, accounts, exclude
):
    ids = list(range(1, len(marks) + 1))
    order.shuffle(ids)
    marks = [{"mention": mention, **mark} for mention, mark in zip(ids, marks, strict=True)]
    chosen = replace(rules.load(name), exclude=exclude)

    expected = model(chosen.as_json(), marks, outlets, accounts)

    numbers = tally_model(chosen.as_json(), spoken(expected), tallies)

    numbered = tally_table(tallies)
    told = (mark_table(marks), outlet_table(outlets), account_table(accounts), chosen)
    more = {"signs": sign_table(marks), "now": NOW, "connection": connection}
    scores = engine.score(*told, tallies=numbered, **more)
    ledger = engine.ledger(*told, **more)
    lines = engine.tally_ledger(*told, tallies=numbered, **more)
    counts = {rules.SOURCES[line["source"]]: line["counts"] for line in chosen.as_json()["sources"]}
    assert {(row["output"], row["mention"]): (row["source"], row["counted"], row["millipoints"]) for row in ledger} == {
        key: (source, int(first and counts[source]), value) for key, (source, _, first, value) in expected.items()
    }
    assert {(row["output"], row["source"]): row for row in scores.by_source.to_pylist()} == {
        (row["output"], row["source"]): row for row in (*totals(expected), *tallied(numbers))
    }
    assert {
        (row["output"], row["source"]): (row["units"], row["millipoints"], row["beaten"]) for row in lines
    } == numbers
    assert all(row["counted"] == (1 - row["beaten"]) * counts[row["source"]] for row in lines)
    assert {
        row["output"]: (row["millipoints"], row["tallied"]) for row in scores.scored.to_pylist()
    } == totals_by_output(expected, numbers)
    assert all(row["score"] == ceil(Fraction(row["millipoints"], 1000)) for row in scores.scored.to_pylist())


def totals(verdicts):
    rows = {}
    for (output, _), (source, is_mention, first, value) in verdicts.items():
        if not any(counts for other, (of, counts, *_) in verdicts.items() if (other[0], of) == (output, source)):
            continue  # all that this source said was left out
        row = rows.setdefault((output, source), {**dict.fromkeys(ROW, 0), "output": output, "source": source})
        row["mentions"] += is_mention
        row["units"] += first
        row["millipoints"] += value
    return rows.values()


def tallied(numbers):
    return [
        dict(zip(ROW, (output, source, units, units, value, 1), strict=True))
        for (output, source), (units, value, beaten) in numbers.items()
        if not beaten
    ]


def totals_by_output(verdicts, numbers):
    """Per output its millipoints, and whether counts brought any of them or are all that is known."""
    sums, from_counts = defaultdict(int), {}
    for (output, _), verdict in verdicts.items():
        if verdict[1]:
            sums[output] += verdict[3]
    mentioned = set(sums)
    for (output, _), (_, value, beaten) in numbers.items():
        if not beaten:
            sums[output] += value
            from_counts[output] = from_counts.get(output, False) or value > 0 or output not in mentioned
    return {output: (value, int(from_counts.get(output, False))) for output, value in sums.items()}


def mark_table(marks):
    """As a store writes it: `twin` is 1 where another mention of the source has, or had, the same url."""
    names = ["output", "mention", "source", "unit", "account", "outlet", "occurred", "known", "taken", "repost", "url"]
    pages = [(mark["source"], mark["url"]) for mark in marks]
    columns = {name: pa.array([mark[name] for mark in marks], pa.int64()) for name in names}
    twins = [int(page[1] != 0 and pages.count(page) > 1) for page in pages]
    return pa.table({**columns, "twin": pa.array(twins, pa.int64())})


def sign_table(marks):
    return table(
        ("output", "mention", "sign"),
        [(mark["output"], mark["mention"], sign) for mark in marks for sign in sorted(mark["signs"])],
    )


def tally_table(tallies):
    columns = ("output", "source", "units", "known")
    return table(columns, [tuple(tally[name] for name in columns) for tally in tallies])


def outlet_table(outlets):
    rows = [(outlet, *told) for outlet, told in outlets.items()]
    return table(("outlet", "tier", "reach"), rows)


def account_table(accounts):
    rows = [(account, *told) for account, told in accounts.items()]
    return table(("account", "followers", "posts", "share"), rows)


def table(names, rows):
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
