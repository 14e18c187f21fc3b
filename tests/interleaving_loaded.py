"""What the process does once of which all the others are made; nobody else imports it."""

import typer

from sync import cli, registry

cli.app = typer.main.get_command(cli.app)  # type: ignore[assignment]  # the same, built
registry.kinds()
