"""What administrators, and the list that comes with Ringmark, say of outlets beside what sources tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import domains, facts, settle, speakers
from sync.store.database import Store
from sync.store.facts import ADMINISTRATOR, LIST
from sync.store.rows import change_in, many, next_id, rows_in, upsert

FACTS = ("name", "country", "language", "tier", "reach", "active")
SAID_BY = {ADMINISTRATOR: "administrator", LIST: "list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFacts:
    """What is said of an outlet; an empty text and -1 are not said. `tier` is 1 to 4, `reach` in thousandths, `active`
    0 where it has closed. Domains are sorted, and each stands for all that is below it, too."""

    outlet: str
    name: str = ""
    domains: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    tier: int = -1
    reach: int = -1
    active: int = -1

    @property
    def nothing(self) -> bool:
        """Whether nothing is said at all, which takes back what was."""
        return self == OutletFacts(outlet=self.outlet)


def say(db: Database, said: Sequence[OutletFacts], by: int = ADMINISTRATOR) -> tuple[int, int]:
    """Keep what is said of outlets, in place of what the same one said of each before. How many outlets that changes,
    and how many outputs must be scored anew for it."""
    before = {each.outlet: each for each in said_by(db, by)}
    ids = _ids(db, [each.outlet for each in said if not each.nothing or each.outlet in before])
    changed = {
        ids[each.outlet]: each
        for each in said
        if each.outlet in ids and each != before.get(each.outlet, OutletFacts(outlet=each.outlet))
    }
    weights = facts.weights(db, changed)
    change_in(db, "DELETE FROM outlet_said WHERE said_by = :by AND outlet_id IN :values", changed, by=by)
    change_in(db, "DELETE FROM outlet_domain WHERE said_by = :by AND outlet_id IN :values", changed, by=by)
    told = {id_: each for id_, each in changed.items() if not each.nothing}
    rows = [{"outlet_id": id_, "said_by": by, **{f: getattr(each, f) for f in FACTS}} for id_, each in told.items()]
    many(db, upsert("outlet_said", ("outlet_id", "said_by"), FACTS), rows)
    many(db, _DOMAIN, [{"domain": d, "by": by, "outlet": id_} for id_, each in told.items() for d in each.domains])
    now = facts.weights(db, changed)
    concerned = speakers.spoken_of(db, "outlet_id", [id_ for id_ in changed if now[id_] != weights[id_]])
    if any(_placing(each) != _placing(before.get(each.outlet)) for each in changed.values()):
        concerned |= domains.rematch(db)
    if concerned:
        settle.wish(db, concerned)
    return len(changed), len(concerned)


def learn(store: Store, listed: Sequence[OutletFacts]) -> None:
    """Let the store hold the list of this version, and nothing that an earlier one said."""
    with store.read() as db:
        known = {each.outlet: each for each in said_by(db, LIST)}
    if known == {each.outlet: each for each in listed}:
        return
    gone = known.keys() - {each.outlet for each in listed}
    with store.write() as db:
        say(db, [*listed, *(OutletFacts(outlet=outlet) for outlet in sorted(gone))], LIST)


def said_by(db: Database, by: int = ADMINISTRATOR) -> list[OutletFacts]:
    """What one of them says, by outlet."""
    named: dict[int, list[str]] = {}
    for row in db.execute(text("SELECT * FROM outlet_domain WHERE said_by = :by"), {"by": by}):
        named.setdefault(row.outlet_id, []).append(row.domain)
    return [
        OutletFacts(
            outlet=row.key,
            domains=tuple(sorted(named.get(row.outlet_id, ()))),
            **{name: getattr(row, name) for name in FACTS},
        )
        for row in db.execute(text(_SAID), {"by": by})
    ]


def said_of(db: Database, outlet: str) -> OutletFacts:
    """What an administrator says of an outlet, which may be nothing."""
    return next((each for each in said_by(db) if each.outlet == outlet), OutletFacts(outlet=outlet))


def holds(db: Database, *, every: bool, only: str = "") -> list[tuple[OutletFacts, str]]:
    """What holds of outlets, and who says so of the tier; without `every`, of those an administrator speaks of; of
    `only` one where that is named."""
    layers = {by: {each.outlet: each for each in said_by(db, by)} for by in SAID_BY}
    given = {domain: each.outlet for each in layers[ADMINISTRATOR].values() for domain in each.domains}
    told = db.execute(text(_TOLD_ONE if only else _TOLD), {"key": only} if only else {})
    rows = [row for row in told if every or row.key in layers[ADMINISTRATOR]]
    weights = facts.weights(db, [row.id for row in rows])
    joint = [_joint(row, [layers[by].get(row.key) for by in SAID_BY], weights[row.id]) for row in rows]
    return [(replace(each, domains=_still(each, given)), tier_by) for each, tier_by in joint]


def domain_owner(db: Database, domain: str) -> str:
    """The outlet that has exactly this domain by an administrator's word; empty where none has."""
    return str(db.execute(text(_OWNER), {"domain": domain, "by": ADMINISTRATOR}).scalar() or "")


def _joint(told: Any, said: Sequence[OutletFacts | None], weights: tuple[int, int]) -> tuple[OutletFacts, str]:
    source = OutletFacts(outlet=told.key, name=told.name, country=told.country, tier=told.tier)
    administrator, listed = said
    layers = [(name, each) for name, each in (("administrator", administrator), ("source", source), ("list", listed))
              if each is not None]  # fmt: skip
    joint = OutletFacts(
        outlet=told.key,
        domains=tuple(sorted({domain for _, each in layers for domain in each.domains})),
        tier=weights[0],
        reach=weights[1],
        active=next((each.active for _, each in layers if each.active >= 0), -1),
        **{name: next((getattr(each, name) for _, each in layers if getattr(each, name)), "") for name in FACTS[:3]},
    )
    return joint, next((name for name, each in layers if each.tier >= 0), "")


def _still(each: OutletFacts, given: Mapping[str, str]) -> tuple[str, ...]:
    """The domains of an outlet without those that an administrator has given to another."""
    return tuple(domain for domain in each.domains if given.get(domain, each.outlet) == each.outlet)


def _placing(each: OutletFacts | None) -> tuple[object, ...]:
    """What decides whose an address is."""
    return (each.domains, each.active) if each else ((), -1)


def _ids(db: Database, keys: Iterable[str]) -> dict[str, int]:
    """The row keys of outlets, made where nobody has spoken of them yet."""
    wanted = list(dict.fromkeys(keys))
    known = {row.key: row.id for row in rows_in(db, "SELECT id, key FROM outlet WHERE key IN :values", wanted)}
    first = next_id(db, "outlet")
    new = {key: first + place for place, key in enumerate(key for key in wanted if key not in known)}
    many(db, _NEW, [{"id": id_, "key": key} for key, id_ in new.items()])
    return known | new


_NEW = "INSERT INTO outlet (id, key, name, country, tier, reach) VALUES (:id, :key, '', '', -1, -1)"
_DOMAIN = "INSERT INTO outlet_domain (domain, said_by, outlet_id) VALUES (:domain, :by, :outlet)"
_OWNER = """
SELECT o.key FROM outlet_domain d JOIN outlet o ON o.id = d.outlet_id WHERE d.domain = :domain AND d.said_by = :by
"""
_SAID = "SELECT o.key, s.* FROM outlet_said s JOIN outlet o ON o.id = s.outlet_id WHERE s.said_by = :by ORDER BY o.key"
_TOLD = "SELECT * FROM outlet ORDER BY key"
_TOLD_ONE = "SELECT * FROM outlet WHERE key = :key"
