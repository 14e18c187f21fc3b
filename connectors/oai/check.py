"""What `ringmark check --connect` says of a data provider."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from urllib.parse import urlsplit

from config.settings import Connection
from connectors.base import Finding
from connectors.errors import NotUnderstood, TryLater
from connectors.oai.crosswalks import CROSSWALKS
from connectors.oai.formats import chosen, speaks
from connectors.oai_pmh.provider import SILENT, Provider, Repository
from connectors.oai_pmh.xml import Record, Refused
from connectors.records import Aside, Gone, Item
from connectors.spread import spread

VERSION = "2.0"
PROMISES = {
    "persistent": "deleted records are told for ever, it says",
    "transient": "deleted records are told for a while",
    "no": "deleted records are not told: only full pulls find them",
}
EPRINTS = "/cgi/oai2"
PAGES = 2  # enough to see how records read
MANY_SETS = 10_000  # looked through, at most


def findings(
    provider: Provider, settings: Connection, reading: Callable[[Record], Iterable[Item | Gone | Aside]]
) -> Iterator[Finding]:
    """One line each; raises what the client raises, when the source stops answering."""
    try:
        repository = provider.identify()
    except (TryLater, Refused) as error:
        if provider.client.heard is None:  # nobody answers at all
            raise
        repository = SILENT
        mend = "it is harvested all the same, by days; tell whoever runs it"
        yield Finding(ok=False, what=f"the provider does not say who it is ({error})", mend=mend)
    else:
        yield from _who(repository)
    yield from _eprints(repository, provider.client.base)
    prefix = chosen(provider, settings)
    yield from _formats(provider, prefix)
    yield from _sets(provider, settings)
    if settings.assume.outputs is None:
        mend = f"all count as private until [connections.{settings.name}.assume] outputs is set"
        yield Finding(ok=False, what="the protocol has no word for how visible outputs are", mend=mend)
    yield from _records(provider, settings, prefix, reading)


def is_eprints(url: str) -> bool:
    """Whether an address is where EPrints, and nothing else, has its provider."""
    return urlsplit(url).path.rstrip("/").endswith(EPRINTS)


def _who(repository: Repository) -> Iterator[Finding]:
    right = repository.version == VERSION
    version = repository.version or "of an unknown version"
    yield Finding(ok=right, what=f"the provider answers, OAI-PMH {version}", mend="" if right else "only 2.0 is read")
    unit = "seconds" if repository.seconds else "days"
    promise = PROMISES.get(repository.deleted, "it does not say what becomes of deleted records")
    yield Finding(ok=True, what=f"it dates by {unit}; {promise}")


def _eprints(repository: Repository, base: str) -> Iterator[Finding]:
    """The description called `eprints` is no sign: others have it too."""
    if is_eprints(base) or "eprints" in repository.toolkit.lower():
        mend = 'write kind = "eprints": OAI-PMH tells of records that an EPrints hides, and of none how visible it is'
        yield Finding(ok=False, what="this is an EPrints", mend=mend)


def _formats(provider: Provider, prefix: str) -> Iterator[Finding]:
    try:
        offered = provider.formats()
    except (TryLater, NotUnderstood) as error:
        yield Finding(ok=False, what=f"the formats are not told ({error})", mend=f"{prefix} is tried")
        return
    names = ", ".join(sorted(each.prefix for each in offered))
    spoken = [walk.name for each in offered if each.prefix == prefix for walk in CROSSWALKS if speaks(each, walk)]
    if spoken:
        yield Finding(ok=True, what=f"harvested in {prefix} ({spoken[0]}); offered are {names}")
    else:
        mend = f"set formats to the prefix of one of {', '.join(walk.name for walk in CROSSWALKS)}"
        yield Finding(ok=False, what=f"{prefix} is not read; offered are {names}", mend=mend)


def _sets(provider: Provider, settings: Connection) -> Iterator[Finding]:
    if not settings.sets:
        return
    with closing(provider.sets()) as told:
        missing = set(settings.sets)
        for spec in islice(told, MANY_SETS):
            missing.discard(spec)
    if missing:
        names = ", ".join(sorted(missing))
        yield Finding(ok=False, what=f"no set of the provider is {names}", mend="ListSets tells the setSpec of each")
    else:
        yield Finding(ok=True, what=f"{len(settings.sets)} sets are harvested")


def _records(
    provider: Provider, settings: Connection, prefix: str, reading: Callable[[Record], Iterable[Item | Gone | Aside]]
) -> Iterator[Finding]:
    query = {"metadataPrefix": prefix, **({"set": settings.sets[0]} if settings.sets else {})}
    with closing(provider.list("ListRecords", query, reading)) as sheets:
        told = [each for sheet in islice(sheets, PAGES) for each in sheet.records]
    items = [each for each in told if isinstance(each, Item)]
    yield from spread("outputs", items, who="whoever runs the provider")
    if items:
        dois = sum(any(one.scheme == "doi" for one in each.identifiers) for each in items)
        yield Finding(ok=True, what=f"{dois} of them have a DOI that counts")
