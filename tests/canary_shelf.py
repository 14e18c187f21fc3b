"""The canary at a repository: one that has an item for every output, hidden or not, and hears everything we ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote_plus

from canary import NUMBERS, Desk, words_in
from conftest import PASSWORD
from naive.hidden_house import FORGOTTEN, SETTINGS

from connectors import Identifier
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import Item, made

FIELD = "local.attention.score"
LIBRARY = """
[institution]
base_url = "https://ringmark.example.edu"
[connections.library]
kind = "dspace"
url = "{url}"
username = "{username}"
password_file = "password"
push = "public"
field = "local.attention.score"
pace = 0
"""


@contextmanager
def shelf(desk: Desk, more: str = "") -> Iterator[PracticeDSpace]:
    """A repository with everything that the desk has ever heard of, and settings by which badges go there; `more` are
    lines of its table."""
    with practice_dspace(items(desk)) as library:
        connect(desk, library, more)
        yield library


def connect(desk: Desk, library: PracticeDSpace, more: str = "") -> None:
    """Let the desk push to a repository."""
    library.password = PASSWORD
    password = desk.folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    desk.write(SETTINGS + LIBRARY.format(url=library.url, username=library.username) + more)


def items(desk: Desk) -> list[Item]:
    """An item for each DOI and each handle, also of what was forgotten at the border."""
    forgotten = {
        Identifier(scheme, value): "belowkeep" for scheme, _, value in (each.partition(":") for each in FORGOTTEN)
    }
    named = sorted({**desk.identifiers(), **forgotten}.items())
    dois = [made(n, dc_identifier_doi=name.value, dc_title=title) for n, (name, title) in enumerate(named)
            if name.scheme == "doi"]  # fmt: skip
    handles = [replace(made(n, dc_title=title), handle=name.value) for n, (name, title) in enumerate(named)
               if name.scheme == "handle"]  # fmt: skip
    return dois + handles


def look(library: PracticeDSpace, desk: Desk) -> set[str]:
    """The canary: fails where something hidden stands in the repository, or where it was asked about it.

    Gives the titles of those items that hold a badge; what was asked until now is forgotten."""
    ids = desk.public_ids()
    holding = {title for item in library.items.values() if item.texts(FIELD) for title in item.texts("dc.title")}
    values = " ".join(value for item in library.items.values() for value in item.texts(FIELD))
    assert not words_in(" ".join(holding)), f"the repository shows {words_in(' '.join(holding))}"
    assert not ids.hidden & set(NUMBERS.findall(values)), "the repository shows a hidden public id"
    held = {number for write in library.writes for text in write.after.texts(FIELD) for number in NUMBERS.findall(text)}
    for asked in library.requests:
        silent(f"{asked.method} {asked.path} {asked.query} {asked.headers} {asked.body.decode()}", ids.hidden - held)
    library.requests.clear()
    return holding


def silent(request: str, hidden: frozenset[str]) -> None:
    """Nothing hidden is in a request, but for the ids that the repository was given while they were not."""
    text = unquote_plus(unquote_plus(request))
    assert not words_in(text), f"a repository can read {words_in(text)}"
    assert not hidden & set(NUMBERS.findall(text)), "a repository can read a hidden public id"
