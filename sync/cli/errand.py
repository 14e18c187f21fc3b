"""The verbs of what the daemon is asked to do out of its turn: list, ask."""

from typing import Annotated, Any

import typer

from sync import store
from sync.acts import errands
from sync.cli import house, say
from sync.store.errands import Errand

app = typer.Typer(help="What the daemon is asked to do out of its turn.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    last: Annotated[int, typer.Option("--last", min=1, help="How many.")] = 20,
    as_json: house.Json = False,
) -> None:
    """The newest first: who asked for what, and what came of it."""
    office = house.office(context)
    rows = [_told(each) for each in errands.listed(office, most=last)]
    daemon = errands.daemon(office)
    if as_json:
        say.document({"daemon": daemon or None, "errands": rows})
        return
    columns = ("errand", "verb", "subject", "by", "asked", "begun", "ended", "outcome", "why")
    say.table("", columns, [[row[name] or "" for name in columns] for row in rows])
    if not daemon:
        say.line("no daemon is at work; `ringmark daemon` starts one, which then does what waits")


@app.command("ask")
def ask(
    context: typer.Context,
    verb: Annotated[str, typer.Argument(metavar="VERB", help="pull, full, score, push, check or withdraw")],
    connection: Annotated[str, typer.Argument(metavar="[CONNECTION]")] = "",
    as_json: house.Json = False,
) -> None:
    """Ask the daemon to do something now; where the same waits already, that is it. Audited."""
    id_ = errands.ask(house.office(context), errands.verb(verb), connection)
    say.said(
        {"errand": id_}, f"errand {id_} is asked for; `ringmark errand list` says what came of it", as_json=as_json
    )


def _told(each: Errand) -> dict[str, Any]:
    told = {name: value for name, value in each.told.items() if name not in ("why", "begun")}
    return {
        "errand": each.id,
        "verb": each.verb,
        "subject": each.subject or None,
        "by": each.by,
        "asked": store.stamp(each.asked_at),
        "begun": store.stamp(each.begun_at) if each.begun_at else None,
        "ended": store.stamp(each.ended_at) if each.ended_at else None,
        "outcome": each.outcome or None,
        "why": each.told.get("why") or None,
        "told": told,
    }
