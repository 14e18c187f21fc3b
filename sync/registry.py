"""The kinds of connector that are installed, found by entry point, so that anybody can add one."""

from functools import cache
from importlib.metadata import entry_points, packages_distributions

from config.errors import SettingsError
from config.settings import Settings
from connectors.base import Connector, Drops, Pushes

GROUP = "ringmark.connectors"


@cache
def kinds() -> dict[str, type[Connector]]:
    """Every installed connector by its kind; loading one imports its module."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def untold() -> dict[str, frozenset[str]]:
    """The levels that sources never tell, by kind of connector: `assume` speaks for them."""
    return {name: LEVELS - kind.manifest.visibility for name, kind in kinds().items()}


LEVELS = frozenset({"people", "outputs", "authorships", "groups"})
PACKAGES = ("badges", "config", "connectors", "sandbox", "scoring", "sync")


def alone() -> None:
    """Refuse to run beside another distribution that owns one of our package names, which are not ours alone."""
    owners = packages_distributions()
    for name in PACKAGES:
        others = sorted(set(owners.get(name, ())) - {"ringmark"})
        if others:
            raise SettingsError(
                [f"the package {name} is also installed by {others[0]}; give Ringmark a venv of its own"]
            )


def check(settings: Settings) -> None:
    """Refuse connections of a kind that is not installed, or that ask of it what it cannot do."""
    known = kinds()
    problems = []
    for name, connection in settings.connections.items():
        key = f"{settings.file}: connections.{name}"
        if connection.kind not in known:
            problems.append(f'{key}.kind: "{connection.kind}" is not installed; known are {", ".join(sorted(known))}')
        elif known[connection.kind].manifest.needs_url and connection.url is None:
            problems.append(f'{key}.url: missing; kind = "{connection.kind}" needs it')
        elif (connection.url or "").startswith("sftp:") and not issubclass(known[connection.kind], Drops):
            problems.append(f"{key}.url: a {connection.kind} connection is no folder; write such as https://host/path")
        elif connection.url and _is_socket(connection.url) != known[connection.kind].manifest.socket:
            scheme = "wss" if known[connection.kind].manifest.socket else "https"
            problems.append(f"{key}.url: no address of a {connection.kind}; write such as {scheme}://host/path")
        elif issubclass(known[connection.kind], Drops) and (connection.url is None) == (connection.path is None):
            problems.append(f"{key}.path: a file lies in one place; set path, or url, and not both")
        elif connection.push:
            place = known[connection.kind].manifest.write_back
            if place is None:
                problems.append(f"{key}.push: a {connection.kind} connection takes no badges; leave it out")
            elif connection.push == "internal" and place == "public":
                problems.append(f'{key}.push: the public reads what a {connection.kind} shows; write "public"')
            elif issubclass(known[connection.kind], Pushes) and not (
                connection.field or known[connection.kind].manifest.field
            ):
                problems.append(f"{key}.field: missing; name the field that badges are written to")
        if connection.kind in known:
            told = known[connection.kind].refused(connection)
            problems += [f"{key}.{name}: {wrong}" for name, wrong in told]
    if problems:
        raise SettingsError(problems)


def _is_socket(url: str) -> bool:
    return url.startswith(("wss:", "ws:"))
