"""The verb of signs of gaming."""

from typing import Any

import typer

from scoring.signs import checks
from sync import store
from sync.cli import house, say

app = typer.Typer()
NAMED = 3  # accounts of a finding on a terminal; --json has all


@app.command()
def gaming(context: typer.Context, as_json: house.Json = False) -> None:
    """What the checks for gaming have found, output by output. It names accounts: for administrators. Audited."""
    _, home = house.house(context)
    now = store.now()
    with home.write() as db:
        found, at = store.gaming_found(db), store.looked_at(db)
        store.note(db, "gaming", "all outputs", by=house.me(), now=now, findings=len(found))
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
