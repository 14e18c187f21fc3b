"""How open Figshare says that something is: one reading for articles and profiles.

An article is public when nothing that it says of itself says otherwise; a person when the profile is. Whatever is
absent, unknown or of another type is private and doubted. Figshare has no level for members of the institution alone.
"""

import json
from collections.abc import Iterable, Mapping

from config.visibility import Visibility
from connectors.documents import text

INPUTS = ("is_public", "status", "is_embargoed", "embargo_type", "is_confidential")
SHORT = 100  # characters of an input that is no flag at all


def judge(article: Mapping[str, object], doubts: list[str]) -> Visibility:
    """The vote of an article's public view.

    An embargo of the whole article closes it, one of its files does not: its page is there for everybody. When that
    embargo ends is not read, since a date opens nothing here."""
    closed = flag(article, "is_public", doubts) is False
    match article.get("status"):
        case "public":
            pass
        case "private" | "draft":
            closed = True
        case _:
            doubts.append("status is no word that we know")
    if flag(article, "is_embargoed", doubts):
        match article.get("embargo_type"):
            case "file":
                pass
            case "article":
                closed = True
            case _:
                doubts.append("embargo_type is no word that we know")
    closed = flag(article, "is_confidential", doubts) is True or closed
    return Visibility.PRIVATE if closed or doubts else Visibility.PUBLIC


def flag(told: Mapping[str, object], name: str, doubts: list[str]) -> bool | None:
    """A flag that must be there; None, and a doubt, where it is not, or is none."""
    value = told.get(name)
    if value is None:
        doubts.append(f"{name} is not told")
    elif type(value) is bool or (type(value) is int and value in (0, 1)):
        return bool(value)
    else:
        doubts.append(f"{name} is neither true nor false")
    return None


def as_told(told: Mapping[str, object], names: Iterable[str]) -> dict[str, str]:
    """The named inputs that are there, as short texts."""
    texts = {name: told[name] for name in names if name in told}
    shown = {name: value if isinstance(value, str) else json.dumps(value) for name, value in texts.items()}
    return {name: text(value, most=SHORT) for name, value in shown.items()}
