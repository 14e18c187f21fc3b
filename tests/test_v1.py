"""The v1-compatible API: fields as the reference has them, the public's sight, and what clients rely on."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from served import Reply, Served, serving
from v1_house import ALIKE, FULL, INTERNAL, PREPRINT, PRIVATE, QUIET, READ, filled

from badges.v1_words import DAYS
from connectors.altmetric import Details
from connectors.counted import Counted

ADDRESS = "https://ringmark.example.edu"


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> House:
    return filled(tmp_path_factory.mktemp("v1"))


@pytest.fixture(scope="module")
def served(university: House) -> Iterator[Served]:
    with serving(university.folder) as found:
        yield found


def record(served: Served, what: str) -> dict[str, Any]:
    reply = served.get(f"/v1/{what}")
    assert (reply.status, reply.header("content-type")) == (200, "application/json"), reply
    told = json.loads(reply.body)
    assert isinstance(told, dict)
    return told


def alike(reply: Reply) -> tuple[object, ...]:
    """All of an answer but how many calls are left."""
    headers = tuple(each for each in reply.headers if not each[0].endswith("ratelimit-remaining"))
    return reply.status, headers, reply.body


def test_a_record_has_the_fields_of_the_reference(served: Served, university: House) -> None:
    output = int(university.json("explain", FULL)["output"])
    before = time.time()

    told = record(served, f"doi/{FULL}")

    assert before - 600 < told.pop("added_on") <= told.pop("last_updated") <= before
    assert told.pop("history") == dict.fromkeys(DAYS, 21.25)  # all of it was shown for the first time just now
    places = told.pop("context")
    assert told == {
        "altmetric_id": output,
        "title": "Lakes & <i>rivers</i>",
        "doi": FULL,
        "pmid": "111",
        "pmc": "PMC222",
        "arxiv_id": "2001.00001",
        "isbns": ["9780306406157"],
        "handles": ["20.500.1/ab"],
        "uri": "https://repository.example.edu/lakes",
        "url": f"https://doi.org/{FULL}",
        "details_url": f"{ADDRESS}/outputs/{output}",
        "type": "book",
        "journal": "Journal of Examples",
        "issns": ["1234-5679"],
        "authors": ["Ada Abernook"],
        "subjects": ["Hydrology"],
        "published_on": 1772668800,
        "score": 21.25,
        "cited_by_msm_count": 2,
        "cited_by_wikipedia_count": 2,
        "cited_by_tweeters_count": 2,
        "cited_by_bluesky_count": 1,
        "cited_by_rdts_count": 1,
        "cited_by_posts_count": 10,
        "cited_by_accounts_count": 9,
        "readers": {"mendeley": "31"},
        "readers_count": 31,
        "images": {
            "small": f"{ADDRESS}/badge/output/{output}.png?style=ring",
            "medium": f"{ADDRESS}/badge/output/{output}.png?style=medium",
            "large": f"{ADDRESS}/badge/output/{output}.png?style=large",
        },
        "ringmark": {
            name: value
            for name, value in university.json("badge", FULL).items()
            if name in ("output", "score", "millipoints", "basis", "rules", "breakdown")
        },
    }
    here = "public outputs of this installation"
    near = "published within six weeks of it"
    assert places == {
        "all": standing(5, 4.45, 1, 4, here),
        "journal": standing(2, 11.125, 1, 1, f"{here} in the same journal"),
        "similar_age_3m": standing(2, 11.125, 1, 1, f"{here} {near}"),
        "similar_age_journal_3m": standing(2, 11.125, 1, 1, f"{here} in the same journal, {near}"),
    }


def standing(count: int, mean: float, rank: int, below: int, words: str) -> dict[str, Any]:
    """Among so few there is no percentile."""
    return {
        "count": count,
        "mean": mean,
        "rank": rank,
        "higher_than": below,
        "population": {"size": count, "of": words},
    }


def test_what_comes_out_can_be_imported_again(served: Served, tmp_path: Path) -> None:
    (tmp_path / "details.json").write_bytes(served.get("/v1/citations/at").body)

    details = Details(tmp_path / "details.json")
    counted = {str(each.key): each for each in details if isinstance(each, Counted)}

    assert details.unknown == ()
    full = counted[f"doi:{FULL}"]
    assert {source: count for source, count in full.units.items() if count} == {
        "news": 2, "wikipedia": 2, "x": 2, "bluesky": 1, "reddit": 1, "mendeley": 31,
    }  # fmt: skip
    assert {str(each) for each in full.identifiers} >= {f"doi:{FULL}", "pmid:111", "pmcid:PMC222", "isbn:9780306406157"}
    assert (full.title, full.type, full.journal) == ("Lakes & <i>rivers</i>", "book", "Journal of Examples")
    assert counted[f"doi:{ALIKE}"].type == "journal-article"


@pytest.mark.parametrize(
    "path",
    [
        "doi/10.5555%2Flakes",
        "doi/https://doi.org/10.5555/LAKES",
        "pmid/111",
        "arxiv/arXiv:2001.00001v2",
        "handle/20.500.1/ab",
        "isbn/978-0-306-40615-7",
        "uri/https%3A%2F%2Frepository.example.edu%2Flakes",
        "id/{output}",
    ],
)
def test_a_record_is_found_by_each_of_its_identifiers(served: Served, university: House, path: str) -> None:
    output = university.json("explain", FULL)["output"]

    assert record(served, path.format(output=output))["altmetric_id"] == int(output)


def test_hidden_unknown_malformed_and_not_mentioned_are_one_answer(served: Served, university: House) -> None:
    internal = university.json("explain", INTERNAL, "--audience", "internal")["output"]
    nothing = served.get("/v1/doi/10.5555/nowhere")
    paths = [f"doi/{doi}" for doi in (PRIVATE, INTERNAL, QUIET, READ, "%ff", "x" * 9000, "a%0Ab", "")]
    paths += [
        f"id/{internal}",
        "id/x",
        "nothing/1",
        "fetch/doi/10.5555/lakes",
        "pmcid/PMC222",
        "citations/2y",
        "%F0%9F/1",
    ]

    replies = [served.get(f"/v1/{path}") for path in paths]

    assert (nothing.status, nothing.body) == (404, b"Not Found")
    assert nothing.header("content-type") == "text/plain; charset=utf-8"
    assert nothing.header("cache-control") == record_headers(served)["cache-control"] == "public, max-age=300"
    assert {alike(reply) for reply in replies} == {alike(nothing)}


def record_headers(served: Served) -> dict[str, str]:
    return dict(served.get(f"/v1/doi/{FULL}").headers)


def test_an_answer_has_an_etag_and_what_has_not_changed_is_not_sent_again(served: Served) -> None:
    first = served.get(f"/v1/doi/{FULL}")
    again = served.get(f"/v1/doi/{FULL}", if_none_match=first.header("etag"))
    head = served.get(f"/v1/doi/{FULL}", method="HEAD")

    assert (again.status, again.body) == (304, b"")
    assert again.header("etag") == first.header("etag")
    assert not [name for name, _ in again.headers if "ratelimit" in name]
    assert (head.status, head.body, head.header("content-length")) == (200, b"", str(len(first.body)))


def test_scripts_of_any_site_may_ask(served: Served) -> None:
    one, many = (served.get(path, method="OPTIONS") for path in ("/v1/doi/x", "/v1/lookup"))
    answers = [served.get(path) for path in (f"/v1/doi/{FULL}", "/v1/doi/x", "/v1/lookup", "/v1/citations/1d?page=0")]

    assert (one.status, one.header("access-control-allow-methods")) == (204, "GET, HEAD")
    assert (many.status, many.header("access-control-allow-methods")) == (204, "POST")
    assert "content-type" in many.header("access-control-allow-headers")
    assert [answer.status for answer in answers] == [200, 404, 405, 400]
    assert {answer.header("access-control-allow-origin") for answer in (one, many, *answers)} == {"*"}
    assert all("x-hourlyratelimit-remaining" in each.header("access-control-expose-headers") for each in answers)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [("/v1/doi/x", "POST", "GET, HEAD, OPTIONS"), ("/v1/lookup", "GET", "POST, OPTIONS"),
     ("/v1/citations/1d", "DELETE", "GET, HEAD, OPTIONS")],
)  # fmt: skip
def test_other_methods_are_refused(served: Served, path: str, method: str, allowed: str) -> None:
    reply = served.get(path, method=method)

    assert (reply.status, reply.header("allow")) == (405, allowed)


# JSONP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "_", "jQuery1234_5678", "x" * 64])
def test_a_function_is_called_with_the_record(served: Served, name: str) -> None:
    plain, script = served.get(f"/v1/doi/{FULL}"), served.get(f"/v1/doi/{FULL}?callback={name}&_=1")

    assert script.body == b"/**/%s(%s);" % (name.encode(), plain.body)
    assert script.header("content-type") == "text/javascript; charset=utf-8"
    assert script.header("x-content-type-options") == "nosniff"
    assert script.header("etag") != plain.header("etag")


@pytest.mark.parametrize(
    "name",
    ["", "1a", "x" * 65, "a.b", "a[0]", "alert(1)//", "a%20", "a%0a", "%61", "if", "eval", "document.write", "%C3%A4",
     "<script>", "a-b", "a;b", "%E2%80%A8"],
)  # fmt: skip
@pytest.mark.parametrize("path", [f"doi/{FULL}", "doi/10.5555/nowhere", "citations/at"])
def test_no_other_function_is_called_and_none_is_repeated(served: Served, name: str, path: str) -> None:
    reply = served.get(f"/v1/{path}?callback=".encode() + name.encode())

    assert (reply.status, reply.header("content-type")) == (400, "text/plain; charset=utf-8")
    assert reply.body == served.get("/v1/doi/x?callback=1").body


def test_an_unknown_output_calls_nothing(served: Served) -> None:
    assert alike(served.get("/v1/doi/10.5555/nowhere?callback=a")) == alike(served.get("/v1/doi/10.5555/nowhere"))


# A look-up of many ------------------------------------------------------------------------------------------------


def lookup(served: Served, body: bytes, kind: str = "application/json", **headers: str) -> Reply:
    return served.get("/v1/lookup", method="POST", body=body, content_type=kind, **headers)


def test_many_are_looked_up_in_their_order(served: Served, university: House) -> None:
    output = university.json("explain", PREPRINT)["output"]
    asked = [FULL, "nothing", f"output:{output}", f"doi:{PRIVATE}", f"doi:{INTERNAL}", QUIET, "pmid:111", "", FULL]

    told = json.loads(lookup(served, json.dumps(asked).encode()).body)

    full = json.loads(served.get(f"/v1/doi/{FULL}").body)
    preprint = json.loads(served.get(f"/v1/doi/{PREPRINT}").body)
    assert told == [full, None, preprint, None, None, None, full, None, full]


def test_a_thousand_are_looked_up_and_no_more(served: Served) -> None:
    many, too_many = (json.dumps([f"10.5555/{n}" for n in range(count)]).encode() for count in (1000, 1001))

    assert json.loads(lookup(served, many).body) == [None] * 1000
    assert lookup(served, too_many).status == 400
    assert lookup(served, b"[]", "application/json; charset=utf-8").body == b"[]"


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b"[null]", b'"x"', b"[", b'["\xff"]', b"[" * 9000, b'["\\ud800"]']
)
def test_what_is_no_list_of_texts_is_refused(served: Served, body: bytes) -> None:
    reply = lookup(served, body)

    assert reply.status == 400
    assert reply.text == "send a JSON list of at most 1000 identifiers, each a text such as doi:10.5555/x\n"


def test_a_look_up_is_json_and_not_too_long(served: Served) -> None:
    assert lookup(served, b"[]", "text/plain").status == 415
    assert lookup(served, b"[" + b" " * 262_142 + b"]").status == 200
    assert lookup(served, b"[" + b" " * 262_143 + b"]").status == 413
