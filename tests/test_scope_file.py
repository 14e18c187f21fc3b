"""What `ringmark scope preview FILE` reads."""

import pytest

from config.errors import SettingsError
from config.scope import OTHER_TABLES, Least, Scope, read_scope
from config.settings import Settings
from config.visibility import Visibility


def test_a_scope_file_is_read_with_its_defaults(written):
    path = written('[scope]\nprofile = "academic"\n[scope.visibility]\nauthorships = "private"\n', "scope.toml")

    assert read_scope(path) == Scope(profile="academic", visibility=Least(authorships=Visibility.PRIVATE))
    assert read_scope(written("[scope]\n")) == Scope()


def test_the_settings_file_can_be_a_scope_file(written):
    assert read_scope(
        written("[scope]\nstatus = 'current'\n" + "[connections.x]\nkind = 'files'\npath = 'x'\n")
    ) == Scope(status="current")
    assert set(Settings.model_fields) - {"file", "scope"} == OTHER_TABLES


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "scope: missing; begin with [scope], also when all is default"),
        ("scope = 1", "scope: needs a table of its own"),
        ("[scop]\n", 'scop: unknown key; did you mean "scope"?'),
        ("[scope]\nstatsu = 1\n", 'scope.statsu: unknown key; did you mean "status"?'),
        ("[scope.visibility]\npeople = 'x'\n", 'scope.visibility.people: "x" is none of private, internal, public'),
    ],
)
def test_a_wrong_scope_file_is_one_line(written, text, line):
    with pytest.raises(SettingsError) as caught:
        read_scope(written(text, "scope.toml"))

    assert caught.value.lines == (f"scope.toml: {line}",)


def test_the_environment_has_no_say_in_a_scope_file(written, monkeypatch):
    monkeypatch.setenv("RINGMARK_SCOPE__STATUS", "current")

    assert read_scope(written("[scope]\n")).status == "all"
