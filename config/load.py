"""Reads the settings once: the file, the environment over it, secrets from their files; and checks all of it."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from config import sources
from config.errors import Place, Problems, SettingsError, explain, known_keys, nearest, unknown
from config.secret import OWN, over, read_secrets, refuse_secrets
from config.settings import Settings, Store
from config.sources import Told, Tree, table, tables

SQLITE = "sqlite:///"


def load(path: Path, variables: Mapping[str, str] | None = None) -> Settings:
    """The settings of one file under the environment, or under `variables` in its place.

    Raises SettingsError with a line for everything wrong, each naming the file or variable, the key and the mend.
    """
    tree = sources.toml(path, mend="write one with `ringmark init`, or name another with --config")
    told = sources.environment(os.environ if variables is None else variables)
    problems = Problems(str(path))
    refuse_secrets(tree, problems)
    for each in told:
        _override(tree, each, problems)
    _name(tree, path, problems)
    read_secrets(tree, path.resolve().parent, problems)
    _make_absolute(tree, path.resolve().parent, problems)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        for place, text in explain(error, Settings):
            if (*place[:-1], f"{place[-1]}_file") not in problems.lines:  # its file has been named already
                problems.add(place, text)
    if problems.lines:
        raise SettingsError(problems.lines.values())
    return settings


def _override(tree: Tree, told: Told, problems: Problems) -> None:
    """Puts one variable's value where its key stands; whether there is such a key is for the models to say."""
    *way, key = told.place
    problems.variables[told.place] = told.variable
    known = table(tree, "connections")
    if way[:1] == ["connections"] and len(way) > 1 and way[1] not in known:
        near = nearest(way[1], known)
        mend = f'did you mean "{near}"?' if near else f"it has {', '.join(known) or 'none'}"
        problems.add(told.place, f'no connection "{way[1]}" in the file; {mend}')
        return
    inside = tree
    for depth, part in enumerate(way, 1):
        if part not in inside:
            problems.variables.setdefault(tuple(way[:depth]), told.variable)
        deeper = inside.setdefault(part, {})
        if not isinstance(deeper, dict):
            problems.add(told.place, f"{part} is no table")
            return
        inside = deeper
    if isinstance(inside.get(key), dict):
        problems.add(told.place, f"is a table; set one key of it with {told.variable}__ and its name")
    elif way[2:] == ["headers"]:
        table(table(tree, "connections"), way[1])["headers"] = over(inside, {key: told.value})
    else:
        inside[key] = told.value


def _name(tree: Tree, path: Path, problems: Problems) -> None:
    """Gives the settings their file and each connection its name, which the tables themselves may not hold."""
    for name, settings in tables(tree, "connections"):
        if "name" in settings:
            problems.add(("connections", name, "name"), f"unknown key; the name is that of the table, {name}")
        settings["name"] = name
    if "file" in tree:
        problems.add(("file",), unknown("file", known_keys(Settings)))
    tree["file"] = path.resolve()


def _make_absolute(tree: Tree, folder: Path, problems: Problems) -> None:
    for name, settings in tables(tree, "connections"):
        for key in ("path", "ca_file", "key_file", "people_map"):
            if isinstance(settings.get(key), str):
                settings[key] = folder / str(settings[key])
        _authority(settings, ("connections", name, "ca_file"), problems)
    for name in (*OWN, "abroad"):
        told = table(tree, name)
        if isinstance(told.get("ca_file"), str):
            told["ca_file"] = folder / str(told["ca_file"])
        _authority(told, (name, "ca_file"), problems)
    tree.setdefault("store", {})
    store = table(tree, "store")
    url = store.get("url", Store().url)
    if isinstance(url, str) and url.startswith(SQLITE) and ":memory:" not in url:
        database, mark, query = url.removeprefix(SQLITE).partition("?")
        store["url"] = f"{SQLITE}{folder / database}{mark}{query}" if database else url


def _authority(settings: Tree, place: Place, problems: Problems) -> None:
    authority = settings.get(place[-1])
    if isinstance(authority, Path) and not authority.is_file():
        problems.add(place, f"{authority} is no file")
