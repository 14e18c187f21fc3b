"""Runs a practice system by hand: `python -m sandbox elements --port 8091 --version 6.13`."""

import argparse
import signal
import sys

from sandbox.elements import practice_elements
from sandbox.elements_wire import WIRES
from sandbox.institution import example


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    systems = parser.add_subparsers(dest="system", required=True)
    elements = systems.add_parser("elements", help="a practice Symplectic Elements on 127.0.0.1")
    elements.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    elements.add_argument("--version", choices=sorted(WIRES), default="6.13")
    elements.add_argument("--newer-product", action="store_true", help="v5.5 tells privacy levels too")
    elements.add_argument("--configured-base", default="", help="what addresses in answers begin with")
    elements.add_argument("--outputs", type=int, default=400)
    elements.add_argument("--people", type=int, default=60)
    elements.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    institution = example(told.outputs, told.people, 0, told.seed)
    with practice_elements(institution, told.version, port=told.port, newer_product=told.newer_product,
                           configured_base=told.configured_base) as server:  # fmt: skip
        sys.stdout.write(f"{server.url}  user {server.username}  password {server.password}  (Ctrl-C ends)\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
