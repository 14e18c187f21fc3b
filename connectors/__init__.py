"""What a connector needs, in one place: the contract, the records that cross the border, the errors, the client."""

from connectors.base import Badge, Connector, Finding, Manifest, Pushed, Since
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TooMuchGone, TryLater
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
    Members,
    Mention,
    Outlet,
    Page,
    Person,
)

__all__ = [
    "Account",
    "Answer",
    "Aside",
    "Authorship",
    "Badge",
    "Client",
    "Connector",
    "ConnectorError",
    "Done",
    "Finding",
    "Gone",
    "Group",
    "Identifier",
    "Item",
    "Manifest",
    "Members",
    "Mention",
    "NotAllowed",
    "NotUnderstood",
    "Outlet",
    "Page",
    "Person",
    "Pushed",
    "Since",
    "TooMuchGone",
    "TryLater",
]
