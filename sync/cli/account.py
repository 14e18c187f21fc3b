"""The verbs of accounts: list, show, import, export, allow."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sync import lists, store
from sync.acts import accounts, requests
from sync.cli import house, kept, person, say
from sync.cli.kept import DryRun, Every
from sync.store import AccountFacts

app = typer.Typer(help="Accounts: what is known of them, and your word on it.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, every: Every = False, as_json: house.Json = False) -> None:
    """What holds of the accounts that you have spoken of."""
    _, home = house.house(context)
    with home.read() as db:
        rows = [_told(each) for each in store.accounts_hold(db, every=every)]
    if as_json:
        say.document({"accounts": rows})
        return
    names = ("account", "name", "followers", "posts_per_month", "domain_share")
    columns = [name.replace("_", " ") for name in names]
    say.table("", columns, [["" if row[name] is None else row[name] for name in names] for row in rows])


@app.command()
def show(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="SOURCE:ACCOUNT", help="x:somebody")],
    as_json: house.Json = False,
) -> None:
    """Who says what of an account, and what its factor is made of. It judges a person: for administrators. Audited."""
    told = accounts.show(house.office(context), account)
    if as_json:
        say.document(told)
        return
    for name, value in told.items():
        say.line(f"{name.replace('_', ' ')}: {say.plain(_words(value))}")


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {','.join(lists.ACCOUNTS)}.")],
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Keep what a list says of accounts; it comes before what sources tell. Audited."""
    office = house.office(context)
    told, wrong = kept.read(lists.accounts, file)
    changed, outputs = accounts.keep(office, file, told, wrong, dry_run=dry_run)
    kept.ended("accounts", changed, outputs, wrong, dry_run=dry_run, as_json=as_json)


@app.command()
def export(
    context: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", help="A file.")],
    account: Annotated[str, typer.Argument(metavar="SOURCE:ACCOUNT", help="x:somebody")] = "",
    every: Every = False,
    as_json: house.Json = False,
) -> None:
    """Write what you have said of accounts, as `account import` reads it; of one account everything that is known of
    it, as JSON (GDPR, articles 15 and 20). Audited."""
    if account:
        person.write(requests.export_account(house.office(context), account), output, as_json=as_json)
        return
    _, home = house.house(context)
    with home.write() as db:
        told = store.accounts_hold(db, every=True) if every else store.accounts_said(db)
        store.note(db, "account export", Path(output).name, by=house.me(), now=store.now(), accounts=len(told))
    count = lists.write_accounts(told, output)
    say.said({"accounts": count, "file": output}, f"{count} accounts written to {output}", as_json=as_json)


@app.command()
def allow(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="SOURCE:ACCOUNT", help="or account:ID of the audit log")],
    why: person.Why,
    as_json: house.Json = False,
) -> None:
    """Let sources bring back an account that was erased (`ringmark forget`). Audited."""
    subject = requests.allow_account(house.office(context), account, because=why)
    say.said({"allowed": subject}, f"{subject} may come back, as soon as a source tells of it", as_json=as_json)


def _told(each: AccountFacts) -> dict[str, Any]:
    return {
        "account": f"{each.source}:{each.account}",
        "name": each.name or None,
        "followers": each.followers if each.followers >= 0 else None,
        "posts_per_month": each.posts / 1000 if each.posts >= 0 else None,
        "domain_share": each.share / 1000 if each.share >= 0 else None,
    }


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_words, value)) or "none"
    return "not known" if value is None else str(value)
