"""The table of which connector keeps which promise, as a page in Markdown."""

from collections.abc import Mapping, Sequence

from sync.conformance.check import Result

HEAD = """# Which connector keeps which promise

Generated, and held up to date by a test; to write it anew: `{command}`.

Every connector is examined against its practice system, over the system's own protocol and with faults. What each check
does is in `sync/conformance/`; how to have your own connector examined, in [Add a connector](add-a-connector.md).
"""
COMMAND = ".venv/bin/ringmark connector test --markdown > docs/connectors.md"


def page(results: Mapping[str, Sequence[Result]]) -> str:
    """The whole page, with a column for each kind; what does not apply has its reason as a note below."""
    kinds = list(results)
    notes: dict[str, int] = {}
    lines = [HEAD.format(command=COMMAND), _line(["check", "promise", *kinds]), _line(["---"] * (len(kinds) + 2))]
    for row in zip(*results.values(), strict=True):
        cells = [_cell(each, notes) for each in row]
        lines.append(_line([f"`{row[0].check.name}`", row[0].check.promise, *cells]))
    lines += ["", *(f"{number}. {_sentence(why)}" for why, number in notes.items())]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(result: Result, notes: dict[str, int]) -> str:
    if result.outcome == "does not apply":
        return f"does not apply ({notes.setdefault(result.why, len(notes) + 1)})"
    return "**fails**" if result.outcome == "fails" else result.outcome


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."
