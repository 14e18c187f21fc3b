"""The verbs that put a connection into the settings, and change one there; beside those of `connection`."""

import sys
from typing import Annotated, Any

import typer

from sync.acts import connecting
from sync.acts.connecting import Given
from sync.cli import house, say
from sync.cli.connection import app
from sync.cli.say import WRONG, Fail

__all__ = ["app"]

Kind = Annotated[str, typer.Option("--kind", help="elements, dspace, files, or what else is installed.")]
Url = Annotated[str | None, typer.Option("--url", help="The address up to the path.")]
Path_ = Annotated[str | None, typer.Option("--path", help="The folder to read.")]
Username = Annotated[str | None, typer.Option("--username", help="The account.")]
Password = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read the password, or the token of a kind that takes one, into a file of its own."
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any other key of docs/settings.md; an empty value takes it out."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")]


@app.command("add")
def add(
    context: typer.Context,
    name: str,
    kind: Kind,
    url: Url = None,
    path: Path_ = None,
    username: Username = None,
    password_stdin: Password = False,
    more: Set = None,
    paused: Annotated[bool, typer.Option("--paused", help="Not read until `connection resume`.")] = False,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Put a connection into the settings; checked first, with all that is there. Audited."""
    office = house.office(context)
    given = _given({"kind": kind, "url": url, "path": path, "username": username}, more, stdin=password_stdin)
    lines = connecting.shown(office, name, given, new=True, password=password_stdin)
    if not dry_run:
        connecting.add(office, name, given, paused=paused)
    _say(name, lines, dry_run=dry_run, as_json=as_json)


@app.command("change")
def change(
    context: typer.Context,
    name: str,
    url: Url = None,
    path: Path_ = None,
    username: Username = None,
    password_stdin: Password = False,
    more: Set = None,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Change a connection in the settings; a password that would go elsewhere is to be given anew. Audited."""
    office = house.office(context)
    given = _given({"url": url, "path": path, "username": username}, more, stdin=password_stdin)
    lines = connecting.shown(office, name, given, new=False, password=password_stdin)
    if not dry_run:
        connecting.change(office, name, given)
    _say(name, lines, dry_run=dry_run, as_json=as_json)


def _given(keys: dict[str, str | None], more: list[str] | None, *, stdin: bool) -> Given:
    told: dict[str, Any] = {key: text for key, text in keys.items() if text is not None}
    for each in more or ():
        key, equals, text = each.partition("=")
        if not equals or not key.strip():
            raise Fail(f'--set: "{say.plain(key)}" is not KEY=VALUE', WRONG)
        if key.strip() in ("password", "token"):
            raise Fail(f"--set: a {key.strip()} on a command line can be read by others; use --password-stdin", WRONG)
        told[key.strip()] = connecting.value(text)
    return Given(keys=told, password=sys.stdin.readline().rstrip("\r\n") if stdin else "")


def _say(name: str, lines: list[str], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        say.document({"connection": name, "written": not dry_run, "lines": lines})
        return
    for line in lines:
        say.line(say.plain(line))
    if not lines:
        say.line("nothing to change")
    elif not dry_run:
        say.line(f"{name}: written; try it with `ringmark check --connect`")
