"""The verbs of what scripts show to read: add, list, revoke."""

from typing import Annotated

import typer

from sync import store
from sync.acts import tokens
from sync.cli import house, say
from sync.store.tokens import SCOPES

app = typer.Typer(help="Tokens: what scripts show to read without anybody signed in.", no_args_is_help=True)


@app.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What will use it.")],
    may: Annotated[list[str], typer.Option("--may", help=f"{', '.join(SCOPES)}; may be given several times.")],
    days: Annotated[int, typer.Option("--days", help="How long it holds.")] = 90,
    as_json: house.Json = False,
) -> None:
    """Make a token. It is printed once and stored nowhere; send it as `Authorization: Bearer TOKEN`. Audited."""
    scopes = tokens.scopes(may)
    word = tokens.add(house.office(context), name, scopes, days)
    say.said({"token": word, "name": name, "may": list(scopes), "days": days}, word, as_json=as_json)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """The tokens in force: what they may, who made them, until when they hold, when they were last used."""
    rows = [
        {
            "name": each.name,
            "may": list(each.may),
            "made": store.stamp(each.made_at),
            "by": each.actor,
            "until": store.stamp(each.until_at),
            "used": store.stamp(each.used_at) if each.used_at else None,
        }
        for each in tokens.listed(house.office(context))
    ]
    if as_json:
        say.document({"tokens": rows})
        return
    columns = ("name", "may", "made", "by", "until", "used")
    say.table("", columns, [[_cell(row[name]) for name in columns] for row in rows])


@app.command("revoke")
def revoke(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Take a token back at once. Audited."""
    tokens.revoke(house.office(context), name)
    say.said({"revoked": name}, f"{name} is revoked", as_json=as_json)


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else "-" if value is None else value
