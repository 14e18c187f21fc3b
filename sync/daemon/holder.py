"""Which process holds the daemon's lease, in words that another process can check on the same machine."""

import json
import os
import socket
from pathlib import Path

PROC = Path("/proc")


def ourselves() -> str:
    """This process, as it stands in the lease."""
    pid = os.getpid()
    return json.dumps({"host": socket.gethostname(), "pid": pid, "within": _within(), "began": _began(pid)})


def gone(holder: str) -> bool:
    """Whether a holder is known to have ended: it ran here, since this machine was started, and does no more.

    Of another machine, or another container, that cannot be told. A number of a process that another one has by now is
    known by when that began."""
    told = json.loads(holder)
    if told["host"] != socket.gethostname() or told["within"] != _within() or not told["within"]:
        return False
    try:
        os.kill(told["pid"], 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return bool(told["began"] != _began(told["pid"]))


def words(holder: str) -> str:
    """A holder for people."""
    told = json.loads(holder)
    return f"process {told['pid']} on {told['host']}"


def _within() -> str:
    """In what process numbers mean what they do here: this start of the machine, and this container; empty where that
    cannot be told."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine was started; empty where there is none of that number."""
    try:
        told = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return ""
    state, *rest = told.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
