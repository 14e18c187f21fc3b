"""Tokens for scripts: what they may read, for how long, and taking them back."""

import re
from collections.abc import Iterable

from sync import store
from sync.acts.office import Office, Refused
from sync.store.tokens import SCOPES, Scope, Token

MOST_DAYS = 366  # somebody looks once a year whether a script is still there


def scopes(words: Iterable[str]) -> tuple[Scope, ...]:
    """Scopes by their names, in their order. Raises `Refused`."""
    asked = set(words)
    for word in sorted(asked - set(SCOPES)):
        raise Refused(f'may: "{word}" is none of {", ".join(SCOPES)}', "wrong")
    if not asked:
        raise Refused(f"may: is empty; write one of {', '.join(SCOPES)}", "wrong")
    return tuple(scope for scope in SCOPES if scope in asked)


def add(office: Office, name: str, may: tuple[Scope, ...], days: int) -> str:
    """Make a token; its word, which is shown this once."""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?", name):
        raise Refused("name: takes small letters, digits, dots and dashes, at most 40; name what will use it", "wrong")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"days: takes 1 to {MOST_DAYS}", "wrong")
    now = office.clock()
    with office.house.write() as db:
        if store.tokens.named(db, name, now=now):
            raise Refused(f"{name}: there is such a token; revoke it first, or choose another name")
        until = now + days * store.DAY
        word = store.tokens.add(db, name, may, by=office.by, now=now, until=until)
        store.note(db, "token add", f"token:{name}", by=office.by, now=now, may=list(may), until=store.stamp(until))
    return word


def listed(office: Office) -> list[Token]:
    """Those in force."""
    with office.house.read() as db:
        return store.tokens.listed(db, now=office.clock())


def revoke(office: Office, name: str) -> None:
    """Take one back at once."""
    now = office.clock()
    with office.house.write() as db:
        token = store.tokens.named(db, name, now=now)
        if token is None or not store.tokens.revoke(db, token.id, now=now):
            raise Refused(f"{name}: no such token; see `ringmark token list`", "unknown")
        store.note(db, "token revoke", f"token:{name}", by=office.by, now=now)
