"""An article and its preprint in a folder of files, and what is said of them."""

import json

from conftest import House

HEADER = "output,title,visibility,doi,versions"
SETTINGS = '[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n'
OTHER = '[connections.other]\nkind = "files"\npath = "other"\nrequire_author = false\n'
ARTICLE, PREPRINT = "10.5555/article", "10.5555/preprint"
TWO = (f"a,Article,public,{ARTICLE},", f"p,Preprint,public,{PREPRINT},is_preprint_of doi:{ARTICLE}")


def works(house: House, *rows: str, folder: str = "import") -> None:
    (house.folder / folder).mkdir(exist_ok=True)
    (house.folder / folder / "outputs.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    house.run("pull")  # what is gone is held back once
    house.ok("pull")


def told(house: House, **targets: str) -> None:
    """One policy document by each source, about what it is told to be about."""
    lines = [
        {"id": who, "source": "policy", "policy_source": who, "output": target, "url": f"https://{who}.example.org/",
         "occurred_at": "2026-01-01"}
        for who, target in targets.items()
    ]  # fmt: skip
    (house.folder / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.ok("import", str(house.folder / "mentions.jsonl"))
    house.ok("score")


def millipoints(house: House, work: str, audience: str = "public") -> int:
    return int(house.json("explain", work, "--audience", audience)["millipoints"])
