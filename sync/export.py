"""Every output an audience may see, as a file. It reads badges and nothing else."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, TextIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from badges.sheet import cell
from config.visibility import Visibility
from scoring.rules import SOURCES
from sync import store
from sync.store import Audience, Shown, Store

COLUMNS = (
    "output",
    "title",
    "type",
    "journal",
    "published",
    "doi",
    "visibility",
    "people",
    "groups",
    "score",
    "millipoints",
    "basis",
    "rules",
)
NAMES = {number: name for name, number in SOURCES.items()}
WHOLE = ("score", "millipoints", *SOURCES)


def write(home: Store, audience: Audience, format_: str, target: str, *, now: int) -> int:
    """Write one file (`-` is standard output), readable by its owner alone; how many outputs it holds."""
    with home.read() as db:
        return put((record(shown) for shown in store.walk(db, audience, now=now)), format_, target)


def put(rows: Iterator[Mapping[str, Any]], format_: str, target: str) -> int:
    """Write records into one file; how many."""
    if format_ == "parquet":
        return _parquet(rows, target)
    if target == "-":
        return FORMATS[format_](rows, sys.stdout)
    with placed(Path(target)) as file, TextIOWrapper(file, encoding="utf-8", newline="") as text:
        return FORMATS[format_](rows, text)


def record(shown: Shown) -> dict[str, Any]:
    """One output with its identifiers, the people who may be named, millipoints for every source, and the sources whose
    points come from counts."""
    points = {part.source: part.millipoints for part in shown.breakdown}
    return {
        "output": str(shown.output),
        "title": " ".join(shown.title.split()),
        "type": shown.type,
        "journal": shown.journal,
        "published": shown.published,
        "doi": shown.doi,
        "visibility": Visibility(shown.visibility).word,
        "people": sorted(name for _, name in shown.people if name),
        "groups": sorted(name for _, name in shown.groups if name),
        "score": shown.score,
        "millipoints": shown.millipoints,
        "basis": shown.basis,
        "rules": shown.rules,
        **{name: points.get(number, 0) for name, number in SOURCES.items()},
        "identifiers": sorted(str(identifier) for identifier in shown.identifiers),
        "from_counts": sorted(NAMES[part.source] for part in shown.breakdown if part.tallied and part.millipoints),
    }


def _csv(rows: Iterable[Mapping[str, Any]], file: TextIO) -> int:
    """RFC 4180; lists joined by `; `, and no cell that a spreadsheet would run."""
    sheet = csv.writer(file, lineterminator="\r\n")
    sheet.writerow((*COLUMNS, *SOURCES))
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the answer
        sheet.writerow([cell(row[name]) for name in (*COLUMNS, *SOURCES)])
    return count


def _jsonl(rows: Iterable[Mapping[str, Any]], file: TextIO) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the answer
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _parquet(rows: Iterator[Mapping[str, Any]], target: str) -> int:
    texts, lists = pa.string(), pa.list_(pa.string())
    kinds = {name: pa.int64() if name in WHOLE else texts for name in (*COLUMNS, *SOURCES)}
    schema = pa.schema(
        [*(kinds | {"people": lists, "groups": lists}).items(), ("identifiers", lists), ("from_counts", lists)]
    )
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    with nullcontext(sys.stdout.buffer) if target == "-" else placed(Path(target)) as file:
        pq.write_table(table, file)
    return int(table.num_rows)


@contextmanager
def placed(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone that takes the name of `path` once it is whole; until then what was there stays.
    Raises OSError that names it."""
    if path.exists() and not path.is_file():  # a pipe or a device has nothing to be kept
        with path.open("wb") as file:
            yield file
        return
    new = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
            yield cast("BinaryIO", new)
        Path(new.name).replace(path)
    except BaseException as error:
        if new is not None:
            Path(new.name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


FORMATS: Mapping[str, Callable[..., int]] = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
