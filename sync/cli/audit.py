"""The verbs of the audit log: list, export, verify."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sync import export as files
from sync.acts import audit
from sync.cli import house, say
from sync.cli.say import FAILED

app = typer.Typer(help="Who did what, and who has looked at what is hidden.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", help="Who did it.")]
Verb = Annotated[str, typer.Option("--verb", help="What was done: hide, scope apply, ...")]
Subject = Annotated[str, typer.Option("--subject", help="To what: its beginning, such as doi:10.5555/ or person:7.")]
Since = Annotated[str, typer.Option("--since", help="A date.")]
Until = Annotated[str, typer.Option("--until", help="A date, itself within.")]


@app.command("list")
def list_(
    context: typer.Context,
    by: By = "",
    verb: Verb = "",
    subject: Subject = "",
    since: Since = "",
    until: Until = "",
    most: Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many lines.")] = 100,
    as_json: house.Json = False,
) -> None:
    """The newest lines, newest first. That somebody has looked is a line itself."""
    office, asked = house.office(context), audit.sought(by, verb, subject, since, until)
    lines = audit.listed(office, asked, most=most)
    audit.noted(office, asked, "audit list")
    if as_json:
        say.document({"lines": lines})
        return
    rows = [
        (each["line"], each["at"][:19], each["by"], each["verb"], each["subject"], _words(each["detail"]))
        for each in lines
    ]
    say.table("", ("line", "at", "by", "verb", "subject", "detail"), rows)


@app.command("export")
def export(
    context: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for standard output.")],
    format_: Annotated[str, typer.Option("--format", help="csv or jsonl")] = "csv",
    by: By = "",
    verb: Verb = "",
    subject: Subject = "",
    since: Since = "",
    until: Until = "",
    as_json: house.Json = False,
) -> None:
    """Write the log into a file, readable by its owner alone. Audited."""
    kind, asked = audit.format_(format_), audit.sought(by, verb, subject, since, until)
    parts = audit.export(house.office(context), asked, kind)
    if output == "-":
        for part in parts:
            sys.stdout.write(part.decode())
        return
    with files.placed(Path(output)) as file:
        file.writelines(parts)
    say.said({"file": output}, f"written to {output}", as_json=as_json)


@app.command("verify")
def verify(
    context: typer.Context,
    head: Annotated[str, typer.Option("--head", help="A hash that you have written down; it must be there.")] = "",
    as_json: house.Json = False,
) -> None:
    """Whether any line was changed, taken out or put in; ends with 1 where one was. Keep the hash that it says."""
    found = audit.verify(house.office(context), head)
    told = {"whole": found.whole, "lines": found.lines, "head": found.head, "broken": found.broken}
    if as_json:
        say.document({**told, "short": found.short, "holds": found.holds})
    else:
        for words in audit.findings(found):
            say.line(words)
    if not found.whole:
        raise typer.Exit(FAILED)


def _words(detail: dict[str, object]) -> str:
    return ", ".join(
        f"{name} {each if isinstance(each, str | int) else json.dumps(each, ensure_ascii=False)}"
        for name, each in detail.items()
        if each not in ("", None)
    )
