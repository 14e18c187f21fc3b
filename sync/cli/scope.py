"""The verbs of the scope: show, preview, apply, undo, history."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from config.scope import read_scope
from sync import store
from sync.acts import Refused, scope
from sync.acts.meanwhile import differs, in_short
from sync.cli import house, say
from sync.store import Effect, ScopeChange

app = typer.Typer(help="Which people and outputs take part at all.", no_args_is_help=True)
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the history and in the audit log.")]


@app.command("show")
def show(context: typer.Context, as_json: house.Json = False) -> None:
    """The scope in force."""
    office = house.office(context)
    settings, in_force = office.settings, scope.show(office)
    told = in_force.words
    if as_json:
        say.document(told)
        return
    say.table(
        "",
        ("filter", "in force"),
        [
            ("status", told["status"]),
            ("profile", told["profile"]),
            *((f"least visibility of {name}", level.word) for name, level in in_force.visibility),
        ],
    )
    if settings.scope is not None and settings.scope != in_force:
        say.line(
            f"{settings.file.name} says otherwise; the store decides until `ringmark scope apply {settings.file.name}`"
        )


@app.command("preview")
def preview(context: typer.Context, file: Path, as_json: house.Json = False) -> None:
    """What a scope would show and hide; changes nothing."""
    office = house.office(context)
    chosen = read_scope(file)
    with _of(file):
        print_effect(scope.preview(office, chosen).effect, "would", as_json=as_json)


@app.command("apply")
def apply(context: typer.Context, file: Path, why: Why = "", as_json: house.Json = False) -> None:
    """Put a scope in force, on what is stored, at once."""
    office = house.office(context)
    chosen = read_scope(file)
    with _of(file):
        print_effect(scope.apply(office, chosen, because=why).effect, "did", as_json=as_json)


@app.command("undo")
def undo(
    context: typer.Context,
    why: Why = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do; change nothing.")] = False,
    as_json: house.Json = False,
) -> None:
    """Put the scope in force again that was before the newest change; doing so twice is as not doing it."""
    office = house.office(context)
    if dry_run:
        print_effect(scope.preview(office, scope.undoable(office).before).effect, "would", as_json=as_json)
    else:
        print_effect(scope.undo(office, because=why).effect, "did", as_json=as_json)


@app.command("history")
def history(
    context: typer.Context,
    most: Annotated[int, typer.Option("--most", min=1, help="How many changes.")] = 50,
    as_json: house.Json = False,
) -> None:
    """Who changed the scope, when, why, and what that did; the newest first."""
    changes = scope.history(house.office(context), most=most)
    if as_json:
        say.document({"changes": [_told(each) for each in changes]})
        return
    if not changes:
        say.line("the scope was never changed since there is a history of it")
        return
    say.table(
        "",
        ("change", "when", "who", "what", "why", "what it did"),
        [
            (each.id, f"{store.moment(each.at):%Y-%m-%d %H:%M}", each.by, differs(each), each.why, in_short(each.did))
            for each in changes
        ],
    )


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


def _told(change: ScopeChange) -> dict[str, Any]:
    return {
        "change": change.id,
        "at": store.stamp(change.at),
        "by": change.by,
        "why": change.why,
        "before": change.before.words,
        "after": change.after.words,
        "did": change.did,
    }


@contextmanager
def _of(file: Path) -> Iterator[None]:
    """What is wrong with a scope is wrong with the file that it was read from."""
    try:
        yield
    except Refused as refused:
        lines = (f"{file}: {line}" for line in refused.message.splitlines())
        raise Refused("\n".join(lines) if refused.why == "wrong" else refused.message, refused.why) from None
