"""The state of a practice DSpace: its items, its registry of fields, its account, and what was written to it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sandbox.dspace.access import RELEASES, Logins
from sandbox.dspace.items import FIELDS, Item, values
from sandbox.dspace.oai import Harvested
from sandbox.dspace.patch import Ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One PATCH that was accepted and stored."""

    uuid: str
    before: Item
    after: Item


class Repository:
    """What tests look at and change; who changes `items` from outside holds `lock`.

    `fields` is the registry: a PATCH of a field that is not in it is refused (422). `may_write` False makes the account
    one without rights (403 on PATCH), `sees_withdrawn` False one that is no administrator: withdrawn items are empty to
    it, and it may not list `/api/core/items`; `reads_policies` False one that may not ask who may read an item (403).
    `special_groups` are those that every visitor belongs to by their address, None where that is not told. `dated`
    False makes an index that does not know when items were modified. `adds` says whether JSON Patch goes by the
    released source or by the contract (`sandbox.dspace.patch`). `page_limit` is the largest page; a larger one is cut
    without a word. `finds_closed` False makes it fail (500) to resolve the handle of what may not be seen, as the
    released source does. `oai` is what harvesters are told at `oai_path`, nothing before the first `oai_import`."""

    def __init__(self, items: Iterable[Item], version: str) -> None:
        self.release = RELEASES[version]
        self.items = {item.uuid: item for item in items}
        self.fields = set(FIELDS)
        self.writes: list[Write] = []
        self.username = "ringmark@example.edu"
        self.password = "practice"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.may_write = True
        self.sees_withdrawn = True
        self.reads_policies = True
        self.special_groups: tuple[str, ...] | None = ()
        self.dated = True
        self.adds: Ways = "source"
        self.page_limit = 100
        self.finds_closed = True
        self.oai_path = "/server/oai/request"
        self.oai = Harvested(lambda: self.base.removesuffix("/server") + self.oai_path, self.now)
        self.logins = Logins()
        self.base = ""
        self.lock = threading.RLock()
        self._index: dict[str, Item] | None = None

    @property
    def token_seconds(self) -> int:
        """How long a login is good for."""
        return self.logins.seconds

    @token_seconds.setter
    def token_seconds(self, seconds: int) -> None:
        self.logins.seconds = seconds

    def expire_tokens(self) -> None:
        """Make every login worthless, as a logout elsewhere or a restart does."""
        with self.lock:
            self.logins.end()

    def texts(self, uuid: str, field: str) -> tuple[str, ...]:
        """The texts that a field of an item holds now."""
        with self.lock:
            return self.items[uuid].texts(field)

    def edit(self, uuid: str, field: str, *texts: str) -> None:
        """Somebody sets a field by hand (with no texts: empties it)."""
        with self.lock:
            item = self.items[uuid]
            metadata = {name: held for name, held in item.metadata.items() if name != field}
            self._put(replace(item, metadata=metadata | ({field: values(*texts)} if texts else {})))

    def change(self, uuid: str, **changes: object) -> None:
        """Somebody sets properties of an item: `withdrawn`, `in_archive`, `discoverable`, `policies`, `minted`."""
        with self.lock:
            self._put(replace(self.items[uuid], **changes))  # type: ignore[arg-type]  # names of the item's own

    def put(self, item: Item, *, dated: bool = True) -> None:
        """An item is there, new or as it is now; with `dated` False a change gets no new date, as that of policies."""
        with self.lock:
            before = self.items.get(item.uuid)
            if before and not dated:
                self.items[item.uuid] = replace(item, last_modified=before.last_modified)
            else:
                self._put(replace(item, last_modified=before.last_modified) if before else item)

    def lag(self) -> None:
        """From now on the index knows of no change, until it is made to `catch_up`."""
        with self.lock:
            self._index = dict(self.items)

    def catch_up(self) -> None:
        """The index knows everything again."""
        self._index = None

    def indexed(self) -> list[Item]:
        """What the index knows, and is still there."""
        with self.lock:
            known = self.items if self._index is None else self._index
            return [item for uuid, item in known.items() if uuid in self.items]

    def oai_import(self, *, clear: bool = False) -> None:
        """The index of OAI-PMH is brought up to date, as by cron; only with `clear` it forgets what was deleted."""
        with self.lock:
            if clear:
                self.oai.index.records.clear()
            self.oai.learn(self.items.values())

    def remove(self, uuid: str) -> None:
        """Somebody deletes an item."""
        with self.lock:
            del self.items[uuid]

    def write(self, before: Item, after: Item) -> Item:
        """Store what a PATCH made of an item; who calls holds `lock` since it read `before`."""
        after = self._put(after)
        self.writes.append(Write(uuid=after.uuid, before=before, after=after))
        return after

    def now(self) -> datetime:
        """The time by the clock of the logins."""
        return datetime.fromtimestamp(self.logins.clock(), UTC)

    def _put(self, item: Item) -> Item:
        """Stamped later than it was before, by a thousandth at least, which is what DSpace tells."""
        item = replace(item, last_modified=max(self.now(), item.last_modified + timedelta(milliseconds=1)))
        self.items[item.uuid] = item
        return item
