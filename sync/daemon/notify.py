"""What the daemon tells systemd: that it is ready, what it does, that it lives (sd_notify(3))."""

import logging
import os
import socket
import time

log = logging.getLogger(__name__)


def notify(*lines: str) -> None:
    """Send some `NAME=value` to the socket that systemd has named; nothing where it named none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # a name that is in no folder
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.settimeout(1.0)
        try:
            there.sendto("\n".join(lines).encode(), address)
        except OSError as error:  # the work goes on; whoever watches us will start us anew
            log.warning("systemd was not told", extra={"why": error.strerror or "no answer"})


def reloading() -> None:
    """Say that settings are being read anew; `READY=1` says when that is over."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def watched_every() -> float:
    """Seconds within which systemd wants to hear that we live; 0 where it does not watch us."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
