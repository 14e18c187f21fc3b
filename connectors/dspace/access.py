"""Who may see an item: its own flags, and the READ policies that are in force now.

An item is public where it is archived, not withdrawn and discoverable, and the group Anonymous may read it now. Other
groups, also one that Anonymous belongs to, open nothing. Where the account may not read the policies, anybody's own
answer decides instead; and where there is no account, what is answered to us is answered to anybody, unless our network
address makes us a member of some group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from config.visibility import Visibility
from connectors.documents import Document, part
from connectors.dspace.items import address_of, path_of
from connectors.dspace.rest import Refused, Rest
from connectors.dspace.search import Row
from connectors.errors import NotUnderstood
from connectors.texts import one_line

ANONYMOUS = "Anonymous"
POLICIES = "/api/authz/resourcepolicies/search/resource"
GROUPS = "/api/authn/status/specialGroups"
FILES = "accessStatus"  # of the files of an item, since 7.5; told with the item where that is asked for
MOST = 100  # policies of one item; who has more is not understood
LONGEST = 500  # characters of what is kept of them
FLAGS = {"inArchive": True, "withdrawn": False, "discoverable": True}
# Dates of policies have no time zone: a day has begun everywhere twelve hours after it began in UTC, and begins
# somewhere fourteen hours before.
EVERYWHERE, SOMEWHERE = timedelta(hours=12), timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How open an item is, until when where that is told, and what was said of it."""

    visibility: Visibility
    raw: Mapping[str, str]
    closes_at: datetime | None = None
    doubts: tuple[str, ...] = ()


class Judge:
    """Asks one DSpace who may see its items."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def access(self, item: Document, key: str) -> Access:
        """Of an item that was told to us; its policies are asked for only where its flags leave it open."""
        raw = {name: _word(item[name]) for name in FLAGS if name in item}
        doubts = [f"{name} is not told" for name in FLAGS if name not in item]
        doubts += [f"{name} is neither true nor false" for name in raw if not isinstance(item[name], bool)]
        raw |= _files(item)
        if doubts or any(item[name] is not wanted for name, wanted in FLAGS.items()):
            return Access(visibility=Visibility.PRIVATE, raw=raw, doubts=tuple(doubts))
        read = self._policies(key) if self._rest.ours else self._answered()
        return Access(visibility=read.visibility, raw={**raw, **read.raw}, closes_at=read.closes_at, doubts=read.doubts)

    def item(self, key: str) -> Document | None:
        """One item; None where it is not there, or not for us."""
        try:
            return self.told(key)
        except Refused:
            return None

    def told(self, key: str) -> Document | None:
        """One item; None where it is not there. Raises `Refused` where it is not for us."""
        found = self._asked(key)
        if not isinstance(found, dict) and self._rest.ours and not self._rest.known():
            found = self._asked(key)
        if isinstance(found, Refused):
            raise found
        if found is not None and found.get("uuid") != key:
            raise NotUnderstood("another item answered than was asked for")
        return found

    def resolved(self, handle: str) -> Row | None:
        """The item of a handle, with its key also where it may not be seen; None where nothing has that handle."""
        path = self._rest.resolved(handle)
        if path is None:
            return None
        key = address_of(path)
        return Row(key=key, item=self.item(key), told=handle)

    def _asked(self, key: str) -> Document | Refused | None:
        try:
            return self._rest.read(path_of(key), {"embed": FILES})
        except Refused as refused:
            return refused

    def _policies(self, key: str) -> Access:
        asked = {"uuid": key, "action": "READ", "embed": "group", "size": str(MOST)}
        try:
            told = self._rest.get(POLICIES, asked, absent=(400, 404, 422))
        except Refused:
            return self._anybody(key)
        return policies(told, self._rest.clock)

    def _anybody(self, key: str) -> Access:
        try:
            item = self._rest.anybody(path_of(key))
        except Refused:
            item = None
        if item is None:
            return Access(visibility=Visibility.PRIVATE, raw={"anybody": "refused"})
        if item.get("uuid") != key or any(item.get(name) is not wanted for name, wanted in FLAGS.items()):
            doubt = "anybody is told something else of it than we are"
            return Access(visibility=Visibility.PRIVATE, raw={"anybody": "answered otherwise"}, doubts=(doubt,))
        return self._answered()

    def _answered(self) -> Access:
        raw = {"anybody": "answered"}
        if self.nobody:
            return Access(visibility=Visibility.PUBLIC, raw=raw)
        doubt = "we may be in a group of this DSpace without a login, so what we may see, not everybody may"
        return Access(visibility=Visibility.PRIVATE, raw=raw, doubts=(doubt,))

    @cached_property
    def nobody(self) -> bool:
        """Whether we belong to no group without a login, as addresses of a campus may (`authentication.md`, special
        groups)."""
        try:
            told = self._rest.anybody(GROUPS)
            return told is not None and not _listed(told, "specialGroups")
        except NotUnderstood:
            return False


def policies(told: Document | None, now: datetime | None) -> Access:
    """What policies open. `now` is the server's own clock; without one nothing that begins some day has begun."""
    try:
        listed = [each for each in _listed(told or {}, "resourcepolicies") if each.get("action") == "READ"]
    except NotUnderstood:
        doubt = "its policies are not told as they should be"
        return Access(visibility=Visibility.PRIVATE, raw={}, doubts=(doubt,))
    raw = {"policies": "; ".join(sorted(map(_text, listed)))[:LONGEST]}
    spans = [_span(each) for each in listed if _group(each) == ANONYMOUS]
    ends = [span[1] for span in spans if span and _is_in_force(*span, now)]
    if ends:
        closes_at = None if None in ends else max(filter(None, ends))
        return Access(visibility=Visibility.PUBLIC, raw=raw, closes_at=closes_at)
    doubts = []
    if None in spans:
        doubts.append("a date of a policy is none")
    if any(_group(each) == "" for each in listed):
        doubts.append("a policy does not tell whom it is for")
    return Access(visibility=Visibility.PRIVATE, raw=raw, doubts=tuple(doubts))


