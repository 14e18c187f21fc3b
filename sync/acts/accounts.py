"""Looking at an account, which judges a person and is in the audit log; and what an administrator says of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scoring.rules import SOURCES
from sync import steps, store
from sync.acts.office import Office, Refused
from sync.lists import Wrong
from sync.store import AccountFacts


def show(office: Office, account: str) -> dict[str, Any]:
    """Who says what of an account (SOURCE:ACCOUNT), and what its factor is made of. Raises `Refused`."""
    source, _, key = account.strip().partition(":")
    if source not in SOURCES or not key:
        raise Refused(f"{account}: write SOURCE:ACCOUNT; sources are {', '.join(SOURCES)}", "wrong")
    with office.house.write() as db:
        told = store.account_story(db, source, key, steps.rules_in_force(office.settings))
        if told is None:
            raise Refused("unknown account", "unknown")
        store.note(db, "account show", f"account:{told.pop('id')}", by=office.by, now=office.clock())
    return told


def keep(
    office: Office, file: Path, told: Sequence[AccountFacts], wrong: Sequence[Wrong], *, dry_run: bool = False
) -> tuple[int, int]:
    """Keep what a list says, but for its wrong rows; how many accounts that changes, and how many outputs are to be
    scored anew."""
    with office.trying(dry_run=dry_run) as db:
        changed, outputs = store.say_accounts(db, told, steps.rules_in_force(office.settings))
        counts = {"changed": changed, "wrong": len(wrong)}
        store.note(db, "account import", file.name, by=office.by, now=office.clock(), **counts)
    return changed, outputs
