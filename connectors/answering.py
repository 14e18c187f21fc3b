"""What connectors have in common whose services are asked who spoke of an output: what counts as proven, and what is
taken of who spoke and when.

Such an answer is all that is said of an output, so nothing is left out of it for being odd: what cannot be read makes
the answer one that is not understood. Left out is only what is proven to speak of something else.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from connectors.attention import Account, Evidence
from connectors.documents import Document, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.sightings import Sighting
from connectors.texts import readable_key
from connectors.ties import ties

LONGEST = 300  # characters of a title or a name


def proof(asked: Identifier, found: Iterable[Sighting], *whole: str) -> tuple[Evidence, ...]:
    """What shows that an act names what was asked about; empty where nothing does. `whole` are the texts of the act."""
    digest = sha256("\n".join(whole).encode(errors="surrogatepass")).hexdigest()
    return ties(found, {asked}, digest)


def entries(told: Document, name: str) -> list[Document]:
    """The objects that a document lists under a name."""
    listed = told.get(name)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise NotUnderstood(f"no list of {name} in the answer")
    return listed


def words(told: Document, name: str) -> str:
    """A text as it is; empty where there is none."""
    value = told.get(name)
    if value is not None and not isinstance(value, str):
        raise NotUnderstood(f"{name} is no text")
    return value or ""


def number(told: Document, name: str, *, most: int) -> int:
    """A whole number, which must be there and cannot be larger."""
    value = told.get(name)
    if type(value) is not int or not 0 <= value <= most:
        raise NotUnderstood(f"{name} is no number that can be")
    return value


def since_1970(told: Document, name: str) -> datetime:
    """A moment that is told in seconds."""
    return datetime.fromtimestamp(number(told, name, most=2**35), UTC)


def written(told: str, name: str) -> datetime:
    """A moment as ISO 8601 writes it; one without a zone is in UTC."""
    try:
        moment = datetime.fromisoformat(told)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood(f"{name} is no moment") from None


def account(key: object, name: object = None) -> Account | None:
    """Who spoke, by the key that stays; None where that is not told."""
    known = readable_key(str(key)) if isinstance(key, str) or type(key) is int else ""
    return Account(key=known, name=text(name, most=LONGEST)) if known else None
