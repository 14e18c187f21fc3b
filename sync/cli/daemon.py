"""The verb that runs the schedule."""

from typing import Annotated

import typer

from sync.cli import house
from sync.cli.say import Fail
from sync.store import LeaseTaken

app = typer.Typer()


@app.command()
def daemon(
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Run `ringmark serve` beside it.")] = False,
) -> None:
    """Pull, score and push by the schedule of the settings, until SIGTERM."""
    from sync import daemon as schedule  # its libraries are needed by nothing else
    from sync.daemon.lease import refusal

    where: house.Where = context.obj
    settings, home = house.house(context)
    try:
        code = schedule.run(where.file.absolute(), home, settings, serve=serve)
    except LeaseTaken as taken:
        raise Fail(refusal(taken)) from None
    raise typer.Exit(code)
