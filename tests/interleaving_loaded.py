"""What the process does once of which all the others are made; nobody else imports it."""

from sync import cli, registry
from sync.store import postgresql
from sync.tables import metadata

__all__ = ["postgresql"]  # which others load where their store is one

cli.command()  # so that it is built
registry.kinds()
metadata()
