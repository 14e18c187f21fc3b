"""The verbs of who we are: show, set."""

from typing import Annotated

import typer

from sync.acts import institution
from sync.cli import house, say

app = typer.Typer(help="Who we are, as every page says it.", no_args_is_help=True)


@app.command("show")
def show(context: typer.Context, as_json: house.Json = False) -> None:
    """The institution of the settings."""
    told = house.settings(context).institution.model_dump()
    if as_json:
        say.document(told)
    else:
        say.table("", ("what", "is"), [(key, told[key] or "-") for key in institution.KEYS])


@app.command("set")
def set_(
    context: typer.Context,
    name: Annotated[str | None, typer.Option("--name", help="The name of the institution.")] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", help="Where readers reach these pages.")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="An e-mail address, or an https page.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    as_json: house.Json = False,
) -> None:
    """Write it into the settings; an empty text takes a key out. Audited."""
    office = house.office(context)
    keys = {"name": name, "base_url": base_url, "contact": contact}
    given = {key: text for key, text in keys.items() if text is not None}
    lines = institution.shown(office, given)
    if not dry_run and lines:
        institution.say(office, given)
    if as_json:
        say.document({"written": bool(lines) and not dry_run, "lines": lines})
    else:
        for line in lines or ["nothing to change"]:
            say.line(say.plain(line))
