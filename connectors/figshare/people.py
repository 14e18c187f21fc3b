"""Figshare's accounts, each with its profile, as people."""

from collections.abc import Sequence

from config.visibility import Visibility
from connectors.documents import Document
from connectors.figshare.flags import as_told, flag
from connectors.figshare.items import key_of, number_of
from connectors.identifiers import orcid
from connectors.records import Person
from connectors.texts import one_line

NOT_SHOWN = "the profile is not shown to this account"
LONGEST = 255  # characters of first and last name together


def person(rows: Sequence[Document], user: Document | None) -> Person:
    """An account as listed, in every row that tells of it, and its profile; private unless that is public."""
    account, key = rows[0], key_of(rows[0])
    if user is None:
        return Person(key=key, name="", visibility=Visibility.PRIVATE, doubts=(NOT_SHOWN,), unread=True)
    doubts: list[str] = []
    if len(rows) > 1:
        doubts.append("the account is listed twice, with different words")
    if not key_of(user) or key_of(user) != number_of(account.get("user_id")):
        doubts.append("the profile is that of somebody else")
    shown = flag(user, "is_public", doubts)
    current = _both(_told(account, "active", doubts), _told(user, "is_active", doubts))
    return Person(
        key=key,
        name=_name(user) or _name(account),
        visibility=Visibility.PUBLIC if shown and not doubts else Visibility.PRIVATE,
        orcid=_orcid(account, user),
        current=current,
        raw={**as_told(account, ("active",)), **as_told(user, ("is_active", "is_public"))},
        doubts=tuple(doubts),
    )


def email(account: Document) -> tuple[str, ...]:
    """The e-mail address, which only the map of people is asked for."""
    told = account.get("email")
    return (told,) if isinstance(told, str) and told.strip() else ()


def _told(told: Document, name: str, doubts: list[str]) -> bool | None:
    """A flag that may be absent."""
    return None if told.get(name) is None else flag(told, name, doubts)


def _both(*flags: bool | None) -> bool | None:
    """One no is no; a yes needs somebody who says it."""
    said = [each for each in flags if each is not None]
    return all(said) if said else None


def _name(told: Document) -> str:
    names = [told.get("first_name"), told.get("last_name")]
    return one_line(" ".join(name[:LONGEST] for name in names if isinstance(name, str)))


def _orcid(*told: Document) -> str | None:
    """The iD that account and profile agree on, so far as they tell one."""
    given = [text for each in told if isinstance(text := each.get("orcid_id"), str) and text.strip()]
    found = {orcid(text) for text in given}
    return found.pop() if len(found) == 1 else None
