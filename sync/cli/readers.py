"""The verbs that answer as an audience would be answered: explain, badge and changes."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from badges.card import card, shares
from badges.draw import STYLES, draw
from badges.ledger import changed, explained, past
from scoring.sheets import points
from scoring.words import VERSIONS
from sync import steps, store
from sync.cli import house, say
from sync.cli.say import WRONG, Fail

app = typer.Typer()


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
        told["history"] = past(store.history(db, who, shown))
    if as_json:
        say.document(told)
    else:
        _print(told)


@app.command()
def badge(
    context: typer.Context,
    identifier: house.Wanted,
    audience: house.AudienceOption = "public",
    style: Annotated[str, typer.Option("--style", help=", ".join(STYLES))] = "ring",
    theme: Annotated[str, typer.Option("--theme", help="Another one than that of the settings.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for standard output.")] = "-",
    as_json: house.Json = False,
) -> None:
    """One badge as SVG."""
    if style not in STYLES:
        raise Fail(f'--style: "{style}" is none of {", ".join(STYLES)}', WRONG)
    who = house.audience(audience)
    wanted = house.wanted(identifier)
    settings, home = house.house(context)
    themes = settings.badges.by_name()
    if theme and theme not in themes:
        raise Fail(f'--theme: "{theme}" is none of {", ".join(themes)}', WRONG)
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
    chosen = themes[theme or settings.badges.theme]
    picture = draw(shown.score, shares(shown), style=style, basis=shown.basis, theme=chosen)
    if output == "-":
        sys.stdout.write(picture + "\n")
    else:
        Path(output).write_text(picture, encoding="utf-8")


@app.command()
def changes(
    context: typer.Context,
    since: Annotated[str, typer.Option("--since", help="A day or an instant: 2026-01-31, 2026-01-31T12:00:00Z.")],
    audience: house.AudienceOption = "public",
    as_json: house.Json = False,
) -> None:
    """The outputs whose score is another one than it was, with before, after and why."""
    who = house.audience(audience)
    instant = house.instant(since, "--since")
    _, home = house.house(context)
    now = store.now()
    with home.read() as db:
        rows = [changed(each) for each in store.changed_since(db, who, instant, now=now)]
    if as_json:
        say.document({"audience": who, "since": store.stamp(instant), "outputs": rows})
        return
    say.line(f"{len(rows)} outputs have another score than before {store.stamp(instant)}")
    say.table(
        "",
        ("before", "after", "output", "title", "why"),
        [
            (
                row["before"]["score"],
                row["after"]["score"],
                row["doi"] or f"output:{row['output']}",
                row["title"],
                row["why"],
            )
            for row in rows
        ],
    )


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
    if told["versions"]:
        named = [f"{each['identifier']} ({VERSIONS[each['relation']]})" for each in told["versions"]]
        say.line(f"what speaks of other versions counts too: {', '.join(named)}")
    say.table(
        "",
        ("when", "source", "unit", "points", "why", "where"),
        [
            (
                line["occurred_at"],
                line["source"],
                line["unit"],
                points(line["millipoints"]),
                f"{line['why']}{_of_version(line, told)}",
                line["url"],
            )
            for line in told["ledger"]
        ],
    )
    if told["history"]:
        rows = [(line["at"], points(line["before"]), points(line["millipoints"]), line["why"])
                for line in told["history"]]  # fmt: skip
        say.table("Changes of the score", ("when", "before", "after", "why"), rows)


def _of_version(line: dict[str, Any], told: dict[str, Any]) -> str:
    """Which other version a mention speaks of, where it does."""
    return "" if line["under"] in (None, *told["identifiers"]) else f"; about {line['under']}"


def _rank(place: dict[str, Any]) -> str:
    """The rank among all public outputs; one that is not public is ranked as if it were among them."""
    if place.get("inserted"):
        return f"rank {place['rank']} among {place['count'] - 1} public outputs, were it one of them"
    return f"rank {place['rank']} of {place['count']}"
