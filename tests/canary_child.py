"""`ringmark serve` in a process of its own that tells which routes it has, and all that it and its libraries log.

Beside the settings it leaves `routes.json`: for readers and for operations, the path and methods of every route; and
`serve.log`: every record of a log with all that it carries, and every connection that was made to somewhere else.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from badges import kept, serving
from badges.console import slow
from sync import cli
from sync.registry import PACKAGES

SPEAKERS = (*PACKAGES, "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "starlette", "asyncio")


class Everything(logging.Formatter):
    """What a careless log shipper would send: the sentence, the traceback, and every extra."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        return f"{super().format(record)} {record.__dict__}"


def main(folder: Path, without: Sequence[str]) -> None:
    """Serve what is in a folder; `without` names locks that are taken out of this process."""
    handler = logging.FileHandler(folder / "serve.log")
    handler.setFormatter(Everything())
    logging.getLogger().addHandler(handler)
    sys.addaudithook(lambda event, told: _connected(told) if event == "socket.connect" else None)
    slow.SECONDS = 0.01  # how long guesses wait is seen in test_sign_in_down.py, and here are many
    serving.run = partial(_watched, folder, serving.run)
    for name in without:
        TAKEN_OUT[name]()
    sys.argv = ["ringmark", "--config", str(folder / "ringmark.toml"), "serve"]
    cli.main()


def _watched(
    folder: Path, run: Callable[..., None], apps: Sequence[tuple[Any, Any]], *, begun: Callable[[], None]
) -> None:
    def first() -> None:
        routes = [[[route.path, sorted(route.methods or ())] for route in app.routes] for app, _ in apps]
        (folder / "routes.json").write_text(json.dumps(routes))
        for name in SPEAKERS:  # after uvicorn has set its own
            logging.getLogger(name).setLevel(logging.DEBUG)
        begun()

    run(apps, begun=first)


def _connected(told: Sequence[object]) -> None:
    logging.getLogger("canary").critical("connected to %s", told[1])


def _no_generation() -> None:
    """What is kept is answered although the store has moved on."""

    def begin(kept_: kept.Kept, mark: object) -> None:
        kept_._mark = mark  # type: ignore[assignment]

    kept.Kept._begin = begin  # type: ignore[method-assign,assignment]


TAKEN_OUT: Mapping[str, Callable[[], None]] = {"the generation": _no_generation}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
