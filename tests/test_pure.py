"""What the practice Pure tells by both of its APIs of people, departments, outputs and links, and to which keys."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pure_institution import APIS, a_server, article, reader
from pure_source import PRIVATE, PUBLIC, Copy, pure, since

from connectors.errors import NotAllowed, NotUnderstood
from connectors.records import Gone
from sandbox.pure import Output, Person, PracticePure, PureFault, Unit
from sandbox.pure.model import Association, made

server = a_server()


@pytest.mark.parametrize("api", APIS)
def test_both_apis_tell_the_same_of_people_departments_outputs_and_links(server: PracticePure, api: str) -> None:
    server.put(article(1, hidden=True))
    told = Copy(reader(server, api).pull(since()))

    assert told.incomplete == ""
    assert told.listed == {"person", "group", "item"}
    assert {one.key: one.visibility.word for one in told.people.values()} == {
        made("person", 1): "public",
        made("person", 2): "internal",
        made("person", 3): "private",
    }
    assert [told.people[made("person", n)].current for n in (1, 2, 3)] == [True, False, True]
    assert [told.people[made("person", n)].student for n in (1, 2, 3)] == [None, None, True]
    assert told.members == {
        made("unit", 1): (made("person", 3),),
        made("unit", 2): (made("person", 1),),
    }
    assert told.groups[made("unit", 2)].parents == (made("unit", 1),)
    assert len(told.items) == len(told.links) == 12
    by_item = {link.item: link.visibility for link in told.links.values()}
    assert by_item.pop(made("output", 1)) == PRIVATE
    assert set(by_item.values()) == {PUBLIC}


@pytest.mark.parametrize("api", APIS)
def test_no_name_of_a_contributor_is_told(server: PracticePure, api: str) -> None:
    items = [one for page in reader(server, api).pull(since()) for one in (*page.items, *page.authorships)]

    assert items
    assert "A. Example" not in repr(items)


@pytest.mark.parametrize("api", APIS)
def test_confirm_asks_about_each_kind_where_it_is(server: PracticePure, api: str) -> None:
    connector = reader(server, api)

    assert connector.confirm("person", made("person", 1)) is None
    assert connector.confirm("group", made("unit", 1)) is None
    assert connector.confirm("person", made("person", 9)) == Gone(kind="person", key=made("person", 9), hidden=True)
    assert connector.confirm("group", made("unit", 9)) == Gone(kind="group", key=made("unit", 9))


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    "now",
    [
        replace(article(3), visibility="CONFIDENTIAL"),
        replace(article(3), visibility="CAMPUS"),
        replace(article(3), visibility=None),
        replace(article(3), workflow="forApproval"),
        replace(article(3), workflow=None),
    ],
)
def test_an_output_that_is_asked_about_is_still_there_only_while_everybody_may_see_it(
    server: PracticePure, api: str, now: Output
) -> None:
    server.held.sees_confidential = True
    connector = reader(server, api)
    assert connector.confirm("item", made("output", 3)) is None

    server.put(now)
    hidden = Gone(kind="item", key=made("output", 3), hidden=True)
    assert connector.confirm("item", made("output", 3)) == hidden


def test_a_person_or_department_that_is_asked_about_is_still_there_only_while_everybody_may_see_it(
    server: PracticePure,
) -> None:
    server.put(Unit(number=2, name="Department", visibility="CAMPUS"))
    connector = reader(server, "current")

    assert connector.confirm("person", made("person", 2)) == Gone(kind="person", key=made("person", 2), hidden=True)
    assert connector.confirm("group", made("unit", 2)) == Gone(kind="group", key=made("unit", 2))


def test_an_answer_without_a_uuid_says_nothing_of_what_was_asked_about(server: PracticePure) -> None:
    server.faults.append(PureFault("rewrite", old='"uuid"', new='"id"', address="research-outputs"))

    with pytest.raises(NotUnderstood, match="no uuid that can be read"):
        reader(server, "current").confirm("item", made("output", 3))


def test_who_is_current_changes_by_the_calendar_without_any_change_in_pure(server: PracticePure) -> None:
    server.put(Person(number=1, associations=(Association(end=date(2026, 6, 30)),)))
    house = Copy(reader(server, "current").pull(since()))
    assert house.people[made("person", 1)].current is True

    house.apply(reader(server, "current").pull(since(house.cursor, now=datetime(2026, 7, 1, 1, tzinfo=UTC))))

    assert house.people[made("person", 1)].current is False
    assert house.members[made("unit", 1)] == (made("person", 3),)


def test_a_people_map_says_of_those_of_whom_pure_does_not(server: PracticePure, tmp_path: Path) -> None:
    server.put(Person(number=1, associations=(Association(kind="honoraryStaff", email="ANN@example.edu"),)))
    file = tmp_path / "people.csv"
    file.write_text(f"email,id,current\nann@example.edu,,true\n,{made('person', 2)},true\n")
    told = Copy(reader(server, "current", people_map=file).pull(since()))

    assert told.people[made("person", 1)].current is True
    assert told.people[made("person", 2)].current is False  # that Pure says


def test_academic_is_what_the_settings_say(server: PracticePure) -> None:
    kind = "/dk/atira/pure/person/personstafftype/lecturer"
    server.put(Person(number=1, associations=(Association(staff_type=kind),)))

    def flag(**more: object) -> object:
        return Copy(reader(server, "current", **more).pull(since())).people[made("person", 1)].academic

    assert flag() is False
    assert flag(academic=("lecturer",)) is True
    assert flag(academic=(kind,)) is True
    assert flag(academic=("Lecturer",)) is False
    assert flag(academic=("lect",)) is False


@pytest.mark.parametrize("api", APIS)
def test_a_key_that_may_not_read_departments_has_no_groups_and_all_the_rest(server: PracticePure, api: str) -> None:
    server.answers.forbidden = {"organizations", "organisational-units"}
    told = Copy(reader(server, api).pull(since()))

    assert (len(told.items), told.groups, told.members) == (12, {}, {})
    assert told.listed == {"person", "item"}


@pytest.mark.parametrize("place", ["persons", "research-outputs"])
def test_a_key_that_may_not_read_people_or_outputs_is_refused(server: PracticePure, place: str) -> None:
    server.answers.forbidden = {place}

    with pytest.raises(NotAllowed, match="key"):
        list(reader(server, "current").pull(since()))


def test_a_wrong_key_is_refused_and_not_shown(server: PracticePure) -> None:
    with pytest.raises(NotAllowed, match="token") as refused:
        list(pure(server.url, key="some-other-key").pull(since()))

    assert "some-other-key" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["/nothing", "/ws/api/524/nothing", "/ws", "", "/ws/api/61"],
)
def test_an_address_that_is_none_of_the_apis_is_told_with_the_right_one(server: PracticePure, url: str) -> None:
    with pytest.raises(NotUnderstood, match="ends with /ws/api"):
        list(pure(server.origin + url).pull(since()))
