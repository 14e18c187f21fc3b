"""A small house in which two systems know the same people, and accounts speak of what they wrote; and looking for words
in all that is on its disk."""

import json
from pathlib import Path
from typing import Any

import stores
from conftest import House

NAME = "Zephyrine Quastelbaum"
WORDS = (b"quastelbaum", b"zephyrine")
ORCID = "0009-0009-9900-0003"
OTHER = "0009-0009-9900-0011"
HANDLE = "quastelhandle"
SETTINGS = """
[connections.one]
kind = "files"
path = "one"

[connections.two]
kind = "files"
path = "two"
"""
PEOPLE = (
    f"z1,{NAME},{ORCID},public,true",
    f"b1,Bashir Hollowmere,{OTHER},public,true",
    *(f"c{number},Crowd Number{number},,public,true" for number in range(8)),  # so that the brake holds nothing
)
OUTPUTS = ("alone,Tides alone,public,10.5555/alone", "both,Tides together,public,10.5555/both")
LINKS = ("alone,z1,public", "both,z1,public", "both,b1,public")
TWO_PEOPLE = (
    f"z2,{NAME},{ORCID},public,true",
    *(f"d{number},Other Crowd{number},,public,true" for number in range(8)),
)
MENTIONS: tuple[dict[str, Any], ...] = (
    {"id": "m1", "source": "x", "url": f"https://x.example/{HANDLE}/1", "title": f"{HANDLE} says: read this"},
    {"id": "m2", "source": "x", "url": f"https://x.example/{HANDLE}/2", "title": "once more"},
    {"id": "m3", "source": "news", "url": "https://news.example/3", "title": "Tides explained"},
    {"id": "m4", "source": "x", "url": "https://x.example/other/4", "title": "another"},
)
SPEAKERS = {"m1": HANDLE, "m2": HANDLE, "m3": HANDLE, "m4": "somebody-else"}


class Erasing(House):
    """What the two systems tell, and who has spoken."""

    def tell(self, name: str, **files: tuple[str, ...]) -> None:
        """What a system tells from now on."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for file, rows in files.items():
            (folder / f"{file}.csv").write_text("\n".join((HEADERS[file], *rows)) + "\n")

    def fill(self) -> "Erasing":
        """Pull and score all of it."""
        self.write(SETTINGS)
        groups = {"groups": ("g,Tidal Group,public",), "memberships": ("g,z1", "g,b1")}
        self.tell("one", people=PEOPLE, outputs=OUTPUTS, authorships=LINKS, **groups)
        self.tell(
            "two", people=TWO_PEOPLE, outputs=("t,Twice told,internal,10.5555/twice",), authorships=("t,z2,public",)
        )
        (self.folder / "one" / "mentions.jsonl").write_text("".join(map(_line, MENTIONS)))
        self.ok("sync")
        return self

    def copied(self, folder: Path) -> "Erasing":
        return Erasing(stores.copy(self.folder, folder))

    def named(self, audience: str = "public") -> set[str]:
        """Everybody who is named to an audience."""
        return {name for row in self.rows(audience) for name in row["people"]}

    def lies_there(self, *words: bytes) -> set[bytes]:
        """Which of the words are anywhere in the files of the store, its log and its free pages included."""
        there = stores.whole(self.folder).lower()
        return {word for word in words if word in there}

    def backup(self, name: str) -> str:
        file = str(self.folder / name)
        self.ok("backup", file)
        return file


HEADERS = {
    "people": "person,name,orcid,visibility,current",
    "outputs": "output,title,visibility,doi",
    "authorships": "output,person,visibility",
    "groups": "group,name,visibility",
    "memberships": "group,person",
}


def _line(mention: dict[str, Any]) -> str:
    author = {"id": SPEAKERS[mention["id"]], "name": f"The {SPEAKERS[mention['id']]}", "followers": 1200}
    told = {**mention, "output": ["doi:10.5555/both"], "occurred_at": "2026-03-01T10:00:00Z", "author": author}
    if mention["source"] == "news":
        told["outlet"] = {"id": "gazette", "name": "The Gazette", "tier": 1}
    return json.dumps(told) + "\n"
