"""What `outlet` and `account` have in common: a list is read, and it is said what came of it."""

from collections.abc import Callable
from typing import Annotated, ParamSpec, TypeVar

import typer

from connectors.sheet import UnreadableTableError
from sync.cli import say
from sync.cli.say import PARTLY, Fail
from sync.lists import Wrong

Given = ParamSpec("Given")
T = TypeVar("T")
Every = Annotated[bool, typer.Option("--all", help="Also those of which only others have spoken.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]


def read(
    reader: Callable[Given, tuple[list[T], list[Wrong]]], *given: Given.args, **more: Given.kwargs
) -> tuple[list[T], list[Wrong]]:
    """What a list says, and its wrong rows; a file that is no such list ends the command."""
    try:
        return reader(*given, **more)
    except UnreadableTableError as error:
        raise Fail(str(error)) from None


def ended(what: str, changed: int, outputs: int, wrong: list[Wrong], *, dry_run: bool, as_json: bool) -> None:
    """Say what changed and which rows were left out; a list with wrong rows is done in part."""
    if as_json:
        rows = [{"place": each.place, "reason": each.reason} for each in wrong]
        say.document({"dry_run": dry_run, what: changed, "outputs": outputs, "wrong": rows})
    else:
        for each in wrong:
            say.line(f"{each.place}: {say.plain(each.reason)}")
        said = "would change" if dry_run else "changed"
        left_out = f", {len(wrong)} rows left out" if wrong else ""
        say.line(f"{changed} {what} {said}{left_out}; {outputs} outputs to be scored anew")
    if wrong:
        raise typer.Exit(PARTLY)
