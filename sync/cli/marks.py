"""The verb that hands the marks over to other machines: marks."""

from pathlib import Path
from typing import Annotated

import typer

from scoring.folder import BUCKETS
from sync import marks as marks_
from sync import steps, store
from sync.cli import house, say

app = typer.Typer()


@app.command()
def marks(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A name that is not there yet.")],
    buckets: Annotated[
        int, typer.Option("--buckets", min=1, max=4096, help="Into how many parts that can be scored apart.")
    ] = BUCKETS,
    rules: Annotated[str, typer.Option("--rules", help="Another rule set than that of the settings.")] = "",
    as_json: house.Json = False,
) -> None:
    """Write all that the score reads as Parquet, for machines without a store; hidden outputs too, so not for readers.
    Audited."""
    settings, home = house.house(context)
    chosen = steps.rules(settings, rules) if rules else steps.rules_in_force(settings)
    now = store.now()
    written = marks_.write(
        home, chosen, folder, buckets=buckets, by=house.me(), now=now, roll_up=settings.score.versions
    )
    if as_json:
        told = {"folder": str(folder), "marks": written.marks, "outputs": written.outputs, "buckets": buckets}
        say.document({**told, "rules": chosen.name, "version": chosen.version, "as_of": store.stamp(now)})
        return
    say.line(f"{written.marks} mentions of {written.outputs} outputs written to {folder}, in {buckets} parts at most")
    say.line(
        f"it holds what is hidden too, as numbers: keep it to yourself; `python -m scoring {folder} OUT` scores it"
    )
