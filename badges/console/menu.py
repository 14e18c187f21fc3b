"""The rooms that the menu leads to, in the order of a working day, and who may enter."""

from sync.store.sessions import ROLES, Role

MENU: tuple[tuple[str, str, Role], ...] = (  # path, what it is called, the least role
    ("/console", "Overview", "editor"),
    ("/console/sessions", "Who is signed in", "admin"),
    ("/console/tokens", "Tokens for scripts", "admin"),
)


def menu(role: Role) -> tuple[tuple[str, str], ...]:
    """The part of it that somebody may enter."""
    return tuple((path, name) for path, name, least in MENU if ROLES.index(role) >= ROLES.index(least))
