"""One Figshare's API, v2, as an administrator's token sees it: lists, the public view of an article, profiles."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from connectors.documents import JSON, Document, document, documents, value
from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Answer, Client

ARTICLES, ACCOUNTS = 100, 1000  # rows a page; the contract allows 1000, but each article costs a request of its own
ABSENT = frozenset({404, 410})
EXAMPLE = "https://api.figshare.com/v2"
BEYOND = frozenset({400, 422})  # how pages beyond a limit are refused; the limit differs from one text to another


class Refused(NotUnderstood):
    """The API does not give that one page, or that one thing."""


class Api:
    """Every method raises `TryLater`, `NotAllowed` or `NotUnderstood`."""

    def __init__(self, client: Client, per_page: int | None) -> None:
        self._client = client
        self._per_page = per_page

    def institution(self) -> datetime | None:
        """Ask who is there; the time that the API's own clock tells."""
        with self._client.get("/account/institution", accept=JSON) as answer:
            if answer.status in ABSENT:
                raise NotUnderstood(f"{answer.path}: no Figshare answers here; set url to the API, such as {EXAMPLE}")
            document(answer)
            return answer.date

    def articles(self, since: str, page: int) -> list[Any]:
        """One page of all articles of the institution, drafts too: those that changed longest ago come first."""
        asked = {"order": "modified_date", "order_direction": "asc", **({"modified_since": since} if since else {})}
        return self._listed("/account/institution/articles", page, ARTICLES, asked)

    def accounts(self, page: int) -> list[Any]:
        """One page of all accounts of the institution."""
        return self._listed("/account/institution/accounts", page, ACCOUNTS, {})

    def article(self, key: str) -> object:
        """What everybody is told of an article; None where there is no such thing.

        Not what its owner sees: that would have the title and authors of the next version before it is published."""
        with self._client.get(f"/articles/{quote(key, safe='')}", accept=JSON, refusal=_refused) as answer:
            return None if answer.status in ABSENT else value(answer)

    def versions(self, key: str) -> list[Any]:
        """The versions of an article that everybody is shown."""
        with self._client.get(f"/articles/{quote(key, safe='')}/versions", accept=JSON, refusal=_refused) as answer:
            return [] if answer.status in ABSENT else documents(answer)

    def account(self, key: str) -> Document | None:
        """One account; None where it is not, or no longer, one of this institution's."""
        return self._own(f"/account/institution/accounts/{quote(key, safe='')}")

    def user(self, account: str) -> Document | None:
        """The profile of an account; None where there is none."""
        return self._own(f"/account/institution/users/{quote(account, safe='')}")

    def _own(self, path: str) -> Document | None:
        with self._client.get(path, accept=JSON, refusal=_refused) as answer:
            return None if answer.status in ABSENT else document(answer)

    def _listed(self, path: str, page: int, most: int, asked: Mapping[str, str]) -> list[Any]:
        size = min(most, self._per_page or most)
        with self._client.get(path, {"page": str(page), "page_size": str(size), **asked}, accept=JSON) as answer:
            if answer.status in BEYOND:
                raise Refused(f"{answer.path}: page {page} is refused with status {answer.status}")
            return documents(answer)


def _refused(answer: Answer) -> ConnectorError | None:
    """That one thing is refused says nothing of the others."""
    mend = "is the token still that of an administrator?"
    return Refused(f"{answer.path}: refused with status 403; {mend}") if answer.status == 403 else None
