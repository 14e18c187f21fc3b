"""The verbs of outlets: list, set, import, export."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sync import lists, store
from sync.acts import outlets
from sync.cli import house, kept, say
from sync.cli.kept import DryRun, Every
from sync.cli.say import WRONG, Fail
from sync.store import OutletFacts

app = typer.Typer(help="Outlets, blogs and shows: what is known of them, and your word on it.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, every: Every = False, as_json: house.Json = False) -> None:
    """What holds of the outlets that you have spoken of."""
    _, home = house.house(context)
    with home.read() as db:
        rows = [_told(each, by) for each, by in store.outlets_hold(db, every=every)]
    if as_json:
        say.document({"outlets": rows})
        return
    columns = ("outlet", "name", "domains", "country", "language", "tier", "tier by", "reach", "active")
    say.table("", columns, [[_word(row[name.replace(" ", "_")]) for name in columns] for row in rows])


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {','.join(lists.OUTLETS)}.")],
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Keep what a list says of outlets; it comes before what sources tell. Audited."""
    office = house.office(context)
    with office.house.read() as db:
        told, wrong = kept.read(lists.outlets, file, lambda domain: store.domain_owner(db, domain))
    changed, outputs = outlets.keep(office, file, told, wrong, dry_run=dry_run)
    kept.ended("outlets", changed, outputs, wrong, dry_run=dry_run, as_json=as_json)


@app.command("set")
def set_(
    context: typer.Context,
    outlet: Annotated[str, typer.Argument(metavar="OUTLET", help="Its id, as sources or `outlet list --all` call it.")],
    name: Annotated[str | None, typer.Option("--name")] = None,
    domains: Annotated[str | None, typer.Option("--domains", help="Separated by ; such as example.org")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Two letters, GB.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Two letters, en.")] = None,
    tier: Annotated[str | None, typer.Option("--tier", help="1 to 4.")] = None,
    reach: Annotated[str | None, typer.Option("--reach", help="0 to 2, of a blog.")] = None,
    active: Annotated[str | None, typer.Option("--active", help="true or false.")] = None,
    dry_run: DryRun = False,
    as_json: house.Json = False,
) -> None:
    """Say something of one outlet; it comes before what sources tell, and "" takes back what you said. Audited."""
    told = {"name": name, "domains": domains, "country": country, "language": language, "tier": tier, "reach": reach,
            "active": active}  # fmt: skip
    cells = {what: word for what, word in told.items() if word is not None}
    if not cells:
        raise Fail("nothing is said of it; give --tier or another option", WRONG)
    changed = outlets.say(house.office(context), outlet, cells, dry_run=dry_run)
    kept.ended("outlets", changed.outlets, changed.outputs, [], dry_run=dry_run, as_json=as_json)


@app.command()
def export(
    context: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", help="A file.")],
    every: Every = False,
    as_json: house.Json = False,
) -> None:
    """Write what you have said of outlets, as `outlet import` reads it."""
    _, home = house.house(context)
    with home.read() as db:
        told = [each for each, _ in store.outlets_hold(db, every=True)] if every else store.outlets_said(db)
    count = lists.write_outlets(told, output)
    say.said({"outlets": count, "file": output}, f"{count} outlets written to {output}", as_json=as_json)


def _told(each: OutletFacts, tier_by: str) -> dict[str, Any]:
    return {
        "outlet": each.outlet,
        "name": each.name or None,
        "domains": list(each.domains),
        "country": each.country or None,
        "language": each.language or None,
        "tier": each.tier if each.tier > 0 else None,
        "tier_by": tier_by or None,
        "reach": each.reach / 1000 if each.reach >= 0 else None,
        "active": each.active != 0,
    }


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
