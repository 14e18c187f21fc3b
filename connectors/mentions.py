"""Mentions as JSON lines: what the `files` connector and `ringmark import --format mentions` read.

The format is a promise (the fields are listed in docs/files.md): one object a line, `deleted` needs only `id`, else
`id`, `source`, `occurred_at` and one of `output` and `url` are required.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import ROUND_FLOOR, Decimal
from typing import BinaryIO

from connectors.attention import MOST_FOLLOWERS, MOST_POSTS, MOST_REACH, UNKNOWN_TIER, Account, Mention, Outlet
from connectors.identifiers import Identifier, canonical_url, parse
from connectors.records import EVIDENCE, Aside
from connectors.texts import one_line, readable_key

LONGEST_LINE = 1024 * 1024  # bytes; a mention has less than a thousandth of it


def read_mentions(file: BinaryIO, place: str) -> Iterator[Mention | Aside]:
    """Every line of `file` as a mention, or set aside with its line number and reason.

    `place` names the file in what is set aside. A value out of its range is left out and told beside the mention. No
    aside here is keyless: nothing is inferred from a line that is missing, so a torn one must not hold up deletions.
    """
    for number, line in _lines(file):
        yield from _told(line, f"{place}:{number}")


def count_lines(file: BinaryIO) -> int:
    """How many lines have something on them."""
    return sum(1 for _ in _lines(file))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(line) > LONGEST_LINE and rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _told(line: bytes, place: str) -> Iterator[Mention | Aside]:
    evidence = line[:EVIDENCE].decode("utf-8", "replace").strip()
    try:
        if len(line) > LONGEST_LINE:
            raise _WrongError(f"the line is longer than {LONGEST_LINE} bytes")
        told = _object(line)
    except _WrongError as wrong:
        yield Aside(kind="mention", reason=str(wrong), place=place, evidence=evidence, keyless=False)
    else:
        yield from read_mention(told, place, evidence)


def read_mention(told: dict[str, object], place: str, evidence: str) -> Iterator[Mention | Aside]:
    """One object of the format as a mention, or set aside with the reason; numbers are `int` or `Decimal`."""
    reasons: list[str] = []
    key, stored = "", False
    try:
        key = _key(told, "id") or ""
        if not key:
            raise _WrongError("id is missing or not readable")
        yield replace(_mention(told, key, reasons), place=place)
        stored = True
    except _WrongError as wrong:
        reasons = [str(wrong)]
    if reasons:
        reason = "; ".join(dict.fromkeys(reasons))[:EVIDENCE]
        yield Aside(
            kind="mention", reason=reason, place=place, evidence=evidence, key=key, keyless=False, stored=stored
        )


class _WrongError(ValueError):
    """Why a line is no mention."""


def _object(line: bytes) -> dict[str, object]:
    try:
        told = json.loads(
            line.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_each_once
        )
    except UnicodeDecodeError:
        raise _WrongError("the line is not UTF-8") from None
    except _WrongError:
        raise
    except (ValueError, ArithmeticError, RecursionError):  # the second: an exponent beyond all bounds
        raise _WrongError("the line is not JSON") from None
    if not isinstance(told, dict):
        raise _WrongError("the line is not a JSON object")
    return told


def _no_constant(name: str) -> None:
    raise _WrongError(f"{name} is not JSON")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise _WrongError("a field stands twice in one object")
    return told


def _mention(told: dict[str, object], key: str, reasons: list[str]) -> Mention:
    if _flag(told, "deleted"):
        return Mention(key=key, deleted=True)
    source = _text(told, "source")
    if not source:
        raise _WrongError("source is missing")
    targets = _targets(told, reasons)
    given = _text(told, "url")
    url = canonical_url(given) or ""
    if given and not url:
        reasons.append("url is no web address")
    if not targets and not url:
        raise _WrongError("neither output nor url can be read")
    return Mention(
        key=key,
        source=source,
        targets=targets,
        url=url,
        title=_text(told, "title"),
        occurred_at=_instant(_text(told, "occurred_at")),
        account=_account(_part(told, "author"), reasons),
        outlet=_outlet(_part(told, "outlet"), reasons),
        policy_source=_text(told, "policy_source"),
        jurisdiction=_text(told, "jurisdiction"),
        repost=_flag(told, "repost"),
    )


def _targets(told: dict[str, object], reasons: list[str]) -> tuple[Identifier, ...]:
    given = told.get("output")
    words = [given] if isinstance(given, str) else [] if given is None else given
    if not isinstance(words, list):
        raise _WrongError("output is not a list of identifiers")
    targets: dict[Identifier, None] = {}
    for word in words:
        if not isinstance(word, str):
            raise _WrongError("output is not a list of identifiers")
        if found := parse(word):
            targets[found] = None
        else:
            reasons.append(f'output "{one_line(word)[:80]}" is no identifier')
    return tuple(targets)


def _instant(text: str) -> datetime:
    """The instant in UTC; a bare date, month or year is its first instant, a time without offset is in UTC."""
    if not text:
        raise _WrongError("occurred_at is missing")
    whole = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        if len(whole) <= 10:
            return datetime.combine(date.fromisoformat(whole), time(), UTC)
        moment = datetime.fromisoformat(whole.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _WrongError(f'occurred_at "{text[:40]}" is no ISO 8601 time') from None


def _account(told: dict[str, object], reasons: list[str]) -> Account | None:
    key = _key(told, "id")
    if not key:
        return None
    followers = _number(told, "followers", reasons, most=MOST_FOLLOWERS)
    return Account(
        key=key,
        name=_text(told, "name"),
        followers=None if followers is None else int(followers),
        posts_per_month_milli=_milli(_number(told, "posts_per_month", reasons, most=MOST_POSTS)),
        domain_share_milli=_milli(_number(told, "domain_share", reasons, most=1)),
    )


def _outlet(told: dict[str, object], reasons: list[str]) -> Outlet | None:
    key = _key(told, "id")
    if not key:
        return None
    tier = _number(told, "tier", reasons, least=1, most=4)
    if tier is not None and tier != int(tier):
        reasons.append("tier is not a whole number and was left out")
        tier = None
    unknown = tier is None and told.get("tier") is not None  # what was told last wins, also when it is no tier
    return Outlet(
        key=key,
        name=_text(told, "name"),
        tier=UNKNOWN_TIER if unknown else None if tier is None else int(tier),
        country=_text(told, "country"),
        reach_milli=_milli(_number(told, "reach", reasons, most=MOST_REACH)),
    )


def _number(told: dict[str, object], name: str, reasons: list[str], *, least: int = 0, most: int) -> Decimal | None:
    given = told.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise _WrongError(f"{name} is not a number")
    if not least <= given <= most:  # checked before any arithmetic, since 1e999999999 is a number too
        reasons.append(f"{name} is not within {least} and {most} and was left out")
        return None
    return Decimal(given)


def _milli(number: Decimal | None) -> int | None:
    return None if number is None else int(number.quantize(Decimal("0.001"), ROUND_FLOOR) * 1000)


def _part(told: dict[str, object], name: str) -> dict[str, object]:
    part = told.get(name)
    if part is not None and not isinstance(part, dict):
        raise _WrongError(f"{name} is not an object")
    return part or {}


def _key(told: dict[str, object], name: str) -> str | None:
    given = told.get(name)
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if given is not None and not isinstance(given, str):
        raise _WrongError(f"{name} is not a text")
    return readable_key(given) if given else None


def _text(told: dict[str, object], name: str) -> str:
    given = told.get(name)
    if given is not None and not isinstance(given, str):
        raise _WrongError(f"{name} is not a text")
    return one_line(given or "")


def _flag(told: dict[str, object], name: str) -> bool:
    given = told.get(name)
    if given is not None and not isinstance(given, bool):
        raise _WrongError(f"{name} is neither true nor false")
    return bool(given)
