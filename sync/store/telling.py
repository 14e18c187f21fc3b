"""Messages to those who watch: whom to write to, and what is noted before a message leaves, so that none is sent twice.

Whoever dies between noting and sending has sent it; so has who cannot know what became of it.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.noted import note, noted
from sync.store.rows import many, rows_in
from sync.store.watching import HOUR, UNCONFIRMED_FOR, Watcher, forget, mark, watchers

PER_HOUR = 120  # addresses that are asked whether they mean it, in the whole installation
WAIT, LONGEST = HOUR // 4, 12 * HOUR  # after what was refused, doubled each time
TRIES = 15  # and then an address is forgotten
FAILED = "letters failed"  # the fact that messages do not go out, and why


def to_ask(db: Database, *, now: int) -> list[Watcher]:
    """Whom to ask whether they mean it: each once a day at most. Of these `allowed` may be asked now."""
    return list(watchers(db, _TO_ASK, now=now, day=now - DAY, alive=now - UNCONFIRMED_FOR))


def allowed(db: Database, *, now: int) -> int:
    """How many more may be asked within this hour."""
    sql = "SELECT count(*) FROM watcher WHERE mailed_at > :hour"
    return max(0, PER_HOUR - int(db.execute(text(sql), {"hour": now - HOUR}).scalar_one()))


def to_tell(db: Database, *, day: int, now: int) -> list[Watcher]:
    """Who has had no message of news on this day, and watches something."""
    return list(watchers(db, _TO_TELL, now=now, day=day))


def asking(store: Store, watcher: Watcher, *, now: int) -> str | None:
    """Note that somebody is about to be asked; the word of the message, None where another process does it."""
    with store.write() as db:
        if not db.execute(text(_ASKING), {**_who(watcher), "before": watcher.mailed_at, "now": now}).rowcount:
            return None
        return _token(db, watcher, now)


def telling(store: Store, watcher: Watcher, told: Iterable[int], *, seen: int, day: int, now: int) -> str | None:
    """Note that somebody is about to be told of outputs: whoever dies from here on has told it. The word of the
    message, None where another process does it."""
    with store.write() as db:
        if not db.execute(text(_TELLING), {**_who(watcher), "before": watcher.day, "day": day}).rowcount:
            return None
        asked = {"watcher": watcher.id, "seen": seen, "now": now}
        many(db, _SEEN, [{**asked, "subject": str(output)} for output in told])
        return _token(db, watcher, now)


def nothing_new(store: Store, watchers: Iterable[Watcher], *, day: int) -> None:
    """There was no news for these on this day."""
    rows = [{**_who(each), "before": each.day, "day": day} for each in watchers]
    if rows:
        with store.write() as db:
            many(db, _TELLING, rows)


def sent(store: Store, watcher: Watcher) -> None:
    """A message went out."""
    with store.write() as db:
        db.execute(text("UPDATE watcher SET tries = 0, next_at = 0 WHERE id = :id AND tries > 0"), {"id": watcher.id})


def unsent(store: Store, watcher: Watcher, token: str, *, refused: bool, now: int) -> None:
    """A message did not go out, for sure: all is as it was before. An address that was `refused` waits, each time
    longer, and is forgotten in the end."""
    with store.write() as db:
        db.execute(text("DELETE FROM watch_token WHERE mark = :mark"), {"mark": mark(token)})
        asked = {**_who(watcher), "mailed_at": watcher.mailed_at, "day": watcher.day}
        if not db.execute(text(_AS_BEFORE), asked).rowcount:
            return
        rows = [
            {"watcher": watcher.id, "subject": str(each.output), "seen": each.seen, "now": each.seen_at}
            for each in watcher.watches
            if each.confirmed
        ]
        many(db, _SEEN, rows)
        if not refused:
            return
        tries = db.execute(text(_REFUSED), {"id": watcher.id}).scalar() or 0
        wait = min(WAIT * 2 ** min(tries - 1, 20), LONGEST)
        db.execute(text("UPDATE watcher SET next_at = :at WHERE id = :id"), {"id": watcher.id, "at": now + wait})
        if tries >= TRIES:
            forget(db, watcher.address)


def failing(db: Database) -> str:
    """Why messages do not go out; empty where they do."""
    return noted(db, FAILED) or ""


def failed(store: Store, why: str) -> None:
    """Remember why messages do not go out, empty once they do."""
    with store.read() as db:
        known = failing(db)
    if why != known:
        with store.write() as db:
            note(db, FAILED, why)


def known(db: Database, mentions: Iterable[int]) -> dict[int, int]:
    """When each of some mentions became known here, by row key."""
    return {
        row.id: row.known_at for row in rows_in(db, "SELECT id, known_at FROM mention WHERE id IN :values", mentions)
    }


def _who(watcher: Watcher) -> dict[str, object]:
    """The same row and the same address: a key may have been given to somebody else since."""
    return {"id": watcher.id, "address": watcher.address}


def _token(db: Database, watcher: Watcher, now: int) -> str:
    token = secrets.token_urlsafe(32)
    sql = "INSERT INTO watch_token (mark, watcher_id, made_at) VALUES (:mark, :watcher, :now)"
    db.execute(text(sql), {"mark": mark(token), "watcher": watcher.id, "now": now})
    return token


_TO_ASK = """
WHERE w.mailed_at <= :day AND w.next_at <= :now AND t.confirmed_at = 0 AND t.asked_at >= :alive AND EXISTS (
  SELECT 1 FROM watch a WHERE a.watcher_id = w.id AND a.confirmed_at = 0 AND a.asked_at > w.mailed_at)
"""
_TO_TELL = "WHERE w.day < :day AND w.next_at <= :now AND t.confirmed_at > 0"
_ASKING = "UPDATE watcher SET mailed_at = :now WHERE id = :id AND address = :address AND mailed_at = :before"
_TELLING = "UPDATE watcher SET day = :day WHERE id = :id AND address = :address AND day = :before"
_AS_BEFORE = "UPDATE watcher SET mailed_at = :mailed_at, day = :day WHERE id = :id AND address = :address"
_SEEN = """
UPDATE watch SET seen = :seen, seen_at = :now WHERE watcher_id = :watcher AND kind = 'output' AND subject = :subject
"""
_REFUSED = "UPDATE watcher SET tries = tries + 1 WHERE id = :id RETURNING tries"
