"""What the posts that we hold say of the accounts that made them, looked at before scores are made: habits, and signs
of gaming.

Only posts about outputs that everybody may see play a part, or a score that everybody sees would speak of the others.
That is asked of the one relation of permission, as for a badge.
"""

import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.gaming import signs
from scoring.habits import habits
from scoring.rules import RuleSet
from scoring.signs import checks
from sync.store import facts, permission, settle, unread
from sync.store.arrow import arrow, duck
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.noted import note, noted
from sync.store.rows import change_in, many, next_id, upsert

FEW = 50_000  # mentions that are looked through in a fraction of a second, so whenever there is something to score
LOOKED = "looked_at"  # the fact in `meta`: when


def look(store: Store, rules: RuleSet, *, full: bool, now: int) -> None:
    """Work out the habits of all accounts, and note those of which something else holds now; look for signs of gaming,
    and ask for new scores where a rule set leaves out what was found. More than a few mentions are looked through once
    a day, or where everything is to be scored."""
    with store.read() as db:
        short = few(db)
        if unread.awaited(db) or not (full or _due(db, short=short, now=now)):
            return
        asked = (_MARKS.format(now=now), facts.ACCOUNTS)
        told = [arrow(db, sql) for sql in asked] if short else []
    marks, accounts = told or store.backend.columns(asked)
    with store.read() as db:  # after the posts, so that what was hidden meanwhile plays no part
        public = arrow(db, permission.SHOWN + _PUBLIC, **permission.at(now))
    found, suspects = _found(marks, accounts, public) if marks.num_rows else (_NOTHING, _NOTHING)
    with store.write() as db:
        news = [_keep_habits(db, found), _keep_signs(db, suspects, rules)]
        if any(news) or not full:  # scoring everything once more without any news writes nothing
            note(db, LOOKED, now)


def few(db: Database) -> bool:
    """Whether the mentions are so few that reading all of them through the store's own connection is the quickest."""
    return next_id(db, "mention") <= FEW


def looked_at(db: Database) -> int | None:
    """When that was; None where it never was."""
    told = noted(db, LOOKED)
    return None if told is None else int(told)


def _found(marks: pa.Table, accounts: pa.Table, public: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Habits, and signs of gaming."""
    with duck() as engine:
        engine.register("marks", marks)
        engine.register("public", public)
        engine.execute("CREATE TEMP TABLE told AS SELECT * FROM marks JOIN public USING (output)")
        posts = engine.table("told")
        return habits(posts, connection=engine), signs(posts, accounts, connection=engine)


def _due(db: Database, *, short: bool, now: int) -> bool:
    last = looked_at(db)
    if last is None or not last <= now < last + DAY:
        return True
    return short and bool(db.execute(text(_SOMETHING), {"now": now}).scalar())


def _keep_habits(db: Database, found: pa.Table) -> bool:
    """Write the habits that are others now; whether there are any."""
    now = {row["account"]: (row["posts"], row["share"]) for row in found.to_pylist()}
    rows = db.exec_driver_sql("SELECT account_id, posts, share FROM account_habit")
    before = {row.account_id: (row.posts, row.share) for row in rows}
    changed = [id_ for id_ in now if now[id_] != before.get(id_)]
    gone = before.keys() - now.keys()
    facts.note(db, [*changed, *gone])
    change_in(db, "DELETE FROM account_habit WHERE account_id IN :values", gone)
    put = upsert("account_habit", ("account_id",), ("posts", "share"))
    many(db, put, [{"account_id": id_, "posts": now[id_][0], "share": now[id_][1]} for id_ in changed])
    return bool(changed or gone)


def _keep_signs(db: Database, found: pa.Table, rules: RuleSet) -> bool:
    """Write the signs that are new, and take away those that are none any more; whether there are such."""
    now = {(row["output"], row["mention"], row["sign"]) for row in found.to_pylist()}
    before = set(map(tuple, db.exec_driver_sql("SELECT output_id, mention_id, sign FROM sign").fetchall()))
    names = ("output", "mention", "sign")
    many(db, _NO_SIGN, [dict(zip(names, row, strict=True)) for row in sorted(before - now)])
    many(db, _SIGN, [dict(zip(names, row, strict=True)) for row in sorted(now - before)])
    excluded = {checks()[name].number for name in rules.exclude}
    concerned = {output for output, _, sign in now ^ before if sign in excluded}
    if concerned:
        settle.wish(db, concerned)
    return now != before


_NOTHING = pa.table({})  # where no account has posted anything
_MARKS = """
SELECT output_id AS output, mention_id AS mention, account_id AS account, occurred_at AS occurred
FROM mark WHERE account_id >= 0 AND taken_at = -1 AND occurred_at <= {now}
"""
_PUBLIC = """
SELECT s.output_id AS output, o.journal_id AS journal FROM shown_output s JOIN output o ON o.id = s.output_id
WHERE s.audience = 'public'
"""
_SOMETHING = """
SELECT EXISTS (SELECT 1 FROM dirty) OR EXISTS (SELECT 1 FROM coming WHERE occurred_at <= :now)
"""
_SIGN = "INSERT INTO sign (output_id, mention_id, sign) VALUES (:output, :mention, :sign)"
_NO_SIGN = "DELETE FROM sign WHERE output_id = :output AND mention_id = :mention AND sign = :sign"
