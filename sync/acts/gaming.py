"""What the checks for gaming have found. It names accounts, so that looking is in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from scoring.signs import checks
from sync import steps, store
from sync.acts.office import Office, Refused
from sync.store.sought import Named, Seen


class Findings(NamedTuple):
    """`looked_at` is None where nobody has looked yet."""

    found: list[dict[str, Any]]
    looked_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of one output and one sign: the mentions that have it, and what the score of the output (in thousandths, as
    administrators see it) would be with `excluded` and without the sign; `in_force`: the rule set excludes it."""

    output: Named
    sign: str
    sentence: str
    mentions: Sequence[Seen]
    now: int
    excluded: int
    in_force: bool


def findings(office: Office) -> Findings:
    """Output by output, those with most mentions first."""
    with office.house.write() as db:
        told = Findings(store.gaming_found(db), store.looked_at(db))
        store.note(db, "gaming", "all outputs", by=office.by, now=office.clock(), findings=len(told.found))
    return told


def evidence(office: Office, output: int, sign: str, *, most: int) -> Evidence:
    """What one finding stands on. Raises `Refused`."""
    check = checks().get(sign)
    rules = steps.rules_in_force(office.settings)
    now = office.clock()
    with office.house.read() as db:
        key = store.output_of(db, output)
        if check is None or key is None or not (ids := store.gaming_mentions(db, key, check.number)):
            raise Refused("there is no such finding; the checks are made anew with the scores", "unknown")
        others = tuple(name for name in rules.exclude if name != sign)
        with_, without = (replace(rules, exclude=each) for each in (others, (*others, sign)))
        told = Evidence(
            output=store.sought.named(db, [key])[key],
            sign=sign,
            sentence=check.sentence,
            mentions=store.sought.seen(db, ids[:most]),
            now=store.points_by(db, key, with_, now=now),
            excluded=store.points_by(db, key, without, now=now),
            in_force=sign in rules.exclude,
        )
    with office.house.write() as db:
        store.note(db, "gaming", f"output:{output}", by=office.by, now=now, sign=sign)
    return told
