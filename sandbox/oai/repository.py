"""What a practice data provider holds, and the ways in which it differs from others.

A record has one XML document per format; what it has none of, it does not disseminate. Everything may be changed while
the provider is asked, and the lists shift as those of a real one do.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from typing import Literal

Tokens = Literal["opaque", "offset", "path"]
DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


@dataclass(frozen=True, slots=True, kw_only=True)
class OaiRecord:
    """A record as it is disseminated. `status` is what stands in its header; `deleted` takes the metadata away."""

    identifier: str
    stamp: datetime
    sets: tuple[str, ...] = ()
    status: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Ways:
    """How a provider speaks, within the protocol and beside it.

    `seconds`: granularity. `deleted`: what it promises. `earliest`: the text of `earliestDatestamp`, None for the true
    one. `tokens`: `opaque` ones stand for a list as it was, `offset` ones count into it as it is, and `path` ones do so
    as those of a DSpace, `oai_dc/from/until/set/100`. `token_life`: seconds after which a token is not known.
    `empty_last`: the last page has an empty token. `sizes`: `completeListSize` is told, `size_off` more than there are.
    `error_status`: of answers with an `error`; `two_errors`: a second one comes with a bad token. `identify_status`:
    other than 200 breaks it. `until_excluded`: the end of a window is not in it. `by_date`: lists are in the order of
    their stamps. `descriptions`: XML within Identify. `no_sets`: it knows none.
    """

    seconds: bool = True
    deleted: str = "transient"
    earliest: str | None = None
    per_page: int = 100
    tokens: Tokens = "opaque"
    token_life: float | None = None
    empty_last: bool = True
    sizes: bool = True
    size_off: int = 0
    error_status: int = 200
    two_errors: bool = False
    identify_status: int = 200
    until_excluded: bool = False
    by_date: bool = False
    no_sets: bool = False
    version: str = "2.0"
    descriptions: tuple[str, ...] = ()
    formats: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"oai_dc": (DC_SCHEMA, DC)})
    """Prefix to schema and namespace."""


class Repository:
    """Records by their identifier. `clock` is the provider's own."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.records: dict[str, OaiRecord] = {}
        self.lock = RLock()

    def put(self, record: OaiRecord) -> None:
        """New, or in place of what was there."""
        with self.lock:
            self.records[record.identifier] = record

    def touch(self, identifier: str) -> None:
        """Something about a record changes now."""
        with self.lock:
            self.records[identifier] = replace(self.records[identifier], stamp=self.clock())

    def delete(self, identifier: str) -> None:
        """It is told as deleted from now on."""
        with self.lock:
            self.put(replace(self.records[identifier], stamp=self.clock(), status="deleted", formats={}))

    def destroy(self, identifier: str) -> None:
        """It has never been, as far as the provider tells."""
        with self.lock:
            del self.records[identifier]

    def matching(
        self, prefix: str, spec: str, since: str, until: str, ways: Ways, written: Callable[[datetime], str]
    ) -> Iterator[OaiRecord]:
        """The records of a list, in its order. A set holds those of its subsets; bounds are compared as texts."""
        order = sorted(self.records.values(), key=lambda one: (one.stamp if ways.by_date else 0, one.identifier))
        for record in order:
            stamp = written(record.stamp)[: len(since or until) or None]
            inside = (not since or since <= stamp) and (
                not until or (stamp < until if ways.until_excluded else stamp <= until)
            )
            within = not spec or any(one == spec or one.startswith(f"{spec}:") for one in record.sets)
            if inside and within and (prefix in record.formats or record.status == "deleted"):
                yield record
