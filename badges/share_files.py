"""A share of voice as CSV, JSON and Atom. They speak no language but that of their field names and, in a feed, English
or the one that is asked for by name."""

from typing import Any

from pydantic_core import to_json

from badges import atom
from badges.language import Language
from badges.share_asked import ONE
from badges.share_view import LEAST, Counted, Told
from badges.sheet import sheet

COLUMNS = ("period", "finished", "side", "name", "count", "sum", "share")


def as_csv(told: Told) -> bytes:
    """A row for each period and side; `share` is of one, and empty where the sum is too small for it."""
    rows = [
        (period.code, told.finished(period), side, name, count, counted.sum, _rounded(share))
        for period, counted in told.lines
        for side, name, (count, share) in zip(told.asked.codes, told.names, counted.cells, strict=True)
    ]
    return sheet(COLUMNS, rows).encode()


def as_json(told: Told) -> bytes:
    """Everything that the page shows."""
    asked, voices = told.asked, told.voices
    return to_json(
        {
            "between": asked.kind,
            "measure": asked.measure,
            "source": asked.source or None,
            "period": asked.unit,
            "from": asked.first.code,
            "to": asked.last.code,
            "shares_from": LEAST,
            "sides": [
                {ONE[asked.kind]: side, "name": name, "outputs": outputs}
                for side, name, outputs in zip(asked.codes, told.names, voices.outputs, strict=True)
            ],
            "total": _counted(told.total),
            "overlap": {"outputs": voices.shared, "together": voices.together},
            "periods": [
                {"period": period.code, "finished": told.finished(period), **_counted(counted)}
                for period, counted in told.lines
            ],
            "sources": [{"source": source, **_counted(counted)} for source, counted in told.by_source],
        }
    )


def as_atom(told: Told, language: Language, *, page: str, here: str, author: str) -> bytes:
    """An entry for each period that is over, the newest first: what is counted in it by now."""
    names = ", ".join(told.names)
    entries = [
        atom.Entry(
            id=f"{here}#{period.code}",
            title=language.say("%(period)s: %(names)s", period=period.label(language), names=names),
            at=period.after.begins,
            link=page,
            summary="; ".join(_in_words(told, counted, language)),
        )
        for period, counted in reversed(told.lines)
        if told.finished(period)
    ]
    return atom.feed(
        id_=here,
        title=language.say("Share of voice: %(names)s", names=names),
        page=page,
        here=here,
        author=author,
        updated=max((entry.at for entry in entries), default=told.asked.first.begins),
        entries=entries,
    )


def _in_words(told: Told, counted: Counted, language: Language) -> list[str]:
    words = []
    for name, (count, share) in zip(told.names, counted.cells, strict=True):
        number = language.number(count)
        if share is None:
            words.append(language.say("%(name)s: %(count)s", name=name, count=number))
        else:
            part = language.percent(share)
            words.append(language.say("%(name)s: %(count)s (%(share)s)", name=name, count=number, share=part))
    return words


def _counted(counted: Counted) -> dict[str, Any]:
    shares = counted.shares
    return {
        "counts": list(counted.counts),
        "sum": counted.sum,
        "shares": None if shares is None else [_rounded(share) for share in shares],
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
