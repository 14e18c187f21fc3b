"""What every part of the console works with, and the paper that its pages are written on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from badges.answers import Answer, Answers, Header
from badges.console.menu import menu
from badges.console.room import Asked
from badges.language import ENGLISH, LANGUAGES
from badges.paper import hashes, templates
from badges.views import plain, points, shortened, web
from sync.store import moment, stamp

NOT_LISTED: Header = (b"x-robots-tag", b"noindex, nofollow")


class ConsolePaper:
    """Pages of the console, which scripts of ours alone may enliven. `told` stands in all of them."""

    def __init__(self, answers: Answers, told: dict[str, Any], prefix: str) -> None:
        self._answers = answers
        self.prefix = prefix
        self._templates = templates(LANGUAGES[ENGLISH], {**told, "prefix": prefix})
        self._templates.filters.update(
            stamp=stamp, when=_when, plain=plain, points=points, shortened=shortened, web=web
        )
        self._templates.globals["ui"] = self._templates.get_template("console/ui.html").module  # in parts of pages too

    def page(
        self, asked: Asked, template: str, *, status: int = 200, headers: tuple[Header, ...] = (), **told: Any
    ) -> Answer:
        """A page for somebody who is signed in; what htmx asks for is the block `part` of it alone."""
        return self._answer(
            template,
            part=asked.part,
            status=status,
            told={"visitor": asked.visitor, "menu": menu(asked.visitor.role), "here": asked.here, **told},
            headers=headers,
        )

    def outside(self, template: str, *, status: int = 200, headers: tuple[Header, ...] = (), **told: Any) -> Answer:
        """A page for somebody who is not signed in."""
        none = {"visitor": None, "menu": (), "here": ""}
        return self._answer(template, part=False, status=status, told={**none, **told}, headers=headers)

    def went(self, path: str, *, headers: tuple[Header, ...] = ()) -> Answer:
        """Go on to another page (RFC 9110, 15.4.4); `path` lies below the prefix of the site."""
        where = (b"location", (self.prefix + path).encode("ascii"))
        return self._answers.make("text", b"", status=303, more=(where, *headers))

    def _answer(
        self, template: str, *, part: bool, status: int, told: dict[str, Any], headers: tuple[Header, ...] = ()
    ) -> Answer:
        found = self._templates.get_template(f"console/{template}")
        if part and "part" in found.blocks:
            context = found.new_context(told)
            text = "".join(found.blocks["part"](context))
        else:
            text = found.render(told)
        return self._answers.make(
            "page",
            text.encode(),
            status=status,
            policy=_policy(told.get("pictures", ())),
            more=(NOT_LISTED, *headers),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleDesk:
    """Where the parts of the console sit: what they answer with."""

    answers: Answers
    paper: ConsolePaper


def _policy(pictures: Sequence[str]) -> bytes:
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'{hashes(pictures)}; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ).encode()


def _when(at: int) -> str:
    """An instant as the console writes it, in UTC to the minute; a dash for none."""
    return f"{moment(at):%Y-%m-%d %H:%M}" if at else "-"
