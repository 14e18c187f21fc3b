"""The verbs of what people may ask for: person export, forget and allow; forget, for accounts."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sync import export as files
from sync.acts import requests
from sync.acts.requests import Erasure
from sync.cli import house, say
from sync.cli.kept import DryRun

app = typer.Typer(help="What people may ask for: all that is known of them, or to be erased.", no_args_is_help=True)
accounts = typer.Typer()
Who = Annotated[str, typer.Argument(metavar="ID", help="person:ID, an ORCID, or CONNECTION:KEY")]
Account = Annotated[str, typer.Argument(metavar="SOURCE:ACCOUNT", help="x:somebody")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the audit log for ever: a case number, no name.")]
File = Annotated[str, typer.Option("--output", "-o", help="A file, or - for standard output.")]


@app.command("export")
def export(context: typer.Context, person: Who, output: File, as_json: house.Json = False) -> None:
    """Write everything that is known of a person, hidden or not, as JSON (GDPR, articles 15 and 20). Audited."""
    write(requests.export_person(house.office(context), person), output, as_json=as_json)


@app.command("forget")
def forget(
    context: typer.Context, person: Who, why: Why = "", dry_run: DryRun = False, as_json: house.Json = False
) -> None:
    """Erase a person at once (GDPR, article 17): no pull and no restore brings them back until `person allow`."""
    office = house.office(context)
    _ended(requests.forget_person(office, person, because=why, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


@app.command("allow")
def allow(
    context: typer.Context,
    person: Annotated[
        str, typer.Argument(metavar="ID", help="person:ID of the audit log, an ORCID, or CONNECTION:KEY")
    ],
    why: Why,
    as_json: house.Json = False,
) -> None:
    """Let sources bring back somebody who was erased, with the next full pull. Audited."""
    subject = requests.allow_person(house.office(context), person, because=why)
    say.said({"allowed": subject}, f"{subject} may come back; `ringmark pull --full` asks for it", as_json=as_json)


@accounts.command("forget")
def forget_account(
    context: typer.Context, account: Account, why: Why = "", dry_run: DryRun = False, as_json: house.Json = False
) -> None:
    """Erase an account and what it has said (GDPR, article 17): no source and no restore brings it back until `account
    allow`."""
    office = house.office(context)
    _ended(requests.forget_account(office, account, because=why, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


def write(told: object, output: str, *, as_json: bool) -> None:
    """One document, readable by its owner alone."""
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    if output == "-":
        typer.echo(text, nl=False)
        return
    with files.placed(Path(output)) as file:
        file.write(text.encode())
    say.said({"file": output}, f"written to {output}; hand it over by a safe way, then delete it", as_json=as_json)


def _ended(done: Erasure, *, dry_run: bool, as_json: bool) -> None:
    did = done.did
    if as_json:
        names = ("counts", "vanish", "unnamed", "withdrawals", "rescore", "stays")
        whom = {} if dry_run else {"forgotten": did.subject}
        told = {name: getattr(did, name) for name in names}
        say.document({"dry_run": dry_run, **whom, **told, "clean": done.clean})
        return
    word = "would be erased" if dry_run else f"erased as {did.subject}"
    say.line(f"{word}: {_listed(did.counts) or 'nothing'}")
    for audience, outputs in did.vanish.items():
        if outputs:
            some = ", ".join(outputs[:5]) + (" ..." if len(outputs) > 5 else "")
            say.line(f"{audience}: {len(outputs)} outputs {'would vanish' if dry_run else 'vanished'}: {some}")
        if unnamed := did.unnamed.get(audience):
            say.line(f"{audience}: {unnamed} badges {'would stay' if dry_run else 'stayed'} without the name")
    for name, count in did.withdrawals.items():
        say.line(f"{name}: {count} badges to be withdrawn with the next push")
    if did.rescore:
        say.line(f"the next score works out {did.rescore} outputs anew without them")
    if did.stays:
        say.line(f"what names them and stays, since it is not theirs or never changes: {_listed(did.stays)}")
    if not done.clean:
        say.line("somebody reads the store just now, so its log still has the words; the daemon empties it once a day")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
