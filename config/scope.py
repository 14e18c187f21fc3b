"""The scope: which people and outputs take part at all."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from config import sources
from config.errors import SettingsError, explain, line, unknown
from config.values import Level, Table
from config.visibility import Visibility

OTHER_TABLES = frozenset({
    "institution", "store", "score", "serve", "badges", "alarms", "imports", "abroad", "watch", "sign_in",
    "connections",
})  # fmt: skip


class Least(Table):
    """The least visibility that takes part."""

    people: Level = Visibility.INTERNAL
    outputs: Level = Visibility.INTERNAL
    authorships: Level = Visibility.INTERNAL


class Scope(Table):
    """Set by the administrator; all parts are ANDed. The one in force lives in the store, not in the settings."""

    status: Literal["all", "current"] = "all"
    profile: Literal["all", "academic_or_student", "academic"] = "all"
    visibility: Least = Least()

    @property
    def words(self) -> dict[str, object]:
        """As `[scope]` writes it."""
        least = {name: level.word for name, level in self.visibility}
        return {"status": self.status, "profile": self.profile, "visibility": least}


class _File(Table):
    scope: Scope


def read_scope(path: Path) -> Scope:
    """The `[scope]` table of a TOML file, which may be the settings file itself; missing keys are the defaults.

    Raises SettingsError. The environment has no say here: the file is what the administrator looks at and applies.
    """
    tree = sources.toml(path, mend="name a TOML file with a [scope] table")
    strange = [line(str(path), (key,), unknown(key, {"scope"})) for key in tree if key not in {"scope", *OTHER_TABLES}]
    if strange:
        raise SettingsError(strange)
    if "scope" not in tree:
        raise SettingsError([line(str(path), ("scope",), "missing; begin with [scope], also when all is default")])
    try:
        return _File.model_validate({"scope": tree["scope"]}).scope
    except ValidationError as error:
        raise SettingsError(line(str(path), place, text) for place, text in explain(error, _File)) from None
