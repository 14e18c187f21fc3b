"""The verbs of what readers report: list, show, close."""

from typing import Annotated, Any

import typer

from sync import store
from sync.acts import reports
from sync.cli import house, say

app = typer.Typer(help="What readers say is missing or wrong.", no_args_is_help=True)
Id = Annotated[int, typer.Argument(metavar="ID")]


@app.command("list")
def list_(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
    as_json: house.Json = False,
) -> None:
    """What is open, the oldest first."""
    rows = [_told(row) for row in reports.listed(house.office(context), closed=closed)]
    if as_json:
        say.document({"reports": rows})
    else:
        lines = [(row["id"], row["at"][:16], row["kind"], row["output"], row["closed"] or "open") for row in rows]
        say.table("", ("id", "when", "what", "output", "state"), lines)


@app.command("show")
def show(context: typer.Context, id_: Id, as_json: house.Json = False) -> None:
    """One report, in the words of the reader. Audited."""
    row = reports.show(house.office(context), id_)
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
    now = reports.close(house.office(context), id_, why=why)
    say.said({"id": id_, "closed": store.stamp(now), "why": why}, f"report {id_} is closed", as_json=as_json)


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": store.stamp(row.made_at),
        "kind": row.kind,
        "output": f"output:{row.output}",
        "closed": store.stamp(row.closed_at) if row.closed_at else None,
    }
