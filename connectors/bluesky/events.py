"""One message of a Jetstream, read with suspicion: who did what to which record, or what became of an account."""

import json
import re
from types import MappingProxyType
from typing import NamedTuple

from connectors.documents import Document
from connectors.errors import NotUnderstood

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
WANTED = (POST, REPOST)
OPERATIONS = ("create", "update", "delete")
LARGEST = 1024 * 1024  # bytes; a record may have as many, and a post has some thousand
LATEST = 2**53  # microseconds since 1970: the year 2255

# Why an account that is not active has nothing to show any more, and what that is for its mentions; of other reasons
# (`desynchronized`, `throttled`) only servers are to blame. What is not said may be anything.
GONE = {"deleted": "deleted", "takendown": "gone", "suspended": "gone", "deactivated": "gone", "": "gone"}

_DID = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,480}", re.ASCII)
_RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}", re.ASCII)
_POST = re.compile(rf"at://({_DID.pattern}/{re.escape(POST)}/{_RKEY.pattern})", re.ASCII)


class Event(NamedTuple):
    """`at` is when the stream saw it, in microseconds. `operation` is empty for what is no act on a post or a repost;
    `gone` says that the account has nothing to show any more, and why."""

    at: int
    did: str
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: Document = MappingProxyType({})
    gone: str = ""

    @property
    def key(self) -> str:
        """What the record is called for ever."""
        return f"{self.did}/{self.collection}/{self.rkey}"


def event(message: bytes) -> Event:
    """What a message tells. Raises `NotUnderstood` for what no Jetstream sends."""
    if len(message) > LARGEST:
        raise NotUnderstood(f"a message larger than {LARGEST // 1024**2} MB")
    try:
        told = json.loads(message.decode())
    except (ValueError, RecursionError):
        raise NotUnderstood("a message that is no JSON") from None
    if not isinstance(told, dict):
        raise NotUnderstood("a message that is no object")
    at, did, kind = told.get("time_us"), told.get("did"), told.get("kind")
    if type(at) is not int or not 0 < at < LATEST:
        raise NotUnderstood("a message without a time")
    if not isinstance(did, str) or not _DID.fullmatch(did) or not isinstance(kind, str):
        raise NotUnderstood("a message that does not say whose it is, or of what kind")
    if kind == "commit":
        return _commit(at, did, told.get("commit"))
    return _account(at, did, told.get("account")) if kind == "account" else Event(at, did)


def post(uri: object) -> str:
    """The key of the post that a record refers to; empty where it is none."""
    found = _POST.fullmatch(uri) if isinstance(uri, str) else None
    return found[1] if found else ""


def _commit(at: int, did: str, commit: object) -> Event:
    if not isinstance(commit, dict) or not isinstance(collection := commit.get("collection"), str):
        raise NotUnderstood("an act that does not say on what")
    if collection not in WANTED:
        return Event(at, did)
    operation, rkey, record = commit.get("operation"), commit.get("rkey"), commit.get("record")
    if operation not in OPERATIONS or not isinstance(rkey, str) or not _RKEY.fullmatch(rkey):
        raise NotUnderstood("an act on a record without a readable key, or of an unknown kind")
    if operation == "delete":
        return Event(at, did, operation, collection, rkey)
    if not isinstance(record, dict):
        raise NotUnderstood("a record that is none")
    return Event(at, did, operation, collection, rkey, record)


def _account(at: int, did: str, account: object) -> Event:
    if not isinstance(account, dict) or not isinstance(active := account.get("active"), bool):
        raise NotUnderstood("an account that is neither active nor not")
    status = account.get("status", "")
    return Event(at, did, gone="" if active or not isinstance(status, str) else GONE.get(status, ""))
