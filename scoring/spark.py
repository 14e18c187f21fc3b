"""The same score on Spark, which takes over where one machine ends: one expression, from Parquet to Parquet."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa

from scoring import engine, folder
from scoring.engine import EngineError, Scores
from scoring.rules import RuleSet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BUCKETS = 16  # for the threads of one machine
SLOW_BELOW = 50_000_000  # marks; DuckDB needs less time for fewer, and Spark half a minute to begin
MEND_JAVA = "install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME"
MEND_SPARK = "Spark is not installed; install Ringmark with its extra `spark`, or use --engine duckdb"
# Spark adds this module to every Java that it starts, and only a whole Java of version 17 or newer has it.
WHOLE_JAVA = ("--add-modules=jdk.incubator.vector", "-version")
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
# On this machine alone: nothing listens elsewhere.
HERE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def score(
    marks: pa.Table,
    outlets: pa.Table,
    accounts: pa.Table,
    rules: RuleSet,
    *,
    signs: pa.Table = engine.NO_SIGNS,
    tallies: pa.Table = engine.NO_TALLIES,
    now: int,
) -> Scores:
    """As `engine.score`, by a Spark on this machine; what it reads and writes lies in a folder that is gone afterwards.

    Raises `EngineError`, also where Spark or Java is not there."""
    with TemporaryDirectory(prefix="ringmark-") as name:
        place = Path(name)
        local = {"spark.local.dir": name, "spark.sql.warehouse.dir": name, **HERE}
        with opened("local[*]", local) as session:
            (place / "told").mkdir(mode=0o700)
            told = {"marks": marks, "outlets": outlets, "accounts": accounts, "signs": signs, "tallies": tallies}
            folder.write(place / "told", told, rules, now=now, buckets=BUCKETS)
            score_folder(session, f"{place}/told", f"{place}/scores")
            return folder.read(place / "scores")


def score_folder(session: "SparkSession", told: str, out: str, *, now: int | None = None) -> None:
    """Score a folder as `folder.write` makes them, wherever Spark can read, into one that is not there yet.

    `now` stands in for the instant that the folder names. Raises `EngineError`."""
    from pyspark.errors import PySparkException
    from pyspark.sql.functions import lit

    try:
        for name in engine.relations():
            place = f"{told}/{name}" if name in folder.SPREAD else f"{told}/{name}.parquet"
            session.read.parquet(place).createOrReplaceTempView(name)
        if now is not None:
            session.table("params").withColumn("now", lit(now)).createOrReplaceTempView("params")
        _keep(session.sql(engine.statement("by_source", "spark")), f"{out}/by_source")
        session.read.parquet(f"{out}/by_source").createOrReplaceTempView("by_source")
        scored = session.sql(engine.statement("scored", "spark", given="by_source"))
        stamp = session.table("params").selectExpr("rules", "version", "now AS as_of")
        _keep(scored.crossJoin(stamp), f"{out}/scored")
    except PySparkException as error:
        raise EngineError(f"Spark: {str(error).strip().splitlines()[0]}") from error


@contextmanager
def opened(master: str = "", settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """The session of this process where there is one, else a new one for as long as the block lasts.

    `master`: where Spark runs; else it is what `spark-submit` or Spark's own settings say, and this machine where they
    say nothing. Raises `EngineError` where Spark or Java is not there."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(MEND_SPARK) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # else spark-submit has started Java
        _look_at_java()
    builder = SparkSession.builder
    for name, value in {**QUIET, **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        session = (builder.master(master) if master else builder).getOrCreate()
    except PySparkException as error:
        raise EngineError(f"Spark did not start: {str(error).strip().splitlines()[0]}; {MEND_JAVA}") from error
    try:
        yield session
    finally:
        session.stop()


def _look_at_java() -> None:
    """Spark itself would only say that a process has exited."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        raise EngineError(f"Spark needs Java, and there is none{f' in JAVA_HOME, {home}' if home else ''}; {MEND_JAVA}")
    tried = subprocess.run([java, *WHOLE_JAVA], capture_output=True, check=False)  # noqa: S603 - what Spark will run
    if tried.returncode:
        raise EngineError(f"{java}: Spark cannot run on this Java; {MEND_JAVA}")


def _keep(rows: "DataFrame", place: str) -> None:
    rows.write.parquet(place)
