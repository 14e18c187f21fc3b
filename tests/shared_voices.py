"""A house whose groups and journals are spoken of, and how to ask for their shares."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from conftest import House
from lxml import html
from served import Served

EVIL = '<script>alert(1)</script> =HYPERLINK("//evil.example.net") \u202egnihton'
FORMULA = "=cmd|' /C calc'!A0"
GROUPS = {"geo": "Geology", "chem": "Chemistry", "evil": EVIL, "calc": FORMULA, "in": "Inner circle"}
WHEN = {"from": "2025-01", "to": "2025-06"}
FILES = ("/share.csv", "/share.json", "/share.atom")
# Mentions of each work by month of 2025.
SAID = {"geo": {1: 24, 3: 5}, "chem": {1: 12, 3: 4}, "both": {1: 4}, "evil": {1: 1}, "calc": {2: 2}, "inner": {1: 9}}
SECOND = {"geo": "geo", "chem": "chem", "both": "geo", "evil": "evil", "calc": "calc", "inner": "in"}  # whose group


def spoken_of(folder: Path) -> House:
    """Every work has one author, of the group of its name; `both` has two. `in` is seen by members alone."""
    house = House(folder)
    place = folder / "import"
    place.mkdir()

    def put(name: str, *rows: str) -> None:
        (place / f"{name}.csv").write_text("\n".join((*rows, "")))

    quoted = {key: name.replace('"', '""') for key, name in GROUPS.items()}
    levels = {"in": "internal"}
    put("groups", "group,name,visibility", *(f'{k},"{n}",{levels.get(k, "public")}' for k, n in quoted.items()))
    put("people", "person,name,visibility", *(f"{key},Marie {key},public" for key in GROUPS))
    put("memberships", "person,group", *(f"{key},{key}" for key in GROUPS))
    put("outputs", "output,title,journal,visibility,doi",
        *(f"{work},On {work},Journal of {work[0]},public,10.5555/{work}" for work in SAID))  # fmt: skip
    put("authorships", "output,person,visibility", *(f"{work},{who},public" for work, who in SECOND.items()),
        "both,chem,public")  # fmt: skip
    lines = [
        {"id": f"{work}-{month}-{n}", "source": ("news", "blog")[n % 2], "output": [f"doi:10.5555/{work}"],
         "url": f"https://said.example.org/{work}/{month}/{n}", "occurred_at": f"2025-{month:02}-03T00:00:00Z"}
        for work, months in SAID.items() for month, count in months.items() for n in range(count)
    ]  # fmt: skip
    (folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    for words in (("pull",), ("import", str(folder / "mentions.jsonl")), ("score",)):
        house.ok(*words)
    return house


def numbers(served: Served, kind: str = "groups") -> dict[str, str]:
    """What can be chosen, by its name, with the number that its address has."""
    tree = html.fromstring(served.get(f"/share?between={kind}").text)
    boxes = tree.xpath("//ul[@class='share-boxes']//label")
    return {box.xpath("string(.//bdi)"): box.xpath("string(.//input/@value)") for box in boxes}


def address(path: str, *sides: str, kind: str = "group", **more: str) -> str:
    """Where sides are compared in the first half of 2025."""
    return f"{path}?{urlencode([*((kind, side) for side in sides), *(WHEN | more).items()])}"


def told(served: Served, *sides: str, kind: str = "group", **more: str) -> dict[str, Any]:
    """Their shares as JSON."""
    reply = served.get(address("/share.json", *sides, kind=kind, **more))
    assert reply.status == 200, reply
    found: dict[str, Any] = json.loads(reply.body)
    return found


def table(text: str) -> dict[str, list[str]]:
    """The cells of the table of periods, by the head of their row."""
    rows = html.fromstring(text).xpath("//table[caption[@id='share-periods']]/*[self::tbody or self::tfoot]/tr")
    return {_plain(row.xpath("string(th)")): [_plain(cell.text_content()) for cell in row.xpath("td")] for row in rows}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
