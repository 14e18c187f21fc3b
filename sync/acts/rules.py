"""Rule sets: which there are, copies of an administrator's own, and which of them is in force."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import tomlkit

from config.errors import SettingsError
from config.load import load
from config.settings import Settings
from scoring import rules as sets
from scoring.compared import constants, digest
from scoring.rules import RuleSet, RuleSetError
from sync import steps, store
from sync.acts import files, rule_files, settings_file
from sync.acts.office import Office, Refused

NAME = re.compile(r"[a-z0-9-]{1,60}")  # of files of ours, so never a path
COPIED, EDITED, DELETED, USED = VERBS = ("rules copy", "rules edit", "rules delete", "rules use")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rule set that is there; `rules` None where it cannot be used, and then `faults` say why."""

    name: str
    own: bool
    in_force: bool
    rules: RuleSet | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """`before` is None where the rule set that was in force can no longer be used. `errand` 0: nothing was done."""

    before: RuleSet | None
    after: RuleSet
    errand: int


def listed(settings: Settings) -> list[Listed]:
    """All rule sets, ours first; then those that cannot be used."""
    unusable, in_force = steps.unusable_rules(settings), settings.score.rules
    usable = [name for name in sets.names(steps.rules_folder(settings)) if sets.ours(name) or name not in unusable]
    found = [
        Listed(name=name, own=not sets.ours(name), in_force=name == in_force, rules=steps.rules(settings, name))
        for name in usable
    ]
    return found + [
        Listed(
            name=name,
            own=True,
            in_force=name == in_force and not sets.ours(name),
            rules=None,
            faults=tuple(lines),
        )
        for name, lines in unusable.items()
    ]


def one(office: Office, name: str) -> RuleSet:
    """A rule set by its name. Raises `Refused`."""
    if name not in sets.names(steps.rules_folder(office.settings)):
        raise Refused(f"no rule set is called {name!r}", "unknown")
    try:
        return steps.rules(office.settings, name)
    except RuleSetError as error:
        raise Refused(str(error), "wrong") from None


def copy(office: Office, name: str, new: str) -> RuleSet:
    """Make a rule set of the administrator's own, which says the same as another."""
    folder = steps.rules_folder(office.settings)
    if not NAME.fullmatch(new):
        raise Refused("name: must be of a to z, 0 to 9 and -, at most 60 of them", "wrong")
    if new in sets.names(folder):
        raise Refused(f"name: there is a rule set {new} already; choose another", "clash")
    like = one(office, name)
    had = _versions(office, new)  # of one that was there and is gone; scores carried them
    version = _following("0", had) if had else "1"
    text = rule_files.copied(sets.text(name, folder), new, version, f"copy of {like.name} {like.version}")
    made = sets.parsed(new, text)
    folder.mkdir(exist_ok=True)
    with office.house.write() as db, files.alone(folder):
        detail = {"like": like.name, "like_version": like.version, "version": made.version, "digest": digest(made)}
        store.note(db, COPIED, new, by=office.by, now=office.clock(), **detail)
        files.add(folder / f"{new}.toml", text.encode())
    return made


def own_text(office: Office, name: str) -> str:
    """The file of a rule set that may be edited, as it is now. Raises `Refused`."""
    return _read(_own(office, name)).decode()


def edit(office: Office, name: str, wanted: dict[str, object], *, seen: str) -> RuleSet:
    """Write constants into an administrator's own rule set; `seen` is the `files.mark` of the file that they were made
    from. Raises `RuleSetError` with every fault, `Refused` where the file is another by now, or where constants
    differ and the version does not: scores carry it."""
    path, settings = _own(office, name), office.settings
    with office.house.write() as db, files.alone(path.parent):
        content = _read(path)
        if files.mark(content) != seen:
            raise Refused(f"rules/{path.name}: somebody else has changed it meanwhile")
        before = one(office, name)
        text = rule_files.edited(name, content.decode(), wanted)
        after = sets.parsed(name, text)
        if after == before:
            return before
        _newly_named(office, before, after)
        changed = [place for place, *_ in constants(before, after)]
        detail = {"before": before.version, "version": after.version, "constants": changed, "digest": digest(after)}
        store.note(db, EDITED, name, by=office.by, now=office.clock(), **detail)
        if name == settings.score.rules and digest(after) != digest(before):
            store.errands.ask(db, "score", "", by=office.by, now=office.clock())
        with files.beside(path, text.encode()) as new:
            files.put(new, path)
    return after


