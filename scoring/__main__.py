"""Scores a folder that `ringmark marks` has written, where there is no store: on one machine, on many, or on Spark."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scoring import folder, spark
from scoring.engine import EngineError

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> None:
    """Exit codes: 0 done; 1 failed, and standard error says why in one line; 2 wrong usage."""
    parser = ArgumentParser(prog="python -m scoring", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", help="the folder of marks; for Spark any address that it can read")
    parser.add_argument("out", metavar="OUT", help="the folder of scores")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--as-of", type=_instant, metavar="DATE", help="instead of when the folder was written")
    parser.add_argument(
        "--part", type=_part, default=(1, 1), metavar="I/N", help="DuckDB: this is machine I of N that share the folder"
    )
    parser.add_argument("--master", default="", metavar="URL", help="Spark: where; else as its own settings say")
    wanted = parser.parse_args()
    try:
        if wanted.engine == "spark":
            with spark.opened(wanted.master) as session:
                spark.score_folder(session, wanted.folder, wanted.out, now=wanted.as_of)
            sys.stdout.write(f"scores written to {wanted.out}\n")
        else:
            part, parts = wanted.part
            count = folder.score(Path(wanted.folder), Path(wanted.out), now=wanted.as_of, part=part, parts=parts)
            sys.stdout.write(f"{count} outputs scored, written to {wanted.out}\n")
    except EngineError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or wanted.folder}: {error.strerror}")


def _instant(word: str) -> int:
    """Microseconds; of a bare date its first instant in UTC."""
    when = datetime.fromisoformat(word)
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - BEGIN) // timedelta(microseconds=1)


def _part(word: str) -> tuple[int, int]:
    part, _, parts = word.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(word)
    return int(part), int(parts)


if __name__ == "__main__":
    main()
