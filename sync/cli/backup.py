"""The verbs for the whole store: backup, restore."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings
from sync import steps, store
from sync.cli import house, say
from sync.cli.say import Fail
from sync.store import Backup, LeaseTaken, Restored, Store, StoreError

app = typer.Typer()
HOUR = 3600 * 1_000_000
SHOWN = {  # tables, and what people call their rows
    "output": "outputs",
    "person": "people",
    "mention": "mentions",
    "hide": "hides",
    "veto": "vetoes",
    "pushed": "places that badges were pushed to",
}
KEPT = {
    "audit": "lines of the audit log",
    "hides": "hides and releases",
    "votes": "votes of what is gone",
    "vetoes": "vetoes",
    "erasures": "records erased again",
    "pushed": "lines of the push ledger",
    "refusals": "mentions and ties refused or confirmed, and refusals taken back",
    "outlets and accounts": "outlets and accounts that administrators spoke of",
}
Moved = Callable[[int, int], None]


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to; a name that is not there yet.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file, once the new one is whole.")] = False,
    as_json: house.Json = False,
) -> None:
    """Write the whole store into one file, also while others work on it."""
    settings = house.settings(context)
    home = steps.open_house(settings, create=False)
    context.call_on_close(home.engine.dispose)
    now = store.now()
    with _bar("backup") as moved:
        made = store.backup(home, file, never_read=_never_read(settings), replace=force, now=now, told=moved)
    with home.write() as db:
        store.note(db, "backup", file.name, by=house.me(), now=now)
    key = home.key_file if home.key_file.exists() else None
    if as_json:
        say.document({**_told(made), "bytes": file.stat().st_size, "without": None if key is None else str(key)})
        return
    say.line(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB, {made.rows['output']} outputs, checked")
    if key is not None:
        say.line(f"the key of the vetoes is not in it, as it must not be: keep a copy of {key} elsewhere")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `ringmark backup` wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    as_json: house.Json = False,
) -> None:
    """Put a backup in the place of the store. What was hidden or erased since stays so; nothing shows, and nothing is
    pushed, until every source was read again in full."""
    settings = house.settings(context)
    made = store.read_backup(file)
    home = _present(context, settings)
    now = store.now()
    with _bar("restore") as moved:
        how = partial(store.restore, made=made, never_read=_never_read(settings), by=house.me(), now=now, told=moved)
        if dry_run:
            with store.copy_of(home) as copy:
                done = how(copy, aside=None)
        else:
            with _no_daemon(home):
                done = how(home, aside=_aside(home, settings, now))
    if not dry_run:
        steps.know(home, settings)
    waits = [name for name in done.waits if name in settings.connections]
    if as_json:
        say.document(_document(made, done, waits, dry_run=dry_run))
    else:
        _print(made, done, waits, dry_run=dry_run)


def _present(context: typer.Context, settings: Settings) -> Store:
    """The store that is there; a new one where there is none."""
    try:
        home = steps.open_house(settings)
    except StoreError as error:
        mend = "to restore without what was hidden in it since the backup, move it away first"
        raise Fail(f"the store that is there cannot be opened: {error}; {mend}") from error
    context.call_on_close(home.engine.dispose)
    return home


@contextmanager
def _no_daemon(home: Store) -> Iterator[None]:
    """No daemon is at work, and none can begin."""
    from sync.daemon import holder, lease  # their libraries are needed by nothing else

    try:
        ours = store.leases.take(
            home, lease.NAME, holder=holder.ourselves(), now=store.now(), for_=HOUR, gone=holder.gone
        )
    except LeaseTaken as taken:
        raise Fail(lease.refusal(taken)) from None
    try:
        yield
    finally:
        store.leases.give_back(home, ours)


@contextmanager
def _bar(word: str) -> Iterator[Moved]:
    with say.bars() as bars:
        task = bars.add_task(word, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total or None)


def _never_read(settings: Settings) -> set[str]:
    """The connections that badges go to, and nothing comes from."""
    return set(settings.connections) - set(steps.readable(settings))


def _aside(home: Store, settings: Settings, now: int) -> Path:
    """Where the store that is there is kept."""
    at = f"before-restore-{store.moment(now):%Y%m%dT%H%M%S.%fZ}"
    if home.engine.dialect.name == "sqlite":
        return Path(f"{home.backend.name}.{at}")
    return settings.file.parent / f"ringmark.db.{at}"


def _told(made: Backup) -> dict[str, object]:
    return {"file": str(made.file), "made_at": store.stamp(made.made_at), "version": made.version, "rows": made.rows}


def _document(made: Backup, done: Restored, waits: list[str], *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        **_told(made),
        "before": done.before,
        "after": done.after,
        "kept": done.kept,
        "waits": waits,
        "aside": None if done.aside is None else str(done.aside),
    }


def _print(made: Backup, done: Restored, waits: list[str], *, dry_run: bool) -> None:
    word = "would be restored" if dry_run else "restored"
    say.line(f"{word}: the backup of {store.stamp(made.made_at)}, made by Ringmark {made.version}")
    rows = [(words, done.before[table], done.after[table]) for table, words in SHOWN.items()]
    say.table("", ("what", "before", "after"), rows)
    kept = ", ".join(f"{done.kept[name]} {words}" for name, words in KEPT.items() if done.kept[name])
    say.line(f"kept of what was there, beyond the backup: {kept or 'nothing'}")
    if done.aside is not None:
        say.line(f"the store as it was is in {done.aside}; delete it when all is well")
    if waits:
        words = "would show" if dry_run else "shows, and nothing is pushed,"
        say.line(f"nothing {words} until these are read again in full: {', '.join(waits)}; `ringmark sync` does that")
