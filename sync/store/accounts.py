"""What administrators say of accounts beside what sources tell, and everything known of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.rules import SOURCES, RuleSet
from sync.store import facts, scores
from sync.store.clock import DAY, stamp
from sync.store.rows import change_in, many, next_id, rows_in, upsert

NAMES = {number: name for name, number in SOURCES.items()}
FACTS = ("name", "followers", "posts", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is said of an account of a source; an empty text and -1 are not said. `posts` are those about outputs in a
    month and `share` is that of one journal's domain, both in thousandths."""

    source: str
    account: str
    name: str = ""
    followers: int = -1
    posts: int = -1
    share: int = -1

    @property
    def key(self) -> tuple[int, str]:
        """The source's number, and the account's id in it."""
        return SOURCES[self.source], self.account

    @property
    def nothing(self) -> bool:
        """Whether nothing is said at all, which takes back what was."""
        return self == AccountFacts(source=self.source, account=self.account)


def say(db: Database, said: Sequence[AccountFacts], rules: RuleSet) -> tuple[int, int]:
    """Keep what an administrator says of accounts, in place of what was said of each before. How many accounts that
    changes, and how many outputs must be scored anew for it."""
    return keep(db, said), scores.wish_moved(db, rules)


def keep(db: Database, said: Sequence[AccountFacts]) -> int:
    """The same, but the next score finds out which outputs it is about."""
    before = {each.key: each for each in said_by_administrators(db)}
    ids = _ids(db, [each.key for each in said if not each.nothing or each.key in before])
    blank = {each.key: AccountFacts(source=each.source, account=each.account) for each in said}
    changed = {
        ids[each.key]: each for each in said if each.key in ids and each != before.get(each.key, blank[each.key])
    }
    facts.note(db, changed)
    change_in(db, "DELETE FROM account_said WHERE account_id IN :values", changed)
    rows = [
        {"account_id": id_, **{name: getattr(each, name) for name in FACTS}}
        for id_, each in changed.items()
        if not each.nothing
    ]
    many(db, upsert("account_said", ("account_id",), FACTS), rows)
    return len(changed)


def said_by_administrators(db: Database) -> list[AccountFacts]:
    """What they say, by source and account."""
    return _facts(db.execute(text(_SAID)))


def hold(db: Database, *, every: bool) -> list[AccountFacts]:
    """What holds of accounts; without `every`, of those that an administrator speaks of."""
    which = "LEFT JOIN" if every else "JOIN"
    return _facts(db.execute(text(_HOLD.format(which=which))))


def story(db: Database, source: str, account: str, rules: RuleSet) -> dict[str, Any] | None:
    """Everything known of one account: who says what, followers over time, and what its factor is made of; None where
    nobody has spoken of it. For administrators only."""
    asked = {"source": SOURCES[source], "key": account}
    row = db.execute(text("SELECT * FROM account WHERE source_id = :source AND key = :key"), asked).one_or_none()
    if row is None:
        return None
    (holds,) = rows_in(db, f"{facts.ACCOUNTS} WHERE c.id IN :values", [row.id])
    said = db.execute(text("SELECT * FROM account_said WHERE account_id = :id"), {"id": row.id}).one_or_none()
    habit = db.execute(text(_HABIT), {"id": row.id}).one_or_none()
    past = db.execute(text("SELECT * FROM account_past WHERE account_id = :id ORDER BY day"), {"id": row.id})
    return {
        "account": f"{source}:{account}",
        "id": row.id,
        "name": (said.name if said else "") or row.name,
        "holds": _numbers(holds),
        "administrator": _numbers(said) if said else None,
        "source": _numbers(row),
        "posts": _numbers(habit) if habit else None,
        "followers_until": [{"day": stamp(each.day * DAY)[:10], "followers": each.followers} for each in past],
        "factor": {
            "rules": {"name": rules.name, "version": rules.version},
            **{name: milli / 1000 for name, milli in scores.factor(db, row.id, rules).items()},
        },
    }


def _numbers(row: Any) -> dict[str, Any]:
    return {
        "followers": row.followers if row.followers >= 0 else None,
        "posts_per_month": row.posts / 1000 if row.posts >= 0 else None,
        "domain_share": row.share / 1000 if row.share >= 0 else None,
    }


def _facts(rows: Any) -> list[AccountFacts]:
    return [
        AccountFacts(source=NAMES[row.source_id], account=row.key, **{name: getattr(row, name) for name in FACTS})
        for row in rows
    ]


def _ids(db: Database, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The row keys of accounts, made where nobody has spoken of them yet."""
    known = {
        (source, row.key): row.id
        for source in {source for source, _ in keys}
        for row in rows_in(db, _KNOWN, {key for owner, key in keys if owner == source}, source=source)
    }
    first = next_id(db, "account")
    new = {key: first + place for place, key in enumerate(key for key in dict.fromkeys(keys) if key not in known)}
    many(db, _NEW, [{"id": id_, "source": source, "key": key} for (source, key), id_ in new.items()])
    return known | new


_KNOWN = "SELECT id, key FROM account WHERE source_id = :source AND key IN :values"
_NEW = """
INSERT INTO account (id, source_id, key, name, followers, posts, share) VALUES (:id, :source, :key, '', -1, -1, -1)
"""
_SAID = """
SELECT c.source_id, c.key, s.name, s.followers, s.posts, s.share
FROM account_said s JOIN account c ON c.id = s.account_id ORDER BY c.source_id, c.key
"""
_HABIT = "SELECT -1 AS followers, posts, share FROM account_habit WHERE account_id = :id"
_HOLD = f"""
SELECT c.source_id, c.key, CASE WHEN s.name <> '' THEN s.name ELSE c.name END AS name, h.followers, h.posts, h.share
FROM ({facts.ACCOUNTS}) AS h JOIN account c ON c.id = h.account {{which}} account_said s ON s.account_id = c.id
ORDER BY c.source_id, c.key
"""
