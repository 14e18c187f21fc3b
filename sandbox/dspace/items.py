"""What a practice DSpace holds: items with their metadata, and how the example institution's outputs become items."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from sandbox.institution import Institution
from sandbox.model import Output, Record

PREFIX = "20.500.99999"
"""The handle prefix of the example repository; nobody's."""

FIELDS = (
    "dc.contributor.author", "dc.date.accessioned", "dc.date.available", "dc.date.issued", "dc.description.abstract",
    "dc.description.provenance", "dc.identifier", "dc.identifier.citation", "dc.identifier.doi", "dc.identifier.issn",
    "dc.identifier.uri", "dc.publisher", "dc.relation.ispartof", "dc.relation.isversionof", "dc.subject", "dc.title",
    "dc.title.alternative", "dc.type", "dspace.entity.type", "local.attention.badge", "local.attention.score",
    "person.email", "person.familyName", "person.givenName", "person.identifier.orcid", "dspace.orcid.authenticated",
    "relation.isAuthorOfPublication",
)  # fmt: skip
"""The registry of metadata fields; those of `local` a site adds itself."""

ARRIVED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""When every item was deposited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may do something with an item: members of a `group`, or a person where that is None. `start` is the first day
    on which that is so, `end` the one with which it ends, as `YYYY-MM-DD`."""

    group: str | None = "Anonymous"
    action: str = "READ"
    start: str = ""
    end: str = ""

    def is_in_force(self, now: datetime) -> bool:
        """Whether it is so now, by the day in UTC."""
        day = now.strftime("%Y-%m-%d")
        return self.start <= day and (not self.end or day < self.end)


STAFF = Policy(group="Staff")
"""The one account is a member of that group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a metadata field; its place is where it stands in the tuple. `security` is the level that a
    DSpace-CRIS tells: 0 is for everybody."""

    value: str
    language: str | None = None
    authority: str | None = None
    confidence: int = -1
    security: int | None = None


Metadata = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. `policies`: who may read it; anonymous visitors need one for Anonymous (else 401). `discoverable`
    False: it can be read, but only the search of administrators finds it. `minted`: a bare DOI that this DSpace gave
    out itself; others it cannot resolve. `files`: what its access status says of its files. `odd`: flags that are told
    otherwise than they are; None, not at all."""

    uuid: str
    handle: str
    metadata: Metadata = field(repr=False)
    in_archive: bool = True
    withdrawn: bool = False
    discoverable: bool = True
    policies: tuple[Policy, ...] = (Policy(),)
    minted: str = ""
    files: Mapping[str, str] = field(default_factory=lambda: {"status": "open.access"})
    last_modified: datetime = ARRIVED
    odd: Mapping[str, object] = field(default_factory=dict)

    def readable(self, groups: Collection[str], now: datetime) -> bool:
        """Whether members of some groups may read it now."""
        reads = (policy for policy in self.policies if policy.action == "READ" and policy.is_in_force(now))
        return any(policy.group in groups for policy in reads)

    def texts(self, name: str) -> tuple[str, ...]:
        """The bare texts of one field, none where it is not there."""
        return tuple(value.value for value in self.metadata.get(name, ()))


def values(*texts: str) -> tuple[Value, ...]:
    """Texts as a field holds them when nobody says more about them."""
    return tuple(Value(value=text) for text in texts)


def made(number: int, **fields: tuple[str, ...] | str) -> Item:
    """An item for a test, with the uuid and handle of a `number`; `dc_identifier_doi="10.5555/x"` is a field of it."""
    metadata = {
        name.replace("_", "."): values(*((told,) if isinstance(told, str) else told)) for name, told in fields.items()
    }
    handle = f"{PREFIX}/{number}"
    return Item(uuid=str(uuid5(NAMESPACE_URL, handle)), handle=handle, metadata=metadata)


def items_of(institution: Institution) -> list[Item]:
    """The items of what was deposited: seven of eight outputs, by their ids, in the order of the ids.

    How an item tells the DOI goes by its id too: bare in `dc.identifier.doi` (three of eight), as an address in
    `dc.identifier.doi` in upper case (one), beside the handle in `dc.identifier.uri` as an address or after `doi:` (one
    each), and not at all (one, and every output without a DOI)."""
    with institution.lock:
        return [_item(output) for output in institution.outputs.values() if output.id % 8 != 7]


def _item(output: Output) -> Item:
    record = next((r for r in output.records if r.preferred), output.records[0])
    doi = record.doi or next((r.doi for r in output.records if r.doi), "")
    uris, dois = [f"https://hdl.handle.net/{PREFIX}/{output.id}"], []
    match output.id % 8 if doi else None:
        case 0 | 1 | 2:
            dois = [doi]
        case 3:
            dois = [f"https://doi.org/{doi.upper()}"]
        case 4:
            uris.append(f"https://doi.org/{doi}")
        case 5:
            uris.append(f"doi:{doi}")
    return made(
        output.id,
        dc_contributor_author=tuple(f"{name.last}, {name.first}" for name in record.authors),
        dc_date_accessioned="2026-01-05T08:00:00Z",
        dc_date_issued=_issued(record),
        dc_identifier_doi=tuple(dois),
        dc_identifier_uri=tuple(uris),
        dc_title=tuple(filter(None, [record.title])),
        dc_type=output.type,
    )


def _issued(record: Record) -> tuple[str, ...]:
    parts: Iterable[int | None] = record.published or ()
    text = "-".join(f"{part:02d}" for part in parts if part is not None)
    return (text,) if text else ()
