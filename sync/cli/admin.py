"""The administrator's verbs: why, hide, unhide, scope, setaside, accept, connection."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from config.scope import read_scope
from config.settings import below_keep
from sync import store
from sync.cli import house, say
from sync.cli.data import pull as pull_verb
from sync.cli.say import FAILED, WRONG, Fail
from sync.store import Store

app = typer.Typer()
scope_app = typer.Typer(help="Which people and outputs take part at all.", no_args_is_help=True)
setaside_app = typer.Typer(help="Records that were not understood.", no_args_is_help=True)
connection_app = typer.Typer(help="The configured systems.", no_args_is_help=True)

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
    store.hide(home, kind, id_, subject=subject, why=why, until=_until(until), now=now)
    with home.write() as db:
        store.note(db, "hide", subject, now=now, why=why, until=until)
    _said({"hidden": subject, "until": until or None}, f"{subject} is hidden", as_json=as_json)


@app.command()
def unhide(context: typer.Context, subject: Subject, as_json: house.Json = False) -> None:
    """Take back every local vote on an output or a person; the next score shows it if it may show."""
    _, home = house.house(context)
    kind, id_ = _subject(home, subject)
    now = store.now()
    released = store.unhide(home, kind, id_, now=now)
    if not released:
        raise Fail(f"{subject}: is not hidden")
    with home.write() as db:
        store.note(db, "unhide", subject, now=now)
    _said(
        {"unhidden": subject},
        f"{subject}: {released} local votes taken back; `ringmark score` publishes it",
        as_json=as_json,
    )


@app.command()
def accept(
    context: typer.Context, run: Annotated[int, typer.Argument(metavar="RUN")], as_json: house.Json = False
) -> None:
    """Agree to the deletions that a run has held back."""
    _, home = house.house(context)
    now = store.now()
    deleted = store.accept(home, run, now=now)
    if deleted is None:
        raise Fail(f"run {run}: holds nothing back; see `ringmark status`")
    with home.write() as db:
        store.note(db, "accept", f"run:{run}", now=now, deleted=deleted)
    _said({"run": run, "deleted": deleted}, f"run {run}: {deleted} records deleted", as_json=as_json)


@scope_app.command("show")
def scope_show(context: typer.Context, as_json: house.Json = False) -> None:
    """The scope in force."""
    settings, home = house.house(context)
    with home.read() as db:
        scope = store.in_force(db)
    if scope is None:
        raise Fail("no scope is in force; run `ringmark pull`")
    told = scope_of(scope)
    if as_json:
        say.document(told)
        return
    say.table(
        "",
        ("filter", "in force"),
        [
            ("status", told["status"]),
            ("profile", told["profile"]),
            *((f"least visibility of {name}", level) for name, level in told["visibility"].items()),
        ],
    )
    if settings.scope is not None and settings.scope != scope:
        say.line(
            f"{settings.file.name} says otherwise; the store decides until `ringmark scope apply {settings.file.name}`"
        )


@scope_app.command("preview")
def scope_preview(context: typer.Context, file: Path, as_json: house.Json = False) -> None:
    """What a scope would show and hide; changes nothing."""
    settings, home = house.house(context)
    scope = _readable(settings, file)
    _print_difference(store.preview(home, scope, now=store.now()), "would", as_json=as_json)


@scope_app.command("apply")
def scope_apply(context: typer.Context, file: Path, as_json: house.Json = False) -> None:
    """Put a scope in force, on what is stored, at once."""
    settings, home = house.house(context)
    scope = _readable(settings, file)
    now = store.now()
    difference = store.apply_scope(home, scope, now=now)
    with home.write() as db:
        store.note(db, "scope apply", "scope", now=now, **scope_of(scope))
    _print_difference(difference, "did", as_json=as_json)


@setaside_app.command("list")
def setaside_list(context: typer.Context, as_json: house.Json = False) -> None:
    """What is open, oldest first."""
    _, home = house.house(context)
    with home.read() as db:
        rows = [_aside(row) for row in store.set_aside(db)]
    if as_json:
        say.document({"set_aside": rows})
    else:
        say.table(
            "",
            ("id", "connection", "kind", "key", "where", "why"),
            [[row[name] for name in ("id", "connection", "kind", "key", "place", "reason")] for row in rows],
        )


@setaside_app.command("show")
def setaside_show(
    context: typer.Context, id_: Annotated[int, typer.Argument(metavar="ID")], as_json: house.Json = False
) -> None:
    """One record with its evidence. Audited."""
    _, home = house.house(context)
    with home.write() as db:
        row = store.one_aside(db, id_)
        if row is None:
            raise Fail(f"{id_}: no such record; see `ringmark setaside list`")
        store.note(db, "setaside show", f"setaside:{id_}", now=store.now())
    told = _aside(row) | {"evidence": row.evidence}
    if as_json:
        say.document(told)
    else:
        for name, value in told.items():
            say.line(f"{name}: {say.plain(str(value))}")


@setaside_app.command("replay")
def setaside_replay(
    context: typer.Context,
    id_: Annotated[int | None, typer.Argument(metavar="[ID]")] = None,
    as_json: house.Json = False,
) -> None:
    """Read the sources of what is open again, in full; what is understood by now is resolved."""
    settings, home = house.house(context)
    with home.read() as db:
        rows = store.set_aside(db)
    wanted = [row for row in rows if id_ in (None, row.id)]
    if id_ is not None and not wanted:
        raise Fail(f"{id_}: no such open record; see `ringmark setaside list`")
    names = sorted({row.connection for row in wanted} & settings.connections.keys())
    if not names:
        raise Fail("nothing to replay: import the file again, or there is nothing set aside")
    pull_verb(context, names, full=True, dry_run=False, as_json=as_json)


@connection_app.command("list")
def connection_list(context: typer.Context, as_json: house.Json = False) -> None:
    """Every connection and its last run."""
    _, home = house.house(context)
    with home.read() as db:
        rows = store.sources(db)
    if as_json:
        say.document({"connections": rows})
    else:
        print_connections(rows)


@connection_app.command("pause")
def connection_pause(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it no more until `resume`; what it told, and its votes, stay."""
    _pause(context, name, paused=True, as_json=as_json)


