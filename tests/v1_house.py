"""A handful of works with all that a record of the v1 API can tell, and mentions of them so many days ago."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conftest import House

FULL, ALIKE, QUIET, READ = (f"10.5555/{name}" for name in ("lakes", "alike", "quiet", "read"))
PRIVATE, INTERNAL, PREPRINT, NO_RECORD = (
    f"10.5555/{name}" for name in ("private", "internal", "preprint", "elsewhere")
)
SETTINGS = """
[institution]
name = "University of Example"
base_url = "https://ringmark.example.edu"

[score]
rules = "published-2020"  # a story in the first tier is 8 points, a post 1, an encyclopedia 3

[connections.local]
kind = "files"
path = "import"
"""
COLUMNS = (
    "output", "title", "type", "journal", "issn", "published", "visibility", "doi", "pmid", "pmcid", "arxiv", "handle",
    "isbn", "url", "versions", "subjects",
)  # fmt: skip
PLACE = {"journal": "Journal of Examples", "issn": "1234-5679"}
OUTPUTS: tuple[dict[str, str], ...] = (
    {
        "output": "o1", "title": "Lakes & <i>rivers</i>", "type": "book", **PLACE, "published": "2026-03-05",
        "visibility": "public", "doi": FULL, "pmid": "111", "pmcid": "PMC222", "arxiv": "2001.00001",
        "handle": "20.500.1/ab", "isbn": "9780306406157", "url": "https://repository.example.edu/lakes",
        "versions": f"has_preprint doi:{PREPRINT}; has_version doi:{NO_RECORD}", "subjects": "Hydrology",
    },
    {"output": "o2", "title": "Alike", **PLACE, "published": "2026-03", "visibility": "public", "doi": ALIKE},
    {"output": "o3", "title": "Quiet", "published": "2026", "visibility": "public", "doi": QUIET},
    {"output": "o4", "title": "Only read", "visibility": "public", "doi": READ},
    {"output": "o5", "title": "Private", **PLACE, "published": "2026-03-05", "visibility": "private", "doi": PRIVATE},
    {"output": "o6", "title": "Internal", **PLACE, "published": "2026-03", "visibility": "internal", "doi": INTERNAL},
    {"output": "o7", "title": "Preprint", "type": "preprint", "published": "2026-01", "visibility": "public",
     "doi": PREPRINT},
)  # fmt: skip
PEOPLE = "person,name,visibility\np1,Ada Abernook,public\np2,Ben Hidden,private\n"
AUTHORSHIPS = "output,person,visibility,position\n" + "".join(
    f"o{number},{person},public,1\n" for number in range(1, 8) for person in ("p1", "p2")
)


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def story(doi: str, outlet: str, days: float) -> dict[str, Any]:
    told = {"id": outlet, "name": outlet, "tier": 1}
    return {"source": "news", "output": f"doi:{doi}", "occurred_at": days_ago(days), "outlet": told}


def post(doi: str, source: str, who: str, days: float) -> dict[str, Any]:
    told = {"id": who, "name": who}
    return {"source": source, "output": f"doi:{doi}", "occurred_at": days_ago(days), "author": told}


MENTIONS = (
    story(FULL, "daily.example", 0.5),
    story(FULL, "daily.example", 3.5),
    story(FULL, "weekly.example", 20),
    post(FULL, "x", "ada", 50),
    post(FULL, "x", "ben", 400),
    post(FULL, "mastodon", "cat", 400),
    post(FULL, "wikipedia", "page-1", 300),
    post(FULL, "wikipedia", "page-2", 300),
    post(PREPRINT, "bluesky", "dan", 2.5),
    post(NO_RECORD, "reddit", "eve", 1.5),
    post(ALIKE, "x", "ada", 100),
    story(PRIVATE, "daily.example", 0.5),
    story(INTERNAL, "daily.example", 0.5),
)


def filled(folder: Path, more: str = "") -> House:
    """The house, pulled, told and scored."""
    house = House(folder).write(more + SETTINGS)
    (folder / "import").mkdir()
    with (folder / "import" / "outputs.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows({"type": "journal-article", **each} for each in OUTPUTS)
    (folder / "import" / "people.csv").write_text(PEOPLE)
    (folder / "import" / "authorships.csv").write_text(AUTHORSHIPS)
    house.ok("sync")
    lines = [json.dumps({"id": f"m{n}", "url": f"https://said.example/{n}", **m}) for n, m in enumerate(MENTIONS)]
    (folder / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(folder / "mentions.jsonl"))
    header = "DOI,News mentions,Number of Mendeley readers\n"
    (folder / "counts.csv").write_text(f"{header}{FULL},,31\n{READ},,4\n{ALIKE},,\n")
    house.ok("import", str(folder / "counts.csv"), "--format", "counts")
    house.ok("score")
    return house
