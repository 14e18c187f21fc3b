"""A folder of Parquet with all that the score reads, so that machines which have no store can share the work.

    marks/bucket=7/*.parquet   every mark of the outputs whose number, divided by that of the buckets, leaves 7
    tallies/bucket=7/*.parquet every number of theirs of which no single mention was told
    NAME.parquet               each other relation of score.sql: outlets, accounts, signs, those of the rule set, and
                               params (now, and which no score needs: rules, version, buckets)

No bucket needs another. A folder of scores has `scored` and `by_source`, in the same buckets; every row of `scored`
names its rule set and its instant (rules, version, as_of). Both are for their owner alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from scoring import engine
from scoring.engine import EngineError, Scores
from scoring.rules import RuleSet

SPREAD = ("marks", "tallies")  # into buckets
ABOUT = {"outlets": "outlet", "accounts": "account", "signs": "output"}  # what a store says beside marks, and of which
TOLD = ("marks", *ABOUT, "tallies")  # by a store; the other relations are small
COLUMNS = Path("bucket=0") / "columns.parquet"
BUCKETS = 128  # a hundred machines have work; more make files of small stores smaller than is good for any engine
GROUP = 50_000  # rows of a bucket that are written as one group
AT_ONCE = 5_000_000  # marks that DuckDB scores in one go, in less than a gigabyte; each go costs a fifth of a second


def write(folder: Path, told: Mapping[str, pa.Table], rules: RuleSet, *, now: int, buckets: int = BUCKETS) -> None:
    """Write the relations `TOLD`, as they are to be scored by `rules` as of `now`, into a folder that is there and
    empty."""
    for name in SPREAD:
        _spread(folder / name, told[name], buckets)
    small = engine.small(rules, now=now)
    small["params"] = _beside(small["params"], rules=rules.name, version=rules.version, buckets=buckets)
    for name, table in {**{name: told[name] for name in ABOUT}, **small}.items():
        _put(folder / f"{name}.parquet", table)


def score(folder: Path, out: Path, *, now: int | None = None, part: int = 1, parts: int = 1) -> int:
    """Score a folder on this machine, bucket by bucket, into a folder of scores; how many outputs have one.

    `now` stands in for the instant that the folder names. Of `parts` machines that share a folder each takes its
    `part`, from 1 on; a part that is scored again takes the place of what it has left before. Raises `EngineError`."""
    found = sorted({_number(bucket) for name in SPREAD for bucket in folder.glob(f"{name}/bucket=*")})
    if not found:
        raise EngineError(f"{folder}: holds no marks; `ringmark marks FOLDER` writes such a folder")
    if {_number(bucket) for bucket in out.glob("scored/bucket=*")}.difference(found):
        raise EngineError(f"{out}: holds scores of another folder; give another name")
    count = 0
    try:
        small = {name: pq.read_table(folder / f"{name}.parquet") for name in engine.relations().difference(TOLD)}
        if now is not None:
            small["params"] = _beside(small["params"].drop_columns("now"), now=now)
        with duckdb.connect() as duck:
            duck.execute("SET enable_progress_bar = false")
            for some in _turns(folder, [bucket for bucket in found if bucket % parts == part - 1]):
                scores = engine.score_told(_told(duck, folder, some), small, connection=duck)
                _keep(out, some, scores, small["params"])
                count += scores.scored.num_rows
    except (duckdb.Error, pa.ArrowException) as error:
        raise EngineError(f"{folder}: {str(error).splitlines()[0]}") from error
    return count


def read(out: Path) -> Scores:
    """What a folder of scores holds."""
    scored = ["output", "millipoints", "score", "mentions", "units", "tallied"]
    by_source = ["output", "source", "mentions", "units", "millipoints", "tallied"]
    return Scores(
        ds.dataset(out / "scored").to_table(columns=scored), ds.dataset(out / "by_source").to_table(columns=by_source)
    )


def _spread(place: Path, rows: pa.Table, buckets: int) -> None:
    """Into the buckets, by output. An empty file tells the columns also where there are no rows at all."""
    _put(place / COLUMNS, rows.slice(0, 0))
    output = rows.column("output")
    bucket = pc.subtract(output, pc.multiply(pc.divide(output, buckets), buckets))
    ds.write_dataset(
        rows.append_column("bucket", bucket),
        place,
        format="parquet",
        file_options=ds.ParquetFileFormat().make_write_options(compression="zstd"),
        partitioning=ds.partitioning(pa.schema([("bucket", pa.int64())]), flavor="hive"),
        existing_data_behavior="overwrite_or_ignore",
        max_partitions=buckets,
        max_open_files=buckets,
        min_rows_per_group=GROUP,
        max_rows_per_group=20 * GROUP,
        file_visitor=lambda file: _own(Path(file.path)),
    )


def _own(file: Path) -> None:
    file.chmod(0o600)
    file.parent.chmod(0o700)  # the folder above was so from the beginning


def _turns(folder: Path, buckets: Iterable[int]) -> Iterator[list[int]]:
    """Buckets that are scored together, as many as are little enough."""
    some: list[int] = []
    held = 0
    for bucket in buckets:
        files = (file for name in SPREAD for file in folder.glob(f"{name}/bucket={bucket}/*.parquet"))
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        if some and held + rows > AT_ONCE:
            yield some
            some, held = [], 0
        some.append(bucket)
        held += rows
    if some:
        yield some


def _told(
    duck: duckdb.DuckDBPyConnection, folder: Path, buckets: Iterable[int]
) -> Mapping[str, duckdb.DuckDBPyRelation]:
    """Some marks and tallies, and nothing but what is about the marks, so that memory follows them."""
    spread = {name: duck.read_parquet(_files(folder / name, buckets), hive_partitioning=False) for name in SPREAD}
    about = {
        name: duck.read_parquet(f"{folder}/{name}.parquet").join(spread["marks"].select(key), key, how="semi")
        for name, key in ABOUT.items()
    }
    return {**spread, **about}


def _files(place: Path, buckets: Iterable[int]) -> list[str]:
    """The files of some buckets; where they have none, the one that tells the columns."""
    return [
        str(place / COLUMNS),
        *(str(file) for bucket in buckets for file in place.glob(f"bucket={bucket}/*.parquet")),
    ]


def _keep(out: Path, buckets: Iterable[int], scores: Scores, params: pa.Table) -> None:
    (told,) = params.to_pylist()
    scored = _beside(scores.scored, rules=told["rules"], version=told["version"], as_of=told["now"])
    for name, rows in (("by_source", scores.by_source), ("scored", scored)):
        for bucket in buckets:
            for file in out.glob(f"{name}/bucket={bucket}/part-*.parquet"):
                file.unlink()  # of an earlier time; not all buckets need have scores this time
        _spread(out / name, rows, told["buckets"])


def _beside(table: pa.Table, **values: str | int) -> pa.Table:
    """A table with the same values in each row."""
    for name, value in values.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table


def _put(file: Path, table: pa.Table) -> None:
    """A whole file or none, for its owner alone."""
    for folder in _missing(file.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.touch(mode=0o600)
    pq.write_table(table, part, compression="zstd")
    part.replace(file)


def _missing(folder: Path) -> Iterator[Path]:
    """The folders to be made, the outermost first; of each mode of its own, which `parents=True` does not give."""
    if not folder.exists():
        yield from _missing(folder.parent)
        yield folder


def _number(bucket: Path) -> int:
    return int(bucket.name.partition("=")[2])
