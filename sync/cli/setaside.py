"""The verbs of records that were not understood: list, show, replay."""

from typing import Annotated, Any

import typer

from sync import store
from sync.acts import asides
from sync.cli import house, say
from sync.cli.data import pull

app = typer.Typer(help="Records that were not understood.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """What is open, oldest first."""
    rows = [_aside(row) for row in asides.listed(house.office(context))]
    if as_json:
        say.document({"set_aside": rows})
    else:
        say.table(
            "",
            ("id", "connection", "kind", "key", "where", "why"),
            [[row[name] for name in ("id", "connection", "kind", "key", "place", "reason")] for row in rows],
        )


@app.command("show")
def show(
    context: typer.Context, id_: Annotated[int, typer.Argument(metavar="ID")], as_json: house.Json = False
) -> None:
    """One record with its evidence. Audited."""
    row = asides.show(house.office(context), id_)
    told = _aside(row) | {"evidence": row.evidence}
    if as_json:
        say.document(told)
    else:
        for name, value in told.items():
            say.line(f"{name}: {say.plain(str(value))}")


@app.command("replay")
def replay(
    context: typer.Context,
    id_: Annotated[int | None, typer.Argument(metavar="[ID]")] = None,
    as_json: house.Json = False,
) -> None:
    """Read the sources of what is open again, in full; what is understood by now is resolved."""
    names = asides.sources(house.office(context), id_)
    pull(context, names, full=True, dry_run=False, as_json=as_json)


def _aside(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "connection": row.connection,
        "kind": row.kind,
        "key": row.key,
        "place": row.place,
        "reason": row.reason,
        "what": asides.WHAT[row.stored],
        "at": store.stamp(row.at),
    }
