"""How InvenioRDM refuses: one JSON form, with its own words beside each status."""

from typing import Any

MESSAGES = {
    400: "Invalid querystring parameters.",
    401: "The server could not verify that you are authorized to access the URL requested.",
    403: "Permission denied.",
    404: "The persistent identifier does not exist.",
    405: "The method is not allowed for the requested URL.",
    410: "The record has been deleted.",
    412: "Revision id provided doesn't match record's current one.",
    429: "429 Too Many Requests",
}
"""What is said when there is nothing more exact."""


class InvenioError(Exception):
    """A request that is not answered as asked; `more` stands beside status and message."""

    def __init__(self, status: int, message: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status, self.more = status, more
        self.message = message or MESSAGES.get(status, "Internal server error")

    @property
    def body(self) -> dict[str, Any]:
        """As it is answered."""
        return {"status": self.status, "message": self.message, **self.more}
