"""One real record with every mention, scored by the shipped rule sets beside its real score, source by source.

    python -m bench.full_record [DETAILS.json]

The record comes in through `ringmark import --format altmetric`, into a store that is thrown away. Nothing of whom it
names is printed. What the difference is made of is told in docs/score.md.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from badges.ledger import explained
from config.load import load
from scoring import rules
from sync import imports, steps, store

RECORD = Path(__file__).parents[2] / "shared" / "data" / "scores" / "full-record-2014" / "sample.json"
NOW = 1_420_070_400_000_000  # the end of 2014, when all of it had happened


def main() -> int:
    """Print the table."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORD
    told = json.loads(file.read_text(encoding="utf-8"))
    listed = {code: len(posts) for code, posts in told["posts"].items()}
    print(
        f"their score {told['score']}; mentions {told['counts']['total']['posts_count']}, of which are told: {listed}\n"
    )
    print("| rule set | told as | source | mentions | count once each | points | of their score |")
    print("|---|---|---|---|---|---|---|")
    counts_only = {name: value for name, value in told.items() if name != "posts"}
    for what, record in (("mentions", told), ("counts", counts_only)):
        for name in rules.names():
            parts = breakdown(record, name)
            points = sum(part["millipoints"] for part in parts)
            for part in parts:
                print(
                    row(name, what, part["source"], f"{part['mentions']:,}", f"{part['units']:,}", part["millipoints"])
                )
            print(row(name, what, "**all**", "", "", points, f"{points / 10 / told['score']:.0f} %"))
    return 0


def row(name: str, what: str, source: str, mentions: str, units: str, points: int, share: str = "") -> str:
    """One line of the table."""
    return f"| {name} | {what} | {source} | {mentions} | {units} | {points / 1000:,.2f} | {share} |"


def breakdown(record: dict[str, object], name: str) -> list[dict[str, int]]:
    """What each source brings, by one rule set, to the record as a file of its own."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "record.json")
        file.write_text(json.dumps(record), encoding="utf-8")
        Path(folder, "ringmark.toml").write_text('[imports.assume]\noutputs = "public"\n', encoding="utf-8")
        settings = load(Path(folder, "ringmark.toml"))
        house = steps.open_house(settings)
        imports.counts(house, file, kind="altmetric", add=settings.imports.assume.outputs, clock=lambda: NOW)
        steps.score(house, settings, full=True, clock=lambda: NOW, progress=lambda *_: None)
        chosen = rules.load(name)
        with house.read() as db:
            (shown,) = store.walk(db, "public", now=NOW)
            found = explained(shown, "public", store.ledger(db, shown, chosen, now=NOW), chosen)
        house.engine.dispose()
    return found["breakdown"]


if __name__ == "__main__":
    sys.exit(main())
