"""A mention that somebody writes down, stored as an import would store it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import Connection as Database

from connectors.attention import Evidence, Mention
from connectors.errors import TryLater
from connectors.identifiers import Identifier, canonical_url, parse
from connectors.mentions import read_mention
from scoring.rules import SOURCES, UNITS
from sync import imports, store
from sync.acts import reports
from sync.acts.office import Office, Refused
from sync.acts.subjects import subject
from sync.store.sought import Seen

if TYPE_CHECKING:
    from connectors.pages import Seen as Looked

METHOD = "by hand"
SPEAKERS = {  # of which field of an import line a unit of this kind is told
    "outlet": "outlet",
    "blog": "outlet",
    "show": "outlet",
    "account": "author",
    "author": "author",
    "policy_source": "policy_source",
    "jurisdiction": "jurisdiction",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A mention as somebody writes it down. `outputs` are identifiers, or `output:ID`; `who` is the outlet, account,
    policy source or jurisdiction that spoke, by its id."""

    url: str
    source: str = "news"
    outputs: Sequence[str] = ()
    at: str = ""
    title: str = ""
    who: str = ""


def add(
    office: Office, told: Told, *, page: "Looked | None" = None, why: str = "", report: int = 0, dry_run: bool = False
) -> Seen:
    """Store a mention by hand, as an import line would. Nothing is fetched: `page` is what stands there, where somebody
    has had it looked at. `report`: the reader's report that asked for it, which is closed."""
    mention = _mention(told, office, page)
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        known = store.sought.tied(db, SOURCES[mention.source], mention.url)
        if refused := store.refusals.of_page(db, SOURCES[mention.source], mention.url):
            last = refused[-1]
            raise Refused(f"url: was refused by {last.by} ({last.why}); accept mention {last.mention} first")
        for ruling in store.rulings.of_page(db, SOURCES[mention.source], mention.url):
            if ruling.verdict == store.evidence.REFUSED and {*map(str, mention.targets)} & {*ruling.targets}:
                words = f"that this page speaks of it was refused by {ruling.by} ({ruling.why})"
                raise Refused(f"output: {words}; accept that of mention {ruling.mention} first")
        tied = _outputs(db, mention)
        for public, outputs in known:
            if tied <= outputs:
                raise Refused(f"url: is known already as mention {public}, and tied to what you name")
        mention = _added_to(db, mention, store.sought.by_key(db, store.LOCAL, mention.key))
        try:
            imports.by_hand(office.house, mention, clock=office.clock)
        except TryLater as error:
            raise Refused(str(error)) from None
        (seen,) = store.sought.by_key(db, store.LOCAL, mention.key)
        named = [str(each) for each in mention.targets]
        subject_ = f"mention:{seen.mention}"
        store.note(db, "mention add", subject_, by=office.by, now=now, source=seen.source, to=named, why=why.strip())
        if report:
            reports.close(office, report, why=f"added as mention {seen.mention}")
    return seen


def _added_to(db: Database, mention: Mention, before: Sequence[Seen]) -> Mention:
    """The mention with what it was tied to before, and what showed that, where nothing new is said of it."""
    seen = {each.identifier for each in mention.evidence}
    kept = [told for each in before for told in store.evidence.told(db, each.mention) if told.identifier not in seen]
    targets = (*mention.targets, *(target for each in before for target in each.targets))
    return replace(mention, targets=tuple(dict.fromkeys(targets)), evidence=(*mention.evidence, *kept))


def _mention(told: Told, office: Office, page: "Looked | None") -> Mention:
    """What an import line of it would tell, with what was seen of what it names. Raises `Refused`."""
    url = canonical_url(page.url if page else told.url.strip())
    if url is None:
        raise Refused(f'url: "{told.url[:80]}" is no web address; it begins with https://', "wrong")
    if told.source not in SOURCES:
        raise no_source(told.source)
    named = [_target(office, each) for each in told.outputs if each.strip()]
    evidence = _evidence(office, page, named) if page else ()
    targets = [*named, *(each.identifier for each in evidence)] or [_joined(office, url)]
    line: dict[str, object] = {
        "id": f"{METHOD} {told.source} {blake2b(url.encode(), digest_size=16).hexdigest()}",
        "source": told.source,
        "output": [str(each) for each in targets],
        "url": url,
        "title": told.title or (page.head.title if page else ""),
        "occurred_at": told.at.strip() or (page.head.published if page else "") or store.stamp(office.clock()),
    }
    if told.who.strip() and (field := SPEAKERS.get(UNITS[told.source])):
        line[field] = {"id": told.who.strip()} if field in ("outlet", "author") else told.who
    read = list(read_mention(line, METHOD, ""))
    for each in read:
        if not isinstance(each, Mention):
            raise Refused(each.reason.replace("occurred_at ", "at: "), "wrong")
    (mention,) = [each for each in read if isinstance(each, Mention)]
    return replace(mention, method=METHOD, evidence=evidence)


def _evidence(office: Office, page: "Looked", named: Sequence[Identifier]) -> tuple[Evidence, ...]:
    """Of the outputs that somebody names, or of all that the page does where they name none."""
    with office.house.read() as db:
        wanted = {store.output_of(db, each) for each in named}
        return tuple(each for each in page.evidence if not named or store.output_of(db, each.identifier) in wanted)


def _target(office: Office, text: str) -> Identifier:
    """The identifier by which an output is meant: the one that was written, or the best that it has."""
    try:
        named = subject(office, text)
    except Refused:
        raise Refused(f'output: "{text[:80]}" is none that is known; pull it first', "wrong") from None
    if named.kind != "output":
        raise Refused(f'output: "{text[:80]}" is none; write doi:10.1234/x, or output:ID', "wrong")
    with office.house.read() as db:
        has = store.sought.identifiers(db, named.id)
    asked = parse(text)
    if asked is not None and asked in has:
        return asked
    if not has:
        raise Refused(f'output: "{text[:80]}" has no identifier that a mention could name it by', "wrong")
    return has[0]


def _joined(office: Office, url: str) -> Identifier:
    """What an address itself names. Raises `Refused` where that is no output."""
    named = parse(url)
    if named is not None:
        with office.house.read() as db:
            if store.output_of(db, named) is not None:
                return named
    raise Refused(
        "output: the address is that of no output; say which one it speaks of: --output doi:10.1234/x", "wrong"
    )


def _outputs(db: Database, mention: Mention) -> set[int]:
    found = {store.output_of(db, each) for each in mention.targets}
    return {each for each in found if each is not None}


def no_source(source: str) -> Refused:
    """That something is the name of no source."""
    return Refused(f'source: "{source[:40]}" is none of {", ".join(SOURCES)}', "wrong")
