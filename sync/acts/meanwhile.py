"""What has changed between what an administrator was shown and now, in sentences."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.scope import Scope
from sync.store import AUDIENCES, ScopeChange, moment

LEVELS = ("people", "outputs", "authorships")


def meanwhile(since: Iterable[ScopeChange], shown: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Who changed the scope since, and which counts are others; that it is others of the same number, where all counts
    are the same."""
    told = [*map(_who, since), *_counts(shown, now)]
    return told or ["The data has changed: as many as were listed, but not the same."]


def differs(change: ScopeChange) -> str:
    """What a change has changed, in the words of the settings."""
    pairs = zip(_words(change.before), _words(change.after), strict=True)
    return ", ".join(f"{name} {before} to {after}" for (name, before), (_, after) in pairs if before != after)


def _who(change: ScopeChange) -> str:
    why = f", because: {change.why}" if change.why else ""
    return f"{change.by} has changed the scope at {moment(change.at):%Y-%m-%d %H:%M} UTC ({differs(change)}){why}."


def in_short(did: Mapping[str, Any]) -> str:
    """What a change did, by audience and connection; what is none is left out."""
    parts = [
        f"{audience}: " + ", ".join(told)
        for audience in AUDIENCES
        if (
            told := [
                f"{sign}{count} {kind}"
                for kind, ways in did.get(audience, {}).items()
                for sign, way in (("+", "appear"), ("-", "vanish"))
                if (count := ways.get(way, 0))
            ]
        )
    ]
    parts += [
        f"{name}: {count} {words}"
        for what, words in (("writes", "to write"), ("withdrawals", "to withdraw"))
        for name, count in did.get(what, {}).items()
        if count
    ]
    return "; ".join(parts) or "nothing"


def _words(scope: Scope) -> Iterator[tuple[str, str]]:
    yield "status", scope.status
    yield "profile", scope.profile
    for name in LEVELS:
        yield f"least visibility of {name}", getattr(scope.visibility, name).word


def _counts(shown: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for audience in AUDIENCES:
        for kind, ways in now[audience].items():
            for way, count in ways.items():
                if (was := _number(shown, audience, kind, way)) != count:
                    yield f"For the {audience} audience, {kind} that would {way}: {count} now, not {was}."
    for what, words in (("writes", "written"), ("withdrawals", "withdrawn")):
        for name, count in now[what].items():
            if (was := _number(shown, what, name)) != count:
                yield f"At {name}, badges that would be {words}: {count} now, not {was}."


def _number(told: Any, *path: str) -> int:
    """What was shown comes back from a form: it may be anything, and only words are made of it."""
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, int) else 0
