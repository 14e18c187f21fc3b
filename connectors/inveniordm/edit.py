"""How one custom field of a published record is changed: draft, whole body, publish; the same version, the same DOI.

A record has one draft at most, and asking for a new one gives the one that is there, with whatever a person has begun
in it; publishing publishes that. So a draft is asked for only where there is none, what comes must be what is
published, and what is about to be published must be that and our field. A draft that is somebody's is left as it is.
One that we left behind, when a process ended in between, is gone on with.

A field that is not declared in `RDM_CUSTOM_FIELDS` is dropped, with status 200 and a word in `errors`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NoReturn

from connectors.base import Held
from connectors.documents import Document
from connectors.errors import ConnectorError, NotUnderstood, Recalled
from connectors.inveniordm.rest import Rest, draft_of

WRITTEN = ("metadata", "pids", "internal_notes")  # what else people can change in a draft: compared as it stands
FORSAKEN = timedelta(days=1)  # after which a draft in which nothing was changed holds nobody's work

SOMEBODYS = "a draft of somebody's is open; it was left alone, and is asked about again later"
MEANWHILE = "the record was changed since it was read; it is read again later"
DOCS = "docs/inveniordm.md says how"


def values_of(document: Document, field: str) -> tuple[str, ...]:
    """What a custom field of a record or a draft holds."""
    fields = document.get("custom_fields")
    if not isinstance(fields, dict):
        raise NotUnderstood("a record without its custom fields")
    told = fields.get(field)
    texts = [] if told is None else told if isinstance(told, list) else [told]
    if not all(isinstance(text, str) for text in texts):
        raise NotUnderstood(f"a value of {field} is no text; declare it as a list of texts ({DOCS})")
    return tuple(text.encode(errors="replace").decode() for text in texts)


def revision_of(document: Document) -> str:
    """The version that a record or a draft has now; empty where it is not told."""
    told = document.get("revision_id")
    return str(told) if type(told) is int else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one field, from what it held `before` to `values`; `permit` is asked before each request."""

    rest: Rest
    address: str
    field: str
    before: Held
    values: tuple[str, ...]
    permit: Callable[[], bool]

    def carry_out(self) -> None:
        """Publish the record with the values. Raises `NotUnderstood` where the record or its draft is not as it must
        be; what is ours is then taken back.

        The server compares revisions when a draft is saved, but not when one is published: whoever saves something in
        the instant between our last look and its publication is published with it."""
        record = self.rest.record(self.address)
        if record is None:
            raise NotUnderstood(f"{self._path}: the record is gone")
        if values_of(record, self.field) != self.before.values or self.before.guard not in ("", revision_of(record)):
            raise NotUnderstood(f"{self._path}: {MEANWHILE}")
        draft = self._begun(record) if (found := self.rest.draft(self.address)) is None else self._ours(found, record)
        saved = self._saved(draft, record)
        latest = self.rest.draft(self.address)
        if latest is None or revision_of(latest) != revision_of(saved) or not self._right(latest, record):
            raise NotUnderstood(f"{self._path}: {SOMEBODYS}")
        self._published(latest)

    def throw_away(self) -> None:
        """Throw away a draft that we left behind. Raises `NotUnderstood` where it may hold anything of somebody's."""
        record, draft = self.rest.record(self.address), self.rest.draft(self.address)
        if draft is None:
            return
        if record is None or self.values:
            raise NotUnderstood(f"{self._path}: {SOMEBODYS}")
        self._ours(draft, record)
        status, _ = self.rest.change("DELETE", self._path, self.permit, revision=draft.get("revision_id"))
        if status >= 300:
            raise NotUnderstood(f"DELETE {self._path}: {_MEANS.get(status, f'status {status}')}")

    def _begun(self, record: Document) -> Document:
        """A new draft of the record, which is like it in everything."""
        draft = self._changed("POST", self._path)
        if _content(draft) == _content(record):
            return draft
        latest = self.rest.record(self.address)
        if latest is not None and _content(draft) == _content(latest):  # published anew, just before
            self._taken_back(draft, f"{self._path}: {MEANWHILE}")
        raise NotUnderstood(f"{self._path}: {SOMEBODYS}")

    def _ours(self, draft: Document, record: Document) -> Document:
        """A draft that was there, if it is ours: but for our field it is what is published, and there stands nothing
        that does not begin as our values do. One like the record in everything may be somebody's who has just begun."""
        known = {_first(text) for text in (*self.before.values, *self.values)}
        ours = all(_first(text) in known for text in values_of(draft, self.field))
        if _content(draft) == _content(record):
            ours = self._forsaken(draft)
        if not ours or _content(draft, without=self.field) != _content(record, without=self.field):
            raise NotUnderstood(f"{self._path}: {SOMEBODYS}")
        return draft

    def _forsaken(self, draft: Document) -> bool:
        now, told = self.rest.client.heard, draft.get("updated")
        try:
            updated = datetime.fromisoformat(told) if isinstance(told, str) else None
        except ValueError:
            return False
        return bool(now and updated and updated.tzinfo and now - updated.astimezone(UTC) >= FORSAKEN)

    def _saved(self, draft: Document, record: Document) -> Document:
        """The draft with our values, as the server has taken it. What is left out of a body is gone, so it is whole."""
        fields = {name: told for name, told in draft["custom_fields"].items() if name != self.field}
        if self.values:
            fields[self.field] = list(self.values)
        try:
            saved = self._changed("PUT", self._path, body={**draft, "custom_fields": fields}, draft=draft)
        except Recalled:
            self._discard(draft)
            raise
        if self._dropped(saved):
            mend = f"declare it in RDM_CUSTOM_FIELDS as a list of texts ({DOCS})"
            self._taken_back(saved, f"PUT {self._path}: {self.field} was not taken; {mend}")
        if not self._right(saved, record):
            self._taken_back(saved, f"PUT {self._path}: the draft is not what was sent, so it was not published")
        return saved

    def _published(self, draft: Document) -> None:
        try:
            self._changed("POST", f"{self._path}/actions/publish", draft=draft)
        except Recalled:
            self._discard(draft)
            raise

    def _changed(
        self, method: Literal["POST", "PUT"], path: str, *, body: Document | None = None, draft: Document | None = None
    ) -> Document:
        """The document that a change answers with. Where it is refused, the draft is taken back, unless it is
        somebody's by now."""
        revision = draft.get("revision_id") if draft and method == "PUT" else None
        status, told = self.rest.change(method, path, self.permit, body=body, revision=revision)
        if status < 300 and isinstance(told.get("custom_fields"), dict):
            return told
        why = f"{method} {path}: {_MEANS.get(status, f'status {status}, or no record in the answer')}"
        if draft and status != 412:
            self._taken_back(draft, why)
        raise NotUnderstood(why)

    def _taken_back(self, draft: Document, why: str) -> NoReturn:
        self._discard(draft)
        raise NotUnderstood(why)

    def _discard(self, draft: Document) -> None:
        """Take our own draft back, unless somebody has changed it: also where we may write no more, for whoever would
        publish it would publish our value. One that stays is found and gone on with by the next write."""
        try:
            self.rest.change("DELETE", self._path, lambda: True, revision=draft.get("revision_id"))
        except ConnectorError:
            return

    def _right(self, draft: Document, record: Document) -> bool:
        """Whether a draft is the record with our values."""
        same = _content(draft, without=self.field) == _content(record, without=self.field)
        return same and values_of(draft, self.field) == self.values

    def _dropped(self, saved: Document) -> bool:
        """Whether one of the words beside a draft is about our field. Others may be advice of a community's checks, and
        whether the record is valid, publishing tells."""
        errors = saved.get("errors")
        named = [each.get("field") for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
        return any(isinstance(name, str) and self.field in name for name in named)

    @property
    def _path(self) -> str:
        return draft_of(self.address)


_MEANS = {
    400: "status 400; the record as it is published is not valid any more, and somebody must mend it first",
    401: "refused with status 401; is the token good, and are its rights those of an account that may edit?",
    403: "refused with status 403; give the account the right to edit this record (docs/inveniordm.md says which)",
    404: "the record or its draft is gone",
    410: "the record is gone",
    412: SOMEBODYS,
}


def _content(document: Document, *, without: str = "") -> dict[str, Any]:
    """What people can change in a draft, as far as it is told, in a form in which a draft and its record are equal."""
    found: dict[str, Any] = {name: document.get(name) or {} for name in WRITTEN}
    fields, access = document.get("custom_fields"), document.get("access")
    found["custom_fields"] = _but(fields, without)
    found["access"] = _but(access, "status")  # worked out of the others
    for name in ("files", "media_files"):
        found[name] = _files(document.get(name))
    return found


def _but(told: object, name: str) -> object:
    return {each: value for each, value in told.items() if each != name} if isinstance(told, dict) else told


def _files(told: object) -> object:
    """Which files there are: they have other ids and addresses in a draft."""
    if not isinstance(told, dict):
        return told
    entries = told.get("entries")
    listed = entries.items() if isinstance(entries, dict) else ()
    sums = {name: each.get("checksum") if isinstance(each, dict) else each for name, each in listed}
    return (told.get("enabled"), told.get("default_preview"), sums)


def _first(text: str) -> str:
    return text.partition(" ")[0]
