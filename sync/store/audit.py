"""Who did what: one line for every change an administrator made and every read of hidden things.

Lines are only ever added, inside the one writing transaction, and each is tied to the one before it. The fact
`audit_head` in `meta` says how many there are and how the last one is tied, so that lines missing at the end are
noticed too.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import noted
from sync.store.chain import BEGINNING, tie
from sync.store.rows import as_json
from sync.tables import FOREVER

HEAD = "audit_head"
MOST_BROKEN = 100  # places that are named
ASKED = {  # what holds for a line, by what is asked for
    "by": "actor = :by",
    "verb": "verb = :verb",
    "subject": "substr(subject, 1, length(:subject)) = :subject",
    "since": "at >= :since",
    "until": "at < :until",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which lines are asked for; an empty text is any. `subject` is how it begins; `since` is within, `until` not."""

    by: str = ""
    verb: str = ""
    subject: str = ""
    since: int = 0
    until: int = FOREVER


@dataclass(slots=True)
class Verified:
    """What a look through the whole log has found: how many lines, how the last is tied, the lines before which
    something is wrong, and whether the end is missing. `holds`: the log still has the line that was asked for."""

    lines: int = 0
    head: str = BEGINNING
    broken: list[int] = field(default_factory=list)
    short: bool = False
    holds: bool = True

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken and not self.short and self.holds


def note(db: Database, verb: str, subject: str, *, by: str, now: int, **detail: object) -> None:
    """Write a line; `subject` is an identifier or a name of ours, never a title."""
    add(db, now, by, verb, subject, as_json(detail))


def add(db: Database, at: int, actor: str, verb: str, subject: str, detail: str) -> None:
    """Tie a line to the last one, and add it."""
    count, before = head(db)
    told = {"at": at, "actor": actor, "verb": verb, "subject": subject, "detail": detail}
    tied = tie(before, **told)  # type: ignore[arg-type]
    db.execute(text(_ADD), {**told, "hash": tied})
    noted.note(db, HEAD, f"{count + 1} {tied}")


def head(db: Database) -> tuple[int, str]:
    """How many lines there should be, and how the last one that is there is tied."""
    last = db.execute(text("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")).scalar()
    return int((noted.noted(db, HEAD) or "0").partition(" ")[0]), BEGINNING if last is None else str(last)


def since(db: Database, verb: str, subject: str, *, by: str, since: int) -> bool:
    """Whether somebody has done that since."""
    told = {"verb": verb, "subject": subject, "by": by, "since": since}
    return bool(db.execute(text(_SINCE), told).scalar())


def listed(db: Database, sought: Sought, *, before: int = FOREVER, most: int) -> list[Any]:
    """The newest lines that were asked for, newest first, of those before a row key."""
    told = {name: value for name in ASKED if (value := getattr(sought, name)) not in ("", 0, FOREVER)}
    conditions = "".join(f" AND {ASKED[name]}" for name in told)
    sql = f"SELECT * FROM audit WHERE id < :before{conditions} ORDER BY id DESC LIMIT :most"
    return list(db.execute(text(sql), {**told, "before": before, "most": most}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody did to something, once."""

    at: int
    by: str
    verb: str
    subject: str
    detail: dict[str, Any]


def of(db: Database, verbs: Iterable[str], subject: str = "", *, most: int = 1000) -> list[Done]:
    """The newest lines with some verbs, of one subject or of all, newest first."""
    told = {f"verb{number}": verb for number, verb in enumerate(verbs)}
    names = ", ".join(f":{name}" for name in told)
    one = " AND subject = :subject" if subject else ""
    sql = f"SELECT * FROM audit WHERE verb IN ({names}){one} ORDER BY id DESC LIMIT :most"
    rows = db.execute(text(sql), {**told, "subject": subject, "most": most} if subject else {**told, "most": most})
    return [
        Done(at=row.at, by=row.actor, verb=row.verb, subject=row.subject, detail=json.loads(row.detail)) for row in rows
    ]


def verbs(db: Database) -> list[str]:
    """All verbs that stand in the log, in order."""
    return [row.verb for row in db.execute(text(_VERBS))]


def verify(db: Database, head_: str = "") -> Verified:
    """Look through the whole log. `head_` is how some line was tied that somebody has written down, which must still be
    there."""
    found = Verified(holds=not head_)
    for row in _all(db):
        line = (row.at, row.actor, row.verb, row.subject, row.detail)
        if row.hash != tie(found.head, *line) and len(found.broken) < MOST_BROKEN:
            found.broken.append(row.id)
        found.lines, found.head = found.lines + 1, row.hash
        found.holds = found.holds or row.hash == head_
    told = noted.noted(db, HEAD)
    found.short = told is not None and told != f"{found.lines} {found.head}"
    return found


def _all(db: Database) -> Iterator[Any]:
    yield from db.execute(text("SELECT * FROM audit ORDER BY id").execution_options(yield_per=10_000))


_ADD = """
INSERT INTO audit (at, actor, verb, subject, detail, hash) VALUES (:at, :actor, :verb, :subject, :detail, :hash)
"""
_SINCE = """
SELECT EXISTS (SELECT 1 FROM (SELECT * FROM audit ORDER BY id DESC LIMIT 1000) AS lately
WHERE at >= :since AND actor = :by AND verb = :verb AND subject = :subject)
"""
_VERBS = """
WITH RECURSIVE one (verb) AS (
  SELECT min(verb) FROM audit
  UNION ALL SELECT (SELECT min(a.verb) FROM audit a WHERE a.verb > one.verb) FROM one WHERE one.verb IS NOT NULL
) SELECT verb FROM one WHERE verb IS NOT NULL
"""
