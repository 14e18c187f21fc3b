"""A house as `ringmark init` leaves it, on its way to the first badges; and who does what the daemon is asked to do."""

from pathlib import Path

import stores
from conftest import PASSWORD, House

from sync import store
from sync.store import Store

SQLITE = 'url = "sqlite:///ringmark.db"'


def empty(folder: Path) -> House:
    """Settings as they come, and no store yet."""
    house = House(folder)
    house.ok("init", "--dir", str(folder))
    house.file.write_text(house.file.read_text().replace(SQLITE, f'url = "{stores.url(folder)}"'))
    return house


def opened(house: House) -> Store:
    """The store of a house, beside its commands."""
    return store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")


def run_errands(house: House) -> list[str]:
    """Do by the verbs of the command line what waits for the daemon; what that was."""
    home, done = opened(house), []
    with home.read() as db:
        waiting = store.errands.next_(db)
    for errand in waiting:
        told: dict[str, object] = {}
        if errand.verb == "check":
            ran = house.run("check", "--connect", "--json")
            told = {"findings": ran.document["connections"][errand.subject]}
        elif errand.verb == "pull":
            house.ok("pull", errand.subject)
        else:
            house.ok(errand.verb)
        with home.write() as db:
            store.errands.end(db, errand.id, "done", now=store.now(), **told)
        done.append(errand.verb)
    home.engine.dispose()
    return done


def said(house: House) -> str:
    """Whatever is written anywhere in a house, but for the files that passwords and tokens stand in."""
    secret = (".password", ".token")
    files = [path for path in house.folder.rglob("*") if path.is_file() and not path.name.endswith(secret)]
    return "".join(path.read_bytes().decode("latin-1") for path in files) + stores.dump(house.folder).decode("latin-1")


__all__ = ["PASSWORD", "empty", "opened", "run_errands", "said"]
