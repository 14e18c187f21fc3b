"""Who is signed in, and ending a session."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.wanted import number
from sync.acts import Refused, sessions

HOWS = {"link": "link", "oidc": "identity provider"}


class Sessions:
    """`/console/sessions`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/sessions", role="admin", reads="look at sessions", show=self.show),
            Room(path="/sessions/{session}/end", role="admin", reads="", take=self.end),
        )

    def show(self, asked: Asked) -> Answer:
        """Everybody who is signed in."""
        return self._desk.paper.page(
            asked,
            "sessions.html",
            sessions=sessions.listed(asked.office),
            hows=HOWS,
            proxied=bool(asked.office.settings.sign_in.proxy_header),
        )

    def end(self, asked: Asked) -> Answer:
        """Sign one of them out, at once."""
        wanted = number(asked.path["session"])
        if not wanted:
            raise Refused("nobody is signed in by that", "unknown")
        sessions.end(asked.office, wanted)
        return self._desk.paper.went("/console/sessions")
