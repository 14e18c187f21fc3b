"""How a practice Figshare answers: who may ask what, and how its lists are cut into pages."""

import hmac
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.figshare import bodies
from sandbox.figshare.holdings import Account, Article, Holdings

PAGE, SIZE, OFFSET = 5000, 1000, 5000
"""The largest page, page size and offset that the contract has."""


class FigshareError(Exception):
    """An answer that is none."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Answers:
    """Of one server. `cap`: rows of a list beyond which pages are refused, since the texts name several."""

    def __init__(self, holdings: Holdings, token: str) -> None:
        self.holdings, self.token = holdings, token
        self.administrator, self.cap = True, 5_000_000

    def answer(self, path: str, query: str, headers: Mapping[str, str], bends: Collection[str]) -> Any:
        """The body; raises `FigshareError`."""
        asked = dict(parse_qsl(query, keep_blank_values=True))
        for shape, reply in self._ways():
            if found := re.fullmatch(shape, path):
                if path.startswith("/account"):
                    self._admit(headers)
                return reply(asked, bends, *map(int, found.groups()))
        raise FigshareError(404, "There is no such place.")

    def _ways(self) -> tuple[tuple[str, Callable[..., Any]], ...]:
        return (
            (r"/account/institution", lambda *_: bodies.institution()),
            (r"/account/institution/articles", self._articles),
            (r"/account/institution/accounts", self._accounts),
            (r"/account/institution/accounts/(\d+)", lambda _, __, key: bodies.full(self._account(key))),
            (r"/account/institution/users/(\d+)", lambda _, __, key: bodies.user(self._account(key))),
            (r"/articles/(\d+)/versions", lambda _, __, key: bodies.versions(self._article(key))),
            (r"/articles/(\d+)", lambda _, __, key: bodies.public(self.holdings, self._article(key))),
        )

    def _admit(self, headers: Mapping[str, str]) -> None:
        given = headers.get("Authorization") or ""
        if not hmac.compare_digest(given.encode(), f"token {self.token}".encode()):
            raise FigshareError(401, "The token is missing, unknown or has ended.")
        if not self.administrator:
            raise FigshareError(403, "The account is no administrator of the institution.")

    def _articles(self, asked: Mapping[str, str], bends: Collection[str]) -> list[Any]:
        since = asked.get("modified_since")
        rows = [each for each in self.holdings.articles.values() if since is None or each.modified > _moment(since)]
        dates: dict[str, Callable[[Article], tuple[bool, datetime]]] = {
            "modified_date": lambda each: (True, each.modified),
            "published_date": lambda each: (each.published, each.first_published),
        }
        order, direction = asked.get("order", "published_date"), asked.get("order_direction", "desc")
        if order not in dates or direction not in ("asc", "desc"):
            raise FigshareError(422, "There is no such order.")
        rows.sort(key=lambda each: each.id)
        rows.sort(key=dates[order], reverse=direction == "desc")
        return self._page([bodies.listed(each) for each in rows], asked, bends)

    def _accounts(self, asked: Mapping[str, str], bends: Collection[str]) -> list[Any]:
        rows = [each for _, each in sorted(self.holdings.accounts.items())]
        if (active := asked.get("is_active")) is not None:
            rows = [each for each in rows if str(int(each.active)) == active]
        return self._page([bodies.short(each) for each in rows], asked, bends)

    def _page(self, rows: list[Any], asked: Mapping[str, str], bends: Collection[str]) -> list[Any]:
        """One page, by `page` and `page_size` or by `limit` and `offset`, which do not mix."""
        by_page, by_offset = {"page", "page_size"} & asked.keys(), {"limit", "offset"} & asked.keys()
        if by_page and by_offset:
            raise FigshareError(422, "Pages and offsets do not mix.")
        size = _number(asked.get("limit" if by_offset else "page_size", "10"), 1, SIZE)
        page = _number(asked.get("page", "1"), 1, PAGE)
        start = _number(asked.get("offset", "0"), 0, OFFSET) if by_offset else (page - 1) * size
        if "page again" in bends:
            start = max(0, start - size)
        if start >= self.cap:
            raise FigshareError(422, "That is beyond the limit of this list.")
        if "shuffled" in bends:
            rows = rows[::-1]
        cut = [] if "empty list" in bends else rows[start : start + size]
        return [row for row in cut for _ in range(2)] if "repeated" in bends else cut

    def _account(self, key: int) -> Account:
        if key not in self.holdings.accounts:
            raise FigshareError(404, "There is no such account.")
        return self.holdings.accounts[key]

    def _article(self, key: int) -> Article:
        """What nobody published is not there for anybody."""
        article = self.holdings.articles.get(key)
        if article is None or not article.published:
            raise FigshareError(404, "There is no such article.")
        return article


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        raise FigshareError(422, f"{text[:20]} is not from {least} to {most}.")
    return int(text)


def _moment(text: str) -> datetime:
    """`modified_since`: a day, or a time in UTC."""
    for shape in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise FigshareError(400, "modified_since is no date.")
