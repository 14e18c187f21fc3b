"""Where settings are told: a TOML file and environment variables."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import Place, SettingsError

PREFIX = "RINGMARK_"
NOT_SETTINGS = frozenset({"RINGMARK_CONFIG"})  # names the file itself

Tree = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one environment variable says, and the key it says it of."""

    variable: str
    place: Place
    value: str


def toml(path: Path, *, mend: str) -> Tree:
    """The tables of a TOML file. Raises SettingsError, with `mend` where there is no such file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problem = f"not there; {mend}"
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); {mend}"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
    raise SettingsError([f"{path}: {problem}"])


def environment(variables: Mapping[str, str]) -> list[Told]:
    """All of ours, in a fixed order; `__` parts the tables, and a header's name has `_` for each `-`."""
    found = []
    for name in sorted(variables):
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            place = tuple(name.removeprefix(PREFIX).lower().split("__"))
            if place[2:3] == ("headers",):
                place = (*place[:3], *(part.replace("_", "-") for part in place[3:]))
            found.append(Told(variable=name, place=place, value=variables[name]))
    return found


def variable(*place: str) -> str:
    """The environment variable that overrides the key at a place."""
    return PREFIX + "__".join(place).upper()


def table(tree: Tree, key: str) -> Tree:
    """The table of that name; an empty one where there is none or it is something else, which the models refuse."""
    inside = tree.get(key)
    return inside if isinstance(inside, dict) else {}


def tables(tree: Tree, key: str) -> list[tuple[str, Tree]]:
    """The tables inside the table of that name."""
    return [(name, inside) for name, inside in table(tree, key).items() if isinstance(inside, dict)]
