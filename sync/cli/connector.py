"""The verb for whoever writes a connector: examine it."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli import house, say
from sync.cli.say import FAILED

if TYPE_CHECKING:
    from sync.conformance import Result

app = typer.Typer(help="The kinds of connector that are installed.", no_args_is_help=True)


@app.command("test")
def examine(
    kinds: Annotated[
        list[str] | None, typer.Argument(metavar="[KIND]...", help="All that have a practice system, by default.")
    ] = None,
    checks: Annotated[list[str] | None, typer.Option("--check", help="Only this one; may be given again.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/connectors.md.")] = False,
    as_json: house.Json = False,
) -> None:
    """Examine connectors at their practice systems: does each keep what docs/add-a-connector.md promises?"""
    from sync import conformance  # which no other verb needs

    results: dict[str, list[Result]] = {}
    for kind in dict.fromkeys(kinds or sorted(conformance.practised())):
        results[kind] = []
        for result in conformance.examine(kind, checks or ()):
            results[kind].append(result)
            if not markdown and not as_json:
                say.line(f"{kind}: {result.check.name}: {_sentence(result)}")
    failed = [(kind, each) for kind, found in results.items() for each in found if each.outcome == "fails"]
    if markdown:
        say.out.file.write(conformance.page(results))
    elif as_json:
        error = "; ".join(f"{kind}: {each.check.name}: {each.why}" for kind, each in failed)
        told = {kind: [_told(each) for each in found] for kind, found in results.items()}
        say.document({"kinds": told} | ({"error": error} if error else {}))
    else:
        for kind, found in results.items():
            counts = Counter(each.outcome for each in found)
            words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
            say.line(f"{kind}: {len(found)} checks: {words}")
    if failed:
        raise typer.Exit(FAILED)


def _sentence(result: "Result") -> str:
    if result.outcome == "fails":
        return f"FAILS: {result.why}\n  It promises: {result.check.promise}"
    return f"{result.outcome}: {result.why}" if result.why else result.outcome


def _told(result: "Result") -> dict[str, Any]:
    return {
        "check": result.check.name,
        "promise": result.check.promise,
        "outcome": result.outcome,
        "why": result.why or None,
    }
