"""The canary over HTTP: every route of a running server, asked in every way for everything that the store knows."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from html import escape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from canary import HIDDEN, NUMBERS, WORDS, Desk, Ids, words_in
from naive.hidden_house import FORGOTTEN, NOWHERE
from served import LINE

from badges.draw import STYLES
from badges.scripts import ASSETS, released
from connectors import Identifier
from connectors.identifiers import SCHEMES
from sync.store.words import number_of

LOOKS = ("style=ring", "style=large-bar&theme=plain&lang=de")
ALL_LOOKS = (*LOOKS, *(f"style={style}" for style in STYLES[1:]))
BY_NAME: Mapping[str, tuple[str, ...]] = {  # every route that speaks of an output, and how it is asked for one
    "/badge.svg": tuple(f"/badge.svg?id={{scheme}}:{{value}}&{look}" for look in ALL_LOOKS),
    "/badge.png": tuple(f"/badge.png?id={{scheme}}:{{value}}&{look}" for look in LOOKS),
    "/badge.json": ("/badge.json?id={scheme}:{value}", "/badge.json?id={value}"),
    "/badge/{scheme}/{id:path}.svg": tuple(f"/badge/{{scheme}}/{{value}}.svg?{look}" for look in LOOKS),
    "/badge/{scheme}/{id:path}.png": tuple(f"/badge/{{scheme}}/{{value}}.png?{look}" for look in LOOKS),
    "/badge/{scheme}/{id:path}.json": ("/badge/{scheme}/{value}.json",),
    "/embed/badges.json": (
        "/embed/badges.json?id={scheme}:{value}",
        "/embed/badges.json?id={value}&style=large&lang=de",
    ),
    "/outputs/{output}/history.json": ("/outputs/{value}/history.json",),
    "/outputs/{output}/ledger.json": ("/outputs/{value}/ledger.json",),
    "/outputs/{output}/ledger.csv": ("/outputs/{value}/ledger.csv",),
    "/outputs/{output}/attention.json": ("/outputs/{value}/attention.json",),
    "/outputs/{output}/attention.csv": ("/outputs/{value}/attention.csv",),
    "/outputs/{output}/mentions.atom": ("/outputs/{value}/mentions.atom", "/outputs/{value}/mentions.atom?lang=de"),
    "/outputs/{output}/report": ("/outputs/{value}/report",),
    "/watch": ("/watch?output={value}",),
    "/lookup": ("/lookup?id={scheme}:{value}", "/lookup?id={value}"),
    "/outputs/{output}": ("/outputs/{value}",),
    "/{scheme}/{id:path}": ("/{scheme}/{value}",),
    "/v1/{scheme}/{id:anything}": ("/v1/{v1}/{value}", "/v1/{v1}/{value}?callback=a"),
    "/v1/citations/{timeframe}": (
        "/v1/citations/at?doi_prefix={doi}",
        "/v1/citations/at?num_results=100",
        "/v1/citations/1y?num_results=100&order_by=first_seen&callback=a",
    ),
    "/v1/lookup": ("POST /v1/lookup",),  # with the name in a list
}
SCRIPTS = ("/embed.js", *(f"/embed/{version}.js" for version in released(ASSETS)), "/embed/bookmarklet.js")
V1 = {"output": "id", "nct": "nct_id", "url": "uri"}  # other schemes are called there as everywhere
FOR_ALL = (  # whoever is asked for
    "/",
    "/accessibility",
    "/bookmarklet",
    "/embed",
    "/watch/confirm/{token}",
    "/watch/leave/{token}",
    *SCRIPTS,
    "/legend",
    "/health",
    "/ready",
    "/rules",
    "/rules/{name}",
    "/rules/{name}.json",
    "/openapi.json",
    "/assets/ringmark.css",
    "/assets/icon.svg",
    "/assets/console.css",
    "/assets/htmx.js",
)
TAKE_FORMS = {
    "/watch",
    "/watch/confirm/{token}",
    "/watch/leave/{token}",
    "/outputs/{output}/report",
}  # test_watch_canary
LISTS: Mapping[str, tuple[str, ...]] = {  # every route that lists what there is, and how it is asked for all of it
    "/search": ("/search", "/search?sort=newest", "/search?sort=title"),
    "/search.{form}": ("/search.csv", "/search.json", "/search.atom"),
    "/groups": ("/groups",),
    "/groups.{form}": ("/groups.csv", "/groups.json"),
    "/journals": ("/journals",),
    "/journals.{form}": ("/journals.csv", "/journals.json"),
}
BY_NUMBER: Mapping[str, tuple[str, ...]] = {  # every route that is asked for a group or journal
    **{
        path: (f"{path}?group={{number}}", f"{path}?journal={{number}}")
        for path in ("/share", "/share.csv", "/share.json", "/share.atom")
    },
    "/groups/{id}": ("/groups/{number}",),
    "/groups/{id}.{form}": ("/groups/{number}.csv", "/groups/{number}.json", "/groups/{number}.atom"),
    "/journals/{id}": ("/journals/{number}",),
    "/journals/{id}.{form}": ("/journals/{number}.csv", "/journals/{number}.json", "/journals/{number}.atom"),
}
SOUGHT = (  # what answers with the words that it was asked for
    *(f"/search{form}?q={{text}}" for form in ("", ".csv", ".json", ".atom")),
    "/search?q={text}&sort=title",
    "/search?q=%22{text}%22&type=journal-article",
    "/search?q={text}&from=2000&mentioned=1",
)
NARROWED = ("/search?group={text}", "/search.json?group={text}", "/search?journal={text}", "/search.csv?journal={text}")
INSIDE = ("/console", "/internal")  # and all below them: for those who are signed in, and for nobody else
OPERATIONS = ("/metrics", "/ready")
ASKERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Cookie": "session=1; audience=internal", "Authorization": "Bearer member", "X-Remote-User": "member",
             "X-Forwarded-For": "127.0.0.1", "If-None-Match": "*", "Range": "bytes=0-9"}),
)  # fmt: skip
UNKNOWN, NO_NUMBER = Identifier("doi", "10.5555/nothing"), "123456789"
HIDDEN_JOURNALS = tuple(str(number_of(f"{word} {kind}")) for word in HIDDEN["public"] for kind in ("journal", "review"))
Way = tuple[str, int]  # how a route is asked, and by whom
QUICK: tuple[Way, ...] = (("/badge/{scheme}/{value}.json", 0), ("/{scheme}/{value}", 0))


@dataclass(frozen=True)
class Running:
    """Where a server listens, and the routes it has: path and methods, for readers and for operations."""

    public: str
    operations: str
    routes: list[tuple[str, list[str]]]
    operations_routes: list[tuple[str, list[str]]]
    log: Path


@contextmanager
def running(desk: Desk, *without: str) -> Iterator[Running]:
    """Serve what is on a desk at free ports until the block ends; `without` names locks that are taken out."""
    desk.write('[serve]\nlisten = "127.0.0.1:0"\noperations = "127.0.0.1:0"\n' + desk.file.read_text())
    command = [sys.executable, str(Path(__file__).with_name("canary_child.py")), str(desk.folder), *without]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = LINE.fullmatch(process.stdout.readline())
            assert said, process.communicate()[1]
            public, operations = json.loads((desk.folder / "routes.json").read_text())
            yield Running(said[1], said[2], public, operations, desk.folder / "serve.log")
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


@contextmanager
def door(address: str) -> Iterator["Door"]:
    """Requests to one address over one connection."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        yield Door(connection)


