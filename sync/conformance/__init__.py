"""What every registered connector must keep, ours or a third party's, seen at its practice system.

    for result in examine("example"):
        assert result.outcome != "fails", f"{result.check.name}: {result.why}"

`ringmark connector test KIND` does the same. docs/add-a-connector.md says how to make a practice system.
"""

from collections.abc import Collection, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import extract_tb

from config.errors import SettingsError
from sync import registry
from sync.conformance import asking, hearing, manners, privacy, reading, telling, trouble, writing
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, DoesNotApply, Result
from sync.conformance.place import Stored, in_a_file
from sync.conformance.practice import Opened, Practice
from sync.conformance.table import page

__all__ = ["CHECKS", "GROUP", "Check", "Practice", "Result", "examine", "page", "practised"]

GROUP = "ringmark.practice"
CHECKS: tuple[Check, ...] = (
    *reading.CHECKS,
    *trouble.CHECKS,
    *privacy.CHECKS,
    *writing.CHECKS,
    *telling.CHECKS,
    *asking.CHECKS,
    *hearing.CHECKS,
    *manners.CHECKS,
)


def practised() -> dict[str, Opened]:
    """The practice systems that are installed, by the kind of connector that they are for."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def examine(kind: str, wanted: Collection[str] = (), stored: Stored = in_a_file) -> Iterator[Result]:
    """Every check of one kind of connector, or some by name, each in a world of its own, with a store of its own.

    Raises `SettingsError` for a kind that is not installed, or has no practice system, and for an unknown check."""
    systems = practised()
    problems = []
    if kind not in registry.kinds():
        problems.append(f'"{kind}" is not installed; known are {", ".join(sorted(registry.kinds()))}')
    elif kind not in systems:
        problems.append(f'"{kind}" has no practice system; docs/add-a-connector.md says how to add one')
    known = {check.name for check in CHECKS}
    problems += [f'"{name}" is no check; known are {", ".join(sorted(known))}' for name in sorted({*wanted} - known)]
    if problems:
        raise SettingsError(problems)
    for check in CHECKS:
        if not wanted or check.name in wanted:
            yield _examined(kind, systems[kind], check, stored)


def _examined(kind: str, opened: Opened, check: Check, stored: Stored) -> Result:
    with TemporaryDirectory(prefix="ringmark-") as name:
        (Path(name) / "house").mkdir()
        (Path(name) / "practice").mkdir()
        try:
            with (
                opened(Path(name) / "practice") as practice,
                Bench(kind, practice, Path(name) / "house", stored) as bench,
            ):
                bench.require(*check.needs)
                check.run(bench)
        except DoesNotApply as reason:
            return Result(check=check, outcome="does not apply", why=str(reason))
        except Broken as broken:
            return Result(check=check, outcome="fails", why=str(broken))
        except Exception as error:  # a connector may break in any way, and the others are still to be examined
            at = extract_tb(error.__traceback__)[-1]
            why = f"it broke: {type(error).__name__} at {Path(at.filename).name}:{at.lineno}: {error}"
            return Result(check=check, outcome="fails", why=why)
    return Result(check=check, outcome="passes")
