"""Why YouTube refuses: a used-up quota and a key that it does not know have the same status."""

from dataclasses import replace

from connectors.documents import document, objects, text, within
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Answer

USED_UP = {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
UNKNOWN = {"keyInvalid", "API_KEY_INVALID", "keyExpired", "accessNotConfigured", "SERVICE_DISABLED", "forbidden"}


class UsedUp(NotAllowed):
    """The searches of today are."""


def refusal(answer: Answer) -> NotAllowed | None:
    """What an answer says of it; None where it says nothing that is known."""
    try:
        error = within(document(replace(answer, status=200)), "error")
    except NotUnderstood:
        return None
    told = [*objects(within(error, "errors")), *objects(within(error, "details"))]
    reasons = {text(each.get("reason"), most=100) for each in told}
    if reasons & USED_UP:
        return UsedUp(f"{answer.path}: the searches of today are used up; it goes on tomorrow")
    if reasons & UNKNOWN:
        mend = "check token, and that its project has the YouTube Data API"
        return NotAllowed(f"{answer.path}: the key is not accepted; {mend}")
    return None
