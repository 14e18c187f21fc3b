"""What the daemon says of its work: one line on standard error for each thing, as JSON for machines, plain on a
terminal. Counts, names of connections and public ids only."""

import json
import logging
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger(__name__)

OWN = logging.LogRecord("", 0, "", 0, "", (), None).__dict__.keys() | {"message", "asctime", "taskName"}
LEVELS = {  # what they tell of each step is in our own line of it
    "sync.steps": logging.ERROR,
    "sync.push.run": logging.ERROR,
    "sync.alarms": logging.WARNING,
    "apscheduler": logging.ERROR,
}


def begin() -> None:
    """Write what is logged from now on to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain() if sys.stderr.isatty() else _Json())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def step(what: str, source: str, outcome: str, why: str, counts: Mapping[str, object], began: float) -> None:
    """One line for a step of one connection, which began at a time of `time.monotonic`."""
    told = {"source": source, "outcome": outcome, **counts, "seconds": since(began), **({"why": why} if why else {})}
    log.log(logging.INFO if outcome in ("done", "stopped") else logging.WARNING, what, extra=told)


def since(began: float) -> float:
    """Seconds since a time of `time.monotonic`, to a tenth."""
    return round(time.monotonic() - began, 1)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says beside its words. Of an exception only the kind: its words may hold names."""
    facts = {name: value for name, value in record.__dict__.items() if name not in OWN}
    if record.exc_info and record.exc_info[0]:
        facts["error"] = record.exc_info[0].__name__
    return facts


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {"at": _at(record), "level": record.levelname.lower(), "what": record.getMessage(), **_facts(record)}
        return json.dumps(told, ensure_ascii=False, default=str)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in _facts(record).items())
        return f"{_at(record)} {record.getMessage()}" + (f": {facts}" if facts else "")
