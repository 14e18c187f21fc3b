"""What holds for the project as a whole: its schema, its parts by name, its documents, and whom its data speak of."""

import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import connectors
from connectors.base import Connector
from sync import cli
from sync.store.database import HEAD, open_store
from sync.tables import metadata

ROOT = Path(__file__).parents[1]
FOUND = "found_"  # how the tables begin that SQLite makes for the indexes of texts
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
E_MAIL = re.compile(rb"[\w.+-]+@([\w-]+\.)+[a-z]{2,}")
ORCID = re.compile(rb"\b0000-000[1-3]-\d{4}-\d{3}[\dX]\b")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.fail("the tests of the project's files need its git repository")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", key_file=tmp_path / "key")

    with store.engine.connect() as db:
        differences = compare_metadata(MigrationContext.configure(db), metadata())
    store.engine.dispose()

    ours = [each for each in differences if not any(word in str(each) for word in ("alembic_version", FOUND))]
    assert ours == []


def test_the_migrations_make_the_same_checks_and_kinds_of_table_as_the_code(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}", key_file=tmp_path / "key")
    made = f"""SELECT name, sql FROM sqlite_master
               WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '{FOUND}%'"""

    with store.engine.connect() as db:
        migrated = {row.name: _words(row.sql) for row in db.execute(text(made)) if row.name != "alembic_version"}
    store.engine.dispose()
    direct = open_store_of_metadata(tmp_path)

    assert migrated == direct


def open_store_of_metadata(folder: Path) -> dict[str, list[str]]:
    """The tables as the code alone would make them."""
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{folder / 'b.db'}")
    metadata().create_all(engine)
    with engine.connect() as db:
        rows = db.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"))
        made = {row.name: _words(row.sql) for row in rows}
    engine.dispose()
    return made


def _words(sql: str) -> list[str]:
    return sorted(re.findall(r"[\w'<>]+", sql))


def test_the_newest_migration_is_the_one_the_store_asks_for() -> None:
    script = ScriptDirectory(str(ROOT / "sync" / "migrations"))

    assert script.get_heads() == [HEAD]


@pytest.mark.parametrize("point", entry_points(group="ringmark.connectors"), ids=lambda point: point.name)
def test_a_connectors_file_class_and_entry_point_share_one_name(point) -> None:  # type: ignore[no-untyped-def]
    kind = point.load()

    assert issubclass(kind, Connector)
    assert (kind.__module__, kind.__name__.lower(), kind.manifest.kind) == (
        f"connectors.{point.name}",
        point.name.replace("_", ""),
        point.name,
    )


def test_what_connectors_export_is_all_there_and_sorted() -> None:
    assert connectors.__all__ == sorted(connectors.__all__)
    assert all(hasattr(connectors, name) for name in connectors.__all__)


def test_every_verb_of_the_readme_exists_and_every_verb_has_a_sentence() -> None:
    commands = cli.command().commands  # type: ignore[attr-defined]
    named = set(re.findall(r"`?ringmark (?:--\S+ \S+ )?([a-z]+)", (ROOT / "README.md").read_text()))

    assert named - commands.keys() == set()
    assert [name for name, command in commands.items() if not command.help] == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")), ids=lambda page: page.name)
def test_no_page_links_to_what_is_not_there(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_nobody_real_is_in_the_project() -> None:
    allowed = (b"example.", b"example/", b".example", b"localhost", b"w3.org")
    found = {
        (path.relative_to(ROOT).as_posix(), match.group().decode())
        for path in _tracked()
        for match in E_MAIL.finditer(path.read_bytes())
        if not any(word in match.group() + b"." for word in allowed)
    }

    assert found == set()


def test_every_orcid_of_the_project_is_from_the_documents_of_orcid_itself_or_invented() -> None:
    documented = {b"0000-0002-1825-0097", b"0000-0001-5109-3700", b"0000-0002-1694-233X", b"0000-0003-1415-9269"}
    nobodys = {b"0000-0002-1825-0098"}  # its checksum is wrong
    found = {match for path in _tracked() for match in ORCID.findall(path.read_bytes())}

    assert found - documented - nobodys == set()
