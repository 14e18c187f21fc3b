"""The verb that says how far a house has come on its way to the first badges."""

import typer

from sync.acts import guide
from sync.cli import house, say

app = typer.Typer()


@app.command()
def begin(context: typer.Context, as_json: house.Json = False) -> None:
    """The seven steps from an empty house to the first badges, and which is the next; /console/begin walks them."""
    steps = guide.walk(house.office(context))
    if as_json:
        told = [
            {"step": each.number, "name": each.key, "what": each.heading, "done": each.done, "command": each.by_hand}
            for each in steps
        ]
        say.document({"steps": told, "next": next((each.key for each in steps if each.next), None)})
        return
    words = {(True, False): "done", (False, True): "next", (False, False): ""}
    say.table(
        "",
        ("step", "what", "state", "command"),
        [(each.number, each.heading, words[each.done, each.next], each.by_hand) for each in steps],
    )
