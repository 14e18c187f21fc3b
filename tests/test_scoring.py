"""What counts, rule by rule; each world is small enough to be worked out by hand."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import sqlglot

from scoring import engine, rules
from scoring.rules import SOURCES
from scoring.tables import tables
from scoring.words import clauses, english, tally_clause

MARK = {
    "output": 1, "mention": 1, "source": 0, "unit": 1, "account": -1, "outlet": -1, "occurred": 0, "known": 0,
    "taken": -1, "repost": 0, "url": 0, "twin": 0,
}  # fmt: skip
OUTLETS = pa.table({"outlet": [1, 2, 3], "tier": [1, 2, 9], "reach": [-1, 2000, 333]})
ACCOUNTS = pa.table(
    {"account": [1, 2, 3], "followers": [5_000_000, 10, 5000], "posts": [0, 0, 30_000], "share": [0, 0, 250]}
)


def mark(source, mention=1, **told):
    return {**MARK, "source": SOURCES[source], "mention": mention, **told}


def rows(marks):
    return pa.table({name: pa.array([row[name] for row in marks], pa.int64()) for name in MARK})


def tallies(**units):
    told = [(1, SOURCES[source], count, 0) for source, count in units.items()]
    return pa.table(dict(zip(("output", "source", "units", "known"), zip(*told, strict=True), strict=True)))


def offered(marks):
    told = {"marks": marks, "tallies": tallies(x=7, news=3), "outlets": OUTLETS, "accounts": ACCOUNTS}
    return {**told, "signs": engine.NO_SIGNS, "params": pa.table({"now": [100]})}


def score_offered(marks, chosen, connection):
    told = offered(marks)
    rest = {"tallies": told["tallies"], "now": 100, "connection": connection}
    return engine.score(marks, OUTLETS, ACCOUNTS, chosen, **rest).scored


def of_counts(*marks, by="ringmark-2026", **units):
    """Millipoints by source, and whether they come from a count."""
    with duckdb.connect() as connection:
        told = rows(marks), OUTLETS, ACCOUNTS, rules.load(by)
        scores = engine.score(*told, tallies=tallies(**units), now=100, connection=connection)
    names = {number: name for name, number in SOURCES.items()}
    return {names[row["source"]]: (row["millipoints"], row["tallied"]) for row in scores.by_source.to_pylist()}


def lines(*marks, by="ringmark-2026", now=100):
    with duckdb.connect() as connection:
        told = engine.ledger(rows(marks), OUTLETS, ACCOUNTS, rules.load(by), now=now, connection=connection)
    return {line["mention"]: line for line in told}


def millipoints(*marks, by="ringmark-2026", now=100):
    with duckdb.connect() as connection:
        scores = engine.score(rows(marks), OUTLETS, ACCOUNTS, rules.load(by), now=now, connection=connection)
    return sum(scores.scored["millipoints"].to_pylist())


@pytest.mark.parametrize(
    ("source", "published_2020", "published_2021", "ours"),
    [
        ("news", 1000, 1000, 1000),
        ("blog", 5000, 5000, 5000),
        ("policy", 3000, 3000, 3000),
        ("guideline", 0, 0, 3000),
        ("patent", 3000, 3000, 3000),
        ("wikipedia", 3000, 3000, 3000),
        ("syllabus", 1000, 1000, 1000),
        ("peer_review", 1000, 1000, 1000),
        ("f1000", 1000, 1000, 1000),
        ("x", 1000, 250, 250),
        ("weibo", 1000, 1000, 250),
        ("bluesky", 0, 0, 250),
        ("mastodon", 0, 0, 250),
        ("reddit", 250, 250, 250),
        ("youtube", 250, 250, 250),
        ("qna", 250, 250, 250),
        ("facebook", 250, 250, 250),
        ("pinterest", 250, 250, 250),
        ("hackernews", 0, 0, 250),
        ("linkedin", 500, 500, 500),
        ("gplus", 1000, 1000, 1000),
        ("podcast", 0, 0, 1000),
        ("mendeley", 0, 0, 0),
        ("citeulike", 0, 0, 0),
        ("readers", 0, 0, 0),
        ("misc", 0, 0, 0),
    ],
)
def test_a_lone_mention_of_which_nothing_else_is_known_has_the_source_s_points(
    source, published_2020, published_2021, ours
):
    lone = mark(source)

    assert millipoints(lone, by="published-2020") == published_2020
    assert millipoints(lone, by="published-2021") == published_2021
    assert millipoints(lone) == ours


def test_every_source_of_a_rule_set_has_a_stable_number_and_a_unit():
    assert list(SOURCES.values()) == list(range(1, 27))
    assert set(rules.UNITS) == set(SOURCES)


def test_news_counts_once_an_outlet_by_its_tier_and_a_tier_outside_1_to_4_is_unknown():
    world = (mark("news", 1, unit=1, outlet=1), mark("news", 2, unit=1, outlet=1, occurred=1),
             mark("news", 3, unit=2, outlet=2), mark("news", 4, unit=3, outlet=3))  # fmt: skip

    ledger = lines(*world)

    assert [ledger[n]["millipoints"] for n in (1, 2, 3, 4)] == [8000, 0, 7000, 1000]
    assert [ledger[n]["tier"] for n in (1, 3, 4)] == [1, 2, 0]
    assert ledger[2]["reason"] == "later"


def test_a_blog_is_multiplied_by_its_reach_rounded_half_up():
    assert millipoints(mark("blog", outlet=2)) == 10_000
    assert millipoints(mark("blog", outlet=3)) == 1665
    assert millipoints(mark("blog", outlet=2), by="published-2020") == 5000


def test_wikipedia_counts_once_however_many_pages():
    assert millipoints(mark("wikipedia", 1, unit=1), mark("wikipedia", 2, unit=2)) == 3000


def test_who_in_policy_and_who_in_guidelines_are_two():
    assert millipoints(mark("policy", 1, unit=7), mark("guideline", 2, unit=7)) == 6000


def test_mentions_whose_unit_is_not_told_share_one_unit():
    assert millipoints(mark("policy", 1, unit=-1), mark("policy", 2, unit=-1)) == 3000


def test_at_the_same_instant_an_original_comes_before_a_repost():
    repost_then_original = (mark("x", 1, repost=1), mark("x", 2, repost=0))

    assert millipoints(*repost_then_original, by="published-2020") == 1000
    assert lines(*repost_then_original, by="published-2020")[1]["counted"] == 0


def test_at_the_same_instant_the_lower_points_come_first_then_the_id():
    ledger = lines(mark("news", 5, outlet=1), mark("news", 4, outlet=2), mark("news", 6, outlet=2))

    assert [(n, ledger[n]["counted"], ledger[n]["millipoints"]) for n in (4, 5, 6)] == [
        (4, 1, 7000), (5, 0, 0), (6, 0, 0)
    ]  # fmt: skip


def test_an_account_factor_is_multiplied_exactly_and_rounded_once():
    assert millipoints(mark("x", account=1)) == 1100
    assert millipoints(mark("x", account=2)) == 250
    assert millipoints(mark("x", account=3)) == 486  # 0.6 x 0.9 x 0.9


def test_reposts_are_summed_then_rounded_up_and_the_last_one_says_so():
    world = (mark("x", 1, unit=1, account=1, repost=1), mark("x", 2, unit=2, account=2, repost=1, occurred=5))

    ledger = lines(*world)

    assert [ledger[n]["millipoints"] for n in (1, 2)] == [935, 1065]  # 935 + 213, rounded up to 2,000
    assert ledger[2]["carried"] == 852
    assert millipoints(*world) == 2000


def test_in_2021_reposts_on_x_are_not_rounded_up():
    assert millipoints(mark("x", 1, unit=1, repost=1), mark("x", 2, unit=2), by="published-2021") == 500


def test_the_same_page_of_a_source_is_one_mention_and_the_earlier_is_kept():
    world = (mark("news", 1, unit=1, outlet=1, url=9, twin=1, occurred=2),
             mark("news", 2, unit=2, outlet=2, url=9, twin=1, occurred=1))  # fmt: skip

    ledger = lines(*world)

    assert (ledger[1]["millipoints"], ledger[1]["reason"]) == (0, "same page")
    assert ledger[2]["millipoints"] == 7000


def test_a_copy_counts_when_the_earlier_one_was_taken_back():
    world = (mark("news", 1, unit=1, outlet=1, url=9, twin=1, occurred=1),
             mark("news", 2, unit=2, outlet=2, url=9, twin=1, taken=50))  # fmt: skip

    assert millipoints(*world, now=49) == 7000
    assert millipoints(*world, now=50) == 8000


def test_what_has_not_happened_or_was_not_known_by_then_does_not_count():
    assert millipoints(mark("policy", occurred=101)) == 0
    assert millipoints(mark("policy", known=101)) == 0
    assert millipoints(mark("policy", occurred=-(2**55))) == 3000


def test_sources_that_never_count_are_always_shown():
    assert lines(mark("mendeley"))[1]["reason"] == "never counts"
    assert lines(mark("podcast"), by="published-2020")[1]["reason"] == "no published weight"


def test_the_displayed_score_is_the_ceiling():
    with duckdb.connect() as connection:
        marks = rows([mark("blog", 1), mark("facebook", 2)])
        scores = engine.score(marks, OUTLETS, ACCOUNTS, rules.load("published-2020"), now=100, connection=connection)

    assert scores.scored.to_pylist() == [
        {"output": 1, "millipoints": 5250, "score": 6, "mentions": 2, "units": 2, "tallied": 0}
    ]


def test_a_reader_and_a_relation_give_what_a_table_gives():
    told, chosen = rows([mark("news", outlet=1)]), rules.load("ringmark-2026")
    with duckdb.connect() as connection:
        of_table = engine.score(told, OUTLETS, ACCOUNTS, chosen, now=100, connection=connection)
        of_reader = engine.score(told.to_reader(), OUTLETS, ACCOUNTS, chosen, now=100, connection=connection)
        connection.register("told", told)
        of_relation = engine.score(connection.table("told"), OUTLETS, ACCOUNTS, chosen, now=100, connection=connection)

    assert of_table == of_reader == of_relation


@pytest.mark.parametrize("by", ["published-2020", "published-2021"])
def test_a_count_brings_the_published_weight_for_each_unit_and_a_static_source_once(by):
    told = of_counts(by=by, news=3, policy=2, wikipedia=40, syllabus=2, x=8, bluesky=5, mendeley=900)

    assert told == {
        "news": (24_000, 1), "policy": (6000, 1), "wikipedia": (3000, 1), "syllabus": (1000, 1),
        "x": (8000 if by == "published-2020" else 2000, 1), "bluesky": (0, 1), "mendeley": (0, 1),
    }  # fmt: skip


def test_each_unit_of_a_count_brings_what_its_step_says():
    assert of_counts(by="counts-2018", news=1) == {"news": (9000, 1)}
    assert of_counts(by="counts-2018", news=9) == {"news": (9000 + 8 * 7500, 1)}
    assert of_counts(by="counts-2018", news=12) == {"news": (9000 + 8 * 7500 + 3 * 5500, 1)}


def test_mentions_beat_a_count_source_by_source():
    told = of_counts(mark("news", outlet=1), news=250, facebook=4)

    assert told == {"news": (8000, 0), "facebook": (1000, 1)}


def test_a_mention_that_was_taken_back_or_is_yet_to_come_beats_no_count():
    assert of_counts(mark("facebook", taken=5), facebook=4) == {"facebook": (1000, 1)}
    assert of_counts(mark("facebook", occurred=101), facebook=4) == {"facebook": (1000, 1)}


def test_our_own_rule_set_and_the_preset_give_a_count_the_same():
    assert rules.load("ringmark-2026").counts == rules.load("counts-2018").counts
    assert "2018" in rules.load("counts-2018").fitted


def test_the_expression_as_it_stands_gives_what_the_engine_gives():
    told, chosen = rows([mark("x", n, unit=n, account=n, repost=n % 2) for n in (1, 2, 3)]), rules.load("ringmark-2026")
    query = Path(engine.__file__).with_name("score.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        by_engine = score_offered(told, chosen, connection)
        for name, table in {**offered(told), **tables(chosen)}.items():
            connection.register(name, table)
        as_it_stands = connection.sql(query).to_arrow_table()

    assert as_it_stands == by_engine


@pytest.mark.parametrize("relation", ["scored", "by_source", "ledger", "tally_ledger"])
def test_spark_s_words_mean_the_same(relation):
    told, chosen = rows([mark("x", n, unit=n, account=n, repost=n % 2) for n in (1, 2, 3)]), rules.load("ringmark-2026")
    (back,) = sqlglot.transpile(engine.statement(relation, "spark"), read="spark", write="duckdb")
    with duckdb.connect() as connection:
        for name, table in {**offered(told), **tables(chosen)}.items():
            connection.register(name, table)

        assert sorted(connection.sql(back).fetchall()) == sorted(connection.sql(engine.statement(relation)).fetchall())


@pytest.mark.parametrize("relation", ["scored", "by_source", "ledger"])
def test_spark_s_words_can_be_read_as_spark(relation):
    in_spark = engine.statement(relation, "spark")

    assert sqlglot.parse_one(in_spark, read="spark").find(sqlglot.exp.IntDiv)
    assert "//" not in in_spark
    assert "MATERIALIZED" not in in_spark


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "first mention by this outlet; tier 1"),
        ({"tier": 0}, "first mention by this outlet; tier unknown"),
        ({"reason": "later"}, "a later mention by this outlet"),
        ({"unit": -1, "tier": 0}, "first mention by an outlet that is not told; tier unknown"),
        ({"unit_kind": "source", "by": "nothing"}, "first mention in this source"),
        ({"unit_kind": "jurisdiction", "by": "nothing"}, "first mention in this jurisdiction"),
        ({"unit_kind": "account", "by": "account", "factor": 486},
         "first mention by this account; account factor applied"),
        ({"unit_kind": "account", "by": "account", "repost": 1, "carried": 300},
         "first mention by this account; repost, carries 300 thousandths from rounding up"),
        ({"unit_kind": "blog", "by": "reach", "reach": 1.26},
         "first mention by this blog; times the blog's reach of 1.26"),
        ({"reason": "never counts"}, "this source never counts"),
        ({"reason": "no published weight"}, "no published weight for this source"),
        ({"reason": "same page"}, "same page as an earlier mention"),
        ({"reason": "sign of gaming"}, "left out by the rule set: a sign of gaming"),
    ],
)  # fmt: skip
def test_every_line_has_its_sentence(told, said):
    line = {"reason": "first", "unit_kind": "outlet", "unit": 1, "by": "tier", "tier": 1, "factor": 1000, "repost": 0}

    assert english(clauses(**{**line, "carried": 0, **told})) == said


def tally_text(**told):
    return english((tally_clause(**told),))


def test_every_count_has_its_sentence():
    assert tally_text(beaten=False, counts=True, published=True).startswith("a count: no single mention")
    assert "stand in its place" in tally_text(beaten=True, counts=True, published=True)
    assert tally_text(beaten=False, counts=False, published=True) == "this source never counts"
    assert tally_text(beaten=False, counts=False, published=False) == "no published weight for this source"
