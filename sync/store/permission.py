"""The one relation of permission, `shown.sql`, as it is asked: inline for a few outputs, laid out first for many.

Its parts name each other. A part that is laid out stands as a temporary table of the same name in front of the others,
so the text that decides is the same either way.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import measured
from sync.tables import FOREVER

IN_FORCE, PREVIEW = 1, 2  # ids of scopes
LAID_OUT = {"person_in": "id", "output_in": "id"}  # small beside authorships, and asked for by every part after them
WHOLE = {"person_in": "id", "authorship_in": "output_id, person_id", "output_in": "id"}  # and what tells rows apart


def _parts() -> dict[str, str]:
    text_ = resources.files("sync.store").joinpath("shown.sql").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+) AS NOT MATERIALIZED \((.*?)^\)", text_, re.M | re.S))


PARTS = _parts()


def within(*laid_out: str) -> str:
    """The beginning of a statement that may name every part; those laid out are tables already."""
    parts = (f"{name} AS NOT MATERIALIZED ({body})" for name, body in PARTS.items() if name not in laid_out)
    return "WITH " + ",\n".join(parts) + "\n"


SHOWN = within()


def at(now: int, scope: int = IN_FORCE) -> dict[str, int]:
    """The parameters of every part."""
    return {"scope": scope, "now": now, "never": FOREVER}


@contextmanager
def laid_out(db: Database, *, now: int, scope: int = IN_FORCE, whole: bool = False) -> Iterator[str]:
    """Work the small parts out once, or where it pays authorships as well (`whole`); yields the beginning of statements
    that then ask the rest."""
    parts = WHOLE if whole else LAID_OUT
    for place, (name, key) in enumerate(parts.items()):
        body = f"{within(*list(parts)[:place])} SELECT * FROM ({PARTS[name]}) AS part"
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
        db.execute(text(f"CREATE TEMPORARY TABLE {name} AS {body}"), at(now, scope))
        db.exec_driver_sql(f"CREATE UNIQUE INDEX {name}_by_id ON {name} ({key})")
        if name == "authorship_in":
            db.exec_driver_sql(f"CREATE INDEX {name}_by_person ON {name} (person_id)")
        measured(db, name)
    try:
        yield within(*parts)
    finally:
        for name in parts:
            db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
