"""Messages to readers who watch something, as plain text and as a simple page.

What is in a mailbox cannot be taken back, so a message names an output by its identifier, never by its title, and
nobody by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from badges.language import LANGUAGES
from badges.mentions import Noticed
from badges.names import SCHEMES
from badges.paper import templates
from badges.views import plain
from sync import store
from sync.store import Shown

LINES = 10  # mentions of one output in a message; the others are on its page


class Named(NamedTuple):
    """An output as a message names it."""

    output: int
    name: str


class News(NamedTuple):
    """What is new of an output."""

    about: Named
    mentions: Sequence[Noticed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: `subject` is one line, `words` is the whole as text, `page` the same as HTML. `leave` is the address
    that ends all of it."""

    subject: str
    words: str
    page: str
    language: str
    leave: str


def named(shown: Shown) -> Named:
    """An output by its identifier; of several the DOI."""
    known = sorted((each for each in shown.identifiers if each.scheme != "url"), key=lambda each: each.scheme != "doi")
    return Named(
        shown.output, f"{SCHEMES.get(known[0].scheme, known[0].scheme)} {plain(known[0].value)}" if known else ""
    )


class Letters:
    """Writes them; `name` is who they come from, `address` where readers reach us, `contact` where they may write."""

    def __init__(self, *, name: str, address: str, contact: str) -> None:
        told = {"institution": plain(name), "address": address, "contact": contact}
        self._templates = {code: templates(language, told) for code, language in LANGUAGES.items()}
        self._address = address

    def confirmation(self, code: str, token: str, outputs: Sequence[Named]) -> Letter:
        """Asks whether somebody means it."""
        language = LANGUAGES[code]
        subject = language.say("Please confirm that you want to hear of new mentions")
        return self._letter("letter_confirm", code, token, subject, outputs=outputs)

    def digest(self, code: str, token: str, news: Sequence[News]) -> Letter:
        """Tells all that is new."""
        language, count = LANGUAGES[code], sum(len(each.mentions) for each in news)
        subject = language.count("%(n)s new mention of what you watch", "%(n)s new mentions of what you watch", count)
        told = [
            {
                "about": each.about,
                "count": len(each.mentions),
                "more": max(0, len(each.mentions) - LINES),
                "lines": [(store.stamp(line.occurred_at), line) for line in each.mentions[:LINES]],
            }
            for each in news
        ]
        return self._letter("letter_news", code, token, subject, news=told)

    def _letter(self, template: str, code: str, token: str, subject: str, **told: object) -> Letter:
        leave = f"{self._address}/watch/leave/{token}"
        given = {
            **told,
            "subject": subject,
            "confirm": f"{self._address}/watch/confirm/{token}?lang={code}",
            "leave": f"{leave}?lang={code}",
        }
        words, page = (
            self._templates[code].get_template(f"{template}.{form}").render(given) for form in ("txt", "html")
        )
        return Letter(subject=subject, words=words, page=page, language=code, leave=leave)
