"""`/embed/badges.json`: many badges in one answer, for the script on other sites; always for the public.

One request names all outputs in its query, so that it is a simple one (Fetch, 2.2.1), that anybody's browser may keep.
Nothing of the request but its query and whether it takes gzip is looked at: no cookie, and no language but `lang`.
"""

import gzip
import sys
from collections.abc import Callable
from typing import get_args

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer, Answers, Header
from badges.card import shares
from badges.embedded import TEXTS, embedded
from badges.kept import Kept
from badges.language import ENGLISH, LANGUAGES, Language
from badges.pictures import Shares
from badges.ring import Style
from badges.tree import grown
from badges.wanted import LONGEST, from_query, value
from sync.store import Face, Hot, StoreError

MOST = 100  # outputs in one request
KEPT = 2000  # answers
KEPT_BYTES = 32 * 1024 * 1024
WORTH_PACKING = 1000  # bytes
QUICK = 4  # how hard gzip tries: this is packed while others wait

STYLES: dict[bytes, Style] = {style.encode(): style for style in get_args(Style)}
UNKNOWN_STYLE = f"style: choose one of {', '.join(get_args(Style))}"
TOO_MANY = f"id: at most {MOST} at once, in a query of at most {LONGEST} bytes"

BY_PACKING: Header = (b"vary", b"accept-encoding")
PACKED: Header = (b"content-encoding", b"gzip")


class Embed:
    """What the script asks for; `clock` gives microseconds since 1970."""

    def __init__(self, hot: Hot, answers: Answers, *, base_url: str, clock: Callable[[], int]) -> None:
        self._hot, self._answers, self._clock = hot, answers, clock
        self._base_url = base_url
        self._kept = Kept(most=KEPT, most_bytes=KEPT_BYTES)
        self.routes = (Route("/embed/badges.json", self.embedded, name="embedded"),)

    async def embedded(self, request: Request) -> Answer:
        """The badges of all `?id=`, in their order; null for one that is hidden, unknown or malformed."""
        query: bytes = request.scope["query_string"]
        ids = [told for key, _, told in (part.partition(b"=") for part in query.split(b"&")) if key == b"id"]
        style = STYLES.get(value(query, b"style") or b"ring")
        if style is None:  # before anything is looked up, so it tells nothing of outputs
            return self._refused(UNKNOWN_STYLE)
        if len(query) > LONGEST or len(ids) > MOST:
            return self._refused(TOO_MANY)
        packed = takes_gzip(request)
        key = (b"gzip" if packed else b"", query)
        try:
            mark = self._hot.mark()
            if answer := self._kept.get(key, mark, self._clock()):
                return answer
            faces = [self._find(each) for each in ids]
            answer = self._made(faces, style, _language(value(query, b"lang") or b""), packed=packed)
            if self._hot.mark() == mark:  # nothing was published or hidden between the first and the last
                closes_at = min((face.closes_at for face in faces if face), default=sys.maxsize)
                self._kept.put(key, answer, mark, closes_at)
        except StoreError:
            told, later = to_json({"error": "try again later"}), (b"retry-after", b"30")
            return self._answers.make("json", told, status=503, cache=NEVER, more=(later,))
        return answer

    def _find(self, asked: bytes) -> Face | None:
        now = self._clock()
        for each in from_query(b"id=" + asked):
            if found := self._hot.find("public", each, now=now):
                return found[1]
        return None

    def _made(self, faces: list[Face | None], style: Style, language: Language, *, packed: bool) -> Answer:
        pictures: dict[tuple[int | None, Shares, str], int] = {(None, (), "none"): 0}  # each is told once
        badges: list[dict[str, object] | None] = []
        for face in faces:
            if face is None:
                badges.append(None)
                continue
            told = embedded(face, language, page=f"{self._base_url}/outputs/{face.output}")
            picture = pictures.setdefault((face.score, tuple(shares(face)), face.basis), len(pictures))
            badges.append({**told, "picture": picture})
        grew = [grown(score, parts, style, basis) for score, parts, basis in pictures]
        document = {
            "lang": language.code,
            "dir": language.direction,
            "texts": {name: language.say(text) for name, text in TEXTS.items()},
            "badges": badges,
            "unknown": 0,
            "pictures": [each.tree for each in grew],
            "css": "".join(dict.fromkeys(each.css for each in grew)),
        }
        return self._packable(to_json(document), packed=packed)

    def _packable(self, body: bytes, *, packed: bool) -> Answer:
        """Packed where that is asked for and worth it; caches elsewhere are told to keep both apart."""
        if packed and len(body) >= WORTH_PACKING:
            return self._answers.make("json", gzip.compress(body, QUICK, mtime=0), more=(BY_PACKING, PACKED))
        return self._answers.make("json", body, more=(BY_PACKING,))

    def _refused(self, why: str) -> Answer:
        return self._answers.make("json", to_json({"error": why}), status=400)


def takes_gzip(request: Request) -> bool:
    """Whether the asker takes gzip (RFC 9110, 12.5.3); who refuses it by `q=0` is believed."""
    accepted = request.headers.get("accept-encoding", "").lower().replace(" ", "")
    return any(part in ("gzip", "x-gzip") or _weighs(part) for part in accepted.split(","))


def _weighs(part: str) -> bool:
    name, _, weight = part.partition(";q=")
    return name == "gzip" and weight.strip("0.") != ""


def _language(asked: bytes) -> Language:
    """`de-AT` is German; what is not spoken here is English."""
    code = asked.decode("latin-1").lower().partition("-")[0]
    return LANGUAGES.get(code, LANGUAGES[ENGLISH])
