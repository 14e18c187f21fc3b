"""Where somebody goes on to after they have signed in."""

import re

OURS = re.compile(r"/(console|internal)([/?].*)?")


def within(path: str) -> str:
    """A path of ours to go on to; the overview for whatever is none, so that nobody is led elsewhere."""
    ours = OURS.fullmatch(path) and path.isascii() and path.isprintable() and "\\" not in path
    return path if ours and not path.startswith("/console/sign-") else "/console"
