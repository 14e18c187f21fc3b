"""The verbs that move data: pull, import, score, sync, export."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from config.settings import Settings
from config.visibility import Visibility
from scoring import spark
from sync import export as exports
from sync import imports, push, steps, store
from sync.cli import house, say
from sync.cli import push as pushing
from sync.cli.say import FAILED, PARTLY, WAITS, WRONG, Fail
from sync.steps import Pulled
from sync.store import Applied, Store

app = typer.Typer()
SHOWN_AT_MOST = 20  # of a long list on a terminal; --json has all
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[CONNECTION]...", help="All that are not paused, by default.")
]
Full = Annotated[bool, typer.Option("--full", help="Everything, not only what changed.")]


@app.command()
def pull(
    context: typer.Context,
    names: Names = None,
    full: Full = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    as_json: house.Json = False,
) -> None:
    """Bring our copy of the sources up to date."""
    settings, home = house.house(context)
    if dry_run:
        with store.copy_of(home) as copy:
            results = _pull(copy, settings, _chosen(copy, settings, names), full=full)
    else:
        results = _pull(home, settings, _chosen(home, settings, names), full=full)
    _report(results, as_json=as_json, dry_run=dry_run)
    raise typer.Exit(_code(results))


@app.command(name="import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Mentions, an export of counts, or details records.")],
    format_: Annotated[str, typer.Option("--format", help="mentions, counts or altmetric")] = "mentions",
    add_outputs: Annotated[bool, typer.Option("--add-outputs", help="Add outputs that are not known yet.")] = False,
    as_json: house.Json = False,
) -> None:
    """Store the mentions or counts of a file."""
    if format_ not in ("mentions", *imports.KINDS):
        raise Fail(f'--format: "{format_}" is none of mentions, {", ".join(imports.KINDS)}', WRONG)
    if not file.exists() or file.is_dir():
        raise Fail(f"{file}: no such file")
    settings, home = house.house(context)
    level = settings.imports.assume.outputs if add_outputs else None
    if format_ == "mentions":
        done = imports.mentions(home, file, add=level, clock=store.now)
    else:
        done = imports.counts(home, file, kind=format_, add=level, clock=store.now)
    if as_json:
        counted, unknown = done.counted, sorted(done.waiting)
        told = {"seen": done.records, "changed": counted.changed, "set_aside": counted.aside}
        say.document({**told, "added": done.added, "unknown_outputs": unknown, "unknown_columns": list(done.unread)})
        return
    _imported(done, format_, level)


def _imported(done: imports.Imported, format_: str, level: Visibility | None) -> None:
    counted, what = done.counted, ("lines", "mentions") if format_ == "mentions" else ("records", "counts and mentions")
    say.line(f"{done.records} {what[0]} read, {counted.changed} {what[1]} new or changed, {counted.aside} set aside")
    if counted.aside + counted.doubted:
        say.line("`ringmark setaside list` says what was not understood, and where it stands")
    if done.unread:
        say.line(f"not read, since nobody knows what they mean: {', '.join(map(say.plain, done.unread))}")
    if done.added and level is not None:
        say.line(f"{done.added} outputs added as {level.word}, as imports.assume.outputs says: the file does not tell")
    if done.waiting:
        say.line(f"{len(done.waiting)} identifiers are of no output that is known; what speaks of them waits for one:")
        for identifier in sorted(done.waiting)[:SHOWN_AT_MOST]:
            say.line(f"  {identifier}")


@app.command()
def score(
    context: typer.Context,
    full: Full = False,
    rules: Annotated[str, typer.Option("--rules", help="Print the scores of another rule set; publish nothing.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="Print the scores of a day; publish nothing.")] = "",
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb; spark where one machine's memory is not enough.")
    ] = "duckdb",
    as_json: house.Json = False,
) -> None:
    """Score what changed, and publish the badges."""
    by = _engine(engine)
    settings, home = house.house(context)
    if by == "spark" and (marks := store.held(home)) < spark.SLOW_BELOW:
        slow = f"the store holds {marks} mentions: DuckDB, the default, needs less time for so few"
        say.err.print(slow, markup=False)
    if rules or as_of:
        now = house.instant(as_of, "--as-of") if as_of else store.now()
        _print_scores(home, settings, rules or settings.score.rules, now, by=by, as_json=as_json)
        return
    scored = _score(home, settings, full=full, by=by)
    say.said(_counted(scored), _scored(scored), as_json=as_json)


@app.command()
def sync(context: typer.Context, as_json: house.Json = False) -> None:
    """Pull, score, publish and push, once."""
    settings, home = house.house(context)
    results = _pull(home, settings, _chosen(home, settings, None), full=False)
    scored, reports = None, []
    if all(each.outcome != "stopped" for each in results):
        scored = _score(home, settings, full=False)
        reports = pushing.run(home, settings, push.names(settings), dry_run=False)
    if as_json:
        say.document(
            {
                "pulled": [_told(each) for each in results],
                **_error(results),
                "scored": _counted(scored) if scored else None,
                "pushed": [pushing.told(each) for each in reports],
            }
        )
    else:
        _report(results, as_json=False, dry_run=False)
        if scored:
            say.line(_scored(scored))
        for each in reports:
            pushing.print_report(each)
    raise typer.Exit(_both(_code(results), pushing.code(reports)))


@app.command()
def export(
    context: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for standard output.")],
    audience: house.AudienceOption = "public",
    format_: Annotated[str, typer.Option("--format", help="csv, jsonl or parquet")] = "csv",
    as_json: house.Json = False,
) -> None:
    """Write every output that an audience may see, with its score and the people who may be named."""
    if format_ not in exports.FORMATS:
        raise Fail(f'--format: "{format_}" is none of {", ".join(exports.FORMATS)}', WRONG)
    who = house.audience(audience)
    if output == "-" and as_json:
        raise Fail("--json and -o - would both write to standard output; choose one", WRONG)
    _, home = house.house(context)
    count = exports.write(home, who, format_, output, now=store.now())
    if as_json:
        say.document({"outputs": count, "file": output})
    elif output != "-":
        say.line(f"{count} outputs written to {output}")


def _chosen(home: Store, settings: Settings, names: list[str] | None) -> list[str]:
    unknown = [name for name in names or () if name not in settings.connections]
    if unknown:
        known = ", ".join(settings.connections) or "none"
        raise Fail(f"{unknown[0]}: no such connection in {settings.file.name}; known are {known}", WRONG)
    written = [name for name in names or () if name not in steps.pullable(settings)]
    if written:
        kind = settings.connections[written[0]].kind
        mend = f"`ringmark push {written[0]}` writes to it; read = true in its table reads it too, where it can be"
        raise Fail(f"{written[0]}: this {kind} connection is not read; {mend}", WRONG)
    if names:
        return list(dict.fromkeys(names))
    if not settings.connections:
        raise Fail(f"{settings.file.name}: no connection is configured; add a [connections.NAME] table", WRONG)
    return [name for name in steps.pullable(settings) if store.state(home, name) == "active"]


def _pull(home: Store, settings: Settings, names: list[str], *, full: bool) -> list[Pulled]:
    with say.bars() as bars:
        tasks = {name: bars.add_task(name, total=None) for name in names}

        def progress(name: str, counted: Applied, total: int | None) -> None:
            bars.update(tasks[name], completed=counted.before + counted.seen, total=total)

        with say.stoppable() as stop:
            return steps.pull(home, settings, names, full=full, clock=store.now, progress=progress, stop=stop)


def _score(home: Store, settings: Settings, *, full: bool, by: store.Engine = "duckdb") -> store.Scored:
    with say.bars() as bars:
        task = bars.add_task("score", total=None)

        def progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        return steps.score(home, settings, full=full, clock=store.now, progress=progress, by=by)


def _counted(scored: store.Scored) -> dict[str, int]:
    return {"outputs": scored.outputs, "changed": scored.changed, "badges": scored.badges}


def _scored(scored: store.Scored) -> str:
    return f"{scored.outputs} outputs scored, {scored.changed} scores changed, {scored.badges} badges published"


def _engine(word: str) -> store.Engine:
    if word not in get_args(store.Engine):
        raise Fail(f'--engine: "{word}" is none of {", ".join(get_args(store.Engine))}', WRONG)
    return "spark" if word == "spark" else "duckdb"


def _print_scores(home: Store, settings: Settings, name: str, now: int, *, by: store.Engine, as_json: bool) -> None:
    points = store.compute(
        home,
        "internal",
        steps.rules(settings, name),
        now=now,
        today=store.now(),
        by=by,
        roll_up=settings.score.versions,
    )
    with home.read() as db:
        rows = [
            {
                "output": str(shown.output),
                "doi": shown.doi or None,
                "title": shown.title,
                **points.get(shown.output, store.NO_SCORE)._asdict(),
            }
            for shown in store.walk(db, "internal", now=store.now())
        ]
    rows.sort(key=lambda row: (-int(str(row["millipoints"])), str(row["doi"])))
    if as_json:
        say.document({"rules": name, "as_of": store.stamp(now), "outputs": rows})
    else:
        say.table(
            f"{name}, as of {store.stamp(now)}",
            ("score", "basis", "output", "title"),
            [(row["score"], row["basis"], row["doi"] or f"output:{row['output']}", row["title"]) for row in rows],
        )


def _report(results: list[Pulled], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        say.document({"dry_run": dry_run, "connections": [_told(each) for each in results], **_error(results)})
        return
    for each in results:
        counted = each.counted
        say.line(
            f"{each.connection}: {each.outcome}; {counted.seen} seen, {counted.changed} changed, "
            f"{counted.deleted} gone, {counted.aside} set aside, {counted.doubted} in doubt"
            + (f"; {each.why}" if each.why else "")
        )


def _error(results: list[Pulled]) -> dict[str, str]:
    """What every failed command's document has."""
    if _code(results) != FAILED:
        return {}
    return {"error": "; ".join(f"{each.connection}: {each.why}" for each in results)}


def _told(each: Pulled) -> dict[str, object]:
    return {
        "connection": each.connection,
        "run": each.run,
        "outcome": each.outcome,
        "why": each.why or None,
        **each.counted.counts(),
        "held": each.held,
    }


def _both(pulled: int, pushed: int) -> int:
    """The code of two steps: when one of them failed, it is done in part; when both did, it failed."""
    if pulled == pushed or not pushed:
        return pulled
    return PARTLY if {pulled, pushed} & {FAILED, PARTLY} else WAITS


def _code(results: list[Pulled]) -> int:
    return say.ended(each.outcome for each in results)
