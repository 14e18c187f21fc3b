"""`/embed/badges.json`: many badges in one answer, for the script on other sites; always for the public.

One request names all outputs in its query, so that it is a simple one (Fetch, 2.2.1), that anybody's browser may keep.
Nothing of the request but its query and whether it takes gzip is looked at: no cookie, and no language but `lang`.
"""

import asyncio
import gzip
import sys
from collections.abc import Mapping

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer, Header
from badges.card import shares
from badges.desk import Desk
from badges.draw import STYLES
from badges.embedded import TEXTS, embedded
from badges.kept import Kept
from badges.language import CODES, ENGLISH, LANGUAGES
from badges.pictures import Look, Shares
from badges.tree import Trees
from badges.wanted import LONGEST, from_query, value
from config.themes import Theme
from sync.store import Face, StoreError

MOST = 100  # outputs in one request
AT_A_TIME = 10  # of them are looked up before others have their turn
ATTEMPTS = 5  # at reading all of them while nothing changes
KEPT = 2000  # answers
KEPT_BYTES = 32 * 1024 * 1024
WORTH_PACKING = 1000  # bytes
QUICK = 4  # how hard gzip tries: this is packed while others wait

STYLE_OF = {style.encode(): style for style in STYLES}
UNKNOWN_STYLE = f"style: choose one of {', '.join(STYLES)}"
TOO_MANY = f"id: at most {MOST} at once, in a query of at most {LONGEST} bytes"

BY_PACKING: Header = (b"vary", b"accept-encoding")
PACKED: Header = (b"content-encoding", b"gzip")


class Embed:
    """What the script asks for; the first of `themes` is taken where nobody asks for another."""

    def __init__(self, desk: Desk, *, themes: Mapping[str, Theme]) -> None:
        self._desk = desk
        self._trees = Trees(themes)
        self._themes = {name.encode(): name for name in themes}
        self._theme = next(iter(themes))
        self._kept = Kept(most=KEPT, most_bytes=KEPT_BYTES)
        self.routes = (Route("/embed/badges.json", self.embedded, name="embedded"),)

    async def embedded(self, request: Request) -> Answer:
        """The badges of all `?id=`, in their order; null for one that is hidden, unknown or malformed."""
        query: bytes = request.scope["query_string"]
        ids = [told for key, _, told in (part.partition(b"=") for part in query.split(b"&")) if key == b"id"]
        look = self._look(query[:LONGEST])
        if look is None:  # before anything is looked up, so it tells nothing of outputs
            return self._refused(UNKNOWN_STYLE)
        if len(query) > LONGEST or len(ids) > MOST:
            return self._refused(TOO_MANY)
        packed = takes_gzip(request)
        key = (b"gzip" if packed else b"", query)
        try:
            for _ in range(ATTEMPTS):
                mark = self._desk.hot.mark()
                if answer := self._kept.get(key, mark, self._desk.clock()):
                    return answer
                faces = await self._faces(ids)
                answer = self._made(faces, look, packed=packed)
                if self._desk.hot.mark() == mark:  # nothing was published or hidden between the first and the last
                    closes_at = min((face.closes_at for face in faces if face), default=sys.maxsize)
                    self._kept.put(key, answer, mark, closes_at)
                    return answer
        except StoreError:
            pass
        told, later = to_json({"error": "try again later"}), (b"retry-after", b"30")
        return self._desk.answers.make("json", told, status=503, cache=NEVER, more=(later,))

    async def _faces(self, ids: list[bytes]) -> list[Face | None]:
        found = []
        for place, each in enumerate(ids):
            if place % AT_A_TIME == 0:
                await asyncio.sleep(0)  # single badges need not wait for a hundred
            found.append(self._find(each))
        return found

    def _look(self, query: bytes) -> Look | None:
        """None for an unknown style. A theme that is not there (any more) is the usual one: sites keep their markup."""
        style = STYLE_OF.get(value(query, b"style") or b"ring")
        theme = self._themes.get(value(query, b"theme") or b"", self._theme)
        code = (value(query, b"lang") or b"").decode("latin-1").lower().partition("-")[0]  # `de-AT` is German
        return None if style is None else Look(style, theme, code if code in CODES else ENGLISH)

    def _find(self, asked: bytes) -> Face | None:
        now = self._desk.clock()
        for each in from_query(b"id=" + asked):
            if found := self._desk.hot.find("public", each, now=now):
                return found[1]
        return None

    def _made(self, faces: list[Face | None], look: Look, *, packed: bool) -> Answer:
        language = LANGUAGES[look.language]
        pictures: dict[tuple[int | None, Shares, str], int] = {(None, (), "none"): 0}  # each is told once
        badges: list[dict[str, object] | None] = []
        for face in faces:
            if face is None:
                badges.append(None)
                continue
            told = embedded(face, language, page=f"{self._desk.paper.address}/outputs/{face.output}")
            picture = pictures.setdefault((face.score, tuple(shares(face)), face.basis), len(pictures))
            badges.append({**told, "picture": picture})
        document = {
            "lang": language.code,
            "dir": language.direction,
            "texts": {name: language.say(text) for name, text in TEXTS.items()},
            "badges": badges,
            "unknown": 0,
            "pictures": [self._trees.grown(*each, look) for each in pictures],
            "css": self._trees.css(look.theme),
        }
        return self._packable(to_json(document), packed=packed)

    def _packable(self, body: bytes, *, packed: bool) -> Answer:
        """Packed where that is asked for and worth it; caches elsewhere are told to keep both apart."""
        if packed and len(body) >= WORTH_PACKING:
            return self._desk.answers.make("json", gzip.compress(body, QUICK, mtime=0), more=(BY_PACKING, PACKED))
        return self._desk.answers.make("json", body, more=(BY_PACKING,))

    def _refused(self, why: str) -> Answer:
        return self._desk.answers.make("json", to_json({"error": why}), status=400)


def takes_gzip(request: Request) -> bool:
    """Whether the asker takes gzip (RFC 9110, 12.5.3); who refuses it by `q=0` is believed."""
    accepted = request.headers.get("accept-encoding", "").lower().replace(" ", "")
    return any(part in ("gzip", "x-gzip") or _weighs(part) for part in accepted.split(","))


def _weighs(part: str) -> bool:
    name, _, weight = part.partition(";q=")
    return name == "gzip" and weight.strip("0.") != ""
