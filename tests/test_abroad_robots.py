"""What a host does not let programs read is not read; and where it cannot say so, neither."""

import tracemalloc
from collections.abc import Iterator

import pytest
from abroad_places import NEWS, OTHER, a_clock, a_reader, read
from http_places import Clock

from connectors.abroad import Abroad
from connectors.abroad.places import Place
from connectors.abroad.robots import DAY, MOST, Robots, Rules
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from sandbox.web import Page, PracticeWeb, WebFault, moved, practice_web, robots

clock, abroad = a_clock(), a_reader(NEWS, OTHER)


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        for path in ("/", "/open", "/shut", "/shut/in", "/a%20b", "/open?shut=1"):
            web.put(path, Page(b"fine"))
        yield web


def may(abroad: Abroad, web: PracticeWeb, path: str, host: str = NEWS) -> bool:
    try:
        return read(abroad, web.url(path, host)).status == 200
    except NotAllowed as refused:
        if "its robots.txt does not let ringmark read it" not in str(refused):
            raise
        return False


@pytest.mark.parametrize(
    ("told", "paths"),
    [
        (robots("Disallow: /shut"), "/ /open"),
        (robots("Disallow: /"), ""),
        (robots("Disallow:"), "/ /open /shut /shut/in"),
        (robots("Disallow: /", "Allow: /open"), "/open"),
        (robots("Disallow: /*in$"), "/ /open /shut"),
        (robots("Disallow: /", agent="ringmark"), ""),
        (robots("Disallow: /", agent="Ringmark"), ""),
        (robots("Disallow: /", agent="somebot"), "/ /open /shut /shut/in"),
        (Page(b"User-agent: *\nDisallow: /\n\nUser-agent: ringmark\nDisallow: /open\n"), "/ /shut /shut/in"),
        (Page(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /shut\r\n"), "/ /open"),
        (Page(b"<html><body>Welcome</body></html>"), "/ /open /shut /shut/in"),
        (Page(b"\xff\xfe\0\0" * 99), "/ /open /shut /shut/in"),
        (Page(b"", status=404), "/ /open /shut /shut/in"),
        (Page(b"", status=401), "/ /open /shut /shut/in"),
        (Page(b"", status=403), "/ /open /shut /shut/in"),
        (Page(b"", status=410), "/ /open /shut /shut/in"),
    ],
)
def test_what_it_says_is_obeyed(told: Page, paths: str, web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", told)

    allowed = [path for path in ("/", "/open", "/shut", "/shut/in") if may(abroad, web, path)]

    assert allowed == paths.split()
    assert web.visited() == [f"{NEWS}/robots.txt", *(f"{NEWS}{path}" for path in allowed)]


@pytest.mark.parametrize(
    "path", ["/open/../shut", "/./shut", "/open/%2e%2e/shut", "/%73hut", "/shut#open", "//shut", "///open/..//shut"]
)
def test_no_way_of_writing_an_address_leads_round_it(path: str, web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", robots("Disallow: /shut"))

    assert not may(abroad, web, path)


def test_it_is_asked_once_a_day(web: PracticeWeb, abroad: Abroad, clock: Clock) -> None:
    web.put("/robots.txt", robots("Disallow: /shut"))
    for _ in range(3):
        assert may(abroad, web, "/open")
    web.put("/robots.txt", robots("Disallow: /open"))
    clock.now += DAY - 100
    assert may(abroad, web, "/open")

    clock.now += 200

    assert not may(abroad, web, "/open")
    assert len(web.visited("/robots.txt")) == 2


def test_each_host_has_its_own(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", robots("Disallow: /"), host=OTHER)

    assert (may(abroad, web, "/open"), may(abroad, web, "/open", OTHER)) == (True, False)


def test_where_a_redirect_leads_the_rules_of_that_host_hold(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", robots("Disallow: /shut"), host=OTHER)
    web.put("/out", moved(web.url("/shut", OTHER)))

    assert not may(abroad, web, "/out")
    assert f"{OTHER}/shut" not in web.visited()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_where_it_cannot_be_told_nothing_is_read_now(
    status: int, web: PracticeWeb, abroad: Abroad, clock: Clock
) -> None:
    web.faults.append(WebFault("status", address="/robots.txt", status=status, retry_after="120"))

    with pytest.raises(TryLater, match=r"not before its robots\.txt is read") as caught:
        read(abroad, web.url("/open", NEWS))

    assert caught.value.after == 120
    assert web.visited() == [f"{NEWS}/robots.txt"]
    clock.now += 121
    assert may(abroad, web, "/open")


def test_nor_where_the_connection_breaks(web: PracticeWeb, abroad: Abroad) -> None:
    web.faults.append(WebFault("hang up before", address="/robots.txt"))

    with pytest.raises(TryLater, match=r"not before its robots\.txt is read"):
        read(abroad, web.url("/open", NEWS))


@pytest.mark.parametrize(
    "told", [Page(b"#" * (MOST + 1)), moved("/robots.txt"), Page(status=302), Page(b"x", coding="br")], ids=repr
)
def test_one_that_will_not_do_lets_nothing_be_read(told: Page, web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", told)

    with pytest.raises(NotUnderstood, match=r"robots\.txt"):
        read(abroad, web.url("/open", NEWS))

    assert f"{NEWS}/open" not in web.visited()


def test_it_may_stand_at_another_host(web: PracticeWeb, abroad: Abroad) -> None:
    web.put("/robots.txt", moved(web.url("/shared-robots.txt", OTHER), 301), host=NEWS)
    web.put("/shared-robots.txt", robots("Disallow: /shut"), host=OTHER)

    assert (may(abroad, web, "/open"), may(abroad, web, "/shut")) == (True, False)


@pytest.mark.parametrize(("asked", "kept"), [("3", 3), ("0.5", 1), ("9999", 60), ("-1", 1), ("nan", 1), ("soon", 1)])
def test_the_pace_it_asks_for_is_kept_up_to_a_limit(
    asked: str, kept: float, web: PracticeWeb, abroad: Abroad, clock: Clock
) -> None:
    web.put("/robots.txt", robots(f"Crawl-delay: {asked}"))
    read(abroad, web.url("/open", NEWS))
    begun = clock.now

    read(abroad, web.url("/open", NEWS))

    assert clock.now - begun == pytest.approx(kept)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: bot{n}\n" for n in range(12_000)) + "Disallow: /a\n" * 12_000,
        "User-agent: same\n" * 25_000,
        "User-agent: *\nDisallow: /" + "*a" * 200_000 + "$\n",
        "User-agent: *\n" + "Disallow: /$*$*$*$\n" * 20_000,
        "user agent " * 40_000,
    ],
    ids=["agents by rules", "agents", "stars", "dollars", "words"],
)
def test_none_is_so_long_winded_that_it_fills_memory(text: str, web: PracticeWeb, abroad: Abroad) -> None:
    """By protego alone the first of them would become 144 million rules."""
    web.put("/robots.txt", Page(text.encode()))
    tracemalloc.start()
    try:
        may(abroad, web, "/" + "a" * 1500)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert peak < 150 * 1024**2


def test_only_the_latest_are_remembered_by_number_and_by_size(abroad: Abroad) -> None:
    asked: list[str] = []

    def told(place: Place) -> tuple[int, bytes]:
        asked.append(place.host)
        return 200, b"#" * 100

    for more in ({"most": 2}, {"most_bytes": 250}):
        asked.clear()
        known = Robots(abroad._visits._hosts, Clock(), **more)
        for host in ("a", "b", "a", "c", "a", "b"):
            known.rules(Place(f"http://{host}/", "http", host, 80), told)
        assert asked == ["a", "b", "c", "b"]


def test_rules_read_the_address_as_it_is_sent() -> None:
    rules = Rules("User-agent: *\nDisallow: /a b\nDisallow: /*?q=", 0.0)

    for url in ("http://h/a%20b", "http://h/x?q=1"):
        with pytest.raises(NotAllowed):
            rules.delay(Place(url, "http", "h", 80))
