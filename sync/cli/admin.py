"""The administrator's verbs for one thing: why, hide, unhide, accept."""

import json
from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer

from sync import store
from sync.cli import house, say
from sync.cli.say import FAILED, WRONG, Fail
from sync.store import Store

app = typer.Typer()
Subject = Annotated[str, typer.Argument(metavar="IDENTIFIER|person:ID")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the audit log.")]


@app.command()
def why(context: typer.Context, subject: Subject, as_json: house.Json = False) -> None:
    """Every raw flag, vote and condition of an output or person, and the one that decided. Audited."""
    _, home = house.house(context)
    kind, id_ = _subject(home, subject)
    now = store.now()
    with home.write() as db:
        told = store.why_output(db, id_, now=now) if kind == "output" else store.why_person(db, id_, now=now)
        store.note(db, "why", told[kind], now=now)
    if as_json:
        say.document(told)
    else:
        _print_story(told)


@app.command()
def hide(
    context: typer.Context,
    subject: Subject,
    why: Why,
    until: Annotated[
        str, typer.Option("--until", help="A date; until every source has been read again after it.")
    ] = "",
    as_json: house.Json = False,
) -> None:
    """Hide an output or a person at once, whatever the sources say."""
    if not why.strip():
        raise Fail("--why: is empty; say why, for those who come after you", WRONG)
    _, home = house.house(context)
    kind, id_ = _subject(home, subject)
    now = store.now()
    with home.write() as db:
        store.hide(home, kind, id_, subject=subject, why=why, until=_until(until), now=now)
        store.note(db, "hide", subject, now=now, why=why, until=until)
    say.said({"hidden": subject, "until": until or None}, f"{subject} is hidden", as_json=as_json)


@app.command()
def unhide(context: typer.Context, subject: Subject, as_json: house.Json = False) -> None:
    """Take back every local vote on an output or a person; what may show again does so at once."""
    _, home = house.house(context)
    kind, id_ = _subject(home, subject)
    now = store.now()
    with home.write() as db:
        released = store.unhide(home, kind, id_, now=now)
        if not released:
            raise Fail(f"{subject}: is not hidden")
        store.note(db, "unhide", subject, now=now)
    say.said(
        {"unhidden": subject},
        f"{subject}: {released} local votes taken back; what may show again does",
        as_json=as_json,
    )


@app.command()
def accept(
    context: typer.Context, run: Annotated[int, typer.Argument(metavar="RUN")], as_json: house.Json = False
) -> None:
    """Agree to the deletions, or to the badges to be written, that a run has held back."""
    _, home = house.house(context)
    now = store.now()
    with home.write() as db:
        writes = store.agree(db, run)
        if writes is not None:
            store.note(db, "accept", f"run:{run}", now=now, writes=writes)
    if writes is not None:
        sentence = f"run {run}: the next push may write {writes} badges; `ringmark push` does"
        say.said({"run": run, "writes": writes}, sentence, as_json=as_json)
        return
    with home.write() as db:
        deleted = store.accept(home, run)
        if deleted is None:
            raise Fail(f"run {run}: holds nothing back; see `ringmark status`")
        store.note(db, "accept", f"run:{run}", now=now, deleted=deleted)
    say.said({"run": run, "deleted": deleted}, f"run {run}: {deleted} records deleted", as_json=as_json)


def _subject(home: Store, text: str) -> tuple[str, int]:
    """What an administrator speaks of, hidden or not, and its row key."""
    public = house.person_id(text)
    with home.read() as db:
        found = store.output_of(db, house.wanted(text)) if public is None else store.person_of(db, public)
    if found is None:
        raise Fail("unknown output" if public is None else "unknown person", FAILED)
    return ("output" if public is None else "person"), found


def _until(text: str) -> int:
    if not text:
        return store.FOREVER
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Fail(f'--until: "{text}" is no date; write 2026-01-31', WRONG) from None
    return store.micros(datetime.combine(when.date(), time.min, UTC) if when.tzinfo is None else when)


def _print_story(told: dict[str, Any]) -> None:
    say.line(f"decided: {told['decided']}")
    for name, value in told.items():
        if name != "decided":
            say.line(f"{name}: {say.plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}")
