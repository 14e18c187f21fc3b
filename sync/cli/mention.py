"""The verbs of mentions: list, waiting, add, refuse, confirm, accept, refused."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.attention import LEVELS
from connectors.errors import NotAllowed
from sync import store
from sync.acts import Office, by_hand, mentions
from sync.acts.by_hand import Told
from sync.cli import house, say
from sync.cli.kept import DryRun
from sync.cli.say import WRONG, Fail
from sync.store.evidence import Tie
from sync.store.refusals import Refusal
from sync.store.refusing import Retied
from sync.store.rulings import Ruling
from sync.store.sought import NAMES, Seen

if TYPE_CHECKING:
    from connectors.pages import Seen as Looked

app = typer.Typer(
    help="Mentions: look for them, refuse or confirm them, add those that are missing.", no_args_is_help=True
)
Id = Annotated[int, typer.Argument(metavar="ID", help="As in a ledger, `explain` or `mention list`.")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept beside it.")]
Most = Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many at most, the newest here first.")]
Output = Annotated[str, typer.Option("--output", help="Only of this output: doi:10.1234/x, output:ID, ...")]
Report = Annotated[int, typer.Option("--report", help="The reader's report that this deals with; it is closed.")]


@app.command("list")
def list_(
    context: typer.Context,
    url: Annotated[str, typer.Option("--url", help="An address, or how it begins.")] = "",
    output: Annotated[str, typer.Option("--output", help="doi:10.1234/x, output:ID, ...")] = "",
    source: Annotated[str, typer.Option("--source", help="news, blog, ...")] = "",
    outlet: Annotated[str, typer.Option("--outlet", help="Its id, or a part of its name.")] = "",
    most: Most = 100,
    as_json: house.Json = False,
) -> None:
    """Mentions as the store holds them, of hidden outputs too: for administrators. Audited."""
    office = house.office(context)
    wanted = mentions.wanted(office, url=url, output=output, source=source, outlet=outlet)
    found = mentions.found(office, wanted, most=most)
    with office.house.write() as db:
        store.note(db, "mention list", output or "all outputs", by=office.by, now=office.clock(), mentions=len(found))
    _listed(found, as_json=as_json)


@app.command()
def waiting(context: typer.Context, most: Most = 100, as_json: house.Json = False) -> None:
    """Mentions that are tied to nothing, since no output is known that they name; they count once one is."""
    _listed(mentions.waiting(house.office(context), most=most), as_json=as_json)


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where it stands.")],
    look: Annotated[
        bool,
        typer.Option("--look", help="Read the page, and tie it to what it names. Without this nothing is fetched."),
    ] = False,
    source: Annotated[str, typer.Option("--source", help="news, blog, policy, ...")] = "news",
    output: Annotated[
        list[str] | None, typer.Option("--output", help="doi:10.1234/x, output:ID, ...; give several one by one.")
    ] = None,
    at: Annotated[str, typer.Option("--at", help="When, as 2026-01-31; now, where it is not told.")] = "",
    title: Annotated[str, typer.Option("--title", help="What it is called.")] = "",
    outlet: Annotated[
        str, typer.Option("--outlet", help="Who speaks, by id; of other sources the account, body or patent office.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="Kept in the audit log.")] = "",
    report: Report = 0,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Store a mention by hand, as an import would. Audited."""
    told = Told(url=url, source=source, outputs=output or (), at=at, title=title, who=outlet)
    office = house.office(context)
    page = _looked(office, url) if look else None
    seen = by_hand.add(office, told, page=page, why=why, report=report, dry_run=dry_run)
    tied = ", ".join(_output(each.output, each.doi) for each in seen.outputs)
    words = (
        f"would be tied to {tied}" if dry_run else f"mention {seen.mention} is tied to {tied}; `ringmark score` follows"
    )
    say.said({"dry_run": dry_run, **_told(seen)}, words, as_json=as_json)


