"""What a connector needs, in one place: the contract, the records that cross the border, the errors, the client."""

from connectors.attention import Account, Evidence, Mention, Outlet, Tally
from connectors.base import (
    Connector,
    Drops,
    Enriches,
    Finding,
    Held,
    Manifest,
    Notice,
    Pulls,
    Pushes,
    Since,
    Takes,
    Tells,
)
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, Recalled, TooMuchGone, TryLater
from connectors.http import Answer, Client
from connectors.identifiers import Identifier
from connectors.records import Aside, Authorship, Done, Gone, Group, Item, Learned, Members, Page, Person, Version

__all__ = [
    "Account",
    "Answer",
    "Aside",
    "Authorship",
    "Client",
    "Connector",
    "ConnectorError",
    "Done",
    "Drops",
    "Enriches",
    "Evidence",
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
    "Notice",
    "Outlet",
    "Page",
    "Person",
    "Pulls",
    "Pushes",
    "Recalled",
    "Since",
    "Takes",
    "Tally",
    "Tells",
    "TooMuchGone",
    "TryLater",
    "Version",
]
