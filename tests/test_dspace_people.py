"""A DSpace's people and authorships are told where the settings say so, and again where their map is another."""

from dataclasses import replace
from pathlib import Path

from dspace_source import PEOPLE, end, items, later, pulled
from dspace_works import ANN, ONE, PRIVATE, PUBLIC, a_server

from sandbox.dspace import PracticeDSpace
from sandbox.dspace.items import Item as Held
from sandbox.dspace.items import made

server = a_server()


def related(number: int, *people: Held) -> Held:
    links = tuple(one.uuid for one in people)
    return made(number, dc_title=f"Tides {number}", relation_isAuthorOfPublication=links)


def test_people_are_told_where_the_settings_say_so_and_never_as_outputs(server: PracticeDSpace) -> None:
    server.put(ANN)
    server.put(related(1, ANN))

    told, silent = pulled(server, **PEOPLE), pulled(server)

    people = [one for page in told for one in page.people]
    links = [one for page in told for one in page.authorships]
    assert [(one.key, one.name, one.visibility) for one in people] == [(ANN.uuid, "Ann Harbourmaster", PUBLIC)]
    assert [(one.item, one.person, one.visibility) for one in links] == [(ONE.uuid, ANN.uuid, PUBLIC)]
    assert end(told).listed == {"item", "person"}
    assert not any(page.people or page.authorships for page in silent)
    assert ANN.uuid not in items(told) | items(silent)


def test_a_profile_that_was_hidden_is_private(server: PracticeDSpace) -> None:
    server.put(replace(ANN, policies=()))

    (told,) = [one for page in pulled(server, **PEOPLE) for one in page.people]

    assert told.visibility == PRIVATE


def test_another_map_of_people_reads_all_people_again(server: PracticeDSpace, tmp_path: Path) -> None:
    server.put(ANN)
    later(server, hours=2)
    chart = tmp_path / "people.csv"
    chart.write_text(f"id,current\n{ANN.uuid},true\n")
    cursor = end(pulled(server, people_map=chart, **PEOPLE)).cursor
    later(server, days=1)

    def current(cursor: str | None) -> list[bool | None]:
        return [one.current for page in pulled(server, cursor, people_map=chart, **PEOPLE) for one in page.people]

    assert current(cursor) == []
    chart.write_text(f"id,current\n{ANN.uuid},false\n")
    assert current(cursor) == [False]


def test_a_run_that_goes_on_with_another_map_of_people_reads_them_again(server: PracticeDSpace, tmp_path: Path) -> None:
    server.put(ANN)
    chart = tmp_path / "people.csv"
    chart.write_text(f"id,current\n{ANN.uuid},true\n")
    pages = pulled(server, people_map=chart, per_page=4, **PEOPLE)
    among_items = next(page.bookmark for page in pages if page.items)
    chart.write_text(f"id,current\n{ANN.uuid},false\n")

    pages = pulled(server, bookmark=among_items, people_map=chart, **PEOPLE)

    assert [one.current for page in pages for one in page.people] == [False]
    assert len(items(pages)) == 30


def test_where_people_are_wanted_from_now_on_everything_is_read(server: PracticeDSpace) -> None:
    server.put(ANN)
    cursor = end(pulled(server)).cursor

    assert end(pulled(server, cursor, **PEOPLE)).listed == {"item", "person"}
