"""What `ringmark check --connect` says of an EPrints: version, login, REST, flags, and the field that is written."""

import re
from collections.abc import Iterator
from contextlib import closing

from config.settings import Connection
from connectors import clock
from connectors.base import Finding
from connectors.eprints.rest import ADDRESS, Rest
from connectors.eprints.run import OAI, PREFIX, Header, Run, header
from connectors.errors import NotUnderstood
from connectors.http import Client
from connectors.oai_pmh.provider import ACCEPT
from connectors.oai_pmh.xml import Body, refusal
from connectors.records import Item
from connectors.spread import spread

FEW = 20  # records that are looked at
KNOWN = "3.4"
COMMENT = "{http://www.openarchives.org/OAI/1.1/eprints}comment"
VERSION = re.compile(r"\(EPrints (\d+(?:\.\d+)*)")


def findings(settings: Connection, client: Client, rest: Rest, run: Run) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    yield _version(client)
    if settings.username:
        known = rest.known()
        yield Finding(ok=True, what="the login is accepted" if known else "whether the login is accepted is not told")
    yield from clock.findings(client.heard)
    keys = _first(run)
    records = [one for one in run.records(keys) if isinstance(one, Item)]
    yield from spread("outputs", records, who="the administrator of the repository")
    if settings.push and keys:
        yield _field(rest, keys[0], settings.field or "")


def _version(client: Client) -> Finding:
    """Which release answers, in the words of its own description, where it says so."""
    try:
        with client.get(OAI, {"verb": "Identify"}, accept=ACCEPT, refusal=refusal) as answer:
            told = [str(text) for one in Body(answer, "Identify").entries() for text in one.itertext(COMMENT)]
    except NotUnderstood:
        raise NotUnderstood(f"{OAI}: no OAI-PMH interface of an EPrints answers; {ADDRESS}") from None
    found = VERSION.search(" ".join(told))
    known = found is not None and found[1].startswith(KNOWN)
    what = f"EPrints {found[1] if found else 'of an unknown version'} answers"
    return Finding(ok=True, what=what if known else f"{what}; written for {KNOWN}")


def _first(run: Run) -> list[str]:
    """The keys of the first records that are listed."""
    with closing(run.provider.list("ListIdentifiers", {"metadataPrefix": PREFIX}, header)) as sheets:
        return [one.key for one in next(sheets).records if isinstance(one, Header) and not one.deleted][:FEW]


def _field(rest: Rest, key: str, field: str) -> Finding:
    """Whether a record has the field. That it is volatile, and ours to write to, only a write would tell."""
    if rest.text(key, field) is not None:
        return Finding(ok=True, what=f"{field} is a field of the records")
    mend = "add it to cfg.d as a field of one text, and run epadmin update; docs/eprints.md says how"
    return Finding(ok=False, what=f"{field} is not a field of the records", mend=mend)
