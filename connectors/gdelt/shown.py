"""One article, as its outlet shows it now."""

from datetime import UTC, datetime

from connectors import pages
from connectors.attention import Mention
from connectors.base import Ear


def shown(key: str, url: str, ear: Ear) -> Mention | None:
    """Gone, or as it is now; None where the page does not say when it was published, or shows nothing of what it was
    told to name. What else it names does not count: a page has menus, and lists of other articles. Of one that was gone
    nobody knows any more what it named, and all counts that is seen."""
    seen = pages.look(ear.abroad, url, ear.tracked)
    if seen is None:
        return Mention(key=key, deleted=True, reason="gone")
    named = ear.told([key]).get(key)
    evidence = tuple(each for each in seen.evidence if named is None or each.identifier in named)
    at = _moment(seen.head.published)
    if not evidence or at is None:
        return None
    return Mention(
        key=key,
        source="news",
        url=key,
        title=seen.head.title,
        occurred_at=at,
        targets=tuple(each.identifier for each in evidence),
        evidence=evidence,
    )


def _moment(said: str) -> datetime | None:
    """Of a time, or of a whole day by its first instant."""
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
