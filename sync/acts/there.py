"""What was pushed to a connection's system, as the ledger knows it, and what is in the way of the rest."""

from typing import get_args

from connectors.identifiers import parse
from sync import push, store
from sync.acts.connections import known
from sync.acts.office import Office, Refused
from sync.push.item import EDITED
from sync.store.there import Looked, State, There

LONGEST = 16  # digits of a public id


def looked(office: Office, name: str, *, state: str = "", words: str = "") -> Looked:
    """What somebody looks for: a state by its name, an output by an identifier or `output:ID`, or the address of an
    item. Raises `Refused`."""
    known(office, name)
    which: State | None = None
    for each in get_args(State):
        which = each if each == state else which
    if state and which is None:
        raise Refused(f'state: "{state[:40]}" is none of {", ".join(get_args(State))}', "wrong")
    output, named = _output(office, words), parse(words)
    return Looked(
        name=name,
        badges=f"{office.settings.institution.base_url}/badge/output/",
        edited=EDITED,
        state=which,
        output=output,
        words="" if output else named.value if named else words,
    )


def counted(office: Office, what: Looked) -> dict[State, int]:
    """How many are in each state."""
    with office.house.read() as db:
        return store.there_counted(db, what, now=office.clock())


def rows(office: Office, what: Looked, *, after: int, most: int) -> list[There]:
    """So many of them."""
    with office.house.read() as db:
        return store.there(db, what, after=after, most=most, now=office.clock())


def waits(office: Office, name: str) -> dict[str, int]:
    """How much the next push has to do there; nothing where it takes no badges."""
    if not takes_badges(office, name):
        return {}
    return store.push_waits(office.house, push.target(office.house, office.settings, name), now=office.clock())


def takes_badges(office: Office, name: str) -> bool:
    """Whether a connection is of a kind that badges can be written to."""
    return name in push.names(office.settings)


def _output(office: Office, words: str) -> int:
    """The public id of the output that somebody names; 0 where they name none that is known."""
    scheme, _, rest = words.partition(":")
    if scheme.strip().lower() == "output":
        rest = rest.strip()
        return int(rest) if rest.isascii() and rest.isdigit() and len(rest) <= LONGEST else 0
    found = parse(words)
    if found is None:
        return 0
    with office.house.read() as db:
        return store.public_of(db, found)
