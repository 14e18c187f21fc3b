"""Details records: mentions become mentions, the rest counts, and what is neither is set aside."""

import json
from datetime import UTC, datetime

import pytest

from connectors.altmetric import Details
from connectors.counted import Counted
from connectors.errors import NotUnderstood
from connectors.records import Aside

V1 = {
    "altmetric_id": 7, "doi": "10.5555/A", "pmid": 123, "title": "Lakes", "score": 12.5, "type": "article",
    "journal": "Journal of Examples", "cited_by_posts_count": 9, "cited_by_msm_count": 2, "cited_by_tweeters_count": 5,
    "readers": {"mendeley": "31", "citeulike": "0", "connotea": "0"}, "readers_count": 31,
}  # fmt: skip
TWEET = {
    "url": "http://twitter.com/#!/ada/statuses/1", "posted_on": "2013-08-29T18:33:00+01:00", "tweet_id": "1",
    "author": {"name": "Ada", "id_on_source": "Ada", "followers": 16},
}  # fmt: skip
STORY = {
    "url": "https://news.example/1", "posted_on": "2013-08-29", "title": "Found",
    "author": {"name": "Example News", "url": "http://www.news.example/"},
}  # fmt: skip
FULL = {
    "altmetric_id": 7, "citation": {"doi": "10.5555/a", "title": "Lakes", "pubdate": "2005-01-01T00:00:00+00:00"},
    "counts": {"total": {"posts_count": 9}, "twitter": {"unique_users_count": 1, "posts_count": 1},
               "news": {"unique_users_count": 1, "posts_count": 1},
               "blogs": {"unique_users_count": 3, "posts_count": 4}, "readers": {"mendeley": 8}},
    "posts": {"twitter": [TWEET], "news": [STORY]},
}  # fmt: skip


def read(folder, text):
    file = folder / "details.json"
    file.write_text(text if isinstance(text, str) else json.dumps(text))
    return list(Details(file))


def test_a_record_of_the_api_has_every_source_and_what_is_left_out_is_nought(tmp_path):
    (told,) = read(tmp_path, V1)

    assert {source: count for source, count in told.units.items() if count} == {"news": 2, "x": 5, "mendeley": 31}
    assert told.units["bluesky"] == 0
    assert [str(each) for each in told.identifiers] == ["doi:10.5555/a", "pmid:123"]
    assert (told.title, told.type, float(told.score)) == ("Lakes", "journal-article", 12.5)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([V1, V1 | {"doi": "10.5555/b"}, None]),
        json.dumps(V1) + "\n" + json.dumps(V1 | {"doi": "10.5555/b"}) + "\n",
        json.dumps(V1, indent=2) + "\n" + json.dumps(V1 | {"doi": "10.5555/b"}, indent=2),
        json.dumps({"query": {"total": 2}, "results": [V1, V1 | {"doi": "10.5555/b"}]}),
        "\ufeff" + json.dumps([V1, V1 | {"doi": "10.5555/b"}]),
    ],
)
def test_an_array_lines_objects_and_answers_are_read_alike(tmp_path, text):
    assert [each.key for each in read(tmp_path, text)] == ["doi:10.5555/a", "doi:10.5555/b"]


def test_a_full_record_has_its_mentions_and_counts_of_the_rest(tmp_path):
    (told,) = read(tmp_path, FULL)

    assert told.units == {"blog": 3, "mendeley": 8}
    tweet, story = told.mentions
    assert (tweet.source, tweet.url, tweet.account.key) == ("x", "https://twitter.com/ada/statuses/1", "ada")
    assert (tweet.occurred_at, tweet.account.followers) == (datetime(2013, 8, 29, 17, 33, tzinfo=UTC), 16)
    assert (story.source, story.outlet.key, story.outlet.name) == ("news", "news.example", "Example News")
    assert {str(target) for target in (*tweet.targets, *story.targets)} == {"doi:10.5555/a"}
    assert (told.title, told.published) == ("Lakes", "2005-01-01")


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        (
            {"author": {"id_on_source": "ada", "followers": 10**9}},
            "followers is not within 0 and 999999999 and was left out",
        ),
        (
            {"author": {"id_on_source": "ada", "followers": -1}},
            "followers is not within 0 and 999999999 and was left out",
        ),
    ],
)
def test_a_number_of_followers_that_nobody_has_is_left_out_and_told(tmp_path, post, reason):
    aside, told = read(tmp_path, FULL | {"posts": {"twitter": [TWEET | post]}})

    assert (aside.reason, aside.stored, aside.place) == (reason, True, "details.json:1, posts.twitter 1")
    assert told.mentions[0].account.followers is None


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        (TWEET | {"posted_on": None}, "occurred_at is missing"),
        (TWEET | {"posted_on": "soon"}, 'occurred_at "soon" is no ISO 8601 time'),
        (TWEET | {"author": {"id_on_source": "ada", "followers": "many"}}, "followers is not a number"),
        (TWEET | {"author": {"id_on_source": "ada", "followers": float("nan")}}, "followers is not a number"),
        ("a post", "the post is not a JSON object"),
    ],
)
def test_a_post_that_is_no_mention_is_set_aside_and_the_others_are_read(tmp_path, post, reason):
    aside, told = read(tmp_path, FULL | {"posts": {"twitter": [post, TWEET]}})

    assert (aside.reason, aside.stored, aside.keyless) == (reason, False, False)
    assert [mention.key for mention in told.mentions] == ["altmetric:7:x:1"]


def test_a_post_without_author_has_no_account(tmp_path):
    (told,) = read(tmp_path, FULL | {"posts": {"twitter": [{n: v for n, v in TWEET.items() if n != "author"}]}})

    assert told.mentions[0].account is None


@pytest.mark.parametrize("value", [-1, "many", 2.5, float("nan"), True, [1], 10**12])
def test_a_count_that_is_none_sets_the_counts_of_its_record_aside(tmp_path, value):
    aside, told, other = read(tmp_path, [V1 | {"cited_by_msm_count": value}, V1 | {"doi": "10.5555/b"}])

    assert isinstance(aside, Aside)
    assert aside.reason.startswith("cited_by_msm_count is ")
    assert told.units == {}
    assert other.units["news"] == 2


def test_a_line_that_is_no_json_is_set_aside_with_its_number(tmp_path):
    told = read(tmp_path, f'{json.dumps(V1)}\n{{"altmetric_id": \n{json.dumps(V1)}\n7\n')

    assert [each.place for each in told if isinstance(each, Aside)] == ["details.json:2", "details.json:4"]
    assert sum(isinstance(each, Counted) for each in told) == 2


def test_a_record_without_identifier_is_set_aside(tmp_path):
    (aside,) = read(tmp_path, {"altmetric_id": 7, "cited_by_msm_count": 2})

    assert aside.reason == "the record has no identifier that can be read"


def test_counts_of_a_source_that_nobody_knows_are_named(tmp_path):
    file = tmp_path / "details.json"
    file.write_text(json.dumps([V1 | {"cited_by_threads_count": 2}, FULL | {"counts": {"holograms": {}}}]))
    details = Details(file)

    assert len(list(details)) == 2
    assert details.unknown == ("cited_by_threads_count", "counts.holograms")


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "details.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(NotUnderstood, match=r"details\.json: is not UTF-8"):
        Details(tmp_path / "details.json")


def test_a_real_full_record_has_every_mention(shared_data):
    (told,) = Details(shared_data / "scores" / "full-record-2014" / "sample.json")

    assert len(told.mentions) == 2235 + 33
    assert len({mention.url for mention in told.mentions}) == len(told.mentions)
