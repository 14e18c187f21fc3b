"""The fifth lock over HTTP: the canary visits every route of the running server, and finds what a lock too few lets
out."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from canary import HIDDEN, Desk, copied, without_the_first, without_the_second, without_the_third, words_in
from canary_doors import (
    BY_NAME,
    BY_NUMBER,
    FOR_ALL,
    LISTS,
    OPERATIONS,
    TAKE_FORMS,
    Asked,
    Door,
    Running,
    door,
    plain,
    running,
    visit,
    visit_inside,
    ways,
    within,
)
from naive.hidden_house import CLOSED

from connectors import Identifier

OPEN, CLOSING = Identifier("doi", "10.5555/open"), Identifier("doi", "10.5555/canarypri-closing")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("world"))
    desk.fill()
    return desk


@pytest.fixture(scope="module")
def desk(world: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return copied(world, tmp_path_factory.mktemp("served") / "desk")


@pytest.fixture(scope="module")
def served(desk: Desk) -> Iterator[Running]:
    """A server that has answered everything while it could be seen, and then a source took some of it back."""
    with running(desk) as found:
        before = look(found, CLOSING)
        desk.tighten()
        assert b"canarypri closed later" in before
        yield found


def look(found: Running, name: Identifier) -> bytes:
    """All answers by one name, so that they are kept."""
    with door(found.public) as visitor:
        return b"".join(visitor.ask(*asked) for asked in ways(name).values())


def simply(name: Identifier) -> list[Asked]:
    """Every way to ask for something, without cookies and conditions."""
    return [asked for (_, number), asked in ways(name).items() if number == 0]


def test_every_route_of_the_running_server_is_known_to_the_canary(served: Running) -> None:
    routes = [(path, methods) for path, methods in served.routes if not within(path)]
    assert {plain(path) for path, _ in routes} == {*BY_NAME, *BY_NUMBER, *FOR_ALL, *LISTS}
    assert {path for path, _ in served.operations_routes} == set(OPERATIONS)
    taking = {path: set(methods) - {"GET", "HEAD"} for path, methods in (*routes, *served.operations_routes)}
    assert {path: more for path, more in taking.items() if more} == {path: {"POST"} for path in TAKE_FORMS}


@pytest.mark.timeout(600)  # every door, for each audience
def test_no_door_shows_a_hidden_word_or_tells_hidden_from_unknown(served: Running, desk: Desk) -> None:
    visit(served, desk, quickly=True)

    desk.ok("score", "--full")

    visit(served, desk)


def test_no_door_for_members_shows_them_what_is_private(served: Running, desk: Desk) -> None:
    desk.ok("score")
    link = urlsplit(desk.json("session", "link", "--role", "internal")["link"]).path
    with door(served.public) as visitor:
        came = visitor.ask(link).decode()
        cookie = re.search(r"set-cookie: (ringmark=[^;]+)", came)[1]  # type: ignore[index]
        lists = visitor.ask("/internal/search.json", "GET", {"Cookie": cookie}).decode()

    assert "canaryint" in lists  # what is theirs they see
    visit_inside(served, desk, cookie)


def test_what_may_be_seen_is_seen_through_every_door_so_that_silence_proves_nothing_by_accident(
    served: Running, desk: Desk
) -> None:
    output = next(
        name for name, title in desk.identifiers().items() if name.scheme == "output" and title == "Open work"
    )
    by_id = [asked for asked in simply(output) if f"={output.value}" not in asked[0]]
    by_doi = [asked for asked in simply(OPEN) if not asked[0].startswith(("/outputs/", "/watch"))]
    desk.ok("score")

    with door(served.public) as visitor:
        answers = [visitor.ask(*asked) for asked in (*by_id, *by_doi)]

    assert {answer[:3] for answer in answers} == {b"200"}
    assert all(words in b"".join(answers).decode("latin-1") for words in ("Open work", "Ann Open", "Open Group"))


def test_a_share_of_voice_counts_what_the_public_may_see(served: Running, desk: Desk) -> None:
    desk.ok("score")
    hidden = [f"id={name}" for name in desk.hidden(*HIDDEN["public"]) if name.scheme != "output"]
    hidden += ["id=doi:10.5555/belowkeep", "group=1", *(f"q={word}" for word in HIDDEN["public"])]

    with door(served.public) as visitor:
        found = {search: _shares(visitor, search) for search in (*hidden, "id=doi:10.5555/open")}

    assert {found[search] for search in hidden} == {(0, 0)}
    assert found["id=doi:10.5555/open"] == (1, 1)


def _shares(visitor: Door, search: str) -> tuple[int, int]:
    """How many outputs a search finds for a comparison, and their mentions."""
    asked = f"/share.json?search={quote(search)}&search=q%3Dcrowd&from=2026-01&to=2026-06"
    told = json.loads(visitor.ask(asked).partition(b"\r\n\r\n")[2])
    return told["sides"][0]["outputs"], told["total"]["counts"][0]


def test_the_explorer_finds_what_may_be_seen_so_that_its_silence_proves_something(served: Running, desk: Desk) -> None:
    desk.ok("score")

    with door(served.public) as visitor:
        lists = {each: visitor.ask(each).decode() for targets in LISTS.values() for each in targets}
        found = json.loads(visitor.ask("/search.json?q=%22open+work%22").partition(b"\r\n\r\n")[2])
        group = re.findall(r'href="/groups/(\d+)"', lists["/groups"])
        by_name = json.loads(visitor.ask("/search.json?q=Ann+Open").partition(b"\r\n\r\n")[2])
        pages = [visitor.ask(f"/groups/{group[0]}").decode(), visitor.ask(f"/groups/{group[0]}.csv").decode()]

    assert all("Open work" in lists[each] for each in lists if each.startswith("/search") and "sort" not in each)
    assert all("Open Group" in lists[each] for each in lists if each.startswith("/groups"))
    assert all("Open Journal" in lists[each] for each in lists if each.startswith("/journals"))
    assert {each["title"] for each in found["outputs"]} == {"Open work"}
    assert by_name["count"] == 30
    assert len(group) == 1
    assert all("Open work" in page for page in pages)


def test_totals_ranks_and_percentiles_count_what_the_public_may_see(served: Running, desk: Desk) -> None:
    desk.ok("score")
    seen = desk.rows()

    with door(served.public) as visitor:
        front = visitor.ask("/").decode()
        page = visitor.ask("/doi/10.5555/open-second").decode()
        card = json.loads(visitor.ask("/badge/doi/10.5555/open-second.json").partition(b"\r\n\r\n")[2])

    assert {row["title"].split()[0] for row in seen} == {"Open", "Crowd"}
    assert f"{len(seen)} outputs have a badge here" in front
    assert re.findall(r'href="/outputs/\d+" dir="auto">(.*?)</a>', front) == ["Open work", "Open second work"]
    assert "Rank 2 of 30 public outputs of this installation; its score is at or above that of 96.7% of them." in page
    assert "Rank 2 of the 30 among them in the same journal" in page
    assert card["score"] == 7


def test_the_operations_address_tells_counts_and_names_of_connections(served: Running, desk: Desk) -> None:
    desk.ok("score")
    ids = desk.public_ids()

    with door(served.operations) as visitor:
        answers = {path: visitor.ask(path).decode() for path in OPERATIONS}
        badge = visitor.ask("/badge/doi/10.5555/open.json")

    told = json.loads(answers["/ready"].partition("\r\n\r\n")[2])
    assert badge.startswith(b"404")
    assert (told.pop("ready"), told.pop("badges")) == (True, {"public": 30, "internal": 32})
    assert set(told.pop("since_pull")) == {"alpha", "beta", "delta", "gamma"}
    assert set(told) == {"generation"}
    assert 'ringmark_badges{audience="public"} 30.0' in answers["/metrics"]
    for answer in answers.values():
        assert not words_in(answer)
        assert not re.search(r"Open|Crowd|10\.5555|https?:", answer)
        assert not {*ids.shown, *ids.hidden} & set(re.findall(r"\d+", answer))


def test_nothing_of_operations_answers_where_readers_are(served: Running) -> None:
    with door(served.public) as visitor:
        nothing = visitor.ask("/nothing/at/all")
        metrics, ready = visitor.ask("/metrics"), visitor.ask("/ready")

    assert metrics == nothing
    assert ready.partition(b"\r\n\r\n")[2] == b"ready\n"


def test_what_serve_logs_names_nothing_and_it_asks_nobody(world: Desk, tmp_path: Path) -> None:
    desk = copied(world, tmp_path / "desk")
    with running(desk) as found:
        for name in (OPEN, CLOSING):
            look(found, name)
        with desk.database() as db:  # badges that no page can be made of: requests that break are logged as well
            db.execute("UPDATE badge_source SET source_id = 999")
        broken = look(found, Identifier("doi", "10.5555/open-second"))

    logged = found.log.read_text()
    assert b"500 Internal Server Error" in broken
    assert "a request broke" in logged
    assert "connected to" not in logged
    assert not words_in(logged)
    assert not re.search(r"Open|Crowd|10\.5555|/badge/|\?id=", logged)


# Each lock taken away ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("take_away", "word"),
    [
        (without_the_first, "canarypri"),
        (without_the_second, "canaryint"),
        (without_the_third, "canarypri"),
    ],
)
def test_without_one_of_the_inner_locks_a_door_shows_what_it_held_back(
    world: Desk, tmp_path: Path, take_away: Callable[[Desk], None], word: str
) -> None:
    desk = copied(world, tmp_path / "desk")
    desk.tighten()
    take_away(desk)

    with running(desk) as found, pytest.raises(AssertionError, match=rf"can read .*({word})"):
        visit(found, desk, quickly=True)


@pytest.mark.parametrize("lock", ["the fourth", "the generation"])
def test_without_what_ends_an_answer_at_once_it_outlives_its_permission(
    world: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    # The fourth: the end of every writing transaction drops no badges. The generation: the server answers from memory
    # although the store has moved on.
    desk = copied(world, tmp_path / "desk")
    with running(desk, *([lock] if lock == "the generation" else [])) as found:
        look(found, CLOSING)
        if lock == "the fourth":
            monkeypatch.setattr("sync.store.settle.unpublish", lambda _db, _ids: None)
        desk.tighten(CLOSED)

        with pytest.raises(AssertionError, match=r"can read .*canarypri"):
            visit(found, desk, quickly=True)
