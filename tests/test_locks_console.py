"""The console over HTTP, room by room: whoever reads something hidden there stands in the audit log by that, and nobody
reads anything without the role."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from canary import Desk, words_in
from canary_doors import Door, Running, door, running, within

SOUGHT = "q=canarypri&account=x:open&output=10.5555/canarypri-hidden&kind=outputs&audience=internal&way=vanish&now=1"
SCOPE = "status=all&profile=all&people=public&outputs=public&authorships=public"
HELD = "SELECT public_id FROM {table} WHERE {words} LIKE '%canarypri%'"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    found = Desk(tmp_path_factory.mktemp("rooms"))
    found.fill()
    found.tighten()
    found.ok("score")
    return found


@pytest.fixture(scope="module")
def served(desk: Desk) -> Iterator[Running]:
    with running(desk) as found:
        yield found


@pytest.fixture(scope="module")
def ways(desk: Desk, served: Running) -> list[str]:
    """Every room that answers GET, asked for what is hidden where it is asked for one thing."""
    ids = {
        "output": _first(desk, "output", "title"),
        "person": _first(desk, "person", "name"),
        "group": _first(desk, "group_record", "name"),
        "mention": _first(desk, "mention", "title"),
    }
    aside = (desk.stored("SELECT id FROM set_aside") or [(1,)])[0][0]
    found = []
    for path, methods in served.routes:
        if not within(path, "/console") or "GET" not in methods or within(path, "/console/sign-in"):
            continue
        kind = next((kind for kind in ids if f"/{kind}/" in path), "output")
        name = "published-2020" if within(path, "/console/rules") else "alpha"
        told = path.replace("{name}", name).replace("{mention}", ids["mention"])
        told = told.replace("{id}", str(aside) if within(path, "/console/setaside") else ids[kind])
        found.append(re.sub(r"{\w+}", "1", told) + (f"?{SCOPE}&{SOUGHT}" if "/audit" not in path else ""))
    return found


def _first(desk: Desk, table: str, words: str) -> str:
    return str((desk.stored(HELD.format(table=table, words=words)) or [(1,)])[0][0])


def _signed_in(visitor: Door, desk: Desk, name: str, role: str) -> dict[str, str]:
    link = urlsplit(desk.json("session", "link", "--name", name, "--role", role)["link"]).path
    came = visitor.ask(link).decode()
    return {"Cookie": re.search(r"set-cookie: ([^;]+)", came)[1]}  # type: ignore[index]


def _lines(desk: Desk, name: str) -> list[Any]:
    asked = "SELECT verb FROM audit WHERE actor = ? AND verb NOT IN ('sign in', 'sign out')"
    return desk.stored(asked, name)


@pytest.mark.timeout(600)  # every room, for each visitor
def test_who_reads_something_hidden_in_the_console_stands_in_the_audit_log(
    desk: Desk, served: Running, ways: list[str]
) -> None:
    hidden, silent = set(), set()
    for number, way in enumerate(ways):
        name = f"reader-{number}"  # of each page another one, so that no line was there before
        with door(served.public) as visitor:
            cookie = _signed_in(visitor, desk, name, "admin")
            pages = [visitor.ask(way, "GET", cookie | part).decode() for part in ({}, {"HX-Request": "true"})]
        if any(words_in(page.replace("q=canarypri", "").replace('value="canarypri"', "")) for page in pages):
            hidden.add(way.partition("?")[0])
            if not _lines(desk, name):
                silent.add(way.partition("?")[0])

    assert silent == set()
    assert len(hidden) >= 8, hidden  # the test would prove nothing where nothing hidden is shown


@pytest.mark.timeout(600)  # every room, for each visitor
def test_no_member_and_nobody_reads_anything_hidden_in_the_console(
    desk: Desk, served: Running, ways: list[str]
) -> None:
    with door(served.public) as visitor:
        cookie = _signed_in(visitor, desk, "member", "internal")
        for way in ways:
            for headers in ({}, cookie, cookie | {"HX-Request": "true"}):
                page = visitor.ask(way, "GET", headers).decode()
                assert not words_in(page.partition("\r\n\r\n")[2]), way
                assert page[:3] in ("303", "401", "403", "404"), way
