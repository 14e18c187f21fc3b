"""Secrets: never in the settings file, which is shared, copied and committed; from the environment or own files."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from config.alarms import Alarms
from config.errors import Place, Problems
from config.settings import Connection, Store
from config.sign_in import SignIn
from config.sources import Tree, table, tables, variable
from config.watch import Watch

OWN: Mapping[str, type[Alarms | Watch | SignIn]] = {  # tables of the file with secrets, and servers to trust
    "alarms": Alarms,
    "watch": Watch,
    "sign_in": SignIn,
}
CREDENTIALS = re.compile(r"(proxy-)?authorization|cookie", re.IGNORECASE)


def refuse_secrets(tree: Tree, problems: Problems) -> None:
    """Takes out of the file's tables what must not stand there; to be called before the environment has spoken."""
    for name, settings in tables(tree, "connections"):
        place = ("connections", name)
        for key in ("password", "token"):
            if key in settings:
                _refuse(settings, (*place, key), f"{key}_file", problems)
        headers = table(settings, "headers")
        for header in [header for header in headers if CREDENTIALS.fullmatch(header)]:
            _refuse(headers, (*place, "headers", header), "headers_file", problems)
    store = table(tree, "store")
    if _has_password(str(store.get("url", ""))):
        _refuse(store, ("store", "url"), "url_file", problems)
    for name, model in OWN.items():
        told = table(tree, name)
        for key in sorted(set(model.read_from.values()) & set(told)):
            _refuse(told, (name, key), f"{key}_file", problems)


def read_secrets(tree: Tree, folder: Path, problems: Problems) -> None:
    """Puts what `*_file` keys name in the place of the key they stand for, unless the environment has filled it."""
    for name, settings in tables(tree, "connections"):
        _read(settings, ("connections", name), Connection.read_from, folder, problems)
    _read(table(tree, "store"), ("store",), Store.read_from, folder, problems)
    for name, model in OWN.items():
        _read(table(tree, name), (name,), model.read_from, folder, problems)


def over(below: Tree, above: Tree) -> Tree:
    """The headers of both, `above` where both have one: names are the same in any case."""
    names = {name.lower() for name in above}
    return {name: value for name, value in below.items() if name.lower() not in names} | above


def _refuse(settings: Tree, place: Place, instead: str, problems: Problems) -> None:
    del settings[place[-1]]
    name = variable(*place).replace("-", "_")
    problems.add(place, f"holds a secret, which may not stand in this file; set {name} or {instead}")


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return True


def _read(settings: Tree, place: Place, read_from: Mapping[str, str], folder: Path, problems: Problems) -> None:
    for key in sorted(set(read_from) & set(settings)):
        named, target = settings.pop(key), read_from[key]
        try:
            if not isinstance(named, str) or not named:
                raise ValueError("needs a path in quotes")
            if target == "headers":
                settings[target] = over(_headers(_content(folder / named)), table(settings, target))
            elif target not in settings:
                settings[target] = _content(folder / named)
        except ValueError as error:
            problems.add((*place, key), str(error))


def _content(path: Path) -> str:
    """Raises ValueError with the mend, never with the content."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8") from None
    if mode & stat.S_IRWXO:
        raise ValueError(f"{path} is open to every user of this machine; run chmod 600 {path}")
    if not text.strip():
        raise ValueError(f"{path} is empty")
    return text


def _headers(text: str) -> Tree:
    """One `Name: value` a line. Raises ValueError, naming a line only by its number."""
    found: Tree = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"line {number} is not Name: value")
        found[name.strip()] = value.strip()
    return found