Span = tuple[datetime | None, datetime | None]


def _span(policy: Mapping[str, object]) -> Span | None:
    """From when and until when it is in force for certain; None where a date cannot be read."""
    try:
        begin, end = _day(policy.get("startDate")), _day(policy.get("endDate"))
        return begin and begin + EVERYWHERE, end and end - SOMEWHERE
    except (ValueError, OverflowError):
        return None


def _day(told: object) -> datetime | None:
    """The first instant of a date in UTC; None where none is set. Raises `ValueError` for what is none."""
    if told is None:
        return None
    if not isinstance(told, str):
        raise ValueError
    return datetime.combine(date.fromisoformat(told[:10]), time(), UTC)


def _is_in_force(begin: datetime | None, end: datetime | None, now: datetime | None) -> bool:
    if begin is None and end is None:
        return True
    return now is not None and (begin is None or begin <= now) and (end is None or now < end)


def _group(policy: Mapping[str, object]) -> str | None:
    """The name of the group that a policy is for; None where it is for a person, empty where that is not told."""
    embedded = policy.get("_embedded")
    if not isinstance(embedded, Mapping) or "group" not in embedded:
        return ""
    group = embedded["group"]
    if group is None:
        return None
    name = group.get("name") if isinstance(group, Mapping) else None
    return name if isinstance(name, str) else ""


def _text(policy: Mapping[str, object]) -> str:
    """A policy in short: `Anonymous from 2027-01-01`."""
    group = _group(policy)
    who = "a person" if group is None else one_line(group) or "not told"
    dates = [f" {word} {_word(policy.get(name))}" for word, name in _DATES if policy.get(name) is not None]
    return who + "".join(dates)


_DATES = (("from", "startDate"), ("until", "endDate"))


def _files(item: Document) -> dict[str, str]:
    """What is told of its files: `embargo until 2027-01-01`. It opens and closes nothing of the item."""
    told = part(item, "_embedded", FILES)
    if told.get("status") is None:
        return {}
    until = told.get("embargoDate")
    return {FILES: _word(told["status"]) + ("" if until is None else f" until {_word(until)}")}


def _listed(told: Document, name: str) -> list[Mapping[str, object]]:
    """All of a short listing. Raises `NotUnderstood` where it is none, or has another page."""
    embedded, page = told.get("_embedded", {}), told.get("page")
    listed = embedded.get(name, []) if isinstance(embedded, Mapping) else None
    total = page.get("totalElements") if isinstance(page, Mapping) else None
    if not isinstance(listed, list) or total != len(listed) or not all(isinstance(each, Mapping) for each in listed):
        raise NotUnderstood(f"a listing of {name} that is none, or has more than one page")
    return listed


def _word(told: object) -> str:
    """A value as it was told, short."""
    word = {True: "true", False: "false", None: "null"}.get(told) if isinstance(told, bool | None) else None
    return word or one_line(str(told))[:40]
