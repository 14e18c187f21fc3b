"""The command line: `ringmark [--config FILE] VERB`."""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from config.errors import SettingsError
from connectors.errors import ConnectorError
from scoring.engine import EngineError
from scoring.rules import RuleSetError
from sync.acts import Refused
from sync.cli import (
    account,
    admin,
    alarms,
    audit,
    backup,
    basics,
    begins,
    connecting,
    connector,
    daemon,
    data,
    errand,
    flags,
    gaming,
    house,
    institution,
    marks,
    mention,
    outlet,
    person,
    push,
    readers,
    report,
    rules,
    say,
    scope,
    serve,
    session,
    setaside,
    token,
    vote,
    watch,
)
from sync.store import StoreError

app = typer.Typer(
    help="Publications, who may see them, and the attention they get: every point explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (basics, begins, data, push, readers, serve, daemon, admin, flags, backup, gaming, marks):
    app.add_typer(part.app)
app.add_typer(person.accounts)
app.add_typer(rules.app, name="rules")
app.add_typer(scope.app, name="scope")
app.add_typer(setaside.app, name="setaside")
app.add_typer(connecting.app, name="connection")
app.add_typer(connector.app, name="connector")
app.add_typer(alarms.app, name="alarms")
app.add_typer(outlet.app, name="outlet")
app.add_typer(account.app, name="account")
app.add_typer(watch.app, name="watch")
app.add_typer(report.app, name="report")
app.add_typer(mention.app, name="mention")
app.add_typer(session.app, name="session")
app.add_typer(errand.app, name="errand")
app.add_typer(vote.app, name="vote")
app.add_typer(person.app, name="person")
app.add_typer(audit.app, name="audit")
app.add_typer(institution.app, name="institution")
app.add_typer(token.app, name="token")


@app.callback()
def begin(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", help="The settings file (ringmark.toml).")] = None,
) -> None:
    """The settings file is --config, or RINGMARK_CONFIG, or ringmark.toml here."""
    context.obj = house.Where(config or Path(os.environ.get("RINGMARK_CONFIG", "ringmark.toml")))


@cache
def command() -> Callable[[], None]:
    """All verbs, put together once, however many of them a process runs."""
    return typer.main.get_command(app)


def main() -> None:
    """Run a verb; every failure is one line that names the thing and the mend, and an exit code."""
    as_json = "--json" in sys.argv
    try:
        command()()
    except SystemExit as done:  # typer has said what is wrong with the words of the command
        if as_json and done.code == say.WRONG:
            say.document({"error": "wrong usage; standard error says what"})
        raise
    except say.Fail as fail:
        say.failed(fail.message, as_json=as_json)
        code = fail.code
    except Refused as refused:
        say.failed(refused.message, as_json=as_json)
        code = say.WRONG if refused.why == "wrong" else say.FAILED
    except (SettingsError, RuleSetError) as error:
        say.failed(str(error), as_json=as_json)
        code = say.WRONG
    except (StoreError, ConnectorError, EngineError) as error:
        say.failed(str(error), as_json=as_json)
        code = say.FAILED
    except OSError as error:
        say.failed(f"{error.filename or 'ringmark'}: {error.strerror}", as_json=as_json)
        code = say.FAILED
    sys.exit(code)
