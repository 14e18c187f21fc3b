"""A document that was told before, looked at once more."""

from collections.abc import Iterable

from connectors.attention import Mention
from connectors.base import Ear
from connectors.policy import document, rounds
from connectors.policy.listing import Row
from connectors.policy.memory import Memory, day


def look(key: str, rows: Iterable[Row], ear: Ear) -> Mention | None:
    """As it is now; None where no row of the list has it any more. Raises what `document.read` does."""
    address = key.rpartition(" ")[2]
    row = next((each for each in rows if each.key(address) == key and each.has(address)), None)
    if row is None:
        return None
    found = document.read(ear.abroad, address, row, ear.tracked)
    if found is None:
        return Mention(key=key, deleted=True, reason="gone")
    if not found.evidence:
        return Mention(key=key, deleted=True, reason="unlinked")
    before = Memory(row, ear.noted).find(address)
    return rounds.mention(row, address, found, (before.dated if before else 0) or day(found.modified))
