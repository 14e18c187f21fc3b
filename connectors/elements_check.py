"""What `ringmark check --connect` says of an Elements: version, rights, the spread of its flags, what is not told."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from connectors.base import Finding
from connectors.elements_records import Record
from connectors.elements_run import Run
from connectors.elements_walk import Sheet, one
from connectors.elements_xml import API, NEWEST, Element, Refused, Version
from connectors.errors import NotAllowed
from connectors.records import Authorship, Item, Person

PAGES = 4  # of each listing: enough to see how the flags are spread
TELLS_OUTPUTS_AND_PEOPLE = (5, 0)  # versions before have no element for their visibility


def findings(run: Run) -> Iterator[Finding]:
    """One line each; raises what the client raises, when the source stops answering."""
    version = "of an unknown version" if run.version == NEWEST else f"v{run.version[0]}.{run.version[1]}"
    yield Finding(ok=run.version != NEWEST, what=f"the API answers, {version}")
    yield _rights(run)
    if run.began is None:
        mend = "without a clock every pull is a full one; let the proxy in between pass the Date header on"
        yield Finding(ok=False, what="the source does not tell the time", mend=mend)
    for kind, assumed in (("people", run.assume.people), ("outputs", run.assume.outputs)):
        if run.version < TELLS_OUTPUTS_AND_PEOPLE and assumed is None:
            mend = f"all count as private until [connections.{run.source}.assume] {kind} is set"
            yield Finding(ok=False, what=f"this version has no word for how visible {kind} are", mend=mend)
    yield from _spread("people", run.users())
    yield from _spread("outputs", run.publications())
    yield from _spread("authorships", run.links())


def _rights(run: Run) -> Finding:
    try:
        told = one(run.client, "/my-account", {}, _right).records
    except (Refused, NotAllowed):
        return Finding(ok=True, what="the account's rights are not told")
    return Finding(ok=True, what=f"the account: {', '.join(told)}" if told else "the account's rights are not told")


def _right(account: Element, _: Version, __: str) -> Iterator[str]:
    for right in account.iterfind(f"{API}rights/*"):
        yield f"{right.tag.removeprefix(API)} {(right.text or '').strip()}"


def _spread(what: str, sheets: Iterator[Sheet[Record]]) -> Iterator[Finding]:
    first = list(islice(sheets, PAGES))
    records = [one for sheet in first for one in sheet.records if isinstance(one, Person | Item | Authorship)]
    if not records:
        yield Finding(ok=False, what=f"no {what} at all", mend="has the account the right to read them?")
        return
    parts = [_counted(record.visibility.word for record in records)]
    people = [record for record in records if isinstance(record, Person)]
    for flag in ("current", "academic", "student") if people else ():
        parts.append(f"{flag}: {_counted(_WORDS[getattr(person, flag)] for person in people)}")
    yield Finding(ok=True, what=f"the first {len(records)} {what}: {'; '.join(parts)}")
    doubts = Counter(doubt for record in records for doubt in record.doubts)
    for doubt, count in doubts.most_common():
        mend = "they count as private; ask the Elements administrator"
        yield Finding(ok=False, what=f"{count} of the first {len(records)} {what}: {doubt}", mend=mend)


_WORDS = {True: "yes", False: "no", None: "not told"}


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items()))
