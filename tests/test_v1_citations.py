"""Which outputs were mentioned within a time: by the mentions themselves, in every order, to the last page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import House
from served import Served, serving
from v1_house import ALIKE, FULL, INTERNAL, PREPRINT, PRIVATE, QUIET, READ, filled

from badges.v1_words import DAYS, READERS
from sync import store

ALL = {FULL, PREPRINT, ALIKE}


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> House:
    return filled(tmp_path_factory.mktemp("v1"))


@pytest.fixture(scope="module")
def served(university: House) -> Iterator[Served]:
    with serving(university.folder) as found:
        yield found


def page(served: Served, query: str) -> dict[str, Any]:
    reply = served.get(f"/v1/citations/{query}")
    assert reply.status == 200, reply
    told = json.loads(reply.body)
    assert isinstance(told, dict)
    return told


def found(served: Served, query: str) -> list[str]:
    """The DOIs of a page, in its order."""
    return [each["doi"] for each in page(served, query)["results"]]


@pytest.mark.parametrize(
    ("timeframe", "outputs"),
    [
        ("1d", {FULL}),  # a story half a day ago
        ("2d", {FULL}),
        ("3d", {FULL, PREPRINT}),  # the preprint was posted about two and a half days ago
        ("1w", {FULL, PREPRINT}),
        ("1m", {FULL, PREPRINT}),
        ("3m", {FULL, PREPRINT}),
        ("6m", ALL),  # another a hundred days ago
        ("1y", ALL),
        ("at", ALL),
    ],
)
def test_outputs_with_a_mention_in_the_time_are_found(served: Served, timeframe: str, outputs: set[str]) -> None:
    told = page(served, timeframe)

    assert {each["doi"] for each in told["results"]} == outputs
    assert told["query"] == {"total": len(outputs), "page": 1, "num_results": 25}
    assert not {PRIVATE, INTERNAL, QUIET, READ} & {each["doi"] for each in told["results"]}


@pytest.mark.parametrize(
    ("query", "outputs"),
    [
        ("1d?cited_in=msm", {FULL}),
        ("1d?cited_in=twitter", set()),
        ("2d?cited_in=reddit", {FULL}),  # of a version that no record tells of
        ("3d?cited_in=bluesky", {FULL, PREPRINT}),  # of a version counts for both, as in the badge
        ("1d?cited_in=bluesky", set()),
        ("6m?cited_in=tweeters,%20NEWS", {FULL, ALIKE}),
        ("at?cited_in=wikipedia", {FULL}),
        ("at?cited_in=blogs,pinners", set()),
        ("1y?doi_prefix=10.5555", ALL),
        ("1y?doi_prefix=10.5555/LA", {FULL}),
        ("1y?doi_prefix=10.5555%2Flakes_", set()),
        ("1y?doi_prefix=10.55%25", set()),
        ("1y?doi_prefix=10.5555%00", set()),
        ("1y?doi_prefix=lakes", set()),
        ("1y?issn=1234-5679", {FULL, ALIKE}),
        ("1y?issn=12345679&cited_in=news", {FULL}),
        ("1y?issn=9999-9999", set()),
        ("1y?nlmid=101", set()),
        ("1y?nlmid=&cited_in=&issn=", ALL),
    ],
)
def test_they_can_be_chosen_by_source_prefix_and_journal(served: Served, query: str, outputs: set[str]) -> None:
    assert set(found(served, query)) == outputs


@pytest.mark.parametrize(
    ("order", "dois"),
    [
        ("score", [FULL, ALIKE, PREPRINT]),
        ("at_score", [FULL, ALIKE, PREPRINT]),
        ("readers", [FULL]),
        ("pubdate", [FULL, ALIKE, PREPRINT]),
        ("first_seen", [FULL, ALIKE]),
    ],
)
def test_they_stand_in_the_order_that_was_asked_for(served: Served, order: str, dois: list[str]) -> None:
    told = found(served, f"at?order_by={order}")

    assert [doi for doi in told if doi in dois][: len(dois)] == dois or order == "first_seen"
    assert set(told) == ALL


def test_by_score_the_gain_within_the_time_decides(own: House) -> None:
    # Two outputs: one had all of its score half a year ago, the other less, and all of it now.
    rows = own.stored(
        "SELECT output_id, doi, millipoints FROM badge WHERE audience = 'public' ORDER BY millipoints DESC"
    )
    old, new = rows[0], next(row for row in rows[1:] if 0 < row[2] < rows[0][2])
    long_ago = store.now() - 180 * store.DAY
    own.stored("UPDATE badge_change SET at = ? WHERE output_id = ?", long_ago, old[0])
    own.stored("UPDATE mark SET occurred_at = ? WHERE output_id IN (?, ?)", store.now() - store.DAY, old[0], new[0])

    with serving(own.folder) as served:
        gained = found(served, "1w?num_results=100")
        whole = found(served, "1w?num_results=100&order_by=at_score")
        record = next(each for each in page(served, "1w?num_results=100")["results"] if each["doi"] == old[1])

    assert gained.index(new[1]) < gained.index(old[1])
    assert whole.index(old[1]) < whole.index(new[1])
    assert (record["history"]["1w"], record["history"]["1y"]) == (0, record["score"])


def test_they_are_paged_to_the_end(scored: House) -> None:
    with serving(scored.folder) as served:
        whole = page(served, "1y?num_results=100")
        total = whole["query"]["total"]
        parts = [page(served, f"1y?num_results=3&page={number}") for number in range(1, total // 3 + 3)]

    assert 10 < total < 100
    assert [part["query"]["page"] for part in parts] == list(range(1, total // 3 + 3))
    assert [each for part in parts for each in part["results"]] == whole["results"]
    assert parts[-1]["results"] == []


def test_every_output_with_a_mention_is_found_and_no_other(scored: House) -> None:
    with serving(scored.folder) as served:
        told = page(served, "at?num_results=100")
        badges = [json.loads(served.get(f"/badge/output/{row['output']}.json").body) for row in scored.rows()]

    mentioned = {
        badge["output"]
        for badge in badges
        if any(part["mentions"] for part in badge["breakdown"] if part["source"] not in READERS)
    }
    assert {each["ringmark"]["output"] for each in told["results"]} == mentioned


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("page=0", "page: a whole number"),
        ("page=x", "page: a whole number"),
        ("page=1e3", "page: a whole number"),
        (f"page={'9' * 30}", "page: a whole number"),
        ("num_results=0", "num_results: a whole number from 1 to 100"),
        ("num_results=101", "num_results: a whole number from 1 to 100"),
        ("order_by=title", "order_by: one of score, at_score, readers, first_seen, pubdate"),
        ("cited_in=<script>", "cited_in: some of"),
        ("issn=1234", "issn: such as 1234-5678"),
        ("x=" + "y" * 9000, "the query is longer than 8192 bytes"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_mend(served: Served, query: str, words: str) -> None:
    reply = served.get(f"/v1/citations/1d?{query}")

    assert reply.status == 400
    assert reply.text.startswith(words)
    assert "script>" not in reply.text


def test_the_timeframes_are_those_of_the_reference() -> None:
    assert list(DAYS) == ["1d", "2d", "3d", "4d", "5d", "6d", "1w", "1m", "3m", "6m", "1y", "at"]
