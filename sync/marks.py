"""All that the score reads, as a folder of Parquet for machines without a store. For administrators: hidden outputs are
in it, and what is known of accounts, though no title, name or URL is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pyarrow as pa
import pyarrow.compute as pc

from scoring import folder
from scoring.rules import RuleSet
from sync import store
from sync.store import Store

# Row keys, and where they stand; the first of these has them all.
KEYS = {
    "mention": ("marks", "signs"),
    "unit": ("marks",),
    "url": ("marks",),
    "outlet": ("outlets", "marks"),
    "account": ("accounts", "marks"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a folder holds."""

    marks: int
    outputs: int


def write(home: Store, rules: RuleSet, target: Path, *, buckets: int, by: str, now: int, roll_up: bool) -> Written:
    """Write a folder that is not there yet, whole or not at all, for its owner alone; it is noted in the audit log.
    Raises OSError that names it."""
    with _placed(target) as place:
        told = _renumbered(store.relations(home, now=now, roll_up=roll_up))
        written = Written(told["marks"].num_rows, pc.count_distinct(told["marks"].column("output")).as_py())
        folder.write(place, told, rules, now=now, buckets=buckets)
        with home.write() as db:
            store.note(db, "marks", target.name, by=by, now=now, marks=written.marks, rules=rules.name)
    return written


def _renumbered(told: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Row keys never leave the store: each number becomes its place among the others, which keeps their order, and with
    it the score, since of mentions that are alike in all else the first one counts. Outputs have their public ids."""
    for name, (first, *others) in KEYS.items():
        places = pc.unique(told[first].column(name)).sort()
        told = {**told, **{table: _placed_among(told[table], name, places) for table in (first, *others)}}
    return told


def _placed_among(table: pa.Table, name: str, places: pa.Array) -> pa.Table:
    """What is not above 0 says that there is none, and stays."""
    column = table.column(name)
    place = pc.add(pc.cast(pc.index_in(column, value_set=places), pa.int64()), 1)
    return table.set_column(table.column_names.index(name), name, pc.if_else(pc.greater(column, 0), place, column))


@contextmanager
def _placed(target: Path) -> Iterator[Path]:
    """A folder that takes the name of `target` once it is whole."""
    if target.exists():
        raise FileExistsError(EEXIST, "is there already; give another name", str(target))
    part = ""
    try:
        part = mkdtemp(dir=target.parent, prefix=f".{target.name}.")
        yield Path(part)
        Path(part).rename(target)
    except BaseException as error:
        if part:
            rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(target)) from error
        raise
