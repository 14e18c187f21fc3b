"""What a change of the settings file would write, for somebody to look at before it is written."""

import difflib
import os
from collections.abc import Iterator, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config import sources
from config.errors import SettingsError
from config.load import load
from sync import registry, steps
from sync.acts import files
from sync.acts.office import Office, Refused
from sync.acts.settings_file import Change

Place = tuple[str, ...]


def lines(office: Office, change: Change, *, given: Mapping[str, str] | None = None) -> list[str]:
    """The lines that a change takes out (`-`) and puts in (`+`). `given` are variables to be thought of as set, for
    secrets that are not there yet.

    Raises `Refused` with a line for each fault of what would stand there, and where a variable of the environment
    decides what is changed, so that nothing in the file would."""
    path = office.settings.file
    try:
        before = path.read_bytes().decode("utf-8-sig")
        document = tomlkit.parse(before)
    except OSError as error:
        raise Refused(f"{path.name}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, TOMLKitError) as error:
        raise Refused(f"{path.name}: is not TOML: {error}") from None
    old = document.unwrap()
    change(document)
    _free(set(_places(old, document.unwrap())))
    after = tomlkit.dumps(document)
    with files.beside(path, after.encode()) as new:
        try:
            settings = load(new, {**os.environ, **(given or {})})
            registry.check(settings)
            steps.rules_in_force(settings)
        except SettingsError as error:
            told = (line.replace(f"{new.resolve()}: ", "").replace(f"{new}: ", "") for line in error.lines)
            raise Refused("\n".join(told), "wrong") from None
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def _free(places: set[Place]) -> None:
    for told in sources.environment(os.environ):
        for place in places:
            if told.place[: len(place)] == place or place[: len(told.place)] == told.place:
                mend = "change it there, or take it away, and restart Ringmark"
                raise Refused(f"{'.'.join(told.place)}: is set by the variable {told.variable}, over the file; {mend}")


def _places(before: Mapping[str, object], after: Mapping[str, object], at: Place = ()) -> Iterator[Place]:
    """Where two trees differ."""
    for key in before.keys() | after.keys():
        one, other = before.get(key), after.get(key)
        if isinstance(one, dict | None) and isinstance(other, dict | None):
            yield from _places(one or {}, other or {}, (*at, key))
        elif one != other:
            yield (*at, key)
