"""The pages: the front, the look-up, and the page behind every badge. Read anew for each request, always as the public.

Nothing on them comes from elsewhere, no script runs, and no link is made from what the request says of its host.
"""

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic_core import to_json
from starlette.requests import Request

from badges.answers import ASK_AGAIN, FOR_EVER, NEVER, Answer, Answers, Kind
from badges.ledger import explained, past
from badges.views import plain, view
from badges.wanted import Wanted, from_path, from_query
from scoring.rules import RuleSet, RuleSetError
from sync import store
from sync.store import Hot, Store, StoreError

Rules = Callable[[str], RuleSet]  # a rule set by its name; raises `RuleSetError`


READERS = 4  # pages read at once: each may open an engine for its ledger
WAITING = 64  # more than these wait in vain
TOP = 10
ASSETS: dict[str, Kind] = {"ringmark.css": "css", "icon.svg": "svg"}
LINES = 1000  # of a ledger on one page
CHANGES = 50  # of a score on one page, the newest; its JSON has all

_HISTORY = re.compile(rb"/outputs/([^/]*)/history\.json", re.DOTALL)
_OUTPUT = re.compile(rb"/([^/]*)/(.*)", re.DOTALL)
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


class Pages:
    """The endpoints; `address` is where readers reach this installation, without a slash at its end."""

    def __init__(
        self,
        house: Store,
        hot: Hot,
        answers: Answers,
        *,
        name: str,
        address: str,
        rules: Rules,
        clock: Callable[[], int],
    ) -> None:
        self._house, self._hot, self._answers, self._clock, self._rules = house, hot, answers, clock, rules
        self._readers = asyncio.Semaphore(READERS)
        self._waiting = 0
        self.assets = dict(_asset(answers, name, kind) for name, kind in ASSETS.items())
        self._address = address
        prefix = urlsplit(address).path  # links within the pages; no page knows by which host it was reached
        self._templates = Environment(
            loader=PackageLoader("badges"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        paths = dict(zip(ASSETS, self.assets, strict=True))
        self._templates.globals.update(institution=name, address=address, prefix=prefix, assets=paths)
        self._missing = self._page("missing.html", status=404)

    async def home(self, _request: Request) -> Answer:
        """What this is, and the outputs with the highest scores; never people."""
        return await self._answered(self._front)

    async def output(self, request: Request) -> Answer:
        """The page behind a badge, by `/{scheme}/{id}` or `/outputs/{output}`."""
        found = _OUTPUT.fullmatch(request.scope["raw_path"])
        return await self._found(from_path(found[1], found[2]) if found else ())

    async def lookup(self, request: Request) -> Answer:
        """The same page, by `?id=`."""
        return await self._found(from_query(request.scope["query_string"]))

    async def history(self, request: Request) -> Answer:
        """How the score of an output came to be what it is, as JSON."""
        found = _HISTORY.fullmatch(request.scope["raw_path"])
        wanted = from_path(b"outputs", found[1]) if found else ()
        return await self._answered(lambda: self._past(wanted))

    async def asset(self, request: Request) -> Answer:
        """A style sheet or picture of the pages themselves, under a name that changes with it."""
        return self.assets.get(request.scope["path"], self._missing)

    async def health(self, _request: Request) -> Answer:
        """That the process runs."""
        return self._answers.make("text", b"healthy\n", cache=NEVER)

    async def ready(self, _request: Request) -> Answer:
        """Whether badges can be read; one word, since anybody may ask."""
        try:
            self._hot.mark()
        except StoreError:
            return self._answers.make("text", b"unready\n", status=503, cache=NEVER)
        return self._answers.make("text", b"ready\n", cache=NEVER)

    async def missing(self, _request: Request, _error: Exception) -> Answer:
        """There is no such page."""
        return self._missing

    async def broken(self, _request: Request, _error: Exception) -> Answer:
        """A mistake of ours; the site logs where."""
        return self._answers.broken()

    async def refused(self, _request: Request, _error: Exception) -> Answer:
        """Pages are read, and nothing else."""
        return self._answers.not_allowed(b"GET, HEAD")

    async def _found(self, wanted: tuple[Wanted, ...]) -> Answer:
        return await self._answered(lambda: self._behind(wanted))

    async def _answered(self, read: Callable[[], Answer | None]) -> Answer:
        """Read in a thread of its own; the missing page where there is nothing to show."""
        if self._waiting >= WAITING:
            return self._answers.later()
        self._waiting += 1
        try:
            self._hot.mark()  # opens the store anew where its file was replaced
            async with self._readers:
                return await asyncio.to_thread(read) or self._missing
        except (StoreError, RuleSetError):
            return self._answers.later()
        finally:
            self._waiting -= 1

    def _front(self) -> Answer:
        with self._house.read() as db:
            outputs, highest = store.top(db, "public", most=TOP, now=self._clock())
        return self._page(
            "home.html",
            outputs=outputs,
            highest=[{**line._asdict(), "heading": plain(line.title) or "Untitled"} for line in highest],
        )

    def _behind(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        now = self._clock()
        with self._house.read() as db:
            shown = store.first(db, "public", wanted, now=now)
            if shown is None:
                return None
            rules = self._rules(shown.rules)
            told = explained(shown, "public", store.ledger(db, shown, rules, now=now), rules)
            place = store.context(db, shown, now=now)
            changes = store.history(db, "public", shown)
        told_all = view(shown, told, place, changes[-CHANGES:], address=self._address)
        told_all |= {"ledger": told_all["ledger"][:LINES], "more": max(0, len(told_all["ledger"]) - LINES)}
        return self._page("output.html", **told_all, earlier=max(0, len(changes) - CHANGES))

    def _past(self, wanted: tuple[Wanted, ...]) -> Answer | None:
        with self._house.read() as db:
            shown = store.first(db, "public", wanted, now=self._clock())
            if shown is None:
                return None
            told = {"output": str(shown.output), "history": past(store.history(db, "public", shown))}
        return self._answers.make("json", to_json(told))

    def _page(self, template: str, *, status: int = 200, **told: Any) -> Answer:
        text = self._templates.get_template(template).render(told)
        policy = (
            "default-src 'none'; style-src 'self'" + _hashes(str(told.get("ring", ""))) + "; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return self._answers.make("page", text.encode(), status=status, cache=ASK_AGAIN, policy=policy.encode())


def _asset(answers: Answers, name: str, kind: Kind) -> tuple[str, Answer]:
    """The path of a file of ours, with its content's hash in it, and its answer."""
    content = (files("badges") / "assets" / name).read_bytes()
    stem, _, ending = name.partition(".")
    digest = hashlib.sha256(content).hexdigest()[:12]
    return f"/assets/{stem}.{digest}.{ending}", answers.make(kind, content, cache=FOR_EVER)


def _hashes(picture: str) -> str:
    """Lets the picture's own style through the policy of its page, and no other (CSP 3, 2.3.1)."""
    digests = (hashlib.sha256(each.encode()).digest() for each in _STYLE.findall(picture))
    return "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
