"""Mentions that an administrator refuses, confirms, lets count again, or looks for."""

from connectors.identifiers import Identifier, canonical_url, parse
from scoring.rules import SOURCES
from sync import store
from sync.acts import reports
from sync.acts.by_hand import no_source
from sync.acts.office import Office, Refused
from sync.acts.subjects import subject
from sync.store.refusals import Refusal
from sync.store.refusing import Retied
from sync.store.rulings import Ruling
from sync.store.sought import Seen, Wanted


def refuse(office: Office, mention: int, *, why: str, report: int = 0, dry_run: bool = False) -> Retied:
    """Refuse a mention, for ever: whoever tells it again tells a refused one. `report`: the reader's report that this
    deals with, which is closed."""
    because = reason(why)
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        done = store.refusing.refuse(office.house, mention, why=because, by=office.by, now=now)
        if done is None:
            raise _not(office, mention)
        store.note(db, "mention refuse", f"mention:{mention}", by=office.by, now=now, why=because)
        if report:
            reports.close(office, report, why=f"mention {mention} was refused: {because}")
    return done


def accept(office: Office, mention: int, *, dry_run: bool = False) -> Retied:
    """Take back that a mention was refused."""
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        done = store.refusing.accept(office.house, mention, now=now)
        if done is None:
            raise Refused(f"mention {mention}: is not refused", "unknown")
        store.note(db, "mention accept", f"mention:{mention}", by=office.by, now=now)
    return done


def refuse_tie(
    office: Office, mention: int, output: str, *, why: str, report: int = 0, dry_run: bool = False
) -> Retied:
    """Refuse that a mention speaks of one output, for ever and for every identifier that the output has then; one that
    it gets later is not meant. Where that is all that it was tied to, it waits."""
    because = reason(why)
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        targets = _named(office, mention, output)
        done = store.refusing.refuse_ties(office.house, mention, targets, why=because, by=office.by, now=now)
        if done is None:
            raise Refused(f"mention {mention}: that it speaks of this output was refused already")
        named = [str(each) for each in targets]
        store.note(db, "mention refuse", f"mention:{mention}", by=office.by, now=now, why=because, output=named)
        if report:
            reports.close(office, report, why=f"that mention {mention} speaks of it was refused: {because}")
    return done


def accept_tie(office: Office, mention: int, output: str, *, dry_run: bool = False) -> Retied:
    """Take back that such a tie was refused."""
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        targets = _named(office, mention, output)
        done = store.refusing.accept_ties(office.house, mention, targets, now=now)
        if done is None:
            raise Refused(f"mention {mention}: that it speaks of this output is not refused", "unknown")
        named = [str(each) for each in targets]
        store.note(db, "mention accept", f"mention:{mention}", by=office.by, now=now, output=named)
    return done


def confirm(office: Office, mention: int, output: str, *, why: str, dry_run: bool = False) -> Retied:
    """Confirm that a mention speaks of one output: somebody has looked. Later runs keep that."""
    because = reason(why)
    now = office.clock()
    with office.trying(dry_run=dry_run) as db:
        targets = _named(office, mention, output)
        done = store.refusing.confirm_ties(office.house, mention, targets, why=because, by=office.by, now=now)
        if done is None:
            raise Refused(f"mention {mention}: that it speaks of this output was confirmed already")
        named = [str(each) for each in targets]
        store.note(db, "mention confirm", f"mention:{mention}", by=office.by, now=now, why=because, output=named)
    return done


def found(office: Office, wanted: Wanted, *, most: int) -> list[Seen]:
    """What is looked for, hidden or not, the newest here first."""
    with office.house.read() as db:
        return store.sought.sought(db, wanted, most=most)


def one(office: Office, mention: int) -> Seen:
    """One mention. Raises `Refused`."""
    seen = found(office, Wanted(mention=mention), most=1)
    if not seen:
        raise _unknown(mention)
    return seen[0]


def refused(office: Office) -> list[Refusal]:
    """Every refusal in force, the newest first."""
    with office.house.read() as db:
        return store.refusals.in_force(db)


def refused_ties(office: Office) -> list[Ruling]:
    """Every refusal of a tie that is in force, the newest first."""
    with office.house.read() as db:
        return store.rulings.refused(db)


def waiting(office: Office, *, most: int) -> list[Seen]:
    """What names no output that is known; it counts once a record comes that has what it names."""
    with office.house.read() as db:
        return store.sought.waiting(db, most=most)


def wanted(
    office: Office, *, url: str = "", output: str = "", source: str = "", outlet: str = "", before: int = 0
) -> Wanted:
    """What somebody looks for, by the words that they write. Raises `Refused`."""
    if source and source not in SOURCES:
        raise no_source(source)
    about = subject(office, f"output:{output}" if output.isdigit() else output) if output else None
    if about is not None and about.kind != "output":
        raise Refused("unknown output", "unknown")
    return Wanted(
        url=canonical_url(url) or url.strip(),
        output=about.id if about else 0,
        source=source,
        outlet=outlet.strip(),
        before=before,
    )


def reason(why: str) -> str:
    """The reason that somebody gives. Raises `Refused` where that is none."""
    if not why.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    return why.strip()


def _named(office: Office, mention: int, output: str) -> list[Identifier]:
    """All identifiers of an output that a mention names, or did when that was ruled on, so that no other of them ties
    it later; an identifier that no output is known by stands alone. Raises `Refused`."""
    seen, named = one(office, mention), parse(output)
    about, unknown = None, None
    try:
        about = subject(office, f"output:{output}" if output.isdigit() else output)
    except Refused as refused_:
        unknown = refused_
    with office.house.read() as db:
        has = store.sought.identifiers(db, about.id) if about is not None and about.kind == "output" else []
        ruled = {name for each in store.rulings.on(db, mention) for name in each.targets}
    names = {*map(str, seen.targets)} | ruled
    if {*map(str, has)} & names:
        return has
    if named is not None and str(named) in names:
        return [named]
    words = ", ".join(map(str, seen.targets)) or "nothing"
    raise unknown or Refused(f"output: is not what mention {mention} speaks of; it names {words}", "wrong")


def _not(office: Office, mention: int) -> Refused:
    with office.house.read() as db:
        there = store.refusals.on(db, mention)
    if not there:
        return _unknown(mention)
    return Refused(f"mention {mention}: was refused already, by {there[0].by}: {there[0].why}")


def _unknown(mention: int) -> Refused:
    return Refused(f"mention {mention}: there is none", "unknown")
