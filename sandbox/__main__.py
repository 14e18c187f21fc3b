"""Runs a practice system by hand: `python -m sandbox elements --port 8091`, `python -m sandbox dspace --version 8`."""

import argparse
import signal
import sys
from contextlib import AbstractContextManager

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.access import RELEASES
from sandbox.dspace.items import items_of
from sandbox.elements import PracticeElements, practice_elements
from sandbox.elements.wire import WIRES
from sandbox.institution import example


def main() -> int:
    """Serve until interrupted."""
    with _system(_arguments().parse_args()) as server:
        sys.stdout.write(f"{server.url}  user {server.username}  password {server.password}  (Ctrl-C ends)\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    systems = parser.add_subparsers(dest="system", required=True)
    elements = systems.add_parser("elements", help="a practice Symplectic Elements on 127.0.0.1")
    elements.add_argument("--version", choices=sorted(WIRES), default="6.13")
    elements.add_argument("--newer-product", action="store_true", help="v5.5 tells privacy levels too")
    dspace = systems.add_parser("dspace", help="a practice DSpace on 127.0.0.1")
    dspace.add_argument("--version", choices=sorted(RELEASES), default="9")
    for system in (elements, dspace):
        system.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
        system.add_argument("--configured-base", default="", help="what addresses in answers begin with")
        system.add_argument("--outputs", type=int, default=400)
        system.add_argument("--people", type=int, default=60)
        system.add_argument("--seed", type=int, default=1)
    return parser


def _system(told: argparse.Namespace) -> AbstractContextManager[PracticeElements | PracticeDSpace]:
    institution = example(told.outputs, told.people, 0, told.seed)
    base = told.configured_base
    if told.system == "dspace":
        return practice_dspace(items_of(institution), told.version, port=told.port, configured_base=base)
    return practice_elements(
        institution, told.version, port=told.port, newer_product=told.newer_product, configured_base=base
    )


if __name__ == "__main__":
    sys.exit(main())
