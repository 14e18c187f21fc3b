"""What the settings of a connection say of how it is asked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import responses
from http_places import BASE, Clock, connection

from config.errors import SettingsError
from config.load import load
from connectors.errors import TryLater
from connectors.http import client

TABLE = '[connections.elements]\nkind = "elements"\nurl = "https://elements.example.edu"\n'

Written = Callable[..., Path]


def test_all_of_it_is_read_from_the_file(written: Written) -> None:
    more = 'at_once = 4\ndeadline = "90m"\nredirect_to = ["https://Other.example.edu:8443", "http://127.0.0.1:9"]\n'

    told = load(written(TABLE + more), {}).connections["elements"]

    assert (told.at_once, told.deadline) == (4, timedelta(minutes=90))
    assert told.redirect_to == ("https://Other.example.edu:8443", "http://127.0.0.1:9")


def test_a_list_from_the_environment_has_commas(written: Written) -> None:
    name = "RINGMARK_CONNECTIONS__ELEMENTS__REDIRECT_TO"

    told = load(written(TABLE), {name: "https://a.example.edu, https://b.example.edu"}).connections["elements"]

    assert told.redirect_to == ("https://a.example.edu", "https://b.example.edu")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("at_once = 0", "at_once: must be at least 1"),
        ("at_once = true", "at_once: true is no number"),
        ('deadline = "0h"', 'deadline: "0h" is no duration'),
        ('deadline = "manual"', 'deadline: "manual" is no duration'),
        ("deadline = 12", 'deadline: 12 needs quotes and a unit; write such as "7d"'),
        ('redirect_to = ["other.example.edu"]', "redirect_to.0: is no web address"),
        ('redirect_to = ["https://me:word@other.example.edu"]', "redirect_to.0: holds a user name or password"),
        ('redirect_to = ["https://other.example.edu/api"]', 'redirect_to: "https://other.example.edu/api" has a path'),
        ('redirect_to = ["http://other.example.edu"]', "would be read over plain http; write https://"),
    ],
)
def test_what_is_wrong_is_named(written: Written, line: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(f"{TABLE}{line}\n"), {})

    assert wrong in str(caught.value)
    assert "word" not in str(caught.value).replace("password", "")


@responses.activate
def test_the_deadline_is_that_of_the_settings() -> None:
    clock = Clock()
    asking = client(connection(deadline=timedelta(minutes=90)), sleep=clock.sleep, clock=clock)
    responses.get(f"{BASE}/users")
    clock.now += 90 * 60
    asking.get("/users").close()
    clock.now += 1

    with pytest.raises(TryLater, match="a run may take 90 minutes; the next one goes on from here"):
        asking.get("/users")
