"""What a connector needs, in one place: the contract, the records that cross the border, the errors, the client."""

from connectors.base import Connector, Enriches, Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, Recalled, TooMuchGone, TryLater
from connectors.http import Answer, Client
from connectors.identifiers import Identifier
from connectors.records import (
    Account,
    Aside,
    Authorship,
    Done,
    Gone,
    Group,
    Item,
    Learned,
    Members,
    Mention,
    Outlet,
    Page,
    Person,
    Tally,
    Version,
)

__all__ = [
    "Account",
    "Answer",
    "Aside",
    "Authorship",
    "Client",
    "Connector",
    "ConnectorError",
    "Done",
    "Enriches",
    "Finding",
    "Gone",
    "Group",
    "Held",
    "Identifier",
    "Item",
    "Learned",
    "Manifest",
    "Members",
    "Mention",
    "NotAllowed",
    "NotUnderstood",
    "Outlet",
    "Page",
    "Person",
    "Pulls",
    "Pushes",
    "Recalled",
    "Since",
    "Tally",
    "TooMuchGone",
    "TryLater",
    "Version",
]
