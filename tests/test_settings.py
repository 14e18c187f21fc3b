"""The settings as they are read: defaults, overrides, paths and secrets."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.load import load
from config.scope import Least, Scope
from config.settings import Assume, Score
from config.visibility import Visibility
from sync import steps

ELEMENTS = """
[connections.elements]
kind = "elements"
url = "https://elements.example.edu:8091/secure-api/v6.13"
"""
FILES = '[connections.local]\nkind = "files"\npath = "import/"\n'
PASSWORD = {"RINGMARK_CONNECTIONS__ELEMENTS__PASSWORD": "hush"}


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ('kind = "dspace"\n', True),
        ('kind = "dspace"\npush = "public"\nfield = "local.score"\n', False),
        ('kind = "dspace"\npush = "public"\nfield = "local.score"\nread = true\n', True),
        ('kind = "files"\npath = "."\n', True),
        ('kind = "files"\npath = "."\nread = false\n', False),
    ],
)
def test_a_repository_that_badges_go_to_is_read_only_when_that_is_asked_for(
    tmp_path: Path, table: str, read: bool
) -> None:
    file = tmp_path / "ringmark.toml"
    url = 'url = "https://repository.example.edu/server"\n' if "dspace" in table else ""
    file.write_text(f'[institution]\nbase_url = "https://ringmark.example.edu"\n[connections.library]\n{url}{table}')

    settings = load(file, {})

    assert settings.connections["library"].read is read
    assert steps.readable(settings) == (["library"] if read else [])


def test_an_empty_file_has_the_defaults(written, tmp_path):
    settings = load(written(""), {})

    assert settings.file == tmp_path / "ringmark.toml"
    assert settings.store.url == f"sqlite:///{tmp_path}/ringmark.db"
    assert settings.scope is None
    assert settings.score.rules == "ringmark-2026"
    assert settings.connections == {}


def test_a_connection_has_the_defaults_of_its_kind(written, tmp_path):
    settings = load(
        written(ELEMENTS + FILES + '[connections.library]\nkind = "dspace"\nurl = "https://r.example"\n'), {}
    )
    elements, local, library = settings.connections.values()

    assert (elements.name, local.name, library.name) == ("elements", "local", "library")
    assert (elements.people, elements.require_author) == (True, True)
    assert (library.people, library.require_author) == (False, False)
    assert local.path == tmp_path / "import"
    assert (elements.pull.every, elements.full.every) == (timedelta(hours=3), timedelta(days=30))
    assert (elements.keep, elements.ask_about) == (Visibility.PRIVATE, Visibility.PUBLIC)
    assert elements.relationships == ("publication-user-authorship", "publication-user-editorship")
    assert (elements.doi_fields, elements.set_aside_max, elements.pace) == (("doi",), 0.05, None)
    assert (library.push, library.push_every, library.push_limit) == (None, timedelta(days=7), 5000)
    assert elements.assume == Assume(people=None, outputs=None, authorships=None, groups=None)


def test_everything_that_can_be_said_is_read(written):
    settings = load(
        written(
            '[institution]\nname = "University of Example"\nbase_url = "https://ringmark.example.edu/"\n'
            '[store]\nurl = "postgresql+psycopg://db.example.edu/ringmark"\n'
            '[scope]\nstatus = "current"\nprofile = "academic_or_student"\n[scope.visibility]\npeople = "public"\n'
            + ELEMENTS
            + 'pull = "manual"\nfull = "0 3 * * sun"\nkeep = "internal"\npeople = false\nrequire_author = true\n'
            'doi_fields = ["doi", "c-doi"]\nset_aside_max = "2.5%"\npace = 0\nper_page = 25\npush = "public"\n'
            'field = "c-score"\npush_every = "2w"\npush_limit = 10\nask_about = "internal"\n'
            'headers = { "X-Gate" = "1" }\n'
            '[connections.elements.assume]\noutputs = "internal"\n'
        ),
        {},
    )
    elements = settings.connections["elements"]

    assert settings.institution.base_url == "https://ringmark.example.edu"
    assert settings.scope == Scope(
        status="current", profile="academic_or_student", visibility=Least(people=Visibility.PUBLIC)
    )
    assert (elements.pull.every, elements.pull.cron) == (None, None)
    assert elements.full.cron == "0 3 * * sun"
    assert (elements.people, elements.require_author) == (False, True)
    assert (elements.doi_fields, elements.set_aside_max) == (("doi", "c-doi"), 0.025)
    assert (elements.pace, elements.per_page, elements.push_limit) == (0, 25, 10)
    assert (elements.push, elements.field, elements.push_every) == ("public", "c-score", timedelta(weeks=2))
    assert elements.assume.outputs == Visibility.INTERNAL
    assert {name: value.get_secret_value() for name, value in elements.headers.items()} == {"X-Gate": "1"}


def test_connections_keep_the_order_of_the_file(written):
    text = "".join(f'[connections.{name}]\nkind = "files"\npath = "{name}"\n' for name in ("zebra", "ant", "mole"))

    assert list(load(written(text), {}).connections) == ["zebra", "ant", "mole"]


def test_paths_are_relative_to_the_settings_file(written, tmp_path):
    (tmp_path / "etc").mkdir()
    written("hush", "etc/word")
    written("certificates", "etc/ca.pem")
    path = written(
        '[store]\nurl = "sqlite:///data/r.db"\n'
        + ELEMENTS
        + 'username = "r"\npassword_file = "word"\nca_file = "ca.pem"\n',
        "etc/ringmark.toml",
    )

    settings = load(path, {})

    assert settings.file == tmp_path / "etc/ringmark.toml"
    assert settings.store.url == f"sqlite:///{tmp_path}/etc/data/r.db"
    assert settings.connections["elements"].ca_file == tmp_path / "etc/ca.pem"
    assert settings.connections["elements"].password == SecretStr("hush")


def test_the_environment_overrides_the_file(written):
    settings = load(
        written(
            '[score]\nrules = "published-2020"\n' + ELEMENTS + '[connections.my_files]\nkind = "files"\npath = "a"\n'
        ),
        {
            "RINGMARK_CONFIG": "elsewhere.toml",
            "RINGMARK_SCORE__RULES": "published-2021",
            "RINGMARK_SCOPE__VISIBILITY__PEOPLE": "public",
            "RINGMARK_CONNECTIONS__MY_FILES__SET_ASIDE_MAX": "1%",
            "RINGMARK_CONNECTIONS__ELEMENTS__PEOPLE": "false",
            "RINGMARK_CONNECTIONS__ELEMENTS__PACE": "0.25",
            "RINGMARK_CONNECTIONS__ELEMENTS__DOI_FIELDS": "doi, c-doi",
            "RINGMARK_CONNECTIONS__ELEMENTS__HEADERS__X_API_KEY": "hush",
            "HOME": "/root",
        },
    )
    elements = settings.connections["elements"]

    assert settings.score.rules == "published-2021"
    assert settings.scope == Scope(visibility=Least(people=Visibility.PUBLIC))
    assert settings.connections["my_files"].set_aside_max == 0.01
    assert (elements.people, elements.pace, elements.doi_fields) == (False, 0.25, ("doi", "c-doi"))
    assert elements.headers == {"x-api-key": SecretStr("hush")}


def test_the_process_environment_is_read_when_none_is_given(written, monkeypatch):
    monkeypatch.setenv("RINGMARK_SCORE__RULES", "published-2021")

    assert load(written("")).score.rules == "published-2021"


def test_a_password_of_the_environment_goes_before_that_of_a_file(written):
    written("old\n", "word")
    path = written(ELEMENTS + 'username = "r"\npassword_file = "word"\n')

    assert load(path, {}).connections["elements"].password == SecretStr("old")
    assert load(path, PASSWORD).connections["elements"].password == SecretStr("hush")


def test_headers_of_all_three_origins_come_together(written):
    written("X-Key: from a file\nx-gate: from a file\n", "headers")
    path = written(ELEMENTS + 'headers_file = "headers"\nheaders = { "X-Plain" = "1", "X-GATE" = "2" }\n')

    elements = load(path, {"RINGMARK_CONNECTIONS__ELEMENTS__HEADERS__X_GATE": "3"}).connections["elements"]

    assert {name: value.get_secret_value() for name, value in elements.headers.items()} == {
        "X-Key": "from a file",
        "X-Plain": "1",
        "x-gate": "3",
    }


def test_a_store_url_with_a_password_comes_from_the_environment_or_a_file_and_is_never_shown(written):
    url = "postgresql+psycopg://r:hush@db.example.edu/r"
    written(url + "\n", "url")
    by_file, by_variable = (
        load(written('[store]\nurl_file = "url"\n'), {}),
        load(written(""), {"RINGMARK_STORE__URL": url}),
    )

    assert by_file.store.url == by_variable.store.url == url
    assert "hush" not in repr(by_file) + str(by_variable)


def test_the_environment_goes_before_a_file_for_the_store_too(written, tmp_path):
    written("postgresql+psycopg://r:hush@db.example.edu/r\n", "url")
    settings = load(written('[store]\nurl_file = "url"\n'), {"RINGMARK_STORE__URL": "sqlite:///other.db"})

    assert settings.store.url == f"sqlite:///{tmp_path}/other.db"


def test_settings_cannot_be_changed(written):
    settings = load(written(ELEMENTS), {})

    with pytest.raises(ValidationError):
        settings.score = Score(rules="other")
    with pytest.raises(ValidationError):
        settings.connections["elements"].keep = Visibility.PUBLIC
    with pytest.raises(ValidationError):
        settings.institution.name = "Other"


def test_secrets_are_never_shown(written):
    settings = load(written(ELEMENTS + 'username = "r"\nheaders = { "X-Key" = "hush" }\n'), PASSWORD)

    assert "hush" not in repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()


@pytest.mark.parametrize("password", ["hush", " hush ", "hush hush"])
def test_only_the_line_end_of_a_password_file_is_dropped(written, password):
    written(f"{password}\r\n", "word")
    path = written(ELEMENTS + 'username = "r"\npassword_file = "word"\n')

    assert load(path, {}).connections["elements"].password == SecretStr(password)
