"""What somebody leaves elsewhere in the store than in their own records: local votes, evidence of what was not
understood, remarks of readers, what was quoted of mentions, and words that are not theirs.

A text names somebody where it has all the words of their name, however they stand in it.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import CursorResult, text

from sync.store import evidence
from sync.store.erased import Erased
from sync.store.rows import change_in, rows_in
from sync.store.words import words

AT_ONCE = 10_000  # rows that are looked at together


def drop_hides(db: Database, erased: Erased) -> int:
    """Drop local votes on people who were erased: they cling to keys and ORCIDs. How many it were."""
    rows = db.execute(text(_HIDES)).fetchall()
    marks = {row: _mark(erased, row.mark) for row in rows}
    hides = {row.id for row in erased.among({row: mark for row, mark in marks.items() if mark})}
    change_in(db, "DELETE FROM hide_target WHERE hide_id IN :values", hides)
    return change_in(db, "DELETE FROM hide WHERE id IN :values", hides)


def drop(db: Database, profiles: Sequence[Any], links: Iterable[str]) -> dict[str, int]:
    """Drop evidence of records of somebody, by profiles and the keys of links, and blank what else names them; how much
    it was, by kind."""
    named = Names([row.name for row in profiles], [row.orcid for row in profiles])
    own = {(row.connection_id, row.key) for row in profiles}
    keys, gone, blank = set(links), [], []
    for row in db.execute(text("SELECT id, connection_id, kind, key, reason, evidence FROM set_aside")).fetchall():
        if _theirs(row, own, keys):
            gone.append(row.id)
        elif named.within(row.evidence):
            blank.append(row.id)
    change_in(db, "DELETE FROM set_aside WHERE id IN :values", gone)
    change_in(db, "UPDATE set_aside SET evidence = '' WHERE id IN :values", blank)
    remarks = db.execute(text("SELECT id, remark FROM report WHERE remark <> ''")).fetchall()
    reports = [row.id for row in remarks if named.within(row.remark)]
    change_in(db, "UPDATE report SET remark = '' WHERE id IN :values", reports)
    quoted = quotes(db, [row.name for row in profiles], [row.orcid for row in profiles])
    evidence.silence(db, {row.id for row in quoted})
    return {"set_aside": len(gone) + len(blank), "reports": len(reports), "excerpts": len(quoted)}


def quotes(db: Database, names: Sequence[str], orcids: Sequence[str]) -> list[Any]:
    """What was quoted of mentions that names somebody: mention, public id and excerpt."""
    named = Names(names, orcids)
    return [row for row in _each(db, _EXCERPTS) if named.within(row.excerpt)]


def unname(db: Database, names: Iterable[str], mentions: Iterable[int]) -> None:
    """Blank what was quoted of some mentions where it names somebody."""
    named = Names(names, ())
    evidence.silence(db, {row.mention_id for row in rows_in(db, _QUOTED, mentions) if named.within(row.excerpt)})


def staying(db: Database, names: Sequence[str], outputs: Iterable[int]) -> dict[str, int]:
    """What will go on naming somebody, since it is not theirs: titles of what they wrote and of what speaks of it, and
    reasons in the audit log, which never changes."""
    named = Names(names, ())
    found = {
        "titles of outputs": sum(named.within(row.title) for row in rows_in(db, _TITLES, outputs)),
        "titles of mentions": sum(named.within(row.title) for row in rows_in(db, _SAID, outputs)),
        "reasons in the audit log": sum(named.within(row.detail) for row in _each(db, "SELECT detail FROM audit")),
    }
    return {what: count for what, count in found.items() if count}


def _each(db: Database, sql: str) -> CursorResult[Any]:
    """All rows, some at a time: no database folds letters as a search does, so each of them is looked at here."""
    return db.execute(text(sql), execution_options={"yield_per": AT_ONCE})


class Names:
    """What somebody is called, as a search compares it."""

    def __init__(self, names: Iterable[str], orcids: Iterable[str]) -> None:
        self._names = [told for told in {frozenset(words(name)) for name in names} if told]
        self._orcids = {orcid for orcid in orcids if orcid}

    def within(self, told: str) -> bool:
        """Whether a text has all the words of a name, or an ORCID."""
        if not told or not (self._names or self._orcids):
            return False
        said = set(words(told))
        return any(name <= said for name in self._names) or any(orcid in told for orcid in self._orcids)


def _mark(erased: Erased, mark: str) -> str:
    where, _, rest = mark.partition(":")
    if where == "orcid":
        return erased.orcid(rest)
    connection, _, key = rest.partition(":")
    return erased.profile(connection, key) if where == "profile" else ""


def _theirs(row: Any, own: set[tuple[int, str]], links: set[str]) -> bool:
    """Whether something was set aside that is a record of theirs: a profile, a link, a membership."""
    if row.kind == "person":
        return (row.connection_id, row.key) in own
    unknown = row.reason.removeprefix("unknown person ")
    if row.kind == "membership":
        person = json.loads(row.key)[1] if row.key.startswith("[") else ""
        return (row.connection_id, person) in own
    return row.kind == "authorship" and (row.key in links or (row.connection_id, unknown) in own)


_EXCERPTS = """
SELECT DISTINCT m.id, m.public_id, e.excerpt FROM evidence e JOIN mention m ON m.id = e.mention_id
WHERE e.excerpt <> '' ORDER BY m.id, e.excerpt
"""
_QUOTED = "SELECT mention_id, excerpt FROM evidence WHERE mention_id IN :values"
_HIDES = "SELECT h.id, t.mark FROM hide h JOIN hide_target t ON t.hide_id = h.id WHERE h.kind = 'person'"
_TITLES = "SELECT title FROM output WHERE id IN :values"
_SAID = "SELECT m.title FROM mark k JOIN mention m ON m.id = k.mention_id WHERE k.output_id IN :values"
