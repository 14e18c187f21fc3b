"""Three public works without people, what is said of them, and what administrators say of those who speak."""

import json
from pathlib import Path
from typing import Any

from conftest import House

WORKS = ("one", "two", "three")
HEADER = "outlet,name,domains,country,language,tier,reach,active\n"


def three_works(folder: Path) -> House:
    """The works `one`, `two` and `three`, of which nobody speaks yet."""
    house = House(folder)
    (house.folder / "import").mkdir()
    rows = "".join(f"{name},Work {name},public,10.5555/{name}\n" for name in WORKS)
    (house.folder / "import" / "outputs.csv").write_text(f"output,title,visibility,doi\n{rows}")
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n')
    house.ok("sync")
    return house


def tell(house: House, *mentions: dict[str, Any]) -> None:
    """Mentions of the work `one` unless they say otherwise, from the news unless they say otherwise."""
    common = {"source": "news", "output": ["doi:10.5555/one"], "occurred_at": "2026-01-01"}
    lines = [json.dumps({"id": f"m{n}-{each.get('url', '')}", **common, **each}) for n, each in enumerate(mentions)]
    (house.folder / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(house.folder / "mentions.jsonl"))


def listed(house: House, *rows: str, header: str = HEADER) -> str:
    """A file with a list of outlets."""
    (house.folder / "outlets.csv").write_text(header + "".join(f"{row}\n" for row in rows))
    return str(house.folder / "outlets.csv")


def points(house: House, work: str = "one") -> dict[str, int]:
    """What each unit of a work counts for."""
    house.ok("score")
    ledger = house.json("explain", f"10.5555/{work}")["ledger"]
    return {line["unit"]: line["millipoints"] for line in ledger}


def waiting(house: House) -> int:
    """How many outputs wait for their score."""
    return int(house.json("status")["outputs"]["waiting_for_score"])
