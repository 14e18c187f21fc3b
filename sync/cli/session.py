"""The verbs of who is signed in to the console: link, list, end."""

from typing import Annotated

import typer

from sync import store
from sync.acts import sessions
from sync.cli import house, say
from sync.cli.say import WRONG, Fail

app = typer.Typer(help="Who is signed in to the console.", no_args_is_help=True)


@app.command("link")
def link(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", help="Who it is for, as the audit log has them.")] = "",
    role: Annotated[str, typer.Option("--role", help="internal, editor or admin")] = "admin",
    as_json: house.Json = False,
) -> None:
    """An address that signs somebody in to the console: once, and within ten minutes. Audited."""
    told = sessions.link(house.office(context), name or house.me(), sessions.role(role))
    say.said({"link": told, "role": role}, told, as_json=as_json)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """Who is signed in, and since when."""
    rows = [
        {
            "session": each.id,
            "name": each.name,
            "role": each.role,
            "how": each.how,
            "since": store.stamp(each.made_at),
            "seen": store.stamp(each.seen_at),
            "until": store.stamp(each.until_at),
        }
        for each in sessions.listed(house.office(context))
    ]
    if as_json:
        say.document({"sessions": rows})
    else:
        columns = ("session", "name", "role", "how", "since", "seen", "until")
        say.table("", columns, [[row[name] for name in columns] for row in rows])


@app.command("end")
def end(
    context: typer.Context,
    session: Annotated[int | None, typer.Argument(help="Its number in `session list`.")] = None,
    name: Annotated[str, typer.Option("--name", help="All sessions of somebody, instead.")] = "",
    as_json: house.Json = False,
) -> None:
    """Sign somebody out at once. Audited."""
    if (session is None) == (not name):
        raise Fail("give a session, or a --name", WRONG)
    office = house.office(context)
    if session is None:
        ids = sessions.end_all(office, name)
        say.said({"ended": ids}, f"sessions of {name} ended: {len(ids)}", as_json=as_json)
        return
    sessions.end(office, session)
    say.said({"ended": session}, f"session {session} is ended", as_json=as_json)
