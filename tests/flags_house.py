"""A house of two sources that do not agree, with something hidden for each of the reasons there are."""

from pathlib import Path

from conftest import House

MARKED = '<b onclick="x">Ada</b> & Abernook'
SEALS, WALLS, TIDES, CLIFFS, GONE, LINKED = (f"10.5555/{name}" for name in (
    "seals", "walls", "tides", "cliffs", "gone", "linked"))  # fmt: skip
ORCID = "0000-0002-1825-0097"
OUTPUTS = (
    f"seals,<script>alert(1)</script> Harbour seals,book,public,{SEALS}",
    f"walls,Harbour walls,book,private,{WALLS}",
    f"tides,Tides of the harbour,book,public,{TIDES}",
    f"cliffs,Cliffs without an author,book,public,{CLIFFS}",
    f"gone,What was taken back,book,private,{GONE}",
    f"linked,What was linked in secret,book,public,{LINKED}",
    *(f"more{n},Further work {n},book,public,10.5555/more{n}" for n in range(6)),
)
PEOPLE = (f"ada,{MARKED},{ORCID},public,true,true,false", "bob,Bob Bellweather,,private,true,false,true",
          "cem,Cem Castor,,public,false,true,")  # fmt: skip
LINKS = ("seals,ada,public", "walls,ada,public", "tides,bob,public", "gone,ada,public", "linked,ada,private",
         *(f"more{n},ada,public" for n in range(6)))  # fmt: skip
OTHER = (f"a,Harbour seals,book,internal,{SEALS}", f"b,Told by the other too,book,public,{GONE}",
         f"c,Linked by the other too,book,public,{LINKED}")  # fmt: skip


def filled(folder: Path) -> House:
    """Pulled and scored; `gone` and the link of `linked` are still told."""
    folder.mkdir(exist_ok=True)
    tell(folder)
    (folder / "other").mkdir()
    _write(
        folder / "other", "people.csv", "person,name,orcid,visibility,current", f"x,A. Abernook,{ORCID},public,false"
    )
    _write(folder / "other", "outputs.csv", "output,title,type,visibility,doi", *OTHER)
    _write(folder / "other", "authorships.csv", "output,person,visibility", "b,x,public", "c,x,public")
    house = House(folder).write(
        '[connections.local]\nkind = "files"\npath = "import"\n[connections.other]\nkind = "files"\npath = "other"\n'
    )
    house.ok("sync")
    return house


def tell(folder: Path, *, without: tuple[str, ...] = (), links: tuple[str, ...] = LINKS) -> None:
    """What the source `local` tells, without some of its outputs."""
    place = folder / "import"
    place.mkdir(exist_ok=True)
    _write(place, "people.csv", "person,name,orcid,visibility,current,academic,student", *PEOPLE)
    _write(
        place,
        "groups.csv",
        "group,name,parents,visibility",
        "sea,Sea <i>Studies</i>,,public",
        "deep,Deep Sea,sea,private",
    )
    _write(place, "memberships.csv", "person,group", "ada,sea", "bob,deep")
    told = [each for each in OUTPUTS if each.partition(",")[0] not in without]
    _write(place, "outputs.csv", "output,title,type,visibility,doi", *told)
    kept = [each for each in links if each.partition(",")[0] not in without]
    _write(place, "authorships.csv", "output,person,visibility", *kept)


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
