"""The verbs of readers who watch: write to them, count them, forget one."""

from dataclasses import asdict
from typing import Annotated

import typer

from sync import store, watch
from sync.cli import house, say
from sync.cli.say import FAILED, WRONG, Fail

app = typer.Typer(help="Readers who watch outputs by e-mail.", no_args_is_help=True)


@app.command("send")
def send(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    as_json: house.Json = False,
) -> None:
    """Write to everybody whom something is due; for where no daemon does."""
    settings, home = house.house(context)
    if not settings.watch.mail:
        raise Fail(f"{settings.file.name}: readers are not written to; set watch.mail", WRONG)
    done = watch.send(home, settings, clock=store.now, dry_run=dry_run)
    told = asdict(done)
    why = told.pop("why")
    word = "would be sent" if dry_run else "sent"
    sentence = (
        f"{word}: {done.confirmations} questions whether somebody means it, {done.digests} messages with "
        f"{done.mentions} mentions; {done.refused} refused, of {done.unknown} it is not known whether they arrived"
    )
    say.said({"dry_run": dry_run, **told, **({"error": why} if why else {})}, sentence, as_json=as_json)
    if why:
        say.failed(why, as_json=False)
        raise typer.Exit(FAILED)


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """How many addresses watch how much; never which."""
    _, home = house.house(context)
    with home.read() as db:
        told = store.watching.counts(db)
    say.said(
        told,
        f"{told['addresses']} addresses watch {told['watches']} outputs; {told['unconfirmed']} wait to be confirmed",
        as_json=as_json,
    )


@app.command("forget")
def forget(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The e-mail address of who asked for it.")],
    as_json: house.Json = False,
) -> None:
    """Forget an address: all that it watches, and where it stands in a report. Audited, without the address."""
    _, home = house.house(context)
    with home.write() as db:
        told = {"watches": store.watching.forget(db, address), "reports": store.reports.forget(db, address)}
        store.note(db, "watch forget", "reader", by=house.me(), now=store.now(), **told)
    say.said(told, f"forgotten: {told['watches']} watches, the address of {told['reports']} reports", as_json=as_json)
