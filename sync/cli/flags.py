"""The verbs that look at flags at large: flags, conflicts, find, hides."""

from typing import Annotated, Any

import typer

from sync.acts import flags as acts
from sync.acts import hides as hiding
from sync.cli import house, say
from sync.cli.say import WRONG, Fail
from sync.store import FOREVER, stamp
from sync.store.clashes import CLASHES, Conflict
from sync.store.funnel import REASONS

app = typer.Typer()
LEVELS = ("private", "internal", "public")
SAID = ("yes", "no", "not stated")


@app.command("flags")
def flags(context: typer.Context, as_json: house.Json = False) -> None:
    """How people, outputs, authorships and groups are spread over levels, flags and sources; counts alone."""
    told = acts.at_a_glance(house.office(context))
    if as_json:
        say.document(
            {
                "levels": {kind: _bars(bars, LEVELS) for kind, bars in told.spread.levels.items()},
                "flags": {flag: _bars(bars, SAID) for flag, bars in told.spread.flags.items()},
                "terms": [
                    {**each._asdict(), "counts": dict(zip(LEVELS, each.counts, strict=True))}
                    for each in told.spread.terms
                ],
                "scope": {kind: funnel._asdict() for kind, funnel in told.funnels.items()},
                "without_person": told.without_person,
            }
        )
        return
    rows = [(kind, *_named(bar)) for kind, bars in told.spread.levels.items() for bar in bars]
    say.table("Levels", ("what", "as told by", *LEVELS), rows)
    rows = [(flag, *_named(bar)) for flag, bars in told.spread.flags.items() for bar in bars]
    say.table("Flags of people", ("flag", "as told by", *SAID), rows)
    out: list[tuple[str, str, int]] = []
    for kind, each in told.funnels.items():
        out += [(kind, REASONS[reason], n) for reason, n in each.out.items()]
        out.append((kind, "takes part", each.takes_part))
    say.table("By the scope in force", ("what", "how", "number"), out)
    say.line(f"{told.without_person} outputs take part without a person")


@app.command("conflicts")
def conflicts(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(CLASHES)}.")] = "outputs",
    as_json: house.Json = False,
) -> None:
    """What sources do not agree on. Audited."""
    known = next((each for each in CLASHES if each == kind), None)
    if known is None:
        raise Fail(f'conflicts: "{kind}" is none of {", ".join(CLASHES)}', WRONG)
    office, rows, after = house.office(context), list[Conflict](), 0
    while True:
        page = acts.conflicts(office, known, after=after)
        rows, after = [*rows, *page.rows], page.after
        if not after:
            break
    if as_json:
        said = [{**each._asdict(), "said": [{"by": by, "says": what} for by, what in each.said]} for each in rows]
        say.document({"kind": known, "conflicts": said})
        return
    cells = [
        (" ".join(each.things), each.about, "; ".join(f"{by}: {what}" for by, what in each.said), each.stands)
        for each in rows
    ]
    say.table("", ("what", "about", "said", "what follows"), cells)


@app.command("find")
def find(context: typer.Context, text: str, as_json: house.Json = False) -> None:
    """Look for anything, hidden too: an identifier, output:ID, person:ID, a record's key, words, a name. Audited."""
    rows = [each._asdict() for each in acts.find(house.office(context), text)]
    if as_json:
        say.document({"found": rows})
        return
    if not rows:
        raise Fail("nothing of that kind is known")
    say.table("", ("what", "level", "title or name"), [(_label(row), row["level"], row["name"]) for row in rows])


@app.command("hides")
def hides(context: typer.Context, as_json: house.Json = False) -> None:
    """Every local vote in force: on what, by whom, why, until when. Audited."""
    rows: list[dict[str, Any]] = [
        {
            "on": each.on,
            "subject": each.subject,
            "why": each.why,
            "by": each.by,
            "since": stamp(each.made_at),
            "until": None if each.until_at == FOREVER else stamp(each.until_at),
            "waits_for_pull": each.over,
        }
        for each in hiding.looked_at(house.office(context))
    ]
    if as_json:
        say.document({"hides": rows})
        return
    cells = [
        (row["subject"], " ".join(row["on"]), row["by"], row["since"], row["until"] or "", row["why"]) for row in rows
    ]
    say.table("", ("hidden", "is now", "by", "since", "until", "why"), cells)


def _bars(bars: list[Any], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"by": bar.name, **dict(zip(columns, bar.counts, strict=True))} for bar in bars]


def _named(bar: Any) -> tuple[object, ...]:
    return bar.name, *bar.counts


def _label(row: dict[str, Any]) -> str:
    return f"{row['kind']}:{row['public']}"
