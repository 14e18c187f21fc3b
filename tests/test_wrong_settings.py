"""Wrong settings: each thing wrong is one line that names the file or variable, the key and the mend."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.errors import SettingsError
from config.load import load
from config.settings import Connection

ELEMENTS = """[connections.elements]
kind = "elements"
url = "https://elements.example.edu:8091/secure-api/v6.13"
"""
CASES = Path(__file__).with_name("settings").joinpath("wrong.txt").read_text()
WRONG = re.findall(r"(?m)^((?:(?!=> |#).+\n)+)=> (.+)$", CASES)


def refused(path: Path, **variables: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(path, variables)
    assert str(caught.value) == "\n".join(caught.value.lines)
    return list(caught.value.lines)


def test_every_wrong_case_is_read():
    assert len(WRONG) == CASES.count("=> ") > 50


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_what_is_wrong_is_one_line_with_file_key_and_mend(written, tmp_path, text, line):
    lines = refused(written(text.replace("@elements\n", ELEMENTS)))

    assert lines == [f"ringmark.toml: {line.replace('{folder}', str(tmp_path))}"]
    assert "hush" not in lines[0]


def test_everything_that_is_wrong_is_told_at_once(written):
    lines = refused(written("[scor]\n[scope]\nstatus = 'x'\n" + ELEMENTS + "keep = 'x'\npul = 1\npassword = 'hush'\n"))

    assert len(lines) == 5


ADDRESSES = [
    ("elements.example.edu", "is no web address; write such as https://host/path"),
    ("ftp://elements.example.edu", "is no web address; write such as https://host/path"),
    ("https:///path", "is no web address; write such as https://host/path"),
    ("https://[::1/x", "is no web address; write such as https://host/path"),
    ("https://host:99999/", "is no web address; write such as https://host/path"),
    ("https://host/a b", "has blanks, backslashes or control characters; write such as https://host/path"),
    (r"https://host\\@other/", "has blanks, backslashes or control characters; write such as https://host/path"),
    ("https://r:hush@host/", "holds a user name or password; give them as username and password_file"),
    ("https://hush@host/", "holds a user name or password; give them as username and password_file"),
    ("https://host/?key=hush", "has a part after ? or #; end it with the path"),
    ("https://host/#", "has a part after ? or #; end it with the path"),
]


@pytest.mark.parametrize(("url", "text"), ADDRESSES)
def test_an_address_must_be_one_and_hold_no_secret(written, url, text):
    connection = refused(written(f'[connections.x]\nkind = "elements"\nurl = "{url}"\n'))
    institution = refused(written(f'[institution]\nbase_url = "{url}"\n'))

    assert connection == [f"ringmark.toml: connections.x.url: {text}"]
    assert institution == [f"ringmark.toml: institution.base_url: {text}"]


@pytest.mark.parametrize(
    "host", ["elements.example.edu", "10.0.0.1", "127.0.0.1.example.edu", "[::2]", "localhost.example"]
)
@pytest.mark.parametrize("secret", [{"username": "r", "password": "hush"}, {"headers": {"X-Key": "hush"}}])
def test_credentials_do_not_travel_over_plain_http(host, secret):
    with pytest.raises(ValidationError, match="would send credentials over plain http; write https://") as caught:
        Connection(name="x", kind="elements", url=f"http://{host}/api", **secret)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8091", "127.8.8.8", "[::1]:80", "localhost"])
def test_credentials_may_stay_on_this_machine(host):
    assert Connection(name="x", kind="elements", url=f"http://{host}", username="r", password="hush").username == "r"


def test_plain_http_without_credentials_is_allowed():
    assert Connection(name="x", kind="elements", url="HTTP://elements.example.edu").password is None


def test_credentials_over_plain_http_are_seen_in_any_spelling():
    with pytest.raises(ValidationError, match="plain http"):
        Connection(name="x", kind="elements", url="HTTP://elements.example.edu", username="r", password="hush")


UNKNOWN_VARIABLES = [
    ("RINGMARK_SCOR__RULES", 'scor: unknown key; did you mean "score"?'),
    ("RINGMARK_SCORE__RULE", 'score.rule: unknown key; did you mean "rules"?'),
    (
        "RINGMARK_FOO",
        "foo: unknown key; known are abroad, alarms, badges, connections, imports, institution, scope, score, serve, "
        "sign_in, store, watch",
    ),
    (
        "RINGMARK_FILE",
        "file: unknown key; known are abroad, alarms, badges, connections, imports, institution, scope, score, serve, "
        "sign_in, store, watch",
    ),
    (
        "RINGMARK_CONNECTIONS__ELEMENT__PULL",
        'connections.element.pull: no connection "element" in the file; did you mean "elements"?',
    ),
    ("RINGMARK_CONNECTIONS__ZZZ__PULL", 'connections.zzz.pull: no connection "zzz" in the file; it has elements'),
    ("RINGMARK_CONNECTIONS__ELEMENTS__PUL", 'connections.elements.pul: unknown key; did you mean "pull"?'),
    (
        "RINGMARK_CONNECTIONS__ELEMENTS",
        "connections.elements: is a table; set one key of it with RINGMARK_CONNECTIONS__ELEMENTS__ and its name",
    ),
    ("RINGMARK_CONNECTIONS__ELEMENTS__KIND__X", "connections.elements.kind.x: kind is no table"),
    ("RINGMARK_CONNECTIONS__ELEMENTS__KEEP", 'connections.elements.keep: "x" is none of private, internal, public'),
    (
        "RINGMARK_CONNECTIONS__ELEMENTS__RELATIONSHIPS__X",
        'connections.elements.relationships: needs a list, such as ["a", "b"]',
    ),
]


@pytest.mark.parametrize(("variable", "line"), UNKNOWN_VARIABLES)
def test_a_wrong_variable_is_one_line_that_names_it(written, variable, line):
    assert refused(written(ELEMENTS), **{variable: "x"}) == [f"{variable}: {line}"]


def test_a_missing_file_says_how_to_begin():
    assert refused(Path("none.toml")) == [
        "none.toml: not there; write one with `ringmark init`, or name another with --config"
    ]


def test_a_folder_is_no_settings_file(tmp_path):
    assert refused(tmp_path)[0].startswith(f"{tmp_path}: cannot be read (Is a directory)")


def test_broken_toml_is_told_with_line_and_column(written):
    assert re.fullmatch(r"ringmark.toml: is not TOML: .*\(at line 2, column 5\)", refused(written("[a]\nb = \n"))[0])


def test_a_file_that_is_not_utf_8_is_told(written):
    path = written("")
    path.write_bytes(b'[institution]\nname = "Universit\xe9"\n')

    assert refused(path) == ["ringmark.toml: is not UTF-8 (byte 31); save it as UTF-8"]


def test_a_byte_order_mark_is_tolerated(written):
    assert load(written("\ufeff[score]\nrules = 'x'\n"), {}).score.rules == "x"


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601])
def test_a_secret_that_others_may_reach_is_refused(written, tmp_path, mode):
    written("hush", "word", mode)
    lines = refused(written(ELEMENTS + 'password_file = "word"\n'))

    word = tmp_path / "word"
    mend = f"{word} is open to every user of this machine; run chmod 600 {word}"
    assert lines == [f"ringmark.toml: connections.elements.password_file: {mend}"]


@pytest.mark.parametrize(
    ("content", "text"), [("", "is empty"), ("\n \n", "is empty"), ("hush\n", "line 1 is not Name: value")]
)
def test_a_secret_file_that_holds_nothing_useful_is_told_without_its_content(written, content, text):
    written(content, "headers")
    lines = refused(written(ELEMENTS + 'headers_file = "headers"\n'))

    assert len(lines) == 1
    assert lines[0].endswith(text)
    assert "hush" not in lines[0]