class Door:
    """`ask` gives whole answers: the status line, every header but the date and how many calls are left, and the body.
    Each call takes one, whatever for, as tests/test_v1_limits.py holds."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connection = connection

    def ask(
        self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> bytes:
        self.connection.request(method, target, headers=dict(headers or {}), body=body)
        answer = self.connection.getresponse()
        passing = ("date", "x-hourlyratelimit-remaining", "x-dailyratelimit-remaining")
        lines = [f"{name}: {value}" for name, value in answer.getheaders() if name not in passing]
        head = "\r\n".join([f"{answer.status} {answer.reason}", *lines, "", ""])
        return head.encode() + answer.read()


def plain(path: str) -> str:
    """The path of a route without the hash in the name of an asset."""
    return re.sub(r"\.[0-9a-f]{12}\.", ".", path)


def within(path: str, *places: str) -> bool:
    """Whether a path is that of a place or below it; the places of those who are signed in where none is named."""
    return any(path == place or path.startswith(f"{place}/") for place in places or INSIDE)


def visit_inside(running: Running, desk: Desk, cookie: str) -> None:
    """The same for a member: nothing private can be read, or told from what was never there."""
    private = sorted({*desk.hidden(*HIDDEN["internal"]), *map(_read, FORGOTTEN)} - desk.shown().keys())
    routes = sorted(path for path, _ in running.routes if within(path, "/internal"))
    member = {"Cookie": cookie}
    with door(running.public) as visitor:
        for path in routes:
            if "{output}" in path or "{scheme}" in path:
                by_number = "{output}" in path
                nothing = visitor.ask(
                    _filled(path, Identifier("output", NO_NUMBER) if by_number else UNKNOWN), "GET", member
                )
                for name in (each for each in private if not by_number or each.scheme == "output"):
                    answer = visitor.ask(_filled(path, name), "GET", member)
                    assert answer == nothing, f"a member can tell private from unknown at {path}"
            else:
                for form in ("csv", "json"):
                    target = path.replace("{form}", form).replace("{id}", "1")
                    told = words_in(visitor.ask(target, "GET", member).decode("latin-1"), "internal")
                    assert not told, f"a member can read {told} at {target}"
        for name in private:
            found = visitor.ask(f"/internal/api/search.json?q={quote(name.value)}", "GET", member)
            assert not words_in(found.decode("latin-1").replace(name.value, ""), "internal")


def _filled(path: str, name: Identifier) -> str:
    value = quote(name.value, safe="/:")
    return path.replace("{scheme}/{id:path}", f"{name.scheme}/{value}").replace("{output}", value)


def visit(running: Running, desk: Desk, *, quickly: bool = False) -> None:
    """The canary: fails where the public can read a hidden word, or tell hidden from unknown, through any door.

    `quickly` asks by every name, in a few ways only."""
    shown, ids = desk.shown(), desk.public_ids()
    named = {name for name, title in shown.items() if title.startswith("Open") and not quickly}
    numbers = (Identifier("output", each) for each in (*ids.hidden, *ids.shown))  # of people, groups and mentions too
    others = {*desk.identifiers(), *map(_read, FORGOTTEN), *numbers}
    hidden = sorted(others - shown.keys())
    with door(running.public) as visitor:
        for path in sorted(path for path, _ in running.routes if plain(path) in FOR_ALL):
            path = path.replace("{name}", "ringmark-2026")
            same = {visitor.ask(f"{path}?id={quote(str(name))}") for name in hidden[:: 20 if quickly else 1]}
            assert same == {visitor.ask(path)}, f"{path} answers by whom it is asked for"
            silent(path, same.pop(), ids)
        for path in sorted(path for path, _ in running.routes if within(path)):
            for method, headers in (*ASKERS, ("POST", {"Sec-Fetch-Site": "same-origin"})):
                silent(path, visitor.ask(re.sub(r"{\w+(:\w+)?}", "1", path), method, headers), ids)
        for asked in (each for name in named for each in ways(name).values()):
            silent(asked[0], visitor.ask(*asked), ids)
        nothing = {key: visitor.ask(*asked) for key, asked in ways(UNKNOWN).items()}
        for name in hidden:
            for key, asked in ways(name).items():
                if not quickly or key in QUICK:
                    alike(asked[0], visitor.ask(*asked), nothing[key], ids)
        for template in [each for templates in BY_NUMBER.values() for each in templates][: 2 if quickly else None]:
            nowhere = visitor.ask(template.format(number=NO_NUMBER))
            for number in (*ids.hidden, *HIDDEN_JOURNALS):
                target = template.format(number=number)
                alike(target, visitor.ask(target), nowhere, ids)
        seek(visitor, desk, ids, quickly=quickly)
        for name in () if quickly else (*spelt(hidden), *map(_read, NOWHERE)):
            target = f"/badge/{name.scheme}/{name.value}.json"
            alike(target, visitor.ask(target), nothing[QUICK[0]], ids)


def seek(visitor: "Door", desk: Desk, ids: Ids, *, quickly: bool = False) -> None:
    """The explorer: nothing hidden is listed, and who looks for it by its words or numbers learns nothing."""
    for target in (each for targets in LISTS.values() for each in targets):
        silent(target, visitor.ask(target), ids)
    told, journals = desk.hidden_texts()
    numbers = sorted({*ids.hidden, *(str(number_of(name.casefold())) for name in journals)})
    for template in (each for templates in BY_NUMBER.values() for each in templates):
        nothing = visitor.ask(template.format(number="1"))
        for number in numbers[:: 20 if quickly else 1]:
            alike(template, visitor.ask(template.format(number=number)), nothing, ids)
    words = {word for text in told for word in WORDS.findall(text.casefold())}
    for text in sorted({*told, *words, *(word[:-2] for word in words)})[:: 5 if quickly else 1]:
        nowhere = re.sub(r"\w", "q", text)
        for template in SOUGHT:
            alike(template, masked(visitor, template, text), masked(visitor, template, nowhere), ids)
    for number in numbers[:: 20 if quickly else 5]:
        for template in NARROWED:
            nowhere = re.sub(r"\d", "7", number)
            alike(template, masked(visitor, template, number), masked(visitor, template, nowhere), ids)


def masked(visitor: "Door", template: str, text: str) -> bytes:
    """An answer without what it only repeats of the question, and without the digest of that."""
    answer = visitor.ask(template.format(text=quote(text))).decode()
    for form in (quote(text, safe=""), quote(text), quote_plus(text), escape(text), text):
        answer = answer.replace(form, "...")
    return re.sub(r"\r\netag: [^\r]*", "", answer).encode()


def silent(target: str, answer: bytes, ids: Ids) -> None:
    """Nothing hidden is in an answer."""
    text = answer.decode("latin-1")
    assert not words_in(text), f"the public can read {words_in(text)} at {target}"
    assert not ids.hidden & set(NUMBERS.findall(text)), f"the public can read a hidden public id at {target}"


def alike(target: str, answer: bytes, nothing: bytes, ids: Ids) -> None:
    """An answer tells no more than that to somebody who asks for what was never there."""
    if answer != nothing:
        silent(target, answer, ids)
        raise AssertionError(f"the public can tell hidden from unknown at {target}")


Asked = tuple[str, str, Mapping[str, str], str | None]  # target, method, headers, body


def ways(name: Identifier) -> Mapping[Way, Asked]:
    """Every way to ask for something by its own name. Pictures of every style are alike to all who ask, so not
    everybody asks for each."""
    return {
        (template, number): _asked(template, name, method, headers)
        for templates in BY_NAME.values()
        for template in templates
        for number, (method, headers) in enumerate(ASKERS if template == templates[0] else ASKERS[:1])
    }


def _asked(template: str, name: Identifier, method: str, headers: Mapping[str, str]) -> Asked:
    value = quote(name.value, safe="/:")
    posted = template.removeprefix("POST ")
    doi = value if name.scheme == "doi" else UNKNOWN.value  # a number could begin any DOI
    target = posted.format(scheme=name.scheme, value=value, doi=doi, v1=V1.get(name.scheme, name.scheme))
    if posted == template:
        return target, method, headers, None
    return target, "POST", {**headers, "Content-Type": "application/json"}, json.dumps([f"{name}"])


def spelt(names: Iterable[Identifier]) -> Iterator[Identifier]:
    """The same values under every scheme, and in other letters."""
    for name in sorted(names):
        for scheme in ("output", "outputs", "person", "group", "mention", *SCHEMES):
            yield Identifier(scheme, quote(name.value, safe="/:"))
        for value in (name.value.upper(), quote(quote(name.value, safe=""), safe=""), f"{name}", f"{name.value}/"):
            yield Identifier(name.scheme, value)
        if name.scheme == "doi":
            yield Identifier("doi", f"https://doi.org/{name.value}")


def _read(text: str) -> Identifier:
    scheme, colon, value = text.partition(":")
    return Identifier(scheme, value) if colon else Identifier("doi", text.replace(" ", "%20"))
