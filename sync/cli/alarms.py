"""The verbs of alarms: look and tell now, and try whether anybody would hear."""

from collections.abc import Mapping

import typer

from sync import alarms, store
from sync.alarms import Sent
from sync.cli import house, say
from sync.cli.say import DONE, FAILED, PARTLY, WRONG, Fail

app = typer.Typer(help="What somebody should look at, and being told of it.", no_args_is_help=True)


@app.command("look")
def look(context: typer.Context, as_json: house.Json = False) -> None:
    """Look at everything, and tell what is new or solved; for where no daemon does."""
    settings, home = house.house(context)
    looked = alarms.look(home, settings, clock=store.now)
    if as_json:
        found = [{"name": each.name, "words": each.words} for each in looked.alarms]
        say.document({"alarms": found, **_told(looked.sent)})
    else:
        for each in looked.alarms:
            say.line(say.plain(f"{each.name}: {each.words}"))
        say.line(f"{len(looked.alarms)} alarms stand")
        _print(looked.sent)
    raise typer.Exit(_code(looked.sent))


@app.command("test")
def try_out(context: typer.Context, as_json: house.Json = False) -> None:
    """Send a test message by every way that is configured, and say what became of it."""
    settings, home = house.house(context)
    if not alarms.ways(settings):
        raise Fail(f"{settings.file.name}: nobody is told; set alarms.mail_to, or alarms.webhook_file", WRONG)
    sent = alarms.try_out(home, settings, clock=store.now)
    if as_json:
        say.document(_told(sent))
    else:
        _print(sent)
    raise typer.Exit(_code(sent))


def _told(sent: Mapping[alarms.Way, Sent]) -> dict[str, object]:
    told = {
        way: {"arrived": each.arrived, "alarms": each.alarms, "why": each.why or None} for way, each in sent.items()
    }
    failed = "; ".join(f"{way}: {each.why}" for way, each in sent.items() if not each.arrived)
    return {"sent": told, **({"error": failed} if _code(sent) == FAILED else {})}


def _print(sent: Mapping[alarms.Way, Sent]) -> None:
    for way, each in sent.items():
        what = f"{each.alarms} alarms" if each.alarms else "a test"
        say.line(f"{way}: {what} {'sent' if each.arrived else 'NOT sent'}{f'; {each.why}' if each.why else ''}")


def _code(sent: Mapping[alarms.Way, Sent]) -> int:
    arrived = {each.arrived for each in sent.values()}
    return FAILED if arrived == {False} else PARTLY if False in arrived else DONE
