"""The verbs of the configured systems: list, pause, resume, forget."""

from typing import Annotated, Any

import typer

from sync import store
from sync.cli import house, say
from sync.cli.say import WRONG, Fail
from sync.cli.scope import print_difference

app = typer.Typer(help="The configured systems.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """Every connection and its last run."""
    _, home = house.house(context)
    with home.read() as db:
        rows = store.sources(db)
    if as_json:
        say.document({"connections": rows})
    else:
        print_connections(rows)


@app.command("pause")
def pause(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it no more until `resume`; what it told, and its votes, stay."""
    _pause(context, name, paused=True, as_json=as_json)


@app.command("resume")
def resume(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it again."""
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
    _, home = house.house(context)
    now = store.now()
    if withdraw and leave:
        raise Fail("--withdraw and --leave are opposites; choose one", WRONG)
    if leave and not why.strip():
        raise Fail("--leave needs --why: say why badges that nobody tends any more may stay", WRONG)
    if store.state(home, name) is None:
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    difference = store.forget(home, name, now=now, dry_run=dry_run)
    if not dry_run:
        with home.write() as db:
            store.note(db, "connection forget", name, now=now, why=why)
    print_difference(difference, "would" if dry_run else "did", as_json=as_json)


def print_connections(rows: list[dict[str, Any]]) -> None:
    """The connections as a table, for `status` too."""
    say.table(
        "Connections",
        ("name", "kind", "state", "people", "items", "last run", "outcome", "alarm"),
        [
            (
                row["name"],
                row["kind"],
                row["state"],
                row["people"],
                row["items"],
                (row["last_run"] or {}).get("began_at", "never"),
                (row["last_run"] or {}).get("outcome", ""),
                row["alarm"] or "",
            )
            for row in rows
        ],
    )


def _pause(context: typer.Context, name: str, *, paused: bool, as_json: bool) -> None:
    _, home = house.house(context)
    now = store.now()
    if not store.pause(home, name, paused=paused):
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    with home.write() as db:
        store.note(db, "connection pause" if paused else "connection resume", name, now=now)
    word = "paused" if paused else "active"
    say.said({"connection": name, "state": word}, f"{name} is {word}", as_json=as_json)
