"""What the checks for gaming have found, for administrators only: it names accounts."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.signs import checks
from sync.store.accounts import NAMES


def findings(db: Database) -> list[dict[str, Any]]:
    """By output and check, those with most mentions first: how many mentions, and of which accounts."""
    names = {check.number: check.name for check in checks().values()}
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in db.execute(text(_FOUND)):
        found[row.output_id, row.sign].append(row)
    told = [
        {
            "output": str(rows[0].public_id),
            "identifier": f"doi:{rows[0].doi}" if rows[0].doi else f"output:{rows[0].public_id}",
            "sign": names[sign],
            "mentions": sum(row.mentions for row in rows),
            "accounts": [
                {"account": f"{NAMES[row.source_id]}:{row.key}", "name": row.name or None, "mentions": row.mentions}
                for row in rows
            ],
        }
        for (_, sign), rows in found.items()
    ]
    return sorted(told, key=lambda each: (-each["mentions"], each["identifier"], each["sign"]))


def mentions_with(db: Database, output: int, sign: int) -> list[int]:
    """The row keys of the mentions of an output that have a sign, by its number; the newest first."""
    rows = db.execute(text(_WITH), {"output": output, "sign": sign})
    return [int(row.id) for row in rows]


_FOUND = """
SELECT s.output_id, s.sign, o.public_id, o.doi, c.source_id, c.key, c.name, count(*) AS mentions
FROM sign s JOIN output o ON o.id = s.output_id JOIN mention m ON m.id = s.mention_id AND m.refused = 0
JOIN account c ON c.id = m.account_id
GROUP BY s.output_id, s.sign, o.public_id, o.doi, c.source_id, c.key, c.name
ORDER BY count(*) DESC, c.source_id, c.key
"""
_WITH = """
SELECT m.id FROM sign s JOIN mention m ON m.id = s.mention_id AND m.refused = 0
WHERE s.output_id = :output AND s.sign = :sign ORDER BY m.occurred_at DESC, m.id DESC
"""
