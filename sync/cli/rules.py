"""The verbs about rule sets: which there are, what one says, and what would be different by another."""

from typing import Annotated, Any

import typer

from scoring.compared import HIGHEST
from scoring.rules import RuleSet
from scoring.sheets import points, sheets
from sync import steps
from sync.acts import rules
from sync.acts.difference import as_json as changes_as_json
from sync.acts.difference import difference
from sync.cli import house, say

app = typer.Typer(help="Rule sets: what counts, and for how much.", no_args_is_help=True)
SHOWN_AT_MOST = 20  # of the largest changes on a terminal; --json has all


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """The rule sets that are there, ours and those in the folder `rules` beside the settings."""
    settings = house.settings(context)
    told = rules.listed(settings)
    unusable = {each.name: list(each.faults) for each in told if each.rules is None}
    rows = [
        {
            "name": each.name,
            "version": each.rules.version,
            "summary": each.rules.summary,
            "published": each.in_force,
        }
        for each in told
        if each.rules
    ]
    if as_json:
        say.document({"rules": rows, "unusable": unusable})
        return
    say.table(
        "",
        ("name", "version", "in force", "what it is"),
        [(row["name"], row["version"], "yes" if row["published"] else "", row["summary"]) for row in rows],
    )
    for faults in unusable.values():
        for fault in faults:
            say.line(f"cannot be used: {say.plain(fault)}")


@app.command()
def show(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """One rule set as tables with a sentence each; with --json every constant in it."""
    chosen = steps.rules(house.settings(context), name)
    if as_json:
        say.document(chosen.as_json())
        return
    say.line(say.plain(f"{chosen.name}, version {chosen.version}: {chosen.summary}"))
    for sheet in sheets(chosen):
        say.line(sheet.title)
        say.line(sheet.sentence)
        say.table("", sheet.columns, sheet.rows)


@app.command()
def diff(context: typer.Context, a: str, b: str, as_json: house.Json = False) -> None:
    """What differs between two rule sets, and whose scores the second would change; it changes nothing."""
    office = house.office(context)
    pair = steps.rules(office.settings, a), steps.rules(office.settings, b)
    with say.bars() as bars:
        task = bars.add_task("score by both", total=len(pair))
        found = difference(office, pair, progress=lambda done: bars.update(task, completed=done))
    told = changes_as_json(found)
    if as_json:
        say.document(told)
    else:
        _print(told, pair)


@app.command()
def copy(
    context: typer.Context,
    name: str,
    new: Annotated[str, typer.Argument(help="What the copy is called: a to z, 0 to 9 and -.")],
    as_json: house.Json = False,
) -> None:
    """Make a rule set of your own in `rules` beside the settings, which says the same as another. Audited."""
    made = rules.copy(house.office(context), name, new)
    file = f"rules/{made.name}.toml"
    said = {"name": made.name, "version": made.version, "copy_of": name, "file": file}
    say.said(said, f"{file} is there; change it, and raise its version with every change", as_json=as_json)


@app.command()
def delete(context: typer.Context, name: str, as_json: house.Json = False) -> None:
    """Remove a rule set of your own that is not in force. Audited."""
    rules.delete(house.office(context), name)
    say.said({"deleted": name}, f"rules/{name}.toml is removed", as_json=as_json)


@app.command()
def use(
    context: typer.Context,
    name: str,
    why: Annotated[str, typer.Option("--why", help="The reason, for those who come after you.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: house.Json = False,
) -> None:
    """Let another rule set decide what is published: it is written into the settings, and the daemon is asked to score
    everything by it. Audited."""
    office = house.office(context)
    done = rules.use(office, name, why=why, dry_run=dry_run)
    before, after = (
        {"name": each.name, "version": each.version} if each else {"name": office.settings.score.rules}
        for each in (done.before, done.after)
    )
    said = {"before": before, "after": after, "errand": done.errand or None, "dry_run": dry_run}
    words = (
        "would be in force" if dry_run else "is in force; the daemon scores by it next, or `ringmark score` does now"
    )
    say.said(said, say.plain(f"{after['name']} {after['version']} {words}"), as_json=as_json)


def _print(told: dict[str, Any], pair: tuple[RuleSet, RuleSet]) -> None:
    a, b = (f"{each.name} {each.version}" for each in pair)
    say.line(f"from {a} to {b}; nothing was changed")
    if not told["constants"]:
        say.line("no constant differs")
    else:
        rows = [(each["place"], each["a"], each["b"]) for each in told["constants"]]
        say.table("Constants that differ", ("place in the file", a, b), rows)
    counts = told["outputs"]
    say.table(
        "Outputs",
        ("what", "number"),
        [
            ("are seen by members or the public", counts["all"]),
            ("have a higher score", counts["up"]),
            ("have a lower score", counts["down"]),
            ("keep their score", counts["same"]),
            ("show another whole number", counts["displayed_differs"]),
            ("have another rank", counts["rank_differs"]),
            (f"stay among the {HIGHEST} highest, of {counts['highest']}", counts["stay_among_highest"]),
        ],
    )
    if not told["changes"]:
        return
    say.table(
        "Size of the change",
        ("points", "up", "down"),
        [(each["points"], each["up"], each["down"]) for each in told["sizes"]],
    )
    say.table(
        "Points by source, all outputs together",
        ("source", a, b, "difference"),
        [(each["source"], points(each["a"]), points(each["b"]), _signed(each["b"] - each["a"]))
         for each in told["sources"]],
    )  # fmt: skip
    say.table(
        "Largest changes",
        ("difference", a, b, "rank", "output", "title"),
        [
            (
                _signed(row["difference"]),
                points(row["a"]["millipoints"]),
                points(row["b"]["millipoints"]),
                f"{row['a']['rank']} to {row['b']['rank']}",
                row["doi"] or f"output:{row['output']}",
                row["title"],
            )
            for row in told["changes"][:SHOWN_AT_MOST]
        ],
    )
    if len(told["changes"]) > SHOWN_AT_MOST:
        say.line(f"and {len(told['changes']) - SHOWN_AT_MOST} more; --json has all of them")


def _signed(milli: int) -> str:
    return f"{'+' if milli > 0 else ''}{points(milli)}"
