"""The verbs that answer as an audience would be answered: explain and badge; and the rule sets behind them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from badges.card import card, shares
from badges.ledger import explained
from badges.ring import SIZES, ring
from scoring.rules import names
from sync import steps, store
from sync.cli import house, say
from sync.cli.say import WRONG, Fail

app = typer.Typer()
rules_app = typer.Typer(help="Rule sets: what counts, and for how much.", no_args_is_help=True)


@app.command()
def explain(
    context: typer.Context,
    identifier: house.Wanted,
    audience: house.AudienceOption = "public",
    as_json: house.Json = False,
) -> None:
    """The ledger of one output: every mention, whether it counted, its points and why."""
    who = house.audience(audience)
    wanted = house.wanted(identifier)
    settings, home = house.house(context)
    now = store.now()
    with home.read() as db:
        shown = store.find(db, who, wanted, now=now)
        if shown is None:
            raise house.unknown()
        rules = steps.rules(settings, shown.rules)
        told = explained(shown, who, store.ledger(db, shown, rules, now=now), rules)
        told["context"] = store.context(db, shown, now=now).as_json()
    if as_json:
        say.document(told)
    else:
        _print(told)


@app.command()
def badge(
    context: typer.Context,
    identifier: house.Wanted,
    audience: house.AudienceOption = "public",
    style: Annotated[str, typer.Option("--style", help=", ".join(SIZES))] = "ring",
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for standard output.")] = "-",
    as_json: house.Json = False,
) -> None:
    """One badge as SVG."""
    if style not in SIZES:
        raise Fail(f'--style: "{style}" is none of {", ".join(SIZES)}', WRONG)
    who = house.audience(audience)
    wanted = house.wanted(identifier)
    settings, home = house.house(context)
    now = store.now()
    with home.read() as db:
        shown = store.find(db, who, wanted, now=now)
        if shown is None:
            raise house.unknown()
        place = store.context(db, shown, now=now)
    if as_json:
        page = f"{settings.institution.base_url}/outputs/{shown.output}"
        say.document({**card(shown, page=page), "context": place.as_json()})
        return
    picture = ring(shown.score, shares(shown), style=style, basis=shown.basis)  # type: ignore[arg-type]
    if output == "-":
        sys.stdout.write(picture + "\n")
    else:
        Path(output).write_text(picture, encoding="utf-8")


@rules_app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """The rule sets that are there, ours and those in the folder `rules` beside the settings."""
    settings = house.settings(context)
    found = [steps.rules(settings, name) for name in names(settings.file.parent / "rules")]
    rows = [
        {
            "name": each.name,
            "version": each.version,
            "summary": each.summary,
            "published": each.name == settings.score.rules,
        }
        for each in found
    ]
    if as_json:
        say.document({"rules": rows})
    else:
        say.table(
            "",
            ("name", "version", "in force", "what it is"),
            [(row["name"], row["version"], "yes" if row["published"] else "", row["summary"]) for row in rows],
        )


@rules_app.command()
def show(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """One rule set as a table; with --json every constant in it."""
    rules = steps.rules(house.settings(context), name)
    if as_json:
        say.document(rules.as_json())
        return
    say.line(f"{rules.name} {rules.version}: {rules.summary}")
    say.table(
        "Sources",
        ("source", "counts once per", "points", "repost", "modified by", "published weight"),
        [
            (
                each.source,
                each.unit,
                _points(each.millipoints) if each.counts else "never counts",
                _points(each.repost),
                "" if each.by == "nothing" else each.by,
                "yes" if each.published else "ours",
            )
            for each in rules.sources
        ],
    )
    tiers = [(str(tier), _points(points)) for tier, points in enumerate(rules.tiers, 1)]
    say.table("Outlet tiers", ("tier", "points"), [*tiers, ("not known", f"as tier {rules.unknown_tier}")])
    say.table(
        "Where only a count is known",
        ("source", "each unit from", "points"),
        [
            (name, step.start, _points(step.milli))
            for name, steps_ in rules.counts.items()
            for step in steps_
            if any(each.milli for each in steps_)
        ],
    )
    if rules.fitted:
        say.line(f"fitted: {rules.fitted}")
    for curve, steps_ in rules.curves.items():
        say.table(f"Account factor: {curve}", ("from", "times"), [(step.start, step.milli / 1000) for step in steps_])


def _points(milli: int) -> str:
    return f"{milli / 1000:g}"


def _print(told: dict[str, Any]) -> None:
    rules, place = told["rules"], told["context"]["all"]
    say.line(say.plain(told["title"]))
    say.line(", ".join(told["identifiers"]))
    say.line(
        f"score {told['score']} ({told['millipoints']} thousandths) by {rules['name']} {rules['version']}, "
        f"basis {told['basis']}; {_rank(place)}"
    )
    if counted := [part["source"] for part in told["breakdown"] if part["basis"] == "counts" and part["millipoints"]]:
        say.line(f"from counts, not from single mentions: {', '.join(counted)}")
    say.table(
        "",
        ("when", "source", "unit", "points", "why", "where"),
        [
            (line["occurred_at"], line["source"], line["unit"], _points(line["millipoints"]), line["why"], line["url"])
            for line in told["ledger"]
        ],
    )


def _rank(place: dict[str, Any]) -> str:
    """The rank among all public outputs; one that is not public is ranked as if it were among them."""
    if place.get("inserted"):
        return f"rank {place['rank']} among {place['count'] - 1} public outputs, were it one of them"
    return f"rank {place['rank']} of {place['count']}"
