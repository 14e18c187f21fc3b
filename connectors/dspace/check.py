"""What `ringmark check --connect` says of a DSpace: version, login, rights, the field that is written, what is read."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from config.settings import Connection
from connectors import clock
from connectors.base import Finding
from connectors.documents import JSON, Document, document
from connectors.dspace.items import parts
from connectors.dspace.ranges import EVERYTHING, SPACE
from connectors.dspace.records import is_output, is_person
from connectors.dspace.rest import Rest
from connectors.dspace.run import PERSONS, Run
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Client
from connectors.origins import origin, shown
from connectors.records import Item
from connectors.spread import spread

KNOWN = (7, 8, 9)  # versions whose REST contract is the one that is read and written to
ENOUGH = 50  # items whose policies are looked at, each with a request of its own


def findings(settings: Connection, client: Client, rest: Rest, run: Callable[[], Run]) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    for field in (*settings.doi_fields, *([settings.field] if settings.field else [])):
        parts(field)
    yield from _root(client)
    rest.meet()
    if rest.ours:
        yield Finding(ok=True, what="the login is accepted, with its CSRF token")
        yield _rights(rest)
    elif settings.push:
        yield Finding(ok=False, what="there is no account", mend="set username and password; only accounts may write")
    if settings.field:
        known = _registered(rest, settings.field)
        what = f"{settings.field} is {'' if known else 'not '}in the metadata registry"
        yield Finding(ok=known, what=what, mend="" if known else "register it; docs/dspace.md says how")
    searched = [field for field in settings.doi_fields if _registered(rest, field)]
    mend = "" if searched else "set doi_fields to where this repository keeps DOIs"
    yield Finding(ok=bool(searched), what=f"DOIs are looked for in {', '.join(searched) or 'no field'}", mend=mend)
    if settings.read:
        yield from _reading(settings, run(), rest)


def _reading(settings: Connection, run: Run, rest: Rest) -> Iterator[Finding]:
    yield from clock.findings(run.began)
    yield _ranges(run)
    yield _changes(run)
    rows = [row for part in islice(run.listing.parts(EVERYTHING), 4) for row in part.rows if row.key]
    outputs = [one for row in [row for row in rows if is_output(row.item)][:ENOUGH] for one in run.output(row)]
    items = [one for one in outputs if isinstance(one, Item)]
    yield from _policies(items, run, rest)
    yield from spread("outputs", items, who="the repository's administrator")
    if settings.people:
        found = [row for part in islice(run.listing.parts(PERSONS), 1) for row in part.rows if row.key]
        people = [run.person(row) for row in found[:ENOUGH] if is_person(row.item)]
        yield from spread("people", people, who="the repository's administrator")
        yield from _status(settings)


def _ranges(run: Run) -> Finding:
    """Whether the listing can be cut."""
    half = SPACE // 2
    halves = sum(run.listing.between(EVERYTHING, *span) for span in ((0, half), (half, SPACE)))
    whole = run.listing.total(EVERYTHING)
    mend = "" if halves == whole else "check again; where it stays, this search knows no ranges of search.resourceid"
    what = f"{whole} items are listed" + ("" if halves == whole else f", and {halves} in two halves")
    return Finding(ok=halves == whole, what=what, mend=mend)


def _changes(run: Run) -> Finding:
    """Which of the three ways tells what changed."""
    if run.is_dated():
        return Finding(ok=True, what="the index tells when items were modified")
    untold = "the index does not tell when items were modified"
    if why := run.unnamed():
        mend = "every pull reads everything until its administrator has made either index anew (docs/dspace.md)"
        return Finding(ok=False, what=f"{untold}, and OAI does not either: {why}", mend=mend)
    return Finding(ok=True, what=f"{untold}, so OAI is asked what changed")


def _policies(items: list[Item], run: Run, rest: Rest) -> Iterator[Finding]:
    """How it is found out who may see an item."""
    asked = [one for one in items if "anybody" in one.raw]
    if rest.ours and not asked:
        yield Finding(ok=True, what="READ policies are told to the account")
        return
    who = "the account may not read READ policies" if rest.ours else "there is no account to read READ policies"
    if run.judge.nobody:
        yield Finding(ok=True, what=f"{who}, so an item is public where it is shown to anybody")
        return
    mend = "give an account of an administrator; our address may belong to a group there, so all is private"
    yield Finding(ok=False, what=f"{who}, and what is shown to us may not be shown to anybody", mend=mend)


def _status(settings: Connection) -> Iterator[Finding]:
    if settings.assume.authorships is None:
        mend = f"all count as private until [connections.{settings.name}.assume] authorships is set"
        yield Finding(ok=False, what="a DSpace has no word for how visible authorships are", mend=mend)


def _root(client: Client) -> Iterator[Finding]:
    """What the entry point says to everybody."""
    with client.get("/api", accept=JSON) as answer:
        if answer.status == 404:
            mend = "set url to the address of the REST API, which usually ends with /server"
            raise NotUnderstood(f"{answer.path}: no DSpace answers here; {mend}")
        told = document(answer)
    version = re.search(r"\d+(?:\.\d+)*", str(told.get("dspaceVersion", "")))
    known = version is not None and int(version[0].partition(".")[0]) in KNOWN
    mend = "" if known else "written for DSpace 7, 8 and 9; try with --dry-run and few items first"
    yield Finding(ok=known, what=f"DSpace {version[0] if version else 'of an unknown version'} answers", mend=mend)
    server = told.get("dspaceServer")
    if isinstance(server, str) and origin(server) != origin(client.base):
        mend = "set url to that, or handles are not found, since DSpace redirects there"
        yield Finding(ok=False, what=f"DSpace calls its own address {shown(server)}", mend=mend)


def _rights(rest: Rest) -> Finding:
    """Whether the account is an administrator, as far as that is told (`authorizations.md`)."""
    untold = Finding(ok=True, what="the account's rights are not told")
    try:
        status = rest.get("/api/authn/status", absent=())
        sites = rest.get("/api/core/sites")
        site = next(iter(_listed(sites, "sites")), {})
        account, uri = _link(status, "eperson").rpartition("/")[2], _link(site, "self")
        if not account or not uri:
            return untold
        asked = {"uri": uri, "eperson": account, "feature": "administratorOf"}
        told = rest.get("/api/authz/authorizations/search/object", asked)
    except (NotAllowed, NotUnderstood):
        return untold
    if _listed(told, "authorizations"):
        return Finding(ok=True, what="the account is an administrator")
    mend = "give it the right to edit; withdrawn items and hidden fields it cannot read back (docs/dspace.md)"
    return Finding(ok=False, what="the account is no administrator", mend=mend)


def _registered(rest: Rest, field: str) -> bool:
    schema, element, qualifier = parts(field)
    asked = {"schema": schema, "element": element, "size": "100"}
    if qualifier:
        asked["qualifier"] = qualifier
    told = rest.read("/api/core/metadatafields/search/byFieldName", asked)
    known = [(each.get("element"), each.get("qualifier") or "") for each in _listed(told, "metadatafields")]
    return (element, qualifier) in known


def _listed(told: Document | None, name: str) -> list[Mapping[str, object]]:
    embedded = told.get("_embedded") if told else None
    listed = embedded.get(name) if isinstance(embedded, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _link(told: Document | None, name: str) -> str:
    links = told.get("_links") if told else None
    link = links.get(name) if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else None
    return href if isinstance(href, str) else ""
