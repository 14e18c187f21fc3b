"""The administrator's verbs for one thing: why, hide, unhide, accept."""

import json
from typing import Annotated, Any

import typer

from sync.acts import decisions, hides
from sync.cli import house, say

app = typer.Typer()
Subject = Annotated[str, typer.Argument(metavar="IDENTIFIER|person:ID")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the audit log.")]


@app.command()
def why(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="IDENTIFIER|person:ID|group:ID")],
    as_json: house.Json = False,
) -> None:
    """Every raw flag, vote and condition of an output, person or group, and the one that decided. Audited."""
    told = hides.why(house.office(context), subject)
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
    hides.hide(house.office(context), subject, because=why, until_date=until)
    say.said({"hidden": subject, "until": until or None}, f"{subject} is hidden", as_json=as_json)


@app.command()
def unhide(context: typer.Context, subject: Subject, as_json: house.Json = False) -> None:
    """Take back every local vote on an output or a person; what may show again does so at once."""
    released = hides.unhide(house.office(context), subject)
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
    done = decisions.accept(house.office(context), run)
    if done.kind == "writes":
        sentence = f"run {run}: the next push may write {done.count} badges; `ringmark push` does"
    else:
        sentence = f"run {run}: {done.count} records deleted"
    say.said({"run": run, done.kind: done.count}, sentence, as_json=as_json)


def _print_story(told: dict[str, Any]) -> None:
    say.line(f"decided: {told['decided']}")
    for name, value in told.items():
        if name != "decided":
            say.line(f"{name}: {say.plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}")
