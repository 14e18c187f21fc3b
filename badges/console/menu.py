"""The rooms that the menu leads to, in the order of a working day, and who may enter."""

from sync.store.sessions import ROLES, Role

MENU: tuple[tuple[str, str, Role], ...] = (  # path, what it is called, the least role
    ("/console", "Overview", "editor"),
    ("/console/scope", "Scope", "editor"),
    ("/console/connections", "Connections", "editor"),
    ("/console/decisions", "Decisions", "admin"),
    ("/console/setaside", "Set aside", "editor"),
    ("/console/score", "Score", "editor"),
    ("/console/rules", "Rule sets", "editor"),
    ("/console/reports", "Reports", "editor"),
    ("/console/mentions", "Mentions", "editor"),
    ("/console/outlets", "Outlets and tiers", "editor"),
    ("/console/accounts", "Accounts", "editor"),
    ("/console/gaming", "Signs of gaming", "editor"),
    ("/console/why", "Why", "editor"),
    ("/console/flags", "Flags", "editor"),
    ("/console/hides", "Hidden here", "editor"),
    ("/console/votes", "Votes that stayed", "admin"),
    ("/console/requests", "People's requests", "admin"),
    ("/console/audit", "Audit log", "admin"),
    ("/console/begin", "Begin", "admin"),
)


def menu(role: Role) -> tuple[tuple[str, str], ...]:
    """The part of it that somebody may enter."""
    return tuple((path, name) for path, name, least in MENU if ROLES.index(role) >= ROLES.index(least))
