"""What a change of the scope would do, or did, as pages tell it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from badges.charts.pairs import pair
from badges.console.scope_choice import FIELDS, values
from config.scope import Scope
from sync.acts.scope import Preview
from sync.store import AUDIENCES

FIRST = 20  # of each list; the rest is a page of its own
AUDIENCE_WORDS = {"public": "the public", "internal": "members (internal)"}
KINDS = {"outputs": ("output", "outputs"), "people": ("person", "people"), "groups": ("group", "groups")}
WAYS = {"appear": "would appear", "vanish": "would vanish"}
SHORT = {"public": "Public", "internal": "Members"}
COLUMNS = (
    *(("Who sees what", ""), ("now", "n"), ("then", "n"), ("appear", "n"), ("vanish", "n")),
    ("now and then", "scope-plot"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The beginning of one list: `count` is how many there are in all."""

    audience: str
    kind: str
    way: str
    words: str
    count: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A preview as the page shows it."""

    differs: tuple[tuple[str, str, str], ...]
    said: str
    rows: tuple[tuple[object, ...], ...]
    lists: tuple[Listed, ...]
    pushes: tuple[tuple[object, ...], ...]
    alone: tuple[int, int]
    seen: str


def view(preview: Preview) -> View:
    """What the page tells of a preview."""
    effect = preview.effect
    return View(
        differs=tuple(differs(preview.in_force, preview.scope)),
        said=_said(preview),
        rows=tuple(_rows(preview)),
        lists=tuple(_lists(preview)),
        pushes=tuple((name, effect.writes[name], effect.withdrawals[name]) for name in sorted(effect.withdrawals)),
        alone=effect.alone,
        seen=preview.seen.words,
    )


def differs(before: Scope, after: Scope) -> Iterator[tuple[str, str, str]]:
    """The parts that are others, with what each was and becomes, as the editor calls them."""
    was, becomes = values(before), values(after)
    for field in FIELDS:
        texts = {option.value: option.text for option in field.options}
        if was[field.name] != becomes[field.name]:
            yield field.legend, texts[was[field.name]], texts[becomes[field.name]]


def counted(kind: str, count: int) -> str:
    """A number of things of a kind."""
    return f"{count:,} {KINDS[kind][count != 1]}"


def done(did: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """What a change did, as rows of a table: who sees what, how many appeared, how many vanished."""
    return [
        (f"{SHORT[audience]}: {kind}", *(f"{did.get(audience, {}).get(kind, {}).get(way, 0):,}" for way in WAYS))
        for audience in AUDIENCES
        for kind in KINDS
    ]


def _said(preview: Preview) -> str:
    """The preview in one breath, for whoever hears it change."""
    if preview.scope == preview.in_force:
        return "This is the scope in force."
    told = []
    for audience in AUDIENCES:
        parts = [
            f"{counted(kind, len(labels))} {WAYS[way]}"
            for kind, ways in preview.effect.seen[audience].items()
            for way, labels in ways.items()
            if labels
        ]
        told.append(f"For {AUDIENCE_WORDS[audience]} {', '.join(parts) or 'nothing would change'}.")
    return " ".join(told)


def _rows(preview: Preview) -> Iterator[tuple[object, ...]]:
    totals = preview.effect.totals
    for audience in AUDIENCES:
        for kind, (before, after) in totals[audience].items():
            most = max(max(totals[each][kind]) for each in AUDIENCES)
            ways = preview.effect.seen[audience][kind]
            come, gone = (f"{len(ways[way]):,}" for way in WAYS)
            plot = Markup(pair(before, after, most))  # noqa: S704 - made of numbers
            yield f"{SHORT[audience]}: {kind}", f"{before:,}", f"{after:,}", come, gone, plot


def _lists(preview: Preview) -> Iterator[Listed]:
    for audience in AUDIENCES:
        for kind, ways in preview.effect.seen[audience].items():
            for way, labels in ways.items():
                if labels:
                    words = f"{counted(kind, len(labels))} {WAYS[way]} for {AUDIENCE_WORDS[audience]}"
                    yield Listed(
                        audience=audience,
                        kind=kind,
                        way=way,
                        words=words,
                        count=len(labels),
                        first=tuple(labels[:FIRST]),
                    )
