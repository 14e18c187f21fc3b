"""Connections are put into the settings, and changed there. A password, or the token that some systems give in place of
an account, goes into a file of its own beside them."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config.sources import variable
from connectors.base import Connector
from sync import registry, steps, store
from sync.acts import files, settings_file, settings_shown
from sync.acts.office import Office, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody says of a connection: keys of its table, those of tables inside it with a dot (`assume.people`),
    and the password or token, which is never shown. An empty text takes a key out."""

    keys: Mapping[str, Any]
    password: str = field(default="", repr=False)


def value(text: str) -> Any:
    """A value as TOML writes it, else the text itself: `true`, `500`, `["a"]`, `3h`."""
    try:
        return tomlkit.parse(f"value = {text}")["value"]
    except TOMLKitError:
        return text


def shown(office: Office, name: str, given: Given, *, new: bool, password: bool) -> list[str]:
    """The lines that `add` or `change` would take out and put in; `password`: one will be given with it. Raises
    `Refused` with each fault, but for a password or token that is missing."""
    _known(office, name, given, new=new)
    there = office.settings.connections.get(name)
    username = given.keys.get("username", there.username if there else None)
    wants = bool(username or password) or _signs(office, name, given)
    filled = {variable("connections", name, _secret(office, name, given)): "later"} if wants else {}
    return settings_shown.lines(office, _change(office, name, given, password=password), given=filled)


def add(office: Office, name: str, given: Given, *, paused: bool = False, seen: str = "") -> None:
    """Put a connection behind those that are there. `paused`: it is not read until somebody resumes it. `seen` is the
    digest of the settings that were looked at. Raises `Refused` with each fault, and then nothing was written."""
    shown(office, name, given, new=True, password=bool(given.password))
    _write(office, name, given, verb="connection add", seen=seen, paused=paused)
    path = str(given.keys.get("path", ""))
    if path and not Path(path).is_absolute() and ".." not in Path(path).parts:
        (office.settings.file.parent / path).mkdir(parents=True, exist_ok=True)


def change(office: Office, name: str, given: Given, *, seen: str = "") -> None:
    """Change what is given of a connection that is there. A password that would go to another address or account than
    before is to be given anew: who may change settings does not thereby get to see it. Raises `Refused`."""
    shown(office, name, given, new=False, password=bool(given.password))
    if moves(office, name, given) and not given.password:
        secret = _secret(office, name, given)
        raise Refused(f"connections.{name}.{secret}: missing; give it again, since it would go elsewhere", "wrong")
    _write(office, name, given, verb="connection change", seen=seen, paused=False)


def moves(office: Office, name: str, given: Given) -> bool:
    """Whether a password or token that is there would go elsewhere."""
    before = office.settings.connections[name]
    now = {"url": before.url or "", "username": before.username or ""}
    told = {key: str(given.keys.get(key, held)).rstrip("/") for key, held in now.items()}
    goes = bool(before.password and told["username"]) or bool(before.token)
    return goes and told != {key: held.rstrip("/") for key, held in now.items()}


def _known(office: Office, name: str, given: Given, *, new: bool) -> None:
    """Raises `Refused` for a name that is taken, or of which there is no connection."""
    there = office.settings.connections
    if not new and name not in there:
        raise Refused(f"{name}: no such connection; known are {', '.join(there) or 'none'}", "unknown")
    if new and name in there:
        raise Refused(f"connections.{name}: is there already; choose another name, or change that one")
    if new:
        with office.house.read() as db:
            kind = store.begun.kind_of(db, name)
        if kind not in ("", given.keys.get("kind")):
            mend = f"choose another name, or `ringmark connection forget {name}` first"
            raise Refused(f"connections.{name}: was a {kind} connection, whose votes still stand; {mend}")


def _write(office: Office, name: str, given: Given, *, verb: str, seen: str, paused: bool) -> None:
    """The password first, then the store, the settings last: who reads the settings finds both."""
    secret = _secret(office, name, given)
    change, file = _change(office, name, given, password=bool(given.password)), _file(office, name, secret)
    before = file.read_bytes() if given.password and file.exists() else None
    told = {"keys": sorted(given.keys), secret: bool(given.password), "url": given.keys.get("url", "")}
    try:
        if given.password:
            settings_file.unbound("connections", name, secret)
            _keep(file, given.password.encode())
        with office.house.write() as db:
            settings = settings_file.tried(office, change)
            steps.know(office.house, settings)
            if paused:
                store.pause(office.house, name, paused=True)
            store.note(db, verb, name, by=office.by, now=office.clock(), **told)
            settings_file.written(office, change, seen=seen)
    except BaseException:  # whatever it was, the password of before holds
        if given.password and before is None:
            file.unlink(missing_ok=True)
        elif before is not None:
            _keep(file, before)
        raise


def _keep(file: Path, password: bytes) -> None:
    """A file that nobody else may ever read, in one step. Raises `Refused`."""
    new = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as told:
            told.write(password)
            told.flush()
            os.fsync(told.fileno())
        files.put(new, file)
    except OSError as error:
        raise Refused(
            f"{file.name}: cannot be written ({error.strerror}); let Ringmark's account write there"
        ) from None
    finally:
        new.unlink(missing_ok=True)


def _secret(office: Office, name: str, given: Given) -> str:
    """The key of what proves who we are: a token where the kind takes one, else a password."""
    kind = _kind(office, name, given)
    return "token" if kind and (kind.manifest.token or kind.manifest.signs) else "password"


def _signs(office: Office, name: str, given: Given) -> bool:
    """Whether nothing is sent without a token."""
    kind = _kind(office, name, given)
    return kind is not None and kind.manifest.signs


def _kind(office: Office, name: str, given: Given) -> type[Connector] | None:
    there = office.settings.connections.get(name)
    return registry.kinds().get(str(given.keys.get("kind", there.kind if there else "")))


def _file(office: Office, name: str, secret: str) -> Path:
    """Where the secret of a connection stands: where its table says, else beside the settings, by its name."""
    folder = office.settings.file.parent
    try:
        table = tomlkit.parse(office.settings.file.read_text(encoding="utf-8-sig")).unwrap()
        told = table["connections"][name][f"{secret}_file"]
    except (OSError, TOMLKitError, KeyError, TypeError):
        told = f"{name}.{secret}"
    return folder / str(told)


def _change(office: Office, name: str, given: Given, *, password: bool) -> settings_file.Change:
    secret = _secret(office, name, given)
    file = _file(office, name, secret).name

    def change(document: tomlkit.TOMLDocument) -> None:
        connections = document.setdefault("connections", tomlkit.table(is_super_table=True))
        if name not in connections:
            connections[name] = tomlkit.table()
        table = connections[name]
        for key, told in given.keys.items():
            _put(table, key.split("."), told)
        if password and f"{secret}_file" not in table:
            table[f"{secret}_file"] = file

    return change


def _put(table: Any, way: list[str], told: Any) -> None:
    """A value in its place; an empty text takes out what is there."""
    first, *rest = way
    if rest:
        if told == "" and first not in table:
            return
        _put(table.setdefault(first, tomlkit.table()), rest, told)
        if not table[first]:
            del table[first]
    elif told == "":
        table.pop(first, None)
    elif table.get(first) != told:
        table[first] = told
