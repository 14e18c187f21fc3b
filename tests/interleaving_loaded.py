"""What the process does once of which all the others are made; nobody else imports it."""

from sync import cli, registry

cli.command()  # so that it is built
registry.kinds()
