"""How the command line speaks: tables for people, one JSON document for scripts, errors that name thing and mend."""

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

DONE, FAILED, WRONG, PARTLY, WAITS = range(5)  # the exit codes

out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


@dataclass(slots=True)
class Fail(Exception):  # noqa: N818 - it ends a command, it is no error in the code
    """Ends a command with one line and an exit code."""

    message: str
    code: int = FAILED


def document(value: object) -> None:
    """The one JSON document of a command."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def failed(message: str, *, as_json: bool) -> None:
    """Say what went wrong on standard error, and as the document where one was asked for."""
    if as_json:
        document({"error": message})
    err.print(message, markup=False)


def line(text: str) -> None:
    """One plain line for people."""
    out.print(text, markup=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on a terminal, plain aligned columns elsewhere; texts from outside are never read as markup or codes."""
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    if out.is_terminal:
        shown = Table(*columns, title=title or None, title_justify="left", header_style="bold")
        for row in cells:
            shown.add_row(*map(escape, row))
        out.print(shown)
        return
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for line_ in filter(None, [title, *(_aligned(row, widths) for row in (columns, *cells)), " "]):
        out.print(line_.rstrip(), markup=False)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))


def plain(text: str) -> str:
    """Text without control characters, so that no title can move the cursor or recolour the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def said(told: object, sentence: str, *, as_json: bool) -> None:
    """The same to scripts, as a document, and to people, as a sentence."""
    if as_json:
        document(told)
    else:
        line(sentence)


def ended(outcomes: Iterable[str]) -> int:
    """How runs of several connections end a command: 0 all done; 1 all failed; 3 some failed, are incomplete or were
    stopped; 4 some wait for a decision."""
    found = set(outcomes)
    if found == {"failed"}:
        return FAILED
    if found & {"failed", "incomplete", "stopped"}:
        return PARTLY
    return WAITS if "held" in found else DONE


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Whether somebody has pressed Ctrl-C, for work that looks for it where it can end well; a second one ends it at
    once."""
    asked = Event()

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        err.print("ending after the page in hand; Ctrl-C again ends at once", markup=False)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def bars() -> Progress:
    """Progress on a terminal; nothing elsewhere, where the report has one line per step."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty())
