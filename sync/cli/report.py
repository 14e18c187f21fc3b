"""The verbs of what readers report: list, show, close."""

from typing import Annotated, Any

import typer

from sync import store
from sync.cli import house, say
from sync.cli.say import Fail

app = typer.Typer(help="What readers say is missing or wrong.", no_args_is_help=True)
Id = Annotated[int, typer.Argument(metavar="ID")]


@app.command("list")
def list_(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
    as_json: house.Json = False,
) -> None:
    """What is open, the oldest first."""
    _, home = house.house(context)
    with home.read() as db:
        rows = [_told(row) for row in store.reports.listed(db, closed=closed)]
    if as_json:
        say.document({"reports": rows})
    else:
        lines = [(row["id"], row["at"][:16], row["kind"], row["output"], row["closed"] or "open") for row in rows]
        say.table("", ("id", "when", "what", "output", "state"), lines)


@app.command("show")
def show(context: typer.Context, id_: Id, as_json: house.Json = False) -> None:
    """One report, in the words of the reader. Audited."""
    _, home = house.house(context)
    with home.write() as db:
        row = store.reports.one(db, id_)
        if row is None:
            raise _none(id_)
        store.note(db, "report show", f"report:{id_}", by=house.me(), now=store.now())
    told = _told(row) | {
        "mention": str(row.mention) if row.mention else None,
        "url": row.url or None,
        "remark": row.remark or None,
        "address": row.address or None,
        "why": row.why or None,
    }
    if as_json:
        say.document(told)
    else:
        for name, value in told.items():
            say.line(f"{name}: {say.plain(str(value or '-'))}")


@app.command("close")
def close(
    context: typer.Context,
    id_: Id,
    why: Annotated[str, typer.Option("--why", help="What became of it.")],
    as_json: house.Json = False,
) -> None:
    """Somebody has dealt with it; it is deleted half a year later. Audited."""
    _, home = house.house(context)
    now = store.now()
    with home.write() as db:
        if not store.reports.close(db, id_, why, now=now):
            raise _none(id_)
        store.note(db, "report close", f"report:{id_}", by=house.me(), now=now, why=why)
    say.said({"id": id_, "closed": store.stamp(now), "why": why}, f"report {id_} is closed", as_json=as_json)


def _none(id_: int) -> Fail:
    return Fail(f"{id_}: no such open report; see `ringmark report list`")


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": store.stamp(row.made_at),
        "kind": row.kind,
        "output": f"output:{row.output}",
        "closed": store.stamp(row.closed_at) if row.closed_at else None,
    }
