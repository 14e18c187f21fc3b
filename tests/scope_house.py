"""A house whose people differ in all that a scope asks for, and somebody who changes its scope."""

import html
import re
from pathlib import Path

from conftest import House
from served import Reply

MARKED = "<b>Eve</b> & 'co'"
PEOPLE = f"""person,name,visibility,current,academic,student
ann,Ann Alder,public,true,true,false
bob,Bob Birch,internal,false,true,false
eve,{MARKED},public,false,false,true
"""
OUTPUTS = """output,title,visibility,doi
one,Work one,public,10.5555/one
two,Work two,public,10.5555/two
three,Work three,public,10.5555/three
four,Work four,internal,10.5555/four
"""
AUTHORSHIPS = """output,person,visibility
one,ann,public
two,bob,public
three,eve,public
four,ann,internal
"""
LOCAL = '[connections.local]\nkind = "files"\npath = "import"\n'
ALL = {"status": "all", "profile": "all", "people": "internal", "outputs": "internal", "authorships": "internal"}
SEEN = re.compile(r'name="seen" value="(.*?)"')


def told(folder: Path) -> House:
    """One work each of somebody current, of somebody who is internal and has left, of somebody with markup in their
    name who has left; and an internal one."""
    house = House(folder)
    (folder / "import").mkdir(parents=True)
    for name, text in (("people", PEOPLE), ("outputs", OUTPUTS), ("authorships", AUTHORSHIPS)):
        (folder / "import" / f"{name}.csv").write_text(text)
    house.write(LOCAL)
    house.ok("sync")
    return house


def file(house: House, **changed: str) -> str:
    """A file with a scope: all, but for what is `changed`."""
    scope = ALL | changed
    lines = [f'{name} = "{scope[name]}"' for name in ("status", "profile")]
    lines += ["[scope.visibility]", *(f'{name} = "{scope[name]}"' for name in ("people", "outputs", "authorships"))]
    (house.folder / "scope.toml").write_text("\n".join(["[scope]", *lines]))
    return str(house.folder / "scope.toml")


def seen(page: Reply) -> str:
    """What the form of a preview says that was shown."""
    found = SEEN.search(page.text)
    assert found, page.text
    return html.unescape(found[1])
