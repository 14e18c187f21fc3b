"""The verb that writes badges into other systems, and takes them back."""

from typing import Annotated, Any

import typer

from config.settings import Settings
from sync import push, store
from sync.cli import house, say
from sync.cli.say import FAILED, WRONG, Fail
from sync.push import Report
from sync.store import Store

app = typer.Typer()
WORDS = {
    "written": "written",
    "equal": "there already",
    "withdrawn": "withdrawn",
    "not_found": "without an item there",
    "edited": "edited by somebody else",
    "failed": "failed",
    "waiting": "waiting",
}


@app.command("push")
def push_(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CONNECTION]...", help="All that badges are pushed to, by default.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show each value, as it was and as it is.")] = False,
    as_json: house.Json = False,
) -> None:
    """Withdraw badges that may no longer show, and write those that changed."""
    settings, home = house.house(context)
    reports = run(home, settings, _chosen(settings, names), dry_run=dry_run)
    if as_json:
        told_ = [told(each) | ({"diff": _diff(each)} if diff else {}) for each in reports]
        say.document({"dry_run": dry_run, "connections": told_, **error(reports)})
    else:
        if not reports:
            say.line("no connection takes badges; see docs/settings.md, push")
        for each in reports:
            print_report(each, dry_run=dry_run)
            if settings.connections[each.connection].push is None:
                say.line(
                    f"{each.connection}: push is not set: what may no longer show is withdrawn, nothing is written"
                )
            if diff:
                _print_diff(each)
    raise typer.Exit(code(reports))


def run(home: Store, settings: Settings, names: list[str], *, dry_run: bool) -> list[Report]:
    """Push to some connections, with progress on a terminal."""
    with say.bars() as bars:
        tasks = {name: bars.add_task(f"push {name}", total=None) for name in names}

        def progress(name: str, what: str, done: int, total: int) -> None:
            bars.update(tasks[name], description=f"push {name}: {what}", completed=done, total=total)

        with say.stoppable() as stop:
            return push.push(
                home, settings, names, attended=True, dry_run=dry_run, clock=store.now, told=progress, stop=stop
            )


def told(each: Report) -> dict[str, Any]:
    """One connection's push, for scripts."""
    return {
        "connection": each.connection,
        "run": each.run or None,
        "outcome": each.outcome,
        "why": each.why or None,
        **each.counts,
    }


def error(reports: list[Report]) -> dict[str, str]:
    """What every failed command's document has."""
    if code(reports) != FAILED:
        return {}
    return {"error": "; ".join(f"{each.connection}: {each.why}" for each in reports)}


def print_report(each: Report, *, dry_run: bool = False) -> None:
    """One connection's push, on one line."""
    counts = ", ".join(f"{count} {WORDS[name]}" for name, count in each.counts.items() if count) or "nothing to do"
    outcome = f"{each.outcome} (dry run)" if dry_run else each.outcome
    say.line(f"{each.connection}: push {outcome}; {counts}" + (f"; {each.why}" if each.why else ""))


def code(reports: list[Report]) -> int:
    """The exit code of a push."""
    return say.ended(each.outcome for each in reports)


def _chosen(settings: Settings, names: list[str] | None) -> list[str]:
    known = push.names(settings)
    for name in names or ():
        if name not in settings.connections:
            listed = ", ".join(settings.connections) or "none"
            raise Fail(f"{name}: no such connection in {settings.file.name}; known are {listed}", WRONG)
        if name not in known:
            kind = settings.connections[name].kind
            raise Fail(f"{name}: a {kind} connection takes no badges", WRONG)
    return list(dict.fromkeys(names)) if names else known


def _diff(each: Report) -> list[dict[str, Any]]:
    return [
        {
            "output": str(change.output),
            "address": change.address,
            "before": list(change.before),
            "after": list(change.after),
        }
        for change in each.changes
    ]


def _print_diff(each: Report) -> None:
    for change in each.changes:
        say.line(f"{each.connection} {change.address} (output:{change.output})")
        for sign, values in (("-", change.before), ("+", change.after)):
            for value in values:
                say.line(f"  {sign} {say.plain(value)}")
