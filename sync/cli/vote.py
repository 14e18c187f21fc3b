"""The verbs of votes that stayed: list, release."""

from typing import Annotated

import typer

from sync.acts import votes
from sync.cli import house, say
from sync.cli.scope import print_effect
from sync.store.stays import Vote

app = typer.Typer(help="Votes that stayed when their record was deleted.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="Of one connection alone.")] = "",
    as_json: house.Json = False,
) -> None:
    """The votes that stay, and what each keeps closed. Audited."""
    office = house.office(context)
    found = votes.every(office, connection)
    kept = [each for each in votes.kept(office) if connection in ("", each.connection)]
    if as_json:
        rows = [
            {
                "connection": each.mark.connection,
                "vote": f"{each.mark.kind}:{each.mark.key}",
                "visibility": each.level,
                "stays": each.why,
                "into": each.into or None,
                "on": [{**thing._asdict(), "closed_by_it": thing.closed_by_it} for thing in each.things],
            }
            for each in found
        ]
        say.document({"votes": rows, "connections": [each._asdict() for each in kept]})
        return
    say.table("", ("connection", "vote", "says", "since it was", "keeps closed"), [_row(each) for each in found])
    for told in kept:
        if told.vetoes:
            say.line(f"{told.connection}: {told.vetoes} records below keep were forgotten; their vetoes vote private")
        if told.state == "removed":
            mend = f"`ringmark connection forget {told.connection} --dry-run` tells what all of them keep closed"
            say.line(f"{told.connection}: no longer in the settings; {mend}")


@app.command("release")
def release(
    context: typer.Context,
    connection: str,
    vote: Annotated[list[str], typer.Argument(metavar="KIND:KEY...", help="As `vote list` writes them.")],
    why: Annotated[str, typer.Option("--why", help="The reason, kept in the audit log.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would appear.")] = False,
    as_json: house.Json = False,
) -> None:
    """Release votes that stayed; what may show by that does so at once. Audited."""
    marks = [votes.mark(connection, each) for each in vote]
    effect = votes.release(house.office(context), marks, because=why, dry_run=dry_run)
    print_effect(effect, "would" if dry_run else "did", as_json=as_json)


def _row(vote: Vote) -> tuple[str, ...]:
    closed = [thing.label for thing in vote.things if thing.closed_by_it]
    words = f"merged into {vote.into}" if vote.into else vote.why
    return vote.mark.connection, f"{vote.mark.kind}:{vote.mark.key}", vote.level, words, ", ".join(closed) or "nothing"
