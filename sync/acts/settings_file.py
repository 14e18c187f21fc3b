"""Writing into the settings file: one change at a time, comments and order kept, and only what can be loaded."""

import os
from collections.abc import Callable

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config import sources
from config.errors import SettingsError
from config.load import load
from config.settings import Settings
from sync.acts import files
from sync.acts.office import Office, Refused

Change = Callable[[tomlkit.TOMLDocument], None]
BOM = b"\xef\xbb\xbf"


def digest(office: Office) -> str:
    """A hash of the settings file as it is now, for a form to bring back."""
    return files.mark(_read(office))


def written(office: Office, change: Change, *, seen: str = "") -> Settings:
    """Change the settings file, and give the settings that it holds now. `seen` is the digest that the change goes by.

    Raises `Refused`: with a line for each fault of what would stand there, where the file is another than was seen, and
    where it may not be written."""
    return _changed(office, change, seen=seen, keep=True)


def tried(office: Office, change: Change) -> Settings:
    """The settings as a change would leave them, which changes nothing. Raises `Refused` as `written` does."""
    return _changed(office, change, seen="", keep=False)


def unbound(*place: str) -> None:
    """Raise `Refused` where an environment variable decides a key, so that nothing in the file would."""
    for told in sources.environment(os.environ):
        if told.place == place:
            mend = "change it there, or take it away, and restart Ringmark"
            raise Refused(f"{'.'.join(place)}: is set by the variable {told.variable}, over the file; {mend}")


def _changed(office: Office, change: Change, *, seen: str, keep: bool) -> Settings:
    path = office.settings.file
    with files.alone(path.parent):
        before = _read(office)
        if seen and files.mark(before) != seen:
            raise Refused(f"{path.name}: somebody else has changed it meanwhile; look at it, and decide anew")
        try:
            document = tomlkit.parse(before.decode("utf-8-sig"))
        except (UnicodeDecodeError, TOMLKitError) as error:
            raise Refused(f"{path}: is not TOML: {error}") from None
        change(document)
        bom = BOM if before.startswith(BOM) else b""
        with files.beside(path, bom + tomlkit.dumps(document).encode()) as new:
            try:
                settings = load(new)
            except SettingsError as error:
                lines = (line.replace(str(new), str(path)) for line in error.lines)
                raise Refused("\n".join(lines), "wrong") from None
            if keep:
                files.put(new, path)
    return settings.model_copy(update={"file": path})


def _read(office: Office) -> bytes:
    try:
        return office.settings.file.read_bytes()
    except OSError as error:
        raise Refused(f"{office.settings.file}: cannot be read ({error.strerror})") from None
