"""How the scores stand: by what they were made, when, and how many wait to be made anew."""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import settle
from sync.store.noted import noted
from sync.store.scores import SCORED, SCORED_BY


class ScoreState(NamedTuple):
    """`by`: rule set, version and how many scores carry them, the most first. `scored_at` is 0 for never; `digest` that
    of the rule set which everything was last scored by (`scoring.compared.digest`), empty where none was noted."""

    by: list[tuple[str, str, int]]
    scored_at: int
    waiting: int
    digest: str


def score_state(db: Database) -> ScoreState:
    """As it is now."""
    return ScoreState(
        by=[(row.rules, row.version, int(row.outputs)) for row in db.execute(text(_BY))],
        scored_at=int(noted(db, SCORED) or 0),
        waiting=int(db.execute(text("SELECT count(*) FROM dirty")).scalar_one()),
        digest=noted(db, SCORED_BY) or "",
    )


def generations(db: Database) -> tuple[int, int]:
    """Others as soon as readers may see something else, or a score waits to be made anew."""
    return int(noted(db, "generation") or 0), settle.last_turn(db)


_BY = """
SELECT rules, version, count(*) AS outputs FROM score WHERE output_id > 0
GROUP BY rules, version ORDER BY outputs DESC, rules, version
"""
