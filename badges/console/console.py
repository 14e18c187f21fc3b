"""All of the console, put together: its parts, each behind the one door."""

from collections.abc import Callable
from typing import Any

from starlette.routing import BaseRoute, Route

from badges.answers import Answers
from badges.console.desk import ConsoleDesk, ConsolePaper
from badges.console.door import Door, endpoint
from badges.console.overview import Overview
from badges.console.provided import Provided
from badges.console.room import Room
from badges.console.sessions import Sessions
from badges.console.settled import Settled
from badges.console.sign_in import SignIn
from badges.console.slow import Slow
from badges.console.tokens import Tokens
from badges.console.visitors import Visitors
from badges.paper import Paper
from badges.readers import Readers
from config.settings import Settings
from sync.store import Hot, Store

ASSETS = ("htmx.js", "console.css")


class Console:
    """`routes` is all that it answers, `visitors` knows who is signed in. Its readers are its own, so that what takes
    an administrator long keeps nobody else waiting."""

    def __init__(
        self, house: Store, hot: Hot, answers: Answers, paper: Paper, settings: Settings, *, clock: Callable[[], int]
    ) -> None:
        readers, settled = Readers(hot, answers), Settled(house, settings, clock)
        told: dict[str, Any] = {"institution": paper.name, "assets": paper.paths}
        desk = ConsoleDesk(answers=answers, paper=ConsolePaper(answers, told, paper.prefix))
        secure = paper.address.startswith("https://")
        self.visitors, slow = Visitors(settled, secure=secure, prefix=paper.prefix), Slow()
        door = Door(desk, readers, settled, self.visitors, address=paper.address)
        provided = Provided(desk, Readers(hot, answers), settled, self.visitors, slow)
        sign_in = SignIn(desk, readers, settled, self.visitors, provided, slow)
        parts = (Overview(desk), Sessions(desk), Tokens(desk), sign_in)
        rooms = [room for part in parts for room in part.rooms]
        outside = (*sign_in.routes, *provided.routes)
        self.routes: tuple[BaseRoute, ...] = (*outside, *(_route(door, room) for room in rooms))


def _route(door: Door, room: Room) -> Route:
    methods = [*(["GET"] if room.show else []), *(["POST"] if room.take else [])]
    return Route(f"/console{room.path}", endpoint(door, room), methods=methods, name=f"console{room.path}")
