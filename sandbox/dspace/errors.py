"""How DSpace refuses: one JSON form for every error, with the words of Spring and of DSpace."""

from datetime import datetime
from http import HTTPStatus

MESSAGES = {
    400: "Request is invalid or incorrect",
    401: "Authentication is required",
    403: "Access is denied",
    404: "The requested resource was not found",
    405: "Method is not allowed or supported",
    415: "An exception has occurred",
    422: "Unprocessable or invalid entity",
    429: "Too many requests",
}
"""What DSpace says beside a status when it says nothing more exact."""

CSRF = "Access is denied. Invalid CSRF token."


class DSpaceError(Exception):
    """A request that is not answered as asked; `message` empty means the usual one of the status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message or MESSAGES.get(status, "An internal read or write operation failed")


def error(status: int, message: str, path: str, now: datetime) -> dict[str, object]:
    """The body of an error."""
    return {
        "timestamp": stamp(now),
        "status": status,
        "error": HTTPStatus(status).phrase if status != 422 else "Unprocessable Entity",
        "message": message,
        "path": path,
    }


def stamp(when: datetime) -> str:
    """A time as DSpace writes it: thousandths, and the offset with a colon."""
    return when.isoformat(timespec="milliseconds")
