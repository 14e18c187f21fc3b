"""Details records of Altmetric as JSON: one object, an array, or an object a line; from the API's `/v1/`, where a count
of nought is left out, or the full record, with every mention in `posts`.

What is known as a mention becomes one; a source of which only the number is known becomes a count. Their own score is
kept for calibration alone.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from connectors.altmetric_fields import COUNTS, IDENTIFIERS, READERS, SOURCES, SUMS
from connectors.attention import Mention
from connectors.counted import Counted, targets, units
from connectors.documents import part, text
from connectors.errors import NotUnderstood
from connectors.explorer_columns import TYPES
from connectors.identifiers import Identifier, normalise
from connectors.mentions import read_mention
from connectors.published import written
from connectors.records import Aside

OUTLETS = ("news", "blog", "podcast")  # whose author is an outlet, known by its address
Told = Mapping[str, object]


class Details:
    """The records of a file; `unknown` are the counts among them that no table of ours has."""

    def __init__(self, file: Path) -> None:
        """Raises `NotUnderstood` where the file is no text."""
        try:
            self._text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise NotUnderstood(f"{file.name}: is not UTF-8; save what the API answered as it came") from None
        self._name = file.name
        self._unknown: dict[str, None] = {}

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(self._unknown)

    def __iter__(self) -> Iterator[Counted | Aside]:
        """Every record, or set aside with its line and reason."""
        for line, told in _records(self._text):
            place = f"{self._name}:{line}"
            if isinstance(told, dict):
                self._unknown |= dict.fromkeys(_unknown(told))
                yield from record(told, place)
            elif told is not None:  # a look-up answers null for what it does not know
                yield _aside("the line is not JSON" if told is _BROKEN else "the record is not a JSON object", place)


_BLANK = re.compile(r"\s*")
_BROKEN = object()
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=str)  # NaN is then a text, and no count


def _records(text: str) -> Iterator[tuple[int, object]]:
    """Each JSON value with its line; the members of arrays, and of an answer's `results`, one by one."""
    at = counted = 0
    line = 1
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr] # it matches nothing too
        if at == len(text):
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, ArithmeticError, RecursionError):
            end = text.find("\n", at)
            value, at = _BROKEN, len(text) if end < 0 else end
        several = value.get("results") if isinstance(value, dict) else value
        for each in several if isinstance(several, list) else (value,):
            yield line, each


def record(told: Told, place: str) -> Iterator[Counted | Aside]:
    """What one record tells; `place` is where it stood, for what is set aside of it."""
    citation = part(told, "citation")
    named = tuple(dict.fromkeys(each for place in (told, citation) for each in _identifiers(place)))
    kind = text(told.get("type")) or text(citation.get("type"))
    kind = TYPES.get(kind.casefold(), kind)
    if not targets(named, kind):
        yield _aside("the record has no identifier that can be read", place)
        return
    posts = part(told, "posts")
    asides: list[Aside] = []
    mentions: list[Mention] = []
    for code, each in posts.items():
        for found in _posts(code, each, named, f"{told.get('altmetric_id') or targets(named, kind)[0]}", place):
            (mentions if isinstance(found, Mention) else asides).append(found)  # type: ignore[arg-type]
    yield from asides
    wrong: list[str] = []
    mentioned = {code for code, each in posts.items() if each}
    whole = "counts" in told or "posts" in told
    counts = _by_source(told, mentioned, wrong) if whole else _by_field(told, wrong)
    if wrong:
        yield _aside("; ".join(wrong), place)
        counts = {}
    title, journal, published = (
        text(told.get(name)) or text(citation.get(name)) for name in ("title", "journal", "pubdate")
    )
    score = told.get("score")
    yield Counted(
        identifiers=named,
        units=counts,
        mentions=tuple(mentions),
        title=title,
        type=kind,
        journal=journal,
        published=written(published),
        score=Decimal(score) if isinstance(score, int | Decimal) and not isinstance(score, bool) else None,
    )


