"""Where somebody goes on to after they have signed in."""


def within(path: str) -> str:
    """A path of ours to go on to; the overview for whatever is none, so that nobody is led elsewhere."""
    ours = path.startswith("/console") and path.isascii() and path.isprintable() and "\\" not in path
    return path if ours and not path.startswith("/console/sign-") else "/console"
