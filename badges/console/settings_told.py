"""The settings of a connection as they are, for a page: never a secret, only that there is one."""

from datetime import timedelta

from config.schedule import Schedule
from config.settings import Settings
from config.visibility import Visibility

SECRET = ("password", "token", "headers")
UNSAID = ("name", "assume")  # said elsewhere on the page


def told(settings: Settings, name: str) -> list[tuple[str, str]]:
    """Each setting and its value in the words of the settings file; nothing for a connection that is not there."""
    connection = settings.connections.get(name)
    if connection is None:
        return []
    found = [
        (key, _words(getattr(connection, key)))
        for key in type(connection).model_fields
        if key not in (*SECRET, *UNSAID)
    ]
    return [
        *((key, words) for key, words in found if words),
        ("password", "set" if connection.password else "not set"),
        *([("token", "set")] if connection.token else []),
        ("headers", f"{len(connection.headers)} set" if connection.headers else "none"),
    ]


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case Visibility():
            return value.word
        case Schedule():
            return value.text
        case timedelta():
            return _length(value)
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _length(value: timedelta) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if value.total_seconds() % size == 0:
            return f"{int(value.total_seconds()) // size}{unit}"
    return f"{int(value.total_seconds())} seconds"
