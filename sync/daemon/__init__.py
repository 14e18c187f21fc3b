"""The schedule in one process, until SIGTERM, for years: `run`."""

from sync.daemon.main import run

__all__ = ["run"]
