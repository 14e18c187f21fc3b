"""The verbs of the scope: show, preview, apply."""

from pathlib import Path
from typing import Any

import typer

from config.scope import Scope, read_scope
from config.settings import Settings, below_keep
from sync import push, store
from sync.cli import house, say
from sync.cli.say import WRONG, Fail
from sync.store import Effect

app = typer.Typer(help="Which people and outputs take part at all.", no_args_is_help=True)


@app.command("show")
def show(context: typer.Context, as_json: house.Json = False) -> None:
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


@app.command("preview")
def preview(context: typer.Context, file: Path, as_json: house.Json = False) -> None:
    """What a scope would show and hide; changes nothing."""
    settings, home = house.house(context)
    scope = _readable(settings, file)
    print_effect(store.preview(home, scope, push.targets(home, settings), now=store.now()), "would", as_json=as_json)


@app.command("apply")
def apply(context: typer.Context, file: Path, as_json: house.Json = False) -> None:
    """Put a scope in force, on what is stored, at once."""
    settings, home = house.house(context)
    scope = _readable(settings, file)
    now = store.now()
    targets = push.targets(home, settings)
    with home.write() as db:
        effect = store.apply_scope(home, scope, targets, now=now)
        store.note(db, "scope apply", "scope", by=house.me(), now=now, **scope_of(scope))
    print_effect(effect, "did", as_json=as_json)


def scope_of(scope: Scope) -> dict[str, Any]:
    """A scope as `[scope]` writes it."""
    least = {name: getattr(scope.visibility, name).word for name in ("people", "outputs", "authorships")}
    return {"status": scope.status, "profile": scope.profile, "visibility": least}


def print_effect(effect: Effect, mood: str, *, as_json: bool) -> None:
    """What appears and vanishes for each audience, and what is pushed and withdrawn where."""
    if as_json:
        say.document({**effect.seen, "writes": effect.writes, "withdrawals": effect.withdrawals})
        return
    would = mood == "would"
    ways = (
        {"appear": "would appear", "vanish": "would vanish"} if would else {"appear": "appeared", "vanish": "vanished"}
    )
    rows = [
        (audience, kind, words, len(listed[way]), ", ".join(listed[way][:5]) + (" ..." if len(listed[way]) > 5 else ""))
        for audience, kinds in effect.seen.items()
        for kind, listed in kinds.items()
        for way, words in ways.items()
        if listed[way]
    ]
    rows += [
        (name, "badges", words if would else f"{words} with the next push", count, "")
        for words, counts in (("to be written", effect.writes), ("to be withdrawn", effect.withdrawals))
        for name, count in counts.items()
        if count
    ]
    if rows:
        say.table("", ("where", "what", "way", "number", "for example"), rows)
    else:
        say.line("nothing would appear or vanish" if would else "nothing appeared or vanished")


def _readable(settings: Settings, file: Path) -> Scope:
    scope = read_scope(file)
    below = below_keep(scope, settings.connections.values())
    if below:
        raise Fail("\n".join(f"{file}: {key}: {text}" for key, text in below), WRONG)
    return scope
