"""What every command needs: the settings, the store, the clock, the audience."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.load import load
from config.settings import Settings
from connectors.identifiers import Identifier, parse
from sync import steps, store
from sync.acts import Office, machine_user
from sync.cli.say import FAILED, WRONG, Fail
from sync.store import Audience, Store

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AudienceOption = Annotated[str, typer.Option("--audience", help="public or internal: who looks.")]
Wanted = Annotated[str, typer.Argument(metavar="IDENTIFIER", help="doi:10.1234/x, a DOI URL, pmid:..., output:ID, ...")]


@dataclass(frozen=True, slots=True)
class Where:
    """The settings file of this command."""

    file: Path


def settings(context: typer.Context) -> Settings:
    """The settings, read and checked."""
    where: Where = context.obj
    return load(where.file)


def house(context: typer.Context) -> tuple[Settings, Store]:
    """The settings and the open store."""
    read = settings(context)
    home = steps.open_house(read)
    context.call_on_close(home.engine.dispose)
    return read, home


def office(context: typer.Context) -> Office:
    """The settings and the open store, for an act of whoever is at this machine."""
    read, home = house(context)
    return Office(home, read, by=me(), clock=store.now)


def me() -> str:
    """Who is at this machine, for the audit log."""
    return machine_user()


def audience(word: str) -> Audience:
    """The audience of an option."""
    if word not in store.AUDIENCES:
        raise Fail(f'--audience: "{word}" is none of {", ".join(store.AUDIENCES)}', WRONG)
    return "public" if word == "public" else "internal"


def wanted(text: str) -> Identifier | int:
    """An identifier, or the public id of `output:ID`. Whatever cannot be one is unknown, like everything hidden."""
    scheme, _, rest = text.strip().partition(":")
    if scheme.lower() == "output":
        if rest.isascii() and rest.isdigit() and len(rest) <= 16:
            return int(rest)
        raise unknown()
    found = parse(text)
    if found is None:
        raise unknown()
    return found


def instant(day: str, option: str) -> int:
    """The instant that is meant; of a bare date, as everywhere, its first in UTC."""
    try:
        when = datetime.fromisoformat(day)
    except ValueError:
        raise Fail(f'{option}: "{day}" is no date; write 2026-01-31 or 2026-01-31T12:00:00Z', WRONG) from None
    return store.micros(when if when.tzinfo else when.replace(tzinfo=UTC))


def unknown() -> Fail:
    """The one answer for what is hidden, unknown, or no identifier at all."""
    return Fail("unknown output", FAILED)
