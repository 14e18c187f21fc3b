"""Stores of earlier versions, as those versions left them: brought up to this one, wherever that is killed.

`recorded/store-*.sql` were written by the code of their time, in SQLite's words: a folder of files was pulled, mentions
imported, scores published (and badges pushed, one of them to a server that hung up); then an output was hidden, one
went, one became private, and nobody scored since. A PostgreSQL store, of which there are none before 0004, is made by
the migrations of that time and given the same rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from interleaving_child import Terms
from interleaving_process import Process
from interleaving_university import FIELD, SETTINGS, University, doi_of, opened

from sandbox.dspace.items import made
from sync import store

RECORDED = Path(__file__).parent / "recorded"
VERSIONS = ("0004",) if stores.POSTGRESQL else ("0001", "0002", "0004")
WRITTEN = 1_795_209_000_000_000  # when they were recorded, in microseconds
MONTH = 30 * 86_400_000_000
ELSEWHERE = "http://repository.example.edu/server"
KILLED = -9
STEP = 16  # of the statements of a command, one in so many is not lived to
PUSHED = "SELECT address, value, intended FROM pushed WHERE address <> ''"
NEWS = """
{"id": "1", "source": "policy", "policy_source": "a", "occurred_at": "2026-03-01", "output": ["doi:10.5555/work.101"]}
{"id": "2", "source": "policy", "policy_source": "b", "occurred_at": "2026-03-02", "output": ["doi:10.5555/work.101"]}
{"id": "3", "source": "policy", "policy_source": "a", "occurred_at": "2026-03-03", "output": ["doi:10.5555/work.102"]}
"""
LOCAL = SETTINGS.replace('kind = "elements"\nurl = "{elements.url}"', 'kind = "files"\npath = "import"')
LOCAL = LOCAL.replace("[connections.elements]", "[connections.local]")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[University]:
    with opened(tmp_path_factory.mktemp("university")) as found:
        found.institution.delete_output(108)
        found.institution.change_output(104, privacy="private")
        item = made(109, dc_identifier_doi=doi_of(109))
        found.library.items[item.uuid] = item
        house = found.new()
        found.institution.write_files(house.folder / "import")
        (house.folder / "news.jsonl").write_text(NEWS)
        house.write(LOCAL.format(elements=found.elements, library=found.library))
        found.states["empty"] = found.keep(house)
        for version in VERSIONS:
            found.states[version] = recorded(found, version)
        yield found


def recorded(there: University, version: str) -> Any:
    """The state in which a store of a version stands, its repository included."""
    house = there.at(there.states["empty"])
    dump = (RECORDED / f"store-{version}.sql").read_text().replace(ELSEWHERE, there.library.url)
    stores.restore(house.folder, version, dump)
    if version > "0001":  # from which on badges were pushed
        for address, value, intended in stores.run(house.folder, PUSHED):
            there.library.edit(address, FIELD, value or intended)
    return there.keep(house)


@pytest.fixture(scope="module")
def fresh(there: University) -> dict[str, Any]:
    """Where a store of this version ends that was told the same."""
    house = begin(there, "empty")
    house.ok("pull")
    house.ok("import", str(house.folder / "news.jsonl"))
    return finish(there, house)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_store_of_an_earlier_version_ends_where_a_fresh_one_does(
    there: University, fresh: dict[str, Any], version: str
) -> None:
    house = begin(there, version)
    before = dict(stores.run(house.folder, "SELECT doi, public_id FROM badge WHERE audience = 'internal'"))

    ended = finish(there, house)

    for part in ("rows", "items"):
        assert ended[part] == fresh[part]
    after = {row["doi"]: int(row["output"]) for row in house.rows("internal")}
    assert after == {doi: before[doi] for doi in after}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migration_that_is_killed_anywhere_is_made_by_the_next_command(there: University, version: str) -> None:
    house = begin(there, version)
    with Process(house.file, ["status"], terms=Terms(later=house.later)) as process:
        process.end()
    undisturbed = finish(there, house)

    for moment in range(2, process.statements, STEP):
        house = begin(there, version)
        with Process(house.file, ["status"], terms=Terms(later=house.later, dies=moment)) as process:
            assert process.wait() == KILLED
        assert finish(there, house) == undisturbed, f"killed before statement {moment}"


def begin(there: University, state: str) -> House:
    """A house that is woken a month after it was recorded."""
    house = there.at(there.states[state])
    house.later = WRITTEN + MONTH - store.now()
    return house


def finish(there: University, house: House) -> dict[str, Any]:
    """Its next day."""
    house.ok("sync")
    house.run("hide", "doi:10.5555/work.102", "--why", "x")
    house.ok("push")
    return there.ending(house)
