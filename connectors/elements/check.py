"""What `ringmark check --connect` says of an Elements: version, rights, the spread of its flags, what is not told."""

from collections.abc import Iterator
from itertools import islice

from connectors import clock
from connectors.base import Finding
from connectors.elements.labels import SCHEME, WRITABLE
from connectors.elements.run import Run
from connectors.elements.walk import Sheet, one
from connectors.elements.xml import API, NEWEST, Refused, Version
from connectors.errors import NotAllowed
from connectors.records import Authorship, Item, Person, Record
from connectors.spread import spread
from connectors.xml import Element

PAGES = 4  # of each listing: enough to see how the flags are spread
TELLS_OUTPUTS_AND_PEOPLE = (5, 0)  # versions before have no element for their visibility


def findings(run: Run) -> Iterator[Finding]:
    """One line each; raises what the client raises, when the source stops answering."""
    version = "of an unknown version" if run.version == NEWEST else f"v{run.version[0]}.{run.version[1]}"
    yield Finding(ok=run.version != NEWEST, what=f"the API answers, {version}")
    yield _rights(run)
    yield from clock.findings(run.began)
    for kind, assumed in (("people", run.assume.people), ("outputs", run.assume.outputs)):
        if run.version < TELLS_OUTPUTS_AND_PEOPLE and assumed is None:
            mend = f"all count as private until [connections.{run.source}.assume] {kind} is set"
            yield Finding(ok=False, what=f"this version has no word for how visible {kind} are", mend=mend)
    yield from _spread("people", run.users())
    yield from _spread("outputs", run.publications())
    yield from _spread("authorships", run.links())


def writing(run: Run, scheme: str) -> Iterator[Finding]:
    """Whether labels can be written: that the scheme is registered is seen only by the first write."""
    if run.version < WRITABLE:
        mend = "set url to v5.5 or newer"
        yield Finding(ok=False, what="this version of the API writes no labels", mend=mend)
    if not SCHEME.fullmatch(scheme):
        mend = "name a label scheme of your own that begins with c-, such as c-ringmark"
        yield Finding(ok=False, what="field is no label scheme of your own", mend=mend)
    told = _told_rights(run)
    if told is not None and "can-modify-data true" not in told:
        yield Finding(ok=False, what="the account may not write", mend="give it the right can-modify-data")


def _rights(run: Run) -> Finding:
    told = _told_rights(run)
    return Finding(ok=True, what=f"the account: {', '.join(told)}" if told else "the account's rights are not told")


def _told_rights(run: Run) -> tuple[str, ...] | None:
    try:
        return one(run.client, "/my-account", {}, _right).records
    except (Refused, NotAllowed):
        return None


def _right(account: Element, _: Version, __: str) -> Iterator[str]:
    for right in account.iterfind(f"{API}rights/*"):
        yield f"{right.tag.removeprefix(API)} {(right.text or '').strip()}"


def _spread(what: str, sheets: Iterator[Sheet[Record]]) -> Iterator[Finding]:
    first = islice(sheets, PAGES)
    records = [one for sheet in first for one in sheet.records if isinstance(one, Person | Item | Authorship)]
    yield from spread(what, records, who="the Elements administrator")