@connection_app.command("resume")
def connection_resume(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Pull it again."""
    _pause(context, name, paused=False, as_json=as_json)


@connection_app.command("forget")
def connection_forget(
    context: typer.Context,
    name: str,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would appear.")] = False,
    as_json: house.Json = False,
) -> None:
    """Release everything a connection told, its votes included; says first what appears and vanishes by it."""
    _, home = house.house(context)
    now = store.now()
    if store.state(home, name) is None:
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    difference = store.forget(home, name, now=now, dry_run=dry_run)
    if not dry_run:
        with home.write() as db:
            store.note(db, "connection forget", name, now=now)
    _print_difference(difference, "would" if dry_run else "did", as_json=as_json)


def scope_of(scope: Any) -> dict[str, Any]:
    """A scope as `[scope]` writes it."""
    least = {name: getattr(scope.visibility, name).word for name in ("people", "outputs", "authorships")}
    return {"status": scope.status, "profile": scope.profile, "visibility": least}


def print_connections(rows: list[dict[str, Any]]) -> None:
    """The connections as a table, for `status` too."""
    say.table(
        "Connections",
        ("name", "kind", "state", "people", "items", "last run", "outcome", "alarm"),
        [
            (
                row["name"],
                row["kind"],
                row["state"],
                row["people"],
                row["items"],
                (row["last_run"] or {}).get("began_at", "never"),
                (row["last_run"] or {}).get("outcome", ""),
                row["alarm"] or "",
            )
            for row in rows
        ],
    )


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


def _readable(settings: Any, file: Path) -> Any:
    scope = read_scope(file)
    below = below_keep(scope, settings.connections.values())
    if below:
        raise Fail("\n".join(f"{file}: {key}: {text}" for key, text in below), WRONG)
    return scope


def _print_difference(difference: dict[str, Any], mood: str, *, as_json: bool) -> None:
    if as_json:
        say.document({**difference, "writes": {}, "withdrawals": {}})
        return
    ways = (
        {"appear": f"{mood} appear", "vanish": f"{mood} vanish"}
        if mood == "would"
        else {"appear": "appeared", "vanish": "vanished"}
    )
    rows = [
        (audience, kind, words, len(listed[way]), ", ".join(listed[way][:5]) + (" ..." if len(listed[way]) > 5 else ""))
        for audience, kinds in difference.items()
        for kind, listed in kinds.items()
        for way, words in ways.items()
        if listed[way]
    ]
    if rows:
        say.table("", ("audience", "what", "way", "number", "for example"), rows)
    else:
        say.line("nothing would change" if mood == "would" else "nothing changed")


def _print_story(told: dict[str, Any]) -> None:
    say.line(f"decided: {told['decided']}")
    for name, value in told.items():
        if name != "decided":
            say.line(f"{name}: {say.plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}")


def _aside(row: Any) -> dict[str, Any]:
    what = ("set aside", "stored as private", "stored, waits for what it refers to", "stored without a part")[
        row.stored
    ]
    return {
        "id": row.id,
        "connection": row.connection,
        "kind": row.kind,
        "key": row.key,
        "place": row.place,
        "reason": row.reason,
        "what": what,
        "at": store.stamp(row.at),
    }


def _pause(context: typer.Context, name: str, *, paused: bool, as_json: bool) -> None:
    _, home = house.house(context)
    now = store.now()
    if not store.pause(home, name, paused=paused):
        raise Fail(f"{name}: no such connection; see `ringmark connection list`")
    with home.write() as db:
        store.note(db, "connection pause" if paused else "connection resume", name, now=now)
    word = "paused" if paused else "active"
    _said({"connection": name, "state": word}, f"{name} is {word}", as_json=as_json)


def _said(document: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        say.document(document)
    else:
        say.line(sentence)
