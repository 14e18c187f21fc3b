"""The verb of signs of gaming."""

from typing import Any

import typer

from scoring.signs import checks
from sync import store
from sync.acts.gaming import findings
from sync.cli import house, say

app = typer.Typer()
NAMED = 3  # accounts of a finding on a terminal; --json has all


@app.command()
def gaming(context: typer.Context, as_json: house.Json = False) -> None:
    """What the checks for gaming have found, output by output. It names accounts: for administrators. Audited."""
    found, at = findings(house.office(context))
    if as_json:
        told = {"looked_at": None if at is None else store.stamp(at), "findings": found}
        say.document(told | {"checks": {check.name: check.sentence for check in checks().values()}})
        return
    if at is None:
        say.line("not looked yet; `ringmark score` does")
        return
    say.line(f"{len(found)} findings, looked for at {store.stamp(at)}; a sign is no proof, see docs/gaming.md")
    rows = [(each["identifier"], each["sign"], each["mentions"], len(each["accounts"]), _who(each)) for each in found]
    if rows:
        say.table("", ("output", "sign", "mentions", "accounts", "most by"), rows)


def _who(found: dict[str, Any]) -> str:
    named = [each["account"] for each in found["accounts"]]
    return ", ".join(named[:NAMED]) + (", ..." if len(named) > NAMED else "")
