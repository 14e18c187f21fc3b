"""Who may see a record of an InvenioRDM: its own level, and never more than any other word about it allows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inveniordm_source import PRIVATE, PUBLIC, told

from config.visibility import Visibility
from connectors.inveniordm.items import records
from connectors.records import Aside, Gone, Item


def item(record: Any) -> Item:
    (found,) = [each for each in records(record, "here", ()) if isinstance(each, Item)]
    return found


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, PUBLIC),
        ({"access__record": "restricted"}, PRIVATE),
        ({"access__files": "restricted"}, PUBLIC),
        ({"access__status": "restricted"}, PUBLIC),  # so a public record with restricted files is called
        ({"access__embargo": {"active": True, "until": "2099-01-01"}, "access__files": "restricted"}, PUBLIC),
        ({"access__embargo": {"active": True, "until": "2099-01-01"}, "access__record": "restricted"}, PRIVATE),
        ({"access__embargo": {"active": True, "until": "2001-01-01"}, "access__record": "restricted"}, PRIVATE),
        ({"access__embargo": {"active": None, "reason": None}}, PUBLIC),
        ({"access__embargo": None}, PUBLIC),
        ({"is_published": False}, PRIVATE),
        ({"is_draft": True}, PRIVATE),
        ({"deletion_status": None}, PUBLIC),  # before version 12 there is none
    ],
)
def test_what_is_understood_decides_without_a_doubt(changes: dict[str, Any], level: Visibility) -> None:
    found = item(told(**changes))

    assert (found.visibility, found.doubts, found.closes_at) == (level, (), None)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"access": None}, "nothing tells how visible the record is"),
        ({"access": "public"}, "nothing tells how visible the record is"),
        ({"access__record": None}, "nothing tells how visible the record is"),
        ({"access__record": "campus"}, "access.record is no level that we know"),
        ({"access__record": "Public"}, "access.record is no level that we know"),
        ({"access__record": ["public"]}, "access.record is no level that we know"),
        ({"access__record": True}, "access.record is no level that we know"),
        ({"access__embargo": "none"}, "access.embargo cannot be read"),
        ({"access__embargo": {"active": "no"}}, "access.embargo cannot be read"),
        ({"is_published": None}, "is_published is neither true nor false"),
        ({"is_published": 1}, "is_published is neither true nor false"),
        ({"is_draft": "false"}, "is_draft is neither true nor false"),
        ({"deletion_status": "P"}, "deletion_status does not say that the record is published"),
        ({"deletion_status__status": "X"}, "deletion_status does not say that the record is published"),
        ({"deletion_status__is_deleted": None}, "deletion_status does not say that the record is published"),
    ],
)
def test_what_is_absent_or_unknown_is_private_and_doubted(changes: dict[str, Any], doubt: str) -> None:
    found = item(told(**changes))

    assert (found.visibility, found.doubts) == (PRIVATE, (doubt,))


def test_what_says_itself_that_it_was_deleted_is_gone() -> None:
    record = told(deletion_status={"is_deleted": True, "status": "D"})

    assert list(records(record, "here", ())) == [Gone(kind="item", key="rec00-00001")]


def test_the_body_of_the_time_before_inveniordm_that_zenodo_gives_as_plain_json_is_open_to_nobody() -> None:
    legacy = {"id": "1234567", "conceptrecid": "1234566", "metadata": {"title": "T", "access_right": "open"}}

    found = item(legacy)

    assert (found.visibility, len(found.doubts)) == (PRIVATE, 3)


def test_every_word_that_bears_on_it_stands_in_raw_and_nothing_that_a_write_of_ours_changes() -> None:
    first, second = told(), told(revision_id=99, updated="2026-12-01T00:00:00+00:00", custom_fields={"a:b": ["x"]})

    assert item(first).raw == {
        "access.record": "public",
        "access.files": "public",
        "access.status": "metadata-only",
        "access.embargo.active": "false",
        "is_published": "true",
        "is_draft": "false",
        "deletion_status.is_deleted": "false",
        "deletion_status.status": "P",
    }
    assert item(first) == item(second)


def test_a_reason_of_an_embargo_is_not_kept_since_it_may_name_people() -> None:
    found = item(told(access__embargo={"active": True, "until": "2099-01-01", "reason": "Carberry asked"}))

    assert "Carberry" not in str(found.raw)


ABSENT = object()
WORDS = st.sampled_from(["public", "restricted", "Public", "private", "", None, True, False, 0, 1, [], {}, ABSENT])
FLAGS = st.sampled_from([True, False, None, "true", 0, 1, [], ABSENT])


def naive(record: str, published: object, draft: object, deletion: object, embargo: object) -> bool:
    """Whether it may be public: everything that is told must say so in exactly the right word."""
    if not (isinstance(record, str) and record == "public"):
        return False
    if published is not True or draft is not False:
        return False
    if deletion is not ABSENT and deletion != {"is_deleted": False, "status": "P"}:
        return False
    if embargo is ABSENT:
        return True
    if not isinstance(embargo, dict):
        return False
    active = embargo.get("active", None)
    return active is None or active is True or active is False


@given(
    record=WORDS,
    files=WORDS,
    status=WORDS,
    published=FLAGS,
    draft=FLAGS,
    deletion=st.sampled_from([ABSENT, None, "P", {}])
    | st.fixed_dictionaries({"is_deleted": FLAGS, "status": WORDS | st.just("P")}),
    embargo=st.sampled_from([ABSENT, "none", 7]) | st.fixed_dictionaries({"active": FLAGS, "until": WORDS}),
)
def test_no_flag_opens_what_another_closes(
    record: Any, files: Any, status: Any, published: Any, draft: Any, deletion: Any, embargo: Any
) -> None:
    row = told()
    access = {"record": record, "files": files, "status": status, "embargo": embargo}
    row["access"] = {name: value for name, value in access.items() if value is not ABSENT}
    for name, value in (("is_published", published), ("is_draft", draft), ("deletion_status", deletion)):
        row.pop(name, None)
        if value is not ABSENT:
            row[name] = {k: v for k, v in value.items() if v is not ABSENT} if isinstance(value, dict) else value
    if isinstance(embargo, dict):
        row["access"]["embargo"] = {k: v for k, v in embargo.items() if v is not ABSENT}
        embargo = row["access"]["embargo"]
    deletion = row.get("deletion_status", ABSENT)

    (found,) = [each for each in records(row, "here", ()) if isinstance(each, Item | Gone)]

    if isinstance(found, Gone):
        assert deletion["is_deleted"] is True
    else:
        open_ = naive(record, published, draft, deletion, embargo)
        assert found.visibility == (PUBLIC if open_ else PRIVATE)
        assert not found.doubts or not open_


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "\x00", "public", "doi"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "identifier", "scheme", "title", "doi", "record", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
PATHS = [
    ("access",), ("access", "record"), ("access", "embargo"), ("access", "embargo", "active"), ("is_published",),
    ("is_draft",), ("deletion_status",), ("metadata",), ("metadata", "title"), ("metadata", "resource_type"),
    ("metadata", "publication_date"), ("metadata", "identifiers"), ("metadata", "related_identifiers"),
    ("metadata", "subjects"), ("pids",), ("pids", "doi"), ("pids", "doi", "identifier"), ("parent",),
    ("parent", "pids"), ("parent", "pids", "doi"), ("custom_fields",), ("custom_fields", "journal:journal"),
    ("links",), ("links", "self_html"), ("id",), ("updated",),
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), max_size=4))
def test_whatever_stands_anywhere_is_told_and_is_never_more_open_than_it_says(
    junk: list[tuple[tuple[str, ...], Any]],
) -> None:
    row = told()
    for path, value in junk:
        here: Any = row
        for name in path[:-1]:
            here = here.get(name) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here[path[-1]] = value

    (found, *rest) = records(row, "here", ("mesh",))

    assert all(isinstance(each, Aside) and each.stored for each in rest)
    str(found).encode()  # no half characters, which no store takes
    if isinstance(found, Item) and found.visibility == PUBLIC:
        assert row["access"]["record"] == "public"
        assert (row["is_published"], row["is_draft"]) == (True, False)
    assert isinstance(found, Item | Gone) or found.keyless


@given(JUNK)
def test_a_row_that_is_anything_is_told_or_set_aside(row: Any) -> None:
    (found, *_) = records(row, "here", ())

    assert isinstance(found, Item | Gone | Aside)
    assert not isinstance(found, Item) or found.visibility == PRIVATE


def test_a_record_of_which_only_the_key_can_be_read_is_unread_and_private() -> None:
    found = item(told(metadata="T"))

    assert (found.key, found.unread, found.visibility) == ("rec00-00001", True, PRIVATE)
