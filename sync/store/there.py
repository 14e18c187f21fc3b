"""What was pushed where, row by row as the ledger knows it: for administrators, who ask where a badge stands.

Nothing here asks a system: what stands there by now may be another's work, which the next push finds out.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.pushing import CONNECTION

State = Literal["stands", "differs", "withdraw", "doubt", "edited", "failed", "nowhere"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One output at one connection's system. `value` is what stands there of ours as far as is known, `shows` the score
    that its badge shows now, -1 where it has none; `title` is that of a hidden output too."""

    id: int
    output: int
    title: str
    state: State
    audience: str
    target: str
    field: str
    found_by: str
    address: str
    value: str
    shows: int
    written_at: int
    tries: int
    next_at: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is looked for at a connection: a state, an output by its public id, an address or an identifier as the
    ledger has them; all of it where none is given. `edited` is what the ledger says of what somebody else wrote, and
    badges' addresses begin with `badges`."""

    name: str
    badges: str
    edited: str
    state: State | None = None
    output: int = 0
    words: str = ""


def counted(db: Database, looked: Looked, *, now: int) -> dict[State, int]:
    """How many rows there are in each state. Goes through all of them."""
    rows = {row.state: row.n for row in db.execute(text(_COUNTED), _asked(looked, now))}
    return {state: rows.get(state, 0) for state in STATES}


def rows(db: Database, looked: Looked, *, after: int, most: int, now: int) -> list[There]:
    """So many of them, after the row `after`."""
    sql = _ROWS.format(
        by="" if looked.output else "+",  # in the order of the ids, which an index by connection would have to sort
        output="AND p.output = :output" if looked.output else "",
        words="AND (p.address = :words OR p.identifier = :words)" if looked.words else "",
        state="WHERE state = :state" if looked.state else "",
    )
    found = db.execute(text(sql), {**_asked(looked, now), "after": after, "most": most})
    return [There(**row._mapping) for row in found]


def _asked(looked: Looked, now: int) -> dict[str, object]:
    return {
        "name": looked.name,
        "badges": looked.badges,
        "edited": looked.edited,
        "state": looked.state or "",
        "output": looked.output,
        "words": looked.words,
        "now": now,
    }


_ALLOWED = """
EXISTS (SELECT 1 FROM badge_identifier i WHERE i.audience = b.audience AND i.output_id = b.output_id
  AND i.scheme = p.scheme AND i.value = p.identifier)
"""
_SAME = ":badges || p.output || '.svg ' || b.score || ' '"
_STATE = f"""
CASE WHEN (p.value <> '' OR p.intended <> '') AND NOT {_ALLOWED} THEN 'withdraw'
  WHEN p.intended <> '' THEN 'doubt'
  WHEN p.why = :edited THEN 'edited'
  WHEN p.address = '' THEN 'nowhere'
  WHEN p.why <> '' THEN 'failed'
  WHEN p.value = '' OR substr(p.value, 1, length({_SAME})) <> {_SAME} THEN 'differs'
  ELSE 'stands' END
"""
_BADGE = "LEFT JOIN badge b ON b.audience = p.audience AND b.public_id = p.output AND b.closes_at > :now"
_COUNTED = f"""
SELECT state, count(*) AS n FROM (
  SELECT {_STATE} AS state FROM pushed p {_BADGE} WHERE p.connection_id = ({CONNECTION})) AS s GROUP BY state
"""
_ROWS = f"""
SELECT * FROM (
  SELECT p.id, p.output, coalesce(o.title, '') AS title, {_STATE} AS state, p.audience, p.target, p.field,
    CASE WHEN p.scheme = '' THEN '' ELSE p.scheme || ':' || p.identifier END AS found_by, p.address,
    CASE WHEN p.value <> '' THEN p.value ELSE p.intended END AS value, coalesce(b.score, -1) AS shows, p.written_at,
    p.tries, p.next_at, p.why
  FROM pushed p {_BADGE} LEFT JOIN output o ON o.public_id = p.output
  WHERE {{by}}p.connection_id = ({CONNECTION}) AND p.id > :after {{output}} {{words}}) AS s
{{state}} ORDER BY id LIMIT :most
"""
