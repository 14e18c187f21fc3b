"""The verbs of the configured systems: list, runs, pause, resume, forget."""

from typing import Annotated, Any

import typer

from sync.acts import connections, forgetting
from sync.cli import house, say
from sync.cli.say import PARTLY, Fail
from sync.cli.scope import print_effect

COUNTED = {"seen": "seen", "changed": "changed", "aside": "set aside", "deleted": "gone", "below_keep": "below keep"}
app = typer.Typer(help="The configured systems.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """Every connection and its last run."""
    rows = connections.listed(house.office(context))
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
    rows = connections.runs(house.office(context), name, last=last)
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
    connections.pause(house.office(context), name)
    say.said({"connection": name, "state": "paused"}, f"{name} is paused", as_json=as_json)


@app.command("resume")
def resume(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it again, at once also where it rests after failures."""
    connections.resume(house.office(context), name)
    say.said({"connection": name, "state": "active"}, f"{name} is active", as_json=as_json)


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
    office = house.office(context)
    forgetting.sensible(withdraw=withdraw, leave=leave, why=why)
    if dry_run:
        told = forgetting.preview(office, name)
    else:
        told = forgetting.forget(office, name, withdraw=withdraw, leave=leave, why=why)
    if told.parted:
        done, rest, reason = told.parted.withdrawn, told.parted.rest, told.parted.why
        words = f"{done} badges withdrawn, {rest} not yet: {reason}; nothing was forgotten, run again"
        raise Fail(f"{name}: {words}", PARTLY)
    if told.pushed and (dry_run or (withdraw and as_json)):
        told.effect.withdrawals[name] = told.pushed
    if told.pushed and not dry_run and not as_json:
        became = "withdrawn" if withdraw else "left where they are; nobody tends them now"
        say.line(f"{name}: {told.pushed} badges {became}")
    print_effect(told.effect, "would" if dry_run else "did", as_json=as_json)


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
        if row["read_again"]:
            say.line(f"{row['name']} is read whole next: {', '.join(row['read_again'])} changed")
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