def _unknown(told: Told) -> Iterator[str]:
    for field in told:
        if field.startswith("cited_by_") and field[len("cited_by_") : -len("_count")] not in {*COUNTS, *SUMS}:
            yield field
    for code in part(told, "counts"):
        if code not in {*SOURCES, "readers", "total"}:
            yield f"counts.{code}"


def _by_field(told: Told, wrong: list[str]) -> dict[str, int]:
    """The counts of the API; what is left out is nought."""
    counts = dict.fromkeys(COUNTS.values(), 0)
    for name, source in COUNTS.items():
        field = f"cited_by_{name}_count"
        if field in told:
            counts[source] = _units(field, told[field], wrong)
    for name, value in part(told, "readers").items():
        if name in READERS:
            counts[READERS[name]] = _units(f"readers.{name}", value, wrong)
    return counts


def _by_source(told: Told, mentioned: set[str], wrong: list[str]) -> dict[str, int]:
    """The counts of the full record, of the sources whose mentions are not in it."""
    counts: dict[str, int] = {}
    for name, value in part(told, "counts").items():
        if name in SOURCES and name not in mentioned:
            own = part(value)
            field = "unique_users_count" if "unique_users_count" in own else "posts_count"
            counts[SOURCES[name]] = _units(f"counts.{name}.{field}", own.get(field), wrong)
        elif name == "readers":
            readers = value.items() if isinstance(value, dict) else ()
            counts |= {
                READERS[each]: _units(f"counts.readers.{each}", n, wrong) for each, n in readers if each in READERS
            }
    return counts


def _units(field: str, value: object, wrong: list[str]) -> int:
    try:
        return units(str(value) if isinstance(value, int | str | Decimal) and not isinstance(value, bool) else "-") or 0
    except ValueError as error:
        wrong.append(f"{field} {error}")
        return 0


def _posts(
    code: str, told: object, named: tuple[Identifier, ...], record: str, place: str
) -> Iterator[Mention | Aside]:
    """The mentions of one source, in the words of our own format, whose checks are then theirs."""
    for number, post in enumerate(told if isinstance(told, list) else [told], 1):
        where = f"{place}, posts.{code} {number}"
        if not isinstance(post, dict):
            yield _aside("the post is not a JSON object", where, kind="mention")
            continue
        source = SOURCES.get(code, code)
        author = part(post, "author")
        speaker = text(author.get("id_on_source")) or text(author.get("url")) or text(author.get("name"))
        outlet = _host(text(author.get("url"))) or text(author.get("name"))
        url = text(post.get("url")).replace("/#!/", "/")  # as X wrote addresses in 2011: behind # stands the post
        own = text(post.get("tweet_id")) or url or _digest(post)
        object_: dict[str, object] = {
            "id": f"altmetric:{record}:{source}:{own}",
            "source": source,
            "output": [str(each) for each in targets(named)],
            "url": url,
            "title": text(post.get("title")),
            "occurred_at": text(post.get("posted_on")),
        }
        if source in OUTLETS:
            object_["outlet"] = {"id": outlet, "name": text(author.get("name"))} if outlet else None
        elif source in ("policy", "guideline"):
            object_["policy_source"] = outlet
        elif source == "patent":
            object_["jurisdiction"] = text(post.get("jurisdiction"))
        else:
            name = {"id": speaker.casefold(), "name": text(author.get("name"))}
            object_["author"] = {**name, "followers": author.get("followers")} if speaker else None
        yield from read_mention(object_, where, f"{url} {text(post.get('posted_on'))}")


def _identifiers(told: Told) -> Iterator[Identifier]:
    for name, scheme in IDENTIFIERS.items():
        value = told.get(name)
        for each in value if isinstance(value, list) else (value,):
            text = str(each) if isinstance(each, int) and not isinstance(each, bool) else each
            if isinstance(text, str) and (found := normalise(scheme, text)):
                yield found


def _aside(reason: str, place: str, *, kind: str = "counts") -> Aside:
    return Aside(kind=kind, reason=reason, place=place, keyless=False)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # brackets in the host
        return ""


def _digest(post: Told) -> str:
    return blake2b(
        json.dumps(post, sort_keys=True, default=str).encode("utf-8", "surrogatepass"), digest_size=8
    ).hexdigest()
