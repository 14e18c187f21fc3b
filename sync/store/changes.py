"""What a new score changes of the one that is stored, and why."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection as Database

from scoring.rules import SOURCES, RuleSet
from sync.store.rows import rows_in

Row = dict[str, Any]  # a score as it is about to be written
Parts = Sequence[Mapping[str, int]]  # what each source brought to it

SPEAKERS = {"account": "accounts", "tier": "outlets", "reach": "outlets"}  # by what a source goes by


def stored_parts(db: Database, ids: Collection[int]) -> dict[int, list[Mapping[str, int]]]:
    """What each source brought to the scores that are stored, by output."""
    found: dict[int, list[Mapping[str, int]]] = {id_: [] for id_ in ids}
    for row in rows_in(db, _PARTS, ids):
        found[row.output_id].append(row._mapping)
    return found


def differs(row: Row, before: Any, old: Parts, new: Parts) -> bool:
    """Whether there is anything to write. A score that is dated in the future is, so that it no longer is."""
    if before is None or before.scored_at > row["now"]:
        return True
    stored = (before.millipoints, before.score, before.basis, before.rules, before.version)
    told = (row["points"], row["score"], row["basis"], row["rules"], row["version"])
    return bool(stored != told) or _by_source(old) != _by_source(new)


def change(rules: RuleSet, row: Row, before: Any, old: Parts, new: Parts, *, edited: bool = False) -> Row | None:
    """A line of history with its reason; None where the score is what it was. `edited`: the constants of the rule set
    are others now, though its name and version are not."""
    other_rules = before is not None and (before.rules, before.version) != (row["rules"], row["version"])
    weighed = other_rules or (edited and before is not None)
    was = 0 if before is None else before.millipoints
    if was == row["points"] and not other_rules:
        return None
    return {**row, "before": was, "reason": "rules" if weighed else _reason(rules, old, new)}


def _reason(rules: RuleSet, old: Parts, new: Parts) -> str:
    """Other mentions, or other counts of them; or as many as before, worth more or less, which only facts about who
    speaks can bring about."""
    before, after = _by_source(old), _by_source(new)
    moved = {source for source in before | after if before.get(source) != after.get(source)}
    told = {source for source in moved if before.get(source, ())[:2] != after.get(source, ())[:2]}
    counted = {source for source in moved if {*before.get(source, ())[3:], *after.get(source, ())[3:]} == {1}}
    if told - counted:
        return "mentions"
    if counted:
        return "counts"
    by = {SOURCES[line.source]: line.by for line in rules.sources}
    spoke = {SPEAKERS.get(by[source], "mentions") for source in moved}
    return "mentions" if "mentions" in spoke or not spoke else " and ".join(sorted(spoke))


def _by_source(parts: Parts) -> dict[int, tuple[int, ...]]:
    names = ("mentions", "units", "millipoints", "tallied")
    return {part["source"]: tuple(part[name] for name in names) for part in parts}


_PARTS = """
SELECT output_id, source_id AS source, mentions, units, millipoints, tallied FROM score_source
WHERE output_id IN :values
"""
