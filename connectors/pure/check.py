"""What `ringmark check --connect` says of a Pure: the API, what the key may see, flags, staff types, and the field."""

from collections import Counter
from collections.abc import Iterator

from config.settings import Connection
from connectors import clock
from connectors.base import Finding
from connectors.documents import objects
from connectors.errors import NotAllowed, NotUnderstood
from connectors.pure.dialect import MODIFIED, OUTPUTS, PERSONS
from connectors.pure.people import Profile, academic, staff_types
from connectors.pure.rest import Rest
from connectors.pure.run import Run, first_sheet
from connectors.pure.values import uri
from connectors.pure.walk import Sheet
from connectors.pure.write import checked, link_type
from connectors.records import Authorship, Item
from connectors.spread import spread

WHO = "the Pure administrator"
UNSEEN = "outputs that are CONFIDENTIAL do not come at all where the key may not see them; that cannot be asked"


def findings(settings: Connection, run: Run) -> Iterator[Finding]:
    """One line each; raises what the client raises, when nothing more can be asked."""
    rest = run.rest
    yield Finding(ok=True, what=f"the {rest.dialect.name} API of Pure answers, and accepts the key")
    yield from clock.findings(run.began)
    if rest.dialect.writes and not {*MODIFIED} & rest.orderings().keys():
        mend = "each pull reads all outputs; pull less often"
        yield Finding(ok=False, what="outputs cannot be listed by when they were changed", mend=mend)
    for path in (rest.dialect.organizations, PERSONS, OUTPUTS):
        yield from _content(settings, run, path)
    yield Finding(ok=True, what=UNSEEN)
    if settings.push:
        yield _place(rest, settings.field or "")


def _content(settings: Connection, run: Run, path: str) -> Iterator[Finding]:
    """Whether the key may see one type of content, and how the flags of the first page are spread."""
    try:
        sheet = first_sheet(run, path)
    except (NotAllowed, NotUnderstood) as error:
        mend = f"let the key read {path} in Pure's administration of API keys; docs/pure.md says which"
        yield Finding(ok=False, what=str(error), mend=mend)
        return
    yield Finding(ok=True, what=f"{path}: {sheet.total if sheet else 0} records")
    if sheet and path == PERSONS:
        people = [each.person for each in run.people(sheet) if isinstance(each, Profile)]
        yield from spread("people", people, who=WHO)
        yield from _staff(run, sheet)
    elif sheet and path == OUTPUTS:
        told = [one for at, row in sheet.rows for one in run.outputs(row, f"{path}, entry {at}")]
        yield from spread("outputs", [one for one in told if isinstance(one, Item)], who=WHO)
        links = [one for one in told if isinstance(one, Authorship)]
        if links:
            yield from spread("authorships", links, who=WHO)
        if not run.rest.dialect.tells_hidden and run.assumed is None and links:
            mend = f"they count as private until [connections.{settings.name}.assume] authorships is set"
            what = "the legacy API does not say of every link whether its person hides it"
            yield Finding(ok=False, what=what, mend=mend)


def _staff(run: Run, sheet: Sheet) -> Iterator[Finding]:
    """The staff types of the first page, and which of them count."""
    rows = objects([row for _, row in sheet.rows])
    found = Counter(each for row in rows for each in staff_types(row, run.rest.dialect))
    kinds = [f"{kind} ({_counts(kind, run)}, {count} times)" for kind, count in sorted(found.items()) if kind]
    if not kinds:
        return
    some = any(academic(kind, run.reading.academic) for kind in found)
    mend = "" if some else "set academic to the URIs of the staff types that are"
    yield Finding(ok=some, what=f"staff types: {', '.join(kinds)}", mend=mend)


def _counts(kind: str, run: Run) -> str:
    return "academic" if academic(kind, run.reading.academic) else "not academic"


def _place(rest: Rest, field: str) -> Finding:
    """Whether badges can be written where the settings say."""
    if not rest.dialect.writes:
        raise NotAllowed(read_only())
    kind = link_type(checked(field))
    if not kind:
        mend = f"nothing can be asked about it; see that an administrator has declared {field} as a text of outputs"
        return Finding(ok=True, what=f"badges go to the custom field {field}; {mend}")
    told = rest.get(f"{OUTPUTS}/allowed-link-types", {}).get("classifications")
    known = kind in map(uri, objects(told))
    mend = "" if known else "add it to the classification of link types in Pure, or name one that is there"
    return Finding(ok=known, what=f"the type of link {kind} is {'' if known else 'not '}there", mend=mend)


def read_only() -> str:
    """Why nothing is written by the legacy API."""
    return "the legacy API of Pure is read only; set url to the current one, which ends with /ws/api, or leave push out"
