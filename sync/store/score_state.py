"""How the scores stand: by what they were made, when, and how many wait to be made anew."""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import settle
from sync.store.noted import noted
from sync.store.scores import SCORED, SCORED_BY


class ScoreState(NamedTuple):
    """`made`: how many of the `scores` carry the name and version that was asked for. `scored_at` is 0 for never;
    `digest` that of the rule set which everything was last scored by (`scoring.compared.digest`), empty where none was
    noted."""

    scores: int
    made: int
    scored_at: int
    waiting: int
    digest: str


def score_state(db: Database, name: str, version: str) -> ScoreState:
    """As it is now."""
    scores, made = db.execute(text(_MADE), {"name": name, "version": version}).one()
    return ScoreState(
        scores=int(scores),
        made=int(made),
        scored_at=int(noted(db, SCORED) or 0),
        waiting=int(db.execute(text("SELECT count(*) FROM dirty")).scalar_one()),
        digest=noted(db, SCORED_BY) or "",
    )


def generations(db: Database) -> tuple[int, int]:
    """Others as soon as readers may see something else, or a score waits to be made anew."""
    return int(noted(db, "generation") or 0), settle.last_turn(db)


_MADE = """
SELECT count(*), coalesce(sum(CASE WHEN rules = :name AND version = :version THEN 1 ELSE 0 END), 0) FROM score
WHERE output_id > 0
"""
