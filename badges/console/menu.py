"""The rooms that the menu leads to, by what they are about, and who may enter."""

from sync.store.sessions import ROLES, Role

Ways = tuple[tuple[str, str, Role], ...]  # path, what it is called, the least role

MENU: tuple[tuple[str, Ways], ...] = (
    ("", (("/console", "Overview", "editor"), ("/console/begin", "First steps", "admin"))),
    (
        "Who is seen",
        (
            ("/console/scope", "Scope", "editor"),
            ("/console/flags", "Flags", "editor"),
            ("/console/why", "Why", "editor"),
            ("/console/hides", "Hidden here", "editor"),
            ("/console/votes", "Votes that stayed", "admin"),
        ),
    ),
    (
        "Systems",
        (
            ("/console/connections", "Connections", "editor"),
            ("/console/decisions", "Decisions", "admin"),
            ("/console/setaside", "Set aside", "editor"),
        ),
    ),
    (
        "Attention",
        (
            ("/console/reports", "Reports", "editor"),
            ("/console/mentions", "Mentions", "editor"),
            ("/console/outlets", "Outlets and tiers", "editor"),
            ("/console/accounts", "Accounts", "editor"),
            ("/console/gaming", "Signs of gaming", "editor"),
            ("/console/score", "Score", "editor"),
            ("/console/rules", "Rule sets", "editor"),
        ),
    ),
    (
        "This house",
        (
            ("/console/requests", "People's requests", "admin"),
            ("/console/audit", "Audit log", "admin"),
            ("/console/sessions", "Who is signed in", "admin"),
            ("/console/tokens", "Tokens for scripts", "admin"),
            ("/internal", "Members' pages", "internal"),
            ("/", "Public pages", "internal"),
        ),
    ),
)


def menu(role: Role) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The part of it that somebody may enter."""
    found = ((shelf, tuple((path, name) for path, name, least in ways if _may(role, least))) for shelf, ways in MENU)
    return tuple((shelf, ways) for shelf, ways in found if ways)


def _may(role: Role, least: Role) -> bool:
    return ROLES.index(role) >= ROLES.index(least)
