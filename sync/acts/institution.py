"""Who we are: the first thing that anybody is asked, and what every badge and page says."""

import tomlkit

from config.settings import Institution
from sync import store
from sync.acts import settings_file, settings_shown
from sync.acts.office import Office

KEYS = ("name", "base_url", "contact")


def told(office: Office) -> bool:
    """Whether somebody has said it: where readers reach us is what nobody can guess."""
    return {"name", "base_url"} <= office.settings.institution.model_fields_set


def shown(office: Office, given: dict[str, str]) -> list[str]:
    """The lines that `say` would take out and put in. Raises `Refused` with each fault."""
    return settings_shown.lines(office, _change(given))


def say(office: Office, given: dict[str, str], *, seen: str = "") -> Institution:
    """Write what is given of `KEYS`, an empty text for none, into the settings. Raises `Refused` with each fault."""
    shown(office, given)
    now = office.clock()
    with office.house.write() as db:
        store.note(db, "institution set", "institution", by=office.by, now=now, **given)
        settings = settings_file.written(office, _change(given), seen=seen)
    return settings.institution


def _change(given: dict[str, str]) -> settings_file.Change:
    def change(document: tomlkit.TOMLDocument) -> None:
        table = document.setdefault("institution", tomlkit.table())
        for key in KEYS:
            if given.get(key):
                if table.get(key) != given[key]:
                    table[key] = given[key]
            elif key in given and key in table:
                del table[key]

    return change
