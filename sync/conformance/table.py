"""What each connector reads and writes, and which of them keeps which promise, as a page in Markdown."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from connectors.base import Asks, Connector, Drops, Listens, Pulls, Pushes, Tells
from sync import registry
from sync.conformance.check import Check, Result

# The parts of the page: what a check needs first, and who can have it.
PARTS: Mapping[str, tuple[str, Callable[[type[Connector]], bool]]] = {
    "reads": ("Reading", lambda kind: issubclass(kind, Pulls)),
    "writes": ("Writing into items", lambda kind: issubclass(kind, Pushes)),
    "tells": ("Telling, and dropping files", lambda kind: issubclass(kind, Tells | Drops)),
    "asks": ("Asking", lambda kind: issubclass(kind, Asks)),
    "hears": ("Hearing", lambda kind: issubclass(kind, Listens) or kind.manifest.hears),
    "": ("Whatever it does", lambda _: True),
}

ALSO = {"notices": "tells", "listens": "hears"}  # which are as the other, and more

HEAD = """# Connectors

Generated, and held up to date by a test; to write it anew: `{command}`.

## What each reads and writes

The page of each system says how it is set up, how its flags become visibility, which versions it speaks, what the tests
prove, and what has never met a real server. None of them was run against a customer's installation.

{overview}

## Which connector keeps which promise

Every connector is examined against its practice system, over the system's own protocol and with faults. What each check
does is in `sync/conformance/`; how to have your own connector examined, in [Add a connector](add-a-connector.md).
"""
COMMAND = ".venv/bin/ringmark connector test --markdown > docs/connectors.md"


def page(results: Mapping[str, Sequence[Result]]) -> str:
    """The whole page, with a table for each part and in it a column for each kind that can keep it; what does not apply
    has its reason as a note below."""
    notes: dict[str, int] = {}
    lines = [HEAD.format(command=COMMAND, overview=_overview(list(results)))]
    for part, (title, has) in PARTS.items():
        kinds = [kind for kind in results if has(registry.kinds()[kind])]
        if kinds:
            rows = zip(*([each for each in results[kind] if _part(each.check) == part] for kind in kinds), strict=True)
            lines += [f"### {title}", "", *_table(kinds, rows, notes), ""]
    return "\n".join([*lines, *(f"{number}. {_sentence(why)}" for why, number in notes.items())]) + "\n"


def _part(check: Check) -> str:
    needs = (ALSO.get(need, need) for need in check.needs)
    return next((need for need in needs if need in PARTS), "")


def _table(kinds: Sequence[str], rows: Iterable[Sequence[Result]], notes: dict[str, int]) -> Iterator[str]:
    yield _line(["check", "promise", *kinds])
    yield _line(["---"] * (len(kinds) + 2))
    for row in rows:
        yield _line([f"`{row[0].check.name}`", row[0].check.promise, *(_cell(each, notes) for each in row)])


def _overview(kinds: Sequence[str]) -> str:
    """A line for each kind, in the words of its own docstring, of which `API`, `Auth` and `Deletions` are parts."""
    lines = [_line(["system", "reads", "writes", "API", "login", "deletions"]), _line(["---"] * 6)]
    for kind in kinds:
        connector = registry.kinds()[kind]
        told = _parts(inspect.getmodule(connector).__doc__ or "")
        cells = [_reads(connector), _writes(connector), *(told.get(part, "") for part in ("API", "Auth", "Deletions"))]
        page = "enrichers" if issubclass(connector, Asks) and not connector.manifest.hears else kind.replace("_", "-")
        lines.append(_line([f"[{kind}]({page}.md)", *cells]))
    return "\n".join(lines)


def _parts(docstring: str) -> dict[str, str]:
    found = re.findall(r"^(API|Auth|Deletions):\s+(.*(?:\n\s+.*)*)", docstring, re.MULTILINE)
    return {name: " ".join(text.split()).replace("|", "\\|") for name, text in found}


def _reads(connector: type[Connector]) -> str:
    if issubclass(connector, Listens):
        return "who speaks of what is here, by reading everything"
    if connector.manifest.hears:
        return f"who speaks of what is here, asked by {connector.manifest.asks_by}"
    if issubclass(connector, Asks):
        return f"more of what is here already, asked by {connector.manifest.asks_by}"
    if not issubclass(connector, Pulls):
        return "-"
    told = connector.manifest.visibility
    levels = (
        ", ".join(kind for kind in ("people", "outputs", "authorships", "groups") if kind in told) or "none: `assume`"
    )
    return f"{'what changed' if connector.manifest.incremental else 'everything each time'}; levels of: {levels}"


def _writes(connector: type[Connector]) -> str:
    if issubclass(connector, Tells):
        return "a notice of each badge"
    if issubclass(connector, Drops):
        return "one file with all badges"
    if not issubclass(connector, Pushes):
        return "-"
    return f"one field of an item, found by {', '.join(connector.manifest.finds_by)}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(result: Result, notes: dict[str, int]) -> str:
    if result.outcome == "does not apply":
        return f"does not apply ({notes.setdefault(result.why, len(notes) + 1)})"
    return "**fails**" if result.outcome == "fails" else result.outcome


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."
