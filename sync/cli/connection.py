"""The verbs of the configured systems: list, runs, pause, resume, forget."""

from typing import Annotated, Any

import typer

from config.settings import Settings
from sync import push, store
from sync.cli import house, say
from sync.cli.say import PARTLY, WRONG, Fail
from sync.cli.scope import print_effect
from sync.store import Store

COUNTED = {"seen": "seen", "changed": "changed", "aside": "set aside", "deleted": "gone", "below_keep": "below keep"}
app = typer.Typer(help="The configured systems.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """Every connection and its last run."""
    _, home = house.house(context)
    with home.read() as db:
        rows = store.sources(db, now=store.now())
    for row in rows:
        if row["last_run"]:
            store.close_dead(home, row["name"], row["last_run"])
    if as_json:
        say.document({"connections": rows})
    else:
        print_connections(rows)


@app.command("runs")
def runs(
    context: typer.Context,
    name: str,
    last: Annotated[int, typer.Option("--last", min=1, help="How many.")] = 20,
    as_json: house.Json = False,
) -> None:
    """What was done for a connection, newest first: what was asked, what came of it, how long it took, why it ended."""
    _, home = house.house(context)
    if store.state(home, name) is None:
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    rows = store.runs_of(home, name, most=last, now=store.now())
    if as_json:
        say.document({"connection": name, "runs": rows})
        return
    columns = ("run", "asked", "began", "took", "outcome", *COUNTED.values(), "expected", "why")
    say.table("", columns, [_run(row) for row in rows])
    for row in rows:
        print_progress(name, row)


@app.command("pause")
def pause(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it no more until `resume`; what it told, and its votes, stay."""
    _pause(context, name, paused=True, as_json=as_json)


@app.command("resume")
def resume(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it again, at once also where it rests after failures."""
    _pause(context, name, paused=False, as_json=as_json)


@app.command("forget")
def forget(
    context: typer.Context,
    name: str,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would appear.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back the badges that were pushed there.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Leave them where they are; needs --why.")] = False,
    why: Annotated[str, typer.Option("--why", help="The reason, kept in the audit log.")] = "",
    as_json: house.Json = False,
) -> None:
    """Release everything a connection told, its votes included; says first what appears and vanishes by it."""
    settings, home = house.house(context)
    if withdraw and leave:
        raise Fail("--withdraw and --leave are opposites; choose one", WRONG)
    if leave and not why.strip():
        raise Fail("--leave needs --why: say why badges that nobody tends any more may stay", WRONG)
    if store.state(home, name) is None:
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    with home.read() as db:
        pushed = len(store.pushed_by(db, name))
    if not dry_run:
        _let_go(home, settings, name, pushed, withdraw=withdraw, leave=leave, why=why)
    now = store.now()
    targets = push.targets(home, settings)
    with home.write() as db:
        effect = store.forget(home, name, targets, now=now, dry_run=dry_run)
        if not dry_run:
            words = {"withdrawn": pushed} if withdraw else {"left": pushed} if leave else {}
            store.note(db, "connection forget", name, by=house.me(), now=now, why=why, **words)
    if pushed and (dry_run or (withdraw and as_json)):
        effect.withdrawals[name] = pushed
    if pushed and not dry_run and not as_json:
        say.line(f"{name}: {pushed} badges {'withdrawn' if withdraw else 'left where they are; nobody tends them now'}")
    print_effect(effect, "would" if dry_run else "did", as_json=as_json)


def _let_go(home: Store, settings: Settings, name: str, pushed: int, *, withdraw: bool, leave: bool, why: str) -> None:
    """What was pushed goes first: nobody forgets where a badge stands that may have to be taken back. A connection that
    is still in the settings is paused, or the next push would write everything again."""
    if pushed and not (withdraw or leave):
        raise Fail(
            f"{name}: still holds {pushed} badges; take them back with --withdraw, or --leave them and say --why"
        )
    if withdraw and pushed:
        if name not in settings.connections:
            mend = f"put [connections.{name}] back, or --leave them and say --why"
            raise Fail(f"{name}: not in {settings.file.name}, so its {pushed} badges cannot be reached; {mend}")
        with home.write() as db:  # before the first of them goes, so that it is known whatever comes between
            store.pause(home, name, paused=True)
            store.note(db, "badges being withdrawn", name, by=house.me(), now=store.now(), badges=pushed, why=why)
        report = push.withdraw(home, settings, name, clock=store.now, told=lambda *_: None)
        with home.read() as db:
            rest = len(store.pushed_by(db, name))
        if rest:
            done = report.counts["withdrawn"]
            why = report.why or "they stand at another address, or a slow server may still write one within a day"
            raise Fail(
                f"{name}: {done} badges withdrawn, {rest} not yet: {why}; nothing was forgotten, run again", PARTLY
            )
    with home.write() as db:
        if leave:
            store.pause(home, name, paused=True)
        if withdraw or pushed:
            verb = "badges left" if leave else "badges withdrawn"
            store.note(db, verb, name, by=house.me(), now=store.now(), badges=pushed, why=why)
        store.leave(db, name)


def print_connections(rows: list[dict[str, Any]]) -> None:
    """The connections as a table, for `status` too; and what is to be said of those that run or rest."""
    say.table(
        "Connections",
        ("name", "kind", "state", "people", "items", "badges there", "last run", "asked", "outcome", "alarm"),
        [
            (
                row["name"],
                row["kind"],
                _state(row),
                row["people"],
                row["items"],
                row["pushed"]["badges"],
                (row["last_run"] or {}).get("began_at", "never"),
                (row["last_run"] or {}).get("asked") or "",
                (row["last_run"] or {}).get("outcome", ""),
                row["alarm"] or "",
            )
            for row in rows
        ],
    )
    for row in rows:
        if row["rest"]:
            say.line(f"{row['name']}: {row['rest']}; `ringmark pull {row['name']}` tries at once")
        if row["last_run"]:
            print_progress(row["name"], row["last_run"])


def print_progress(name: str, run: dict[str, Any]) -> None:
    """How far a run that goes on has come, and how long it may still take."""
    if run["outcome"] != "running":
        return
    done = run.get("before", 0) + run.get("seen", 0)
    of = f" of {run['expected']}" if run["expected"] else ""
    left = run["left"]
    if left is None:
        words = "how long it will take is not known"
    elif span(left["least"]) == span(left["most"]):
        words = f"about {span(left['most'])} left"
    else:
        words = f"{span(left['least'])} to {span(left['most'])} left"
    say.line(f"{name}: run {run['id']} goes on since {span(run['seconds'])}: {done}{of} records seen; {words}")


def span(seconds: int) -> str:
    """A length of time in the largest unit that makes it a number to speak of."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{seconds} seconds"


def _state(row: dict[str, Any]) -> str:
    return "rests" if row["rest"] and row["state"] == "active" else str(row["state"])


def _run(row: dict[str, Any]) -> tuple[object, ...]:
    return (
        row["id"],
        row["asked"] or row["step"],
        row["began_at"][:19],
        span(row["seconds"]),
        row["outcome"],
        *(row.get(count, "") for count in COUNTED),
        row["expected"] or "",
        row["why"] or "",
    )


def _pause(context: typer.Context, name: str, *, paused: bool, as_json: bool) -> None:
    _, home = house.house(context)
    now = store.now()
    with home.write() as db:
        if not store.pause(home, name, paused=paused):
            raise Fail(f"{name}: no such connection; see `ringmark connection list`")
        store.note(db, "connection pause" if paused else "connection resume", name, by=house.me(), now=now)
    word = "paused" if paused else "active"
    say.said({"connection": name, "state": word}, f"{name} is {word}", as_json=as_json)
