"""What the suite asks of a practice system: to hold what it is told in the system's own way, to answer over the
system's own protocol, and to fail on demand.

A practice system is registered as an entry point of the group `ringmark.practice` under the name of its kind: a
function that takes an empty folder and gives a context manager, which gives a `Practice`. Nobody derives from the class
here; it is enough to have what it has.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

FAULTS = {
    "truncated": "a page in the middle breaks off before the end that it announced, until mended",
    "cut short": "a page in the middle is half a document, with a length that fits, until mended",
    "last page empty": "the last page has no rows, until mended",
    "page again": "the next page of one in the middle is that page itself, until mended",
    "empty list": "the listing of outputs has no rows, until mended",
    "shuffled": "rows are in another order than ever before, until mended",
    "repeated": "each page has its rows twice, until mended",
    "server error": "a page in the middle, or a write, is answered with a 500, until mended",
    "server error once": "the same once",
    "too many requests": "one page in the middle, or one write, is a 429 that asks for seven seconds",
    "login ended": "the login is not accepted any more at one page in the middle, or at one write",
    "refused": "the next notice is answered with a 403; asked only of those that take notices",
    "forgets": "a write is answered as if it were stored, and is not, until mended",
    "answer lost": "the next write is stored, and the connection breaks before the answer",
    "edited meanwhile": "as the next write arrives, somebody else adds `by hand` to the field of output 1",
}
"""What may go wrong, by name. Pages are those of the listing of outputs, which has at least three."""

NEEDS = {
    "reads": "it is not read",
    "writes": "badges are not written into its items",
    "tells": "it is not told of badges",
    "notices": "it is not told of badges one by one",
    "asks": "it is not asked about single outputs",
    "learns": "it tells nothing more of an output than who speaks of it",
    "hears": "nobody is heard there who speaks of outputs",
    "listens": "it is not read whole for who speaks of outputs",
    "edits": "what was said there stays as it was",
    "dated acts": "what is said there has no time of its own",
    "dates": "each pull reads everything",
    "requests": "it is read without requests",
    "login": "it needs no credentials",
}
"""What a check may need of a connector or its system beside faults, and what is said where it is not there."""


class Request(Protocol):
    """One request as it came in."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class Practice(Protocol):
    """One running practice system. Things are called by numbers, from which it makes ids of its own, always the same.

    `settings` are the keys of its connection beside kind and name (`url` or `path`, `field` where badges are written
    to, `per_page` of 4 where that can be set), `secrets` those that stand in files, such as `password`. `lacks` says
    for each of `NEEDS` and `FAULTS` that the system does not have why that is so; the table shows it. One that does not
    know all of `private`, `internal` and `public` names in `levels` those that it has (where they differ, by the kinds
    `people`, `outputs` and `authorships`), and keeps things of another level private."""

    settings: Mapping[str, str | int | bool]
    secrets: Mapping[str, str]
    lacks: Mapping[str, str]

    def at(self, moment: datetime) -> None:
        """Its clock stands at a moment, until it is told another, which may be an earlier one."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """There is such a person from now on. `level` is `public`, `internal`, `private`, empty where the system says
        nothing, or a word that nobody knows; so everywhere."""

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """There is such an output from now on; `authors` are the levels of the links to people. With `dated` False a
        change gets no new date."""

    def remove(self, number: int) -> None:
        """Somebody deletes an output."""

    def fault(self, name: str) -> None:
        """Let one of `FAULTS` happen from now on."""

    def mend(self) -> None:
        """Everything works again."""

    @property
    def requests(self) -> Sequence[Request]:
        """What came in, in order."""

    def changes(self) -> int:
        """How many requests asked to change something, carried out or not; a login changes nothing."""


class Items(Protocol):
    """What a practice system that takes badges has beside that."""

    def held(self, number: int) -> tuple[str, ...]:
        """What our field of an output holds, as the system itself knows it."""

    def edit(self, number: int, *texts: str) -> None:
        """Somebody else makes our field of an output hold these texts."""


class Told(Protocol):
    """What a practice system that is told of badges has beside that: by notices, or by a file with all of them."""

    def showing(self) -> Mapping[str, int | None]:
        """What a careful reader there would show now, by DOI: the score, or None where it was told of none. It believes
        nothing that is not signed as it should be, and nothing twice."""

    def ids(self) -> Sequence[str]:
        """The ids of the notices that came, in order, repeats too; empty where there are no notices."""


class Voices(Protocol):
    """What a practice source of attention has beside `settings`, `secrets`, `lacks`, `at`, `fault`, `mend`, `requests`
    and `changes`: it may know nothing of outputs, people or levels. `homes` are the places of its own that are read as
    pages of strangers, as HOST:PORT."""

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """Somebody speaks, at a moment, of what has this DOI: an act of this number, from now on. Where there is one of
        the number it is edited, and speaks of this."""

    def unsay(self, number: int) -> None:
        """An act is deleted, or does not speak of it any more."""


class Service(Protocol):
    """What a practice service that is asked about single outputs has beside that: it knows each output it was told of,
    and calls it by one more identifier. One that is asked by ORCID has each output listed by one person."""

    @property
    def asked(self) -> Sequence[tuple[str, ...]]:
        """Whom or what each request was about, by DOI or ORCID iD; requests about nothing of ours left out."""

    def subject(self, number: int) -> str:
        """What an output is asked about by: its DOI, or the ORCID iD of the person who lists it."""

    def also(self, number: int) -> str:
        """What the service says that an output is called as well, as `pmid:30000001` or an address."""

    def refuse(self, number: int) -> None:
        """A request that is about an output, alone or among others, is not understood any more, until mended."""


Opened = Callable[[Path], AbstractContextManager[Practice]]
