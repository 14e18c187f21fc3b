"""The verbs about rule sets: which there are, what one says, and what would be different by another."""

from collections import Counter
from typing import Any

import typer

from badges.card import NAMES
from config.settings import Settings
from scoring.compared import HIGHEST, compared, constants
from scoring.rules import RuleSet, RuleSetError, names
from scoring.sheets import points, sheets
from sync import steps, store
from sync.cli import house, say
from sync.store import Store

app = typer.Typer(help="Rule sets: what counts, and for how much.", no_args_is_help=True)
SHOWN_AT_MOST = 20  # of the largest changes on a terminal; --json has all


@app.command("list")
def list_(context: typer.Context, as_json: house.Json = False) -> None:
    """The rule sets that are there, ours and those in the folder `rules` beside the settings."""
    settings = house.settings(context)
    unusable = steps.unusable_rules(settings)
    rows = [
        {
            "name": each.name,
            "version": each.version,
            "summary": each.summary,
            "published": each.name == settings.score.rules,
        }
        for each in _usable(settings)
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
    rules = steps.rules(house.settings(context), name)
    if as_json:
        say.document(rules.as_json())
        return
    say.line(say.plain(f"{rules.name}, version {rules.version}: {rules.summary}"))
    for sheet in sheets(rules):
        say.line(sheet.title)
        say.line(sheet.sentence)
        say.table("", sheet.columns, sheet.rows)


@app.command()
def diff(context: typer.Context, a: str, b: str, as_json: house.Json = False) -> None:
    """What differs between two rule sets, and whose scores the second would change; it changes nothing."""
    settings, home = house.house(context)
    pair = steps.rules(settings, a), steps.rules(settings, b)
    told = _difference(home, pair, roll_up=settings.score.versions)
    if as_json:
        say.document(told)
    else:
        _print(told, pair)


def _usable(settings: Settings) -> list[RuleSet]:
    found = []
    for name in names(settings.file.parent / "rules"):
        try:
            found.append(steps.rules(settings, name))
        except RuleSetError:
            continue  # it is among those that cannot be used
    return found


def _difference(home: Store, pair: tuple[RuleSet, RuleSet], *, roll_up: bool) -> dict[str, Any]:
    """Both rule sets over the outputs that anybody may see, as `diff --json` prints it."""
    now = store.now()
    with say.bars() as bars:
        task = bars.add_task("score by both", total=len(pair))
        trials = store.trial(
            home, "internal", pair, now=now, progress=lambda done: bars.update(task, completed=done), roll_up=roll_up
        )
    with home.read() as db:
        seen = {shown.output: shown for shown in store.walk(db, "internal", now=now)}
    parts = [{output: trial.get(output, {}) for output in seen} for trial in trials]
    totals = [{output: sum(brought.values()) for output, brought in each.items()} for each in parts]
    sources = [Counter[int](), Counter[int]()]
    for count, each in zip(sources, parts, strict=True):
        for brought in each.values():
            count.update(brought)
    found = compared(*totals)
    changes = [
        {
            "output": str(output),
            "doi": shown.doi or None,
            "title": shown.title,
            "difference": totals[1][output] - totals[0][output],
            **{
                key: {"score": -(-by[output] // 1000), "millipoints": by[output], "rank": ranks[output]}
                for key, by, ranks in zip("ab", totals, found.ranks, strict=True)
            },
        }
        for output, shown in seen.items()
        if totals[0][output] != totals[1][output]
    ]
    return {
        **{key: {"name": each.name, "version": each.version} for key, each in zip("ab", pair, strict=True)},
        "constants": [{"place": place, "a": one, "b": other} for place, one, other in constants(*pair)],
        "outputs": {
            "all": found.outputs,
            "up": found.up,
            "down": found.down,
            "same": found.outputs - found.up - found.down,
            "displayed_differs": found.shown,
            "rank_differs": found.moved,
            "highest": found.highest,
            "stay_among_highest": found.stay,
        },
        "sizes": [{"points": size, "up": up, "down": down} for size, (up, down) in found.sizes.items()],
        "sources": [
            {"source": NAMES[number], "a": sources[0][number], "b": sources[1][number]}
            for number in sorted(sources[0] | sources[1])
        ],
        "changes": sorted(changes, key=lambda row: (-abs(row["difference"]), row["doi"] or "", row["output"])),
    }


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
