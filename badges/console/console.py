"""All of the console, put together: its parts, each behind the one door."""

from collections.abc import Callable
from typing import Any, Protocol

from starlette.routing import BaseRoute, Route

from badges.answers import Answers
from badges.console.audit import Audit
from badges.console.begin import Begin
from badges.console.connections import Connections
from badges.console.decisions import Decisions
from badges.console.desk import ConsoleDesk, ConsolePaper
from badges.console.door import Door, endpoint
from badges.console.flags import Flags
from badges.console.forget import Forget
from badges.console.gaming import GamingPages
from badges.console.hides import Hides
from badges.console.mentions import MentionPages
from badges.console.outlets import OutletPages
from badges.console.overview import Overview
from badges.console.provided import Provided
from badges.console.reports import ReportPages
from badges.console.requests import Requests
from badges.console.room import Room
from badges.console.rule_compare import RuleCompare
from badges.console.rule_edit import RuleEdit
from badges.console.rules import Rules
from badges.console.scope import ScopeEditor
from badges.console.scope_changes import ScopeChanges
from badges.console.score import Score
from badges.console.sessions import Sessions
from badges.console.setaside import SetAside
from badges.console.settled import Settled
from badges.console.sign_in import SignIn
from badges.console.slow import Slow
from badges.console.there import Pushed
from badges.console.tokens import Tokens
from badges.console.visitors import Visitors
from badges.console.votes import Votes
from badges.console.why import Why
from badges.paper import Paper
from badges.readers import Readers
from config.settings import Settings
from sync.store import Hot, Store

ASSETS = ("htmx.js", "console.css")


class Console:
    """`routes` is all that it answers, `visitors` knows who is signed in, `slow` makes guessing slow. Its readers are
    its own, so that what takes an administrator long keeps nobody else waiting; its answers are for one reader
    alone."""

    def __init__(
        self, house: Store, hot: Hot, answers: Answers, paper: Paper, settings: Settings, *, clock: Callable[[], int]
    ) -> None:
        answers = Answers(secure=answers.secure, private=True)
        readers, settled = Readers(hot, answers), Settled(house, settings, clock)
        told: dict[str, Any] = {"institution": paper.name, "assets": paper.paths}
        desk = ConsoleDesk(answers=answers, paper=ConsolePaper(answers, told, paper.prefix))
        self.visitors = Visitors(settled, secure=answers.secure, prefix=paper.prefix)
        self.slow = slow = Slow()
        door = Door(desk, readers, settled, self.visitors, address=paper.address)
        provided = Provided(desk, Readers(hot, answers), settled, self.visitors, slow)
        sign_in = SignIn(desk, readers, settled, self.visitors, provided, slow)
        parts: tuple[Part, ...] = (
            *(Overview(desk), Begin(desk, settings.institution)),
            *(ScopeEditor(desk), ScopeChanges(desk), Flags(desk), Why(desk), Hides(desk), Votes(desk)),
            *(Connections(desk), Forget(desk), Pushed(desk), Decisions(desk), SetAside(desk)),
            *(ReportPages(desk), MentionPages(desk), OutletPages(desk), GamingPages(desk)),
            *(Score(desk), Rules(desk), RuleEdit(desk), RuleCompare(desk)),
            *(Requests(desk), Audit(desk), Sessions(desk), Tokens(desk), sign_in),
        )
        rooms = [room for part in parts for room in part.rooms]
        outside = (*sign_in.routes, *provided.routes)
        self.routes: tuple[BaseRoute, ...] = (*outside, *(_route(door, room) for room in rooms))


class Part(Protocol):
    """Some rooms that belong together."""

    @property
    def rooms(self) -> tuple[Room, ...]: ...


def _route(door: Door, room: Room) -> Route:
    methods = [*(["GET"] if room.show else []), *(["POST"] if room.take else [])]
    return Route(f"/console{room.path}", endpoint(door, room), methods=methods, name=f"console{room.path}")
