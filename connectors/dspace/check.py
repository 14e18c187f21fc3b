"""What `ringmark check --connect` says of a DSpace: version, login, rights, and the field that is written."""

import re
from collections.abc import Iterator, Mapping

from config.settings import Connection
from connectors.base import Finding
from connectors.documents import JSON, Document, document
from connectors.dspace.items import parts
from connectors.dspace.rest import Rest
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Client
from connectors.origins import origin, shown

KNOWN = (7, 8, 9)  # versions whose REST contract is the one that is written to


def findings(settings: Connection, client: Client, rest: Rest) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    for field in (*settings.doi_fields, *([settings.field] if settings.field else [])):
        parts(field)
    yield from _root(client)
    if not rest.known():
        raise NotUnderstood("the login was accepted, and then nobody was logged in; does a proxy drop a header?")
    yield Finding(ok=True, what="the login is accepted, with its CSRF token")
    yield _rights(rest)
    if settings.field:
        known = _registered(rest, settings.field)
        what = f"{settings.field} is {'' if known else 'not '}in the metadata registry"
        yield Finding(ok=known, what=what, mend="" if known else "register it; docs/dspace.md says how")
    searched = [field for field in settings.doi_fields if _registered(rest, field)]
    mend = "" if searched else "set doi_fields to where this repository keeps DOIs"
    yield Finding(ok=bool(searched), what=f"DOIs are looked for in {', '.join(searched) or 'no field'}", mend=mend)


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
    told = rest.get("/api/core/metadatafields/search/byFieldName", asked)
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
