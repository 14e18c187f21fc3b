"""How migrations run: always on the connection that opening the store has made, never by hand."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