def next_version(office: Office, rules: RuleSet) -> str:
    """A version that this rule set has not had yet: the last number in it, counted on."""
    return _following(rules.version, {rules.version, *_versions(office, rules.name)})


def delete(office: Office, name: str) -> None:
    """Remove an administrator's own rule set, which must not be in force."""
    path = _own(office, name)
    with office.house.write() as db, files.alone(office.settings.file.parent), files.alone(path.parent):
        if _settings_now(office).score.rules == name:
            raise Refused(f"{name}: is in force; put another in force first")
        content = _read(path)
        store.note(db, DELETED, name, by=office.by, now=office.clock(), digest=files.mark(content))
        try:
            path.unlink()
        except OSError as error:
            raise Refused(f"rules/{path.name}: cannot be removed ({error.strerror}); remove it by hand") from None


def use(office: Office, name: str, *, why: str, seen: str = "", dry_run: bool = False) -> Switched:
    """Let another rule set decide what is published: write it into the settings, and ask for a score run. `seen` is the
    digest of the settings file that this goes by; a `dry_run` changes nothing and refuses the same."""
    if not why.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    after, settings = one(office, name), office.settings
    settings_file.unbound("score", "rules")
    if settings.score.rules == name:
        raise Refused(f"{name}: is in force already")
    before = _usable(office, settings.score.rules)
    if dry_run:
        settings_file.tried(office, _decides(name))
        return Switched(before=before, after=after, errand=0)
    now = office.clock()
    was = before.version if before else ""
    with office.house.write() as db:
        detail = {"why": why.strip(), "before": settings.score.rules, "before_version": was, "version": after.version}
        store.note(db, USED, name, by=office.by, now=now, **detail, digest=digest(after))
        errand = store.errands.ask(db, "score", "", by=office.by, now=now)
        settings_file.written(office, _decides(name), seen=seen)
    return Switched(before=before, after=after, errand=errand)


def _decides(name: str) -> settings_file.Change:
    def change(document: tomlkit.TOMLDocument) -> None:
        if not isinstance(document.get("score"), dict):
            document["score"] = tomlkit.table()
        document["score"]["rules"] = name

    return change


def _own(office: Office, name: str) -> Path:
    if not NAME.fullmatch(name) or name not in sets.names(steps.rules_folder(office.settings)):
        raise Refused(f"no rule set of your own is called {name!r}", "unknown")
    if sets.ours(name):
        raise Refused(f"{name}: comes with Ringmark and stays as it is; copy it, and change the copy", "clash")
    return steps.rules_folder(office.settings) / f"{name}.toml"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"rules/{path.name}: cannot be read ({error.strerror})") from None


def _newly_named(office: Office, before: RuleSet, after: RuleSet) -> None:
    """Refuse a version that stood for other constants."""
    had = {before.version: digest(before), **_versions(office, before.name)}
    if had.get(after.version, digest(after)) != digest(after):
        mend = f"must be another, such as {next_version(office, before)}"
        why = f"{after.version} stood for other constants, and scores carry it"
        raise RuleSetError(f"rule set {after.name}: version {mend}: {why}")


def _following(version: str, had: Collection[str]) -> str:
    stem = version.rstrip("0123456789")
    number = int(version[len(stem) :][-9:] or 1)
    stem = stem if stem != version else f"{version}."
    return next(each for each in (f"{stem}{number + more}" for more in count(1)) if each not in had)


def _versions(office: Office, name: str) -> dict[str, str]:
    """The versions that a rule set of this name has had here, with the hash of the constants of each."""
    with office.house.read() as db:
        lines = store.noted_of(db, VERBS, name)
    return {str(line.detail["version"]): str(line.detail["digest"]) for line in lines if "version" in line.detail}


def _usable(office: Office, name: str) -> RuleSet | None:
    try:
        return one(office, name)
    except Refused:
        return None


def _settings_now(office: Office) -> Settings:
    """As the file has them at this moment, which another process may have written."""
    try:
        return load(office.settings.file)
    except SettingsError:
        return office.settings
