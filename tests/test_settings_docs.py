"""The settings page and the example file say what is so."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.abroad import Abroad
from config.alarms import Alarms
from config.errors import known_keys
from config.example import EXAMPLE
from config.load import load
from config.scope import Least, Scope
from config.settings import Assume, AssumeAdded, Connection, Imports, Institution, Score, Serve, Store
from config.sign_in import SignIn
from config.themes import Badges, Dark, Light, Theme
from config.watch import Watch

PASSWORDS = {f"RINGMARK_CONNECTIONS__{name}__PASSWORD": "hush" for name in ("ELEMENTS", "LIBRARY")} | {
    "RINGMARK_SIGN_IN__CLIENT_SECRET": "hush",
    "RINGMARK_INSTITUTION__BASE_URL": "https://ringmark.example.edu",
}
PAGE = Path(__file__).parents[1].joinpath("docs", "settings.md").read_text()
DEFAULTS = dict(re.findall(r"(?m)^\| `([a-z0-9_.]+)` \| (.*?) \|", PAGE))
MODELS = {
    "institution.": Institution,
    "store.": Store,
    "scope.": Scope,
    "scope.visibility.": Least,
    "score.": Score,
    "serve.": Serve,
    "badges.": Badges,
    "badges.themes.example.": Theme,
    "badges.themes.example.light.": Light,
    "badges.themes.example.dark.": Dark,
    "abroad.": Abroad,
    "alarms.": Alarms,
    "watch.": Watch,
    "sign_in.": SignIn,
    "assume.": Assume,
    "imports.": Imports,
    "imports.assume.": AssumeAdded,
    "": Connection,
}
TABLES = {
    "assume",
    "badges.themes",
    "badges.themes.example.light",
    "badges.themes.example.dark",
    "imports.assume",
    "scope.visibility",
}


@pytest.mark.parametrize(("prefix", "model"), MODELS.items())
def test_every_key_has_its_place_on_the_page(prefix: str, model: type[BaseModel]):
    assert {prefix + key for key in known_keys(model)} - TABLES <= set(DEFAULTS)


def test_the_page_has_no_key_that_is_not_there():
    assert set(DEFAULTS) <= {prefix + key for prefix, model in MODELS.items() for key in known_keys(model)}


@pytest.mark.parametrize("key", [key for key, told in DEFAULTS.items() if told.startswith("`") and "." not in key])
def test_a_default_of_connections_is_as_the_page_says(written, key):
    table = '[connections.x]\nkind = "elements"\nurl = "https://elements.example.edu"\n'

    silent, said = load(written(table), {}), load(written(f"{table}{key} = {DEFAULTS[key].strip('`')}\n"), {})

    assert silent == said


@pytest.mark.parametrize("key", [key for key, told in DEFAULTS.items() if told.startswith("`") and "." in key])
def test_another_default_is_as_the_page_says(written, key):
    table, _, name = key.rpartition(".")

    silent, said = (
        load(written(f"[{table}]\n"), {}),
        load(written(f"[{table}]\n{name} = {DEFAULTS[key].strip('`')}\n"), {}),
    )

    assert silent == said


def test_the_example_works_as_it_is_and_with_its_connections(written):
    whole = re.sub(r"(?m)^# (?=\[(?:connections|alarms|watch|sign_in|scope)|[a-z_]+ = )", "", EXAMPLE)

    assert load(written(EXAMPLE), {}).scope is None
    assert load(written(whole), PASSWORDS).scope == Scope()
    assert list(load(written(whole), PASSWORDS).connections) == ["elements", "library", "pure", "wikipedia", "local"]
