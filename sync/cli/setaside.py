"""The verbs of records that were not understood: list, show, replay."""

from typing import Annotated, Any

import typer

from sync import store
from sync.cli import house, say
from sync.cli.data import pull
from sync.cli.say import Fail

app = typer.Typer(help="Records that were not understood.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """What is open, oldest first."""
    _, home = house.house(context)
    with home.read() as db:
        rows = [_aside(row) for row in store.set_aside(db)]
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
    _, home = house.house(context)
    with home.write() as db:
        row = store.one_aside(db, id_)
        if row is None:
            raise Fail(f"{id_}: no such record; see `ringmark setaside list`")
        store.note(db, "setaside show", f"setaside:{id_}", by=house.me(), now=store.now())
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
    settings, home = house.house(context)
    with home.read() as db:
        rows = store.set_aside(db)
    wanted = [row for row in rows if id_ in (None, row.id)]
    if id_ is not None and not wanted:
        raise Fail(f"{id_}: no such open record; see `ringmark setaside list`")
    names = sorted({row.connection for row in wanted} & settings.connections.keys())
    if not names:
        raise Fail("nothing to replay: import the file again, or there is nothing set aside")
    pull(context, names, full=True, dry_run=False, as_json=as_json)


def _aside(row: Any) -> dict[str, Any]:
    what = ("set aside", "stored as private", "stored, waits for what it refers to", "stored without a part")[
        row.stored
    ]
    return {
        "id": row.id,
        "connection": row.connection,
        "kind": row.kind,
        "key": row.key,
        "place": row.place,
        "reason": row.reason,
        "what": what,
        "at": store.stamp(row.at),
    }
