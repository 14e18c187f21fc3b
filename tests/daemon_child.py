"""The daemon as a process of its own that looks at everything much more often than a real one."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sync import cli

QUICK: Mapping[str, Any] = {
    "timetable.PULL_LOOKS": 0.1,
    "timetable.PUSH_LOOKS": 0.1,
    "timetable.SCORE_LOOKS": 0.2,
    "timetable.ERRAND_LOOKS": 0.05,
    "timetable.BEATS": 0.1,
    "jobs.FIRST_WAIT": 0.2,
    "lease.BEAT": 0.2,
    "main.TICK": 0.05,
    "main.LOOKS": 0.05,
    "child.FIRST_DELAY": 0.1,
}
"""Seconds between things, by their names in `sync.daemon`; nothing else of it is different."""


def run(words: Sequence[str], said: Path, environment: Mapping[str, str], quick: Mapping[str, Any]) -> None:
    """One command; what it and its children write goes to a file."""
    with said.open("ab", buffering=0) as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    os.environ.update(environment)
    for name, seconds in {**QUICK, **quick}.items():
        module, _, constant = name.partition(".")
        setattr(import_module(f"sync.daemon.{module}"), constant, seconds)
    sys.argv = ["ringmark", *words]
    cli.main()
