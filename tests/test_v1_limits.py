"""How many calls are left is told truly; and a client of the reference works with us."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import House
from pyaltmetric import Altmetric, Citation, HTTPException
from served import Served, serving
from v1_house import FULL, PRIVATE, filled

from badges.allowance import Allowance

HOUR = 3600 * 1_000_000


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> House:
    return filled(tmp_path_factory.mktemp("v1"))


@pytest.fixture(scope="module")
def served(university: House) -> Iterator[Served]:
    with serving(university.folder, RINGMARK_SERVE__V1_HOURLY="200", RINGMARK_SERVE__V1_DAILY="300") as found:
        yield found


def left(served: Served, target: str, **headers: str) -> tuple[int, int]:
    reply = served.get(target, **headers)
    assert reply.header("x-hourlyratelimit-limit") == "200"
    assert reply.header("x-dailyratelimit-limit") == "300"
    return int(reply.header("x-hourlyratelimit-remaining")), int(reply.header("x-dailyratelimit-remaining"))


def test_every_call_takes_one_whoever_asks_and_whatever_for(served: Served) -> None:
    targets = [
        f"/v1/doi/{FULL}",
        f"/v1/doi/{FULL}",
        f"/v1/doi/{PRIVATE}",
        "/v1/doi/10.5555/nowhere",
        "/v1/citations/1d",
    ]

    told = [left(served, target, x_forwarded_for=f"192.0.2.{n}") for n, target in enumerate(targets)]
    served.get("/badge/doi/10.5555/x.json")  # no call of this interface
    served.get("/v1/doi/x", method="OPTIONS")
    told.append(left(served, "/v1/doi/x"))

    hour, day = told[0]
    assert told == [(hour - number, day - number) for number in range(6)]


def test_beyond_the_limit_callers_are_told_when_to_come_back(university: House) -> None:
    with serving(university.folder, RINGMARK_SERVE__V1_HOURLY="2", RINGMARK_SERVE__V1_DAILY="0") as served:
        etag = served.get(f"/v1/doi/{FULL}").header("etag")
        known = served.get(f"/v1/doi/{FULL}", if_none_match=etag)
        replies = [served.get(target) for target in (f"/v1/doi/{FULL}", "/v1/doi/10.5555/nowhere")]
        badge = served.get(f"/badge/doi/{FULL}.json")

    assert known.status == 304
    assert {(reply.status, reply.text) for reply in replies} == {(429, "too many calls; try again later\n")}
    for reply in replies:
        assert 0 < int(reply.header("retry-after")) <= 3600
        assert reply.header("cache-control") == "no-store"
        assert reply.header("x-hourlyratelimit-remaining") == "0"
        assert reply.header("x-dailyratelimit-limit") == ""
    assert badge.status == 200


def test_a_new_hour_and_a_new_day_begin_anew() -> None:
    now = 10 * 24 * HOUR
    allowance = Allowance({"hourly": 2, "daily": 3}, clock=lambda: now)

    first = [allowance.take() for _ in range(3)]
    now += HOUR
    second = [allowance.take() for _ in range(2)]
    told = dict(allowance.headers())
    now += 23 * HOUR

    assert first == [0, 0, 3600]
    assert second == [0, 23 * 3600]
    assert told[b"x-hourlyratelimit-remaining"] == b"1"  # what was not answered took none
    assert told[b"x-dailyratelimit-remaining"] == b"0"
    assert allowance.take() == 0


def test_without_limits_nothing_is_told_of_them() -> None:
    allowance = Allowance({"hourly": 0, "daily": 0}, clock=lambda: 0)

    assert {allowance.take() for _ in range(1000)} == {0}
    assert allowance.headers() == ()


def test_many_at_once_are_all_counted(served: Served) -> None:
    before = left(served, "/v1/doi/x")[0]
    threads = [threading.Thread(target=served.get, args=(f"/v1/doi/{FULL}",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert left(served, "/v1/doi/x")[0] == before - 21


# pyaltmetric -------------------------------------------------------------------------------------------------------


class Old(dict[str, Any]):
    """What a dictionary could do when `Citation` was written."""

    iteritems = dict.items


@pytest.fixture
def client(served: Served) -> Altmetric:
    altmetric = Altmetric("a-key-that-is-not-looked-at")
    altmetric.base_url = f"{served.public}/v1/"
    return altmetric


def test_a_client_of_the_reference_reads_records_and_pages(client: Altmetric, university: House) -> None:
    output = university.json("explain", FULL)["output"]

    by_doi, by_id = client.doi(FULL), client.id(output)
    pages = client.citations("1w", num_results="1", cited_in="reddit,msm")
    citation = Citation(Old(by_doi))

    assert by_doi == by_id
    assert client.doi("10.5555/nowhere") is None
    assert client.doi(PRIVATE) is None
    assert pages["query"] == {"total": 1, "page": 1, "num_results": 1}
    assert pages["results"] == [by_doi]
    assert citation.get_fields("title", "doi", "cited_by_tweeters_count", "cited_by_gplus_count") == [
        "Lakes & <i>rivers</i>", FULL, 2, ""
    ]  # fmt: skip
    assert citation.altmetric_id == int(output)
    assert "All Posts      10" in repr(citation)


def test_a_client_of_the_reference_is_told_what_is_wrong(client: Altmetric) -> None:
    with pytest.raises(HTTPException) as told:
        client.citations("1w", num_results="1000")

    assert told.value.status_code == 400


def test_no_key_is_needed_and_none_is_logged(university: House, served: Served, capfd: Any) -> None:
    with_key = served.get(f"/v1/doi/{FULL}?key=hush-0001")
    without = served.get(f"/v1/doi/{FULL}")

    assert with_key.body == without.body
    assert json.loads(with_key.body)["doi"] == FULL
    assert "hush-0001" not in "".join(capfd.readouterr())
    assert not any("hush-0001" in file.read_text(errors="replace") for file in university.folder.glob("*.log"))
