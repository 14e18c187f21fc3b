"""A practice Mastodon on loopback: one instance, with its public timeline and single posts.

    with practice_mastodon() as server:
        number = server.post(Post(html=linked("https://doi.org/10.5555/example")))
        requests.get(server.url + "/api/v1/timelines/public", {"min_id": "0"})

It behaves as the real one: a page has the newest first, and with `min_id` those that follow it immediately; boosts,
replies and unlisted posts are in no public timeline, and a post that is edited does not come again. Append to
`server.faults` what shall go wrong.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal, cast, get_args
from urllib.parse import parse_qs, urlsplit

from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.mastodon.post import Author, Post, linked, status
from sandbox.server import Exchange, PracticeServer, serving

__all__ = ["Author", "MastodonFault", "Post", "PracticeMastodon", "What", "linked", "practice_mastodon"]

DEFAULT, MOST = 20, 40  # posts of a page
WINDOW, ALLOWED = timedelta(minutes=5), 300
SHIFT = 16  # bits of an id below its milliseconds

What = Literal[
    "status", "too many requests", "truncated", "cut short", "page again", "empty list", "shuffled", "repeated",
    "login page", "other shape",
]  # fmt: skip


@dataclass(slots=True)
class MastodonFault(Strike):
    """One thing that goes wrong: `MastodonFault("status", status=500)`. `other shape` answers as another version might,
    in which a post has other fields."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""


@contextmanager
def practice_mastodon() -> Iterator["PracticeMastodon"]:
    """Serve until the block ends."""
    with serving(PracticeMastodon()) as server:
        yield server


class PracticeMastodon(PracticeServer[MastodonFault]):
    """The running instance. Its clock stands at `now`, or goes where that is None; `shut` wants a token for the public
    timeline and says so with that status."""

    token = "practice-token"  # noqa: S105 - of nobody

    def __init__(self) -> None:
        super().__init__(0, _Exchange)
        self.posts: dict[int, Post] = {}
        self.now: datetime | None = None
        self.shut = 0
        self._last = 0

    @property
    def url(self) -> str:
        """The address of the instance."""
        return self.origin

    @property
    def time(self) -> datetime:
        """By its clock."""
        return self.now or datetime.now(UTC)

    def post(self, post: Post) -> int:
        """A post arrives, from here or from elsewhere; its id, which has the time of its arrival in it."""
        self._last = max(int(self.time.timestamp() * 1000) << SHIFT, self._last + 1)
        self.posts[self._last] = post
        return self._last

    def edit(self, number: int, html: str) -> None:
        """Its author edits a post, which stays where it was."""
        self.posts[number] = replace(self.posts[number], html=html, edited_at=self.time)

    def delete(self, number: int) -> None:
        """Its author deletes a post, with all boosts of it."""
        gone = self.posts.pop(number)
        self.posts = {each: post for each, post in self.posts.items() if post.boosts is not gone}

    def told(self, number: int) -> dict[str, Any]:
        """A post as the API tells it."""
        return status(self.origin, number, self.posts[number])

    def timeline(self, query: str) -> tuple[list[int], str]:
        """The ids of a page of the public timeline, and its `Link`."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        limit = min(int(asked.get("limit", DEFAULT)), MOST)
        shown = sorted(number for number, post in self.posts.items() if post.in_timeline)
        if "min_id" in asked:
            page = [number for number in shown if number > int(asked["min_id"])][:limit]
        else:
            page = [number for number in shown if number < int(asked.get("max_id", 2**63))][-limit:]
        page.reverse()
        address = f"{self.origin}/api/v1/timelines/public?limit={limit}"
        ways = f'<{address}&max_id={page[-1]}>; rel="next", <{address}&min_id={page[0]}>; rel="prev"' if page else ""
        return page, ways

    def limits(self) -> dict[str, str]:
        """What is left of the requests of these five minutes, and when the next begin, in ISO 8601."""
        began = self.time - (self.time - datetime.min.replace(tzinfo=UTC)) % WINDOW
        ends = (began + WINDOW).isoformat(timespec="microseconds").replace("+00:00", "Z")
        left = max(ALLOWED - len(self.requests), 1)
        return {"X-RateLimit-Limit": str(ALLOWED), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": ends}


class _Exchange(Exchange):
    server_version = "PracticeMastodon/1"

    def answer(self) -> None:
        server = cast(PracticeMastodon, self.server)
        parts = urlsplit(self.path)
        struck = server.struck(self.command, self.path)
        if "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif fault := struck.get("status"):
            self._say({"error": "Something went wrong"}, fault.status)
        elif fault := struck.get("too many requests"):
            self._say({"error": "Too many requests"}, 429, {"Retry-After": fault.retry_after})
        elif server.shut and self.headers.get("Authorization") != f"Bearer {server.token}":
            self._say({"error": "This method requires an authenticated user"}, server.shut)
        elif parts.path == "/api/v1/timelines/public":
            self._timeline(server, parts.query, struck)
        elif (number := parts.path.removeprefix("/api/v1/statuses/")).isdigit() and int(number) in server.posts:
            self._say(server.told(int(number)))
        else:
            self._say({"error": "Record not found"}, 404)

    def _timeline(self, server: PracticeMastodon, query: str, struck: dict[str, MastodonFault]) -> None:
        page, ways = server.timeline(query)
        told = [server.told(number) for number in page]
        if "empty list" in struck:
            told, ways = [], ""
        if "page again" in struck:
            ways = ways.replace(f"min_id={page[0]}" if page else "", f"min_id={parse_qs(query)['min_id'][0]}")
        if "shuffled" in struck:
            told = told[1::2] + told[::2]
        if "repeated" in struck:
            told = [each for status in told for each in (status, status)]
        if "other shape" in struck:
            told = [{"id": each["id"], "type": "Note", "body": {"html": each["content"]}} for each in told]
        self._say(told, headers={"Link": ways} if ways else {}, struck=struck)

    def _say(
        self,
        told: object,
        status: int = 200,
        headers: dict[str, str] | None = None,
        struck: dict[str, MastodonFault] | None = None,
    ) -> None:
        server = cast(PracticeMastodon, self.server)
        body = json.dumps(told).encode()
        if struck and "cut short" in struck:
            body = body[: len(body) // 2]
        part = len(body) // 2 if struck and "truncated" in struck else None
        more = {name: value for name, value in (headers or {}).items() if value}
        self.send(status, body, {**server.limits(), **more}, "application/json; charset=utf-8", part)
