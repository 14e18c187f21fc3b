"""The mentions of an output as everybody may see them, the newest first: for its feed, and for those who watch it."""

from typing import NamedTuple

from sqlalchemy import Connection as Database

from badges.ledger import explained
from badges.views import plain, shortened, source_name, web
from scoring.rules import RuleSet
from sync import store
from sync.store import Shown


class Noticed(NamedTuple):
    """One mention; `key` is its row key, which stays here. `source` is its name in English, to be said in a language;
    `link` is empty where there is nowhere to go."""

    key: int
    mention: str
    known_at: int
    occurred_at: int
    source: str
    text: str
    link: str
    counted: bool


def noticed(db: Database, shown: Shown, rules: RuleSet, *, most: int | None, now: int) -> list[Noticed]:
    """The mentions that the ledger of a badge has, by when they became known here, at most so many or all; numbers
    alone are none."""
    lines = store.ledger_points(db, shown, rules, now=now).mentions
    known = store.telling.known(db, [line["mention"] for line in lines])
    newest = sorted(lines, key=lambda line: (-known[line["mention"]], -line["mention"]))[:most]
    ledger = store.Ledger(store.ledger_mentions(db, shown, newest), [])
    told = explained(shown, shown.audience, ledger, rules)["ledger"]
    return [
        Noticed(
            key=row["mention"],
            mention=line["mention"],
            known_at=known[row["mention"]],
            occurred_at=row["occurred"],
            source=source_name(line["source"]),
            text=shortened(line["url"].removeprefix("https://").removeprefix("http://")),
            link=web(line["url"]) if line["url"] == plain(line["url"]) else "",
            counted=line["counted"],
        )
        for row, line in zip(ledger.mentions, told, strict=True)
    ]
