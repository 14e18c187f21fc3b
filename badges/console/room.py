"""The rooms of the console: what is asked there, who may, and what answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from badges.answers import Answer
from badges.forms import Form
from sync.acts import Office
from sync.store.sessions import ROLES, How, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is signed in, by which session, and the word that forms of that session carry. Whom a proxy names has no
    session (0), no end (`until_at` 0), and no `word`, which is that of a cookie."""

    name: str
    role: Role
    how: How
    session: int
    until_at: int
    csrf: str
    word: str = field(default="", repr=False)

    def may(self, role: Role) -> bool:
        """Whether they may what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of somebody who may. `office` has them at work; `part`: htmx asks for a part of the page; `here` is
    the path and query as they were asked, below the prefix of the site."""

    visitor: Visitor
    office: Office
    path: Mapping[str, str]
    query: Form
    form: Form
    part: bool
    here: str
    now: int


Act = Callable[[Asked], Answer]

# What a room says in the place of how looking into it is called in the audit log; a test holds it against its page.
NOTHING_HIDDEN = ""  # counts, settings, rules and the like, as the verbs that note nothing either
BY_ITS_ACT = "noted by its act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`path` lies below `/console`. `role` is the least that may enter; `show` answers GET, `take` a form. `reads` is
    how the audit log calls looking into it, or one of the two words above."""

    path: str
    role: Role
    reads: str
    show: Act | None = None
    take: Act | None = None