@app.command()
def refuse(
    context: typer.Context,
    id_: Id,
    why: Why,
    output: Output = "",
    report: Report = 0,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Show and count a mention no more, however often its source tells it again; or only not as one of an output that
    it does not speak of. Audited."""
    office, verb = house.office(context), "would be" if dry_run else "is"
    if output:
        done = mentions.refuse_tie(office, id_, output, why=why, report=report, dry_run=dry_run)
        words = f"that mention {id_} speaks of {output} {verb} refused{_scores(done)}"
    else:
        done = mentions.refuse(office, id_, why=why, report=report, dry_run=dry_run)
        words = f"mention {id_} {verb} refused{_scores(done)}"
    say.said({"dry_run": dry_run, **_done(id_, done)}, words, as_json=as_json)


@app.command()
def confirm(
    context: typer.Context,
    id_: Id,
    output: Annotated[
        str, typer.Option("--output", help="The output that it speaks of: doi:10.1234/x, output:ID, ...")
    ],
    why: Why,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Say that a mention does speak of an output, since somebody has looked; it is shown as confirmed. Audited."""
    done = mentions.confirm(house.office(context), id_, output, why=why, dry_run=dry_run)
    verb = "would be" if dry_run else "is"
    words = f"that mention {id_} speaks of {output} {verb} confirmed"
    say.said({"dry_run": dry_run, **_done(id_, done)}, words, as_json=as_json)


@app.command()
def accept(
    context: typer.Context, id_: Id, output: Output = "", dry_run: DryRun = False, as_json: house.Json = False
) -> None:
    """Take back that a mention, or that it speaks of an output, was refused. Audited."""
    office, verb = house.office(context), "would count" if dry_run else "counts"
    if output:
        done, whose = mentions.accept_tie(office, id_, output, dry_run=dry_run), f" for {output}"
    else:
        done, whose = mentions.accept(office, id_, dry_run=dry_run), ""
    words = f"mention {id_} {verb} again{whose}{_scores(done)}"
    say.said({"dry_run": dry_run, **_done(id_, done)}, words, as_json=as_json)


@app.command()
def refused(context: typer.Context, as_json: house.Json = False) -> None:
    """What is refused, by whom and why; the newest first."""
    office = house.office(context)
    rows, ties = mentions.refused(office), mentions.refused_ties(office)
    if as_json:
        refused_ties = [{**_refused(each), "names": list(each.targets)} for each in ties]
        say.document({"refused": [_refused(each) for each in rows], "ties": refused_ties})
        return
    for title, some in (("", rows), ("Only as one of an output", ties)):
        lines = [
            (each.mention, NAMES[each.source], store.stamp(each.made_at)[:16], each.by, each.why, *_targets(each))
            for each in some
        ]
        if lines or not title:
            say.table(title, ("mention", "source", "when", "by", "why", *(["not of"] if title else [])), lines)


@app.command()
def rematch(context: typer.Context, dry_run: DryRun = False, as_json: house.Json = False) -> None:
    """Look through all quotes with the extractors of this version: what names something else by that. What an
    administrator confirmed stays. Audited."""
    from sync.acts.rematching import rematch as act

    with say.bars() as bars:
        task = bars.add_task("looking through mentions", total=None)
        office = house.office(context)
        looked, changed = act(office, dry_run=dry_run, progress=lambda done, _: bars.update(task, completed=done))
    told = [
        {
            "mention": str(each.mention),
            "lost": [str(name) for name in each.lost],
            "gained": [str(name) for name in each.gained],
        }
        for each in changed
    ]
    if as_json:
        say.document({"dry_run": dry_run, "looked_through": looked, "changed": told})
        return
    if told:
        rows = [(each["mention"], ", ".join(each["lost"]), ", ".join(each["gained"])) for each in told]
        say.table("", ("mention", "names no more", "names now"), rows)
    verb = "would name" if dry_run else "name"
    say.line(f"{looked} mentions were looked through; {len(told)} {verb} something else")


def _looked(office: Office, url: str) -> "Looked":
    from connectors.abroad import abroad  # with parsers, which few need
    from sync.acts import looking

    try:
        abroad_ = abroad(office.settings)
    except NotAllowed as error:
        raise Fail(str(error), WRONG) from None
    with closing(abroad_):
        return looking.look(office, abroad_, url)


def _refused(each: Refusal | Ruling) -> dict[str, Any]:
    return {
        "mention": str(each.mention),
        "source": NAMES[each.source],
        "url": each.url or None,
        "at": store.stamp(each.made_at),
        "by": each.by,
        "why": each.why,
    }


def _targets(each: Refusal | Ruling) -> list[str]:
    return [", ".join(each.targets)] if isinstance(each, Ruling) else []


def _listed(found: list[Seen], *, as_json: bool) -> None:
    if as_json:
        say.document({"mentions": [_told(each) for each in found]})
        return
    rows = [
        (
            each.mention,
            each.source,
            store.stamp(each.occurred_at)[:10],
            _state(each),
            _about(each),
            _how(each),
            each.url,
        )
        for each in found
    ]
    say.table("", ("mention", "source", "when", "state", "output", "found", "address"), rows)


def _about(each: Seen) -> str:
    tied = [_output(output.output, output.doi) for output in each.outputs]
    return ", ".join(tied or map(str, each.targets))


def _how(each: Seen) -> str:
    """How it was found to name what it does, the surest first, each way once."""
    ties = sorted(each.ties, key=lambda tie: LEVELS.index(tie.level) if tie.level else len(LEVELS))
    words = [f"{tie.method or each.method}{f' ({tie.level})' if tie.level else ''}" for tie in ties if not tie.refused]
    return ", ".join(dict.fromkeys(words)) or each.method


def _state(each: Seen) -> str:
    if each.refused:
        return "refused"
    return "taken back" if each.taken_at >= 0 else "tied" if each.outputs else "waits"


def _output(public: int, doi: str) -> str:
    return f"doi:{doi}" if doi else f"output:{public}"


def _told(each: Seen) -> dict[str, Any]:
    return {
        "mention": str(each.mention),
        "source": each.source,
        "url": each.url or None,
        "title": each.title or None,
        "occurred_at": store.stamp(each.occurred_at),
        "outlet": each.outlet or None,
        "account": each.account or None,
        "connection": each.connection,
        "method": each.method,
        "state": _state(each),
        "taken_back_at": store.stamp(each.taken_at) if each.taken_at >= 0 else None,
        "taken_back_because": each.why or None,
        "names": [str(target) for target in each.targets],
        "refused": [str(tie.identifier) for tie in each.ties if tie.refused],
        "evidence": [_seen(tie) for tie in each.ties if tie.level or tie.method],
        "outputs": [_output(output.output, output.doi) for output in each.outputs],
    }


def _seen(tie: Tie) -> dict[str, Any]:
    """Why it is said to name something; what was not told, or was taken back, is null."""
    told = {name: getattr(tie, name) or None for name in ("method", "level", "excerpt", "extractor", "digest")}
    return {"of": str(tie.identifier), **told}


def _done(id_: int, done: Retied) -> dict[str, Any]:
    return {
        "mention": str(id_),
        "mentions": [str(each) for each in done.mentions],
        "outputs": [f"output:{each}" for each in done.outputs],
    }


def _scores(done: Retied) -> str:
    more = f", with {len(done.mentions) - 1} more of the same page" if len(done.mentions) > 1 else ""
    return f"{more}; {len(done.outputs)} outputs to be scored anew"
