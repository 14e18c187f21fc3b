"""The files connector: a folder becomes records, fails closed, and never mistakes a missing file for an empty world."""

import json
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
import requests

from config.settings import Connection
from config.visibility import Visibility
from connectors.attention import Account, Outlet
from connectors.base import Since
from connectors.errors import NotAllowed, NotUnderstood
from connectors.files import Files
from connectors.http import Client
from connectors.records import Done

EXAMPLE = Path(__file__).parent / "recorded" / "files" / "example"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


class Pulled:
    """Everything one pull of a folder told."""

    def __init__(self, folder, memory=None):
        connection = Connection(name="local", kind="files", path=folder)
        self.connector = Files(connection, Client(requests.Session(), ""))
        self.pages = list(self.connector.pull(Since(cursor=memory, memory=memory, now=NOW)))
        self.people = {p.key: p for page in self.pages for p in page.people}
        self.groups = {g.key: g for page in self.pages for g in page.groups}
        self.members = {m.group: m.people for page in self.pages for m in page.members}
        self.items = {i.key: i for page in self.pages for i in page.items}
        self.authorships = {a.key: a for page in self.pages for a in page.authorships}
        self.mentions = {m.key: m for page in self.pages for m in page.mentions}
        self.asides = {a.place: a for page in self.pages for a in page.asides}
        self.done = self.pages[-1].done


@pytest.fixture(scope="module")
def example():
    return Pulled(EXAMPLE)


@pytest.fixture
def folder(tmp_path):
    return copytree(EXAMPLE, tmp_path / "import")


def write(folder, name, *lines, encoding="utf-8"):
    (folder / name).write_bytes("\r\n".join([*lines, ""]).encode(encoding))


def test_people_are_told_with_their_flags(example):
    ada, ben = example.people["p1"], example.people["p2"]

    assert (ada.name, ada.orcid, ada.visibility) == ("Ada Example", "0000-0002-1825-0097", Visibility.PUBLIC)
    assert (ada.current, ada.academic, ada.student) == (True, True, False)
    assert ada.raw == {"visibility": "Public", "current": "true", "academic": "TRUE", "student": ""}
    assert (ben.name, ben.visibility, ben.academic) == ('Ben "B." Sample', Visibility.INTERNAL, False)


def test_an_empty_visibility_and_an_unknown_flag_make_a_person_private_and_are_reported(example):
    chi, dov = example.people["p3"], example.people["p4"]

    assert (chi.name, chi.visibility) == ("Chi Instance", Visibility.PRIVATE)
    assert chi.doubts == ("people.csv:4: visibility is not stated",)
    assert (dov.visibility, dov.current) == (Visibility.PRIVATE, False)
    assert dov.doubts == ('people.csv:6: current "perhaps" is neither true nor false',)


def test_an_orcid_with_a_wrong_check_digit_is_left_out_and_told(example):
    assert example.people["p4"].orcid is None
    assert example.asides["people.csv:6"].keyless is False
    assert "ORCID" in example.asides["people.csv:6"].reason


def test_groups_without_a_word_are_internal_and_with_an_unknown_word_private(example):
    assert example.groups["uni"].visibility is Visibility.PUBLIC
    assert example.groups["lib"].visibility is Visibility.INTERNAL
    assert example.groups["lib"].doubts == ()
    assert example.groups["lab"].parents == ("uni", "lib")
    assert example.groups["odd"].visibility is Visibility.PRIVATE
    assert example.groups["odd"].doubts == ('groups.csv:5: visibility "campus" is unknown',)


def test_every_group_tells_all_its_members_even_when_there_are_none(example):
    assert example.members == {"uni": (), "lib": ("p1", "p2"), "lab": (), "odd": (), "lost": ("p2",)}


def test_an_output_has_its_identifiers_in_their_normal_form(example):
    item = example.items["o1"]

    assert [str(found) for found in item.identifiers] == [
        "doi:10.5555/abc",
        "pmid:123",
        "pmcid:PMC45",
        "arxiv:2101.00001",
        "handle:1721.1/7",
        "url:https://example.edu/o1",
    ]
    assert (item.journal, item.issns, item.published) == ("Journal of Examples", ("1234-5679",), "2026-03-01")
    assert [str(found) for found in example.items["o2"].identifiers] == ["isbn:9780306406157"]


def test_what_is_no_doi_and_no_date_is_left_out_and_told_and_hides_nothing(example):
    assert example.items["o2"].published == "2026-02"
    assert example.items["o2"].visibility is Visibility.INTERNAL
    assert example.items["o3"].identifiers == ()
    assert example.items["o3"].visibility is Visibility.PUBLIC
    assert example.items["o4"].published == ""
    assert example.items["o4"].visibility is Visibility.PRIVATE
    assert example.asides["outputs.csv:3"].reason == "published is no day of the calendar; kept as 2026-02"
    assert example.asides["outputs.csv:4"].reason == "doi is not shaped like one and was left out"
    assert example.asides["outputs.csv:5"].reason == "published is no date and was left out"
    assert not any(aside.keyless for aside in example.asides.values())


def test_authorships_come_in_the_page_of_their_output_and_those_of_unknown_ones_still_cross(example):
    with_items = next(page for page in example.pages if page.items)

    assert {a.key for a in with_items.authorships} == {"o1 p1", "o1 p2", "o2 p2", "o3 p9"}
    assert example.authorships["o9 p1"].visibility is Visibility.PUBLIC
    assert example.authorships["o1 p2"].visibility is Visibility.PRIVATE
    assert example.authorships["o1 p1"].position == 1
    assert example.authorships["o2 p2"].position == 0
    assert "position" in example.asides["authorships.csv:4"].reason


def test_the_order_is_people_groups_outputs_mentions_and_the_end(example):
    told = [
        next(kind for kind in ("people", "members", "items", "authorships", "mentions", "done") if getattr(page, kind))
        for page in example.pages[1:]  # the first only says how many records will come
    ]

    assert told == ["people", "members", "members", "items", "authorships", "mentions", "done"]


def test_mentions_are_told_and_the_last_line_of_an_id_wins(example):
    news, post = example.mentions["m1"], example.mentions["m2"]

    assert [str(target) for target in news.targets] == ["doi:10.5555/abc"]
    assert (news.url, news.title) == ("https://news.example/a", "Examples matter")
    assert news.occurred_at == datetime(2026, 3, 1, 8, 0, 0, 123456, UTC)
    assert news.outlet == Outlet(key="gazette", name="The Gazette", tier=1, country="GB", reach_milli=1000)
    assert post.occurred_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert post.account == Account(
        key="acct-1", name="Someone", followers=1200, posts_per_month_milli=14500, domain_share_milli=290
    )
    assert post.repost is True
    assert example.mentions["m3"].deleted is True


def test_a_whole_folder_is_a_full_listing_and_remembers_its_rows(example):
    rows = {"people.csv": 4, "groups.csv": 4, "memberships.csv": 4, "outputs.csv": 4, "authorships.csv": 5}

    assert example.done.listed == {"person", "group", "item", "authorship"}
    assert json.loads(example.done.cursor) == {**rows, "mentions.jsonl": 4}


def test_a_second_pull_tells_the_same(example):
    assert Pulled(EXAMPLE, memory=example.done.cursor).pages == example.pages


def test_rows_of_one_key_vote_together_and_the_last_ones_text_counts(folder):
    write(
        folder,
        "people.csv",
        "person,name,visibility,current",
        "p1,Old,internal,true",
        "p2,B,public,",
        "p1,New,public,FALSE",
    )
    write(folder, "outputs.csv", "output,title,visibility", "o1,Old,private", "o2,B,public", "o1,New,public")
    write(folder, "authorships.csv", "output,person,visibility", "o1,p1,public", "o1,p1,internal")

    pulled = Pulled(folder)

    assert (pulled.people["p1"].name, pulled.people["p1"].visibility) == ("New", Visibility.INTERNAL)
    assert (pulled.people["p1"].current, pulled.people["p2"].current) == (False, False)
    assert pulled.people["p1"].raw["visibility (line 2)"] == "internal"
    assert (pulled.items["o1"].title, pulled.items["o1"].visibility) == ("New", Visibility.PRIVATE)
    assert pulled.authorships["o1 p1"].visibility is Visibility.INTERNAL


def test_keys_with_blanks_never_share_an_authorship(folder):
    write(folder, "authorships.csv", "output,person,visibility", "a b,c,public", "a,b c,public", "a%20b,c,private")

    assert len(Pulled(folder).authorships) == 3


def test_columns_may_be_missing_and_then_everything_is_private(folder):
    write(folder, "people.csv", "person,name", "p1,Ada")
    write(folder, "outputs.csv", "output", "o1")

    pulled = Pulled(folder)

    assert pulled.people["p1"].visibility is Visibility.PRIVATE
    assert pulled.people["p1"].raw == {}
    assert pulled.items["o1"].visibility is Visibility.PRIVATE


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",No key,public", "person is missing or not readable"),
        ("p\x00,Ada,public", "person is missing or not readable"),
        ('"p7"x,Ada,public', "the row is no CSV: ',' expected after '\"'"),
        ("p7," + "x" * 200_000 + ",public", "the row is no CSV: field larger than field limit (131072)"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_others_go_on(folder, row, reason):
    write(folder, "people.csv", "person,name,visibility", "p1,Ada,public", row, "p2,Ben,public")

    pulled = Pulled(folder)
    aside = pulled.asides["people.csv:3"]

    assert (aside.kind, aside.reason, aside.keyless) == ("person", reason, True)
    assert aside.evidence
    assert len(aside.evidence) <= 4000
    assert set(pulled.people) == {"p1", "p2"}
    assert pulled.done.incomplete == ""


def test_a_row_that_is_not_utf8_is_private(folder):
    write(folder, "people.csv", "person,name,visibility", "p1,José,public", "p2,Ben,public", encoding="latin-1")

    pulled = Pulled(folder)

    assert (pulled.people["p1"].name, pulled.people["p1"].visibility) == ("Jos\ufffd", Visibility.PRIVATE)
    assert pulled.people["p1"].doubts == ("people.csv:2: the row is not UTF-8",)
    assert pulled.people["p2"].visibility is Visibility.PUBLIC


def test_a_quote_that_is_never_closed_keeps_what_it_swallowed_from_being_deleted(folder):
    write(folder, "people.csv", "person,name,visibility", "p1,Ada,public", 'p2,"Ben,public', "p3,Chi,public")

    pulled = Pulled(folder)

    assert set(pulled.people) == {"p1"}
    assert pulled.asides["people.csv:3"].keyless is True


def test_an_unknown_column_is_told_once(folder):
    write(folder, "people.csv", "person,visiblity", "p1,public", "p2,public")

    pulled = Pulled(folder)

    assert pulled.asides["people.csv:1"].reason == 'the column "visiblity" is not read; is it misspelt?'
    assert pulled.asides["people.csv:1"].keyless is False
    assert pulled.people["p1"].visibility is Visibility.PRIVATE


@pytest.mark.parametrize("name", ["people.csv", "groups.csv", "outputs.csv", "authorships.csv", "mentions.jsonl"])
def test_a_file_that_was_there_and_is_missing_or_empty_changes_nothing(folder, example, name):
    memory = example.done.cursor

    (folder / name).write_text("person\n" if name == "people.csv" else "")
    emptied = Pulled(folder, memory).pages
    (folder / name).unlink()
    missing = Pulled(folder, memory).pages

    assert [page.done.incomplete for page in missing] == [f"{name} was there at the last pull and is now missing"]
    assert [page.done.incomplete.endswith("and now has none") for page in emptied] == [True]
    assert missing[0].done.cursor is None
    assert missing[0].done.listed == frozenset()


def test_a_file_that_never_was_there_means_nothing_of_its_kind(tmp_path):
    assert Pulled(tmp_path).pages[-1].done == Done(
        cursor="{}", listed=frozenset({"person", "group", "item", "authorship"})
    )


@pytest.mark.parametrize("text", ["people.csv,4\noutputs.csv,4\n", "\ufeffmentions.jsonl , 4\r\n\r\n", ""])
def test_a_ready_file_that_agrees_lets_the_pull_go_on(folder, text):
    (folder / "READY").write_text(text, "utf-8")

    assert Pulled(folder).done.incomplete == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("people.csv,5", "READY says that people.csv has 5 rows, it has 4"),
        ("people.csv", "line 1 of READY is not understood; write people.csv,812"),
        ("people.csv,4\npeople.csv,-4", "line 2 of READY is not understood; write people.csv,812"),
        ("staff.csv,4", "READY names staff.csv, which is not there"),
    ],
)
def test_a_ready_file_that_does_not_agree_changes_nothing(folder, text, reason):
    (folder / "READY").write_text(text)

    assert Pulled(folder).pages[0].done == Done(incomplete=reason)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("person;name;visibility", "people.csv has no column person; its first row must name the columns"),
        ("person,visibility,visibility", "people.csv names the column visibility twice"),
        ('"person"x', "the header of people.csv is no CSV: ',' expected after '\"'"),
    ],
)
def test_a_header_that_cannot_be_read_changes_nothing(folder, header, reason):
    write(folder, "people.csv", header, "p1;Ada;public")

    assert Pulled(folder).pages[0].done == Done(incomplete=reason)


def test_a_file_saved_as_utf16_changes_nothing(folder):
    write(folder, "people.csv", "person,visibility", "p1,public", encoding="utf-16")

    reason = "people.csv has no column person; its first row must name the columns"
    assert [page.done.incomplete for page in Pulled(folder).pages] == [reason]


def test_many_rows_come_in_pages(folder):
    write(folder, "outputs.csv", "output,visibility", *(f"o{n},public" for n in range(2500)))
    write(
        folder,
        "authorships.csv",
        "output,person,visibility",
        *(f"o{n},p{m},public" for n in range(2500) for m in range(3)),
    )

    pages = [page for page in Pulled(folder).pages if page.items]

    assert [len(page.items) for page in pages] == [1000, 1000, 500]
    assert [len(page.authorships) for page in pages] == [3000, 3000, 1500]


def test_a_folder_that_is_not_there_is_an_error_that_names_the_setting(tmp_path):
    with pytest.raises(NotUnderstood, match=r"path = .*nowhere"):
        Pulled(tmp_path / "nowhere")


def test_a_file_that_may_not_be_read_is_an_error(folder, monkeypatch):
    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(NotAllowed, match=r"people\.csv may not be read"):
        Pulled(folder)


def refuse(path, *_, **__):
    raise PermissionError(13, "Permission denied", str(path))


def test_check_counts_the_flags_and_names_what_is_not_read(folder):
    write(folder, "groups.csv", "group,colour", "g1,red")
    write(folder, "memberships.csv", "group", "g1")
    (folder / "authorships.csv").unlink()

    findings = {finding.what: finding.ok for finding in checked(folder)}

    assert findings["import/ can be read"] is True
    assert findings["authorships.csv is not there"] is True
    assert findings['the column "colour" of groups.csv is not read'] is False
    assert findings["memberships.csv has no column person; its first row must name the columns"] is False
    assert (
        "people.csv has 4 rows; visibility: public 2, internal 1, (empty) 1; current: true 3, perhaps 1; "
        "academic: true 3, false 1; student: (empty) 2, true 1, false 1" in findings
    )


def test_check_of_a_missing_folder_is_a_finding(tmp_path):
    assert [finding.ok for finding in checked(tmp_path / "nowhere")] == [False]


def checked(folder):
    connection = Connection(name="local", kind="files", path=folder)
    return list(Files(connection, Client(requests.Session(), "")).check())


@pytest.mark.parametrize(("row", "cells"), [("p7,Ada,Example,public", 4), ("p7,Ada", 2)])
def test_a_row_with_its_key_but_the_wrong_number_of_cells_is_private_and_unread(folder, row, cells):
    write(folder, "people.csv", "person,name,visibility", "p1,Ada,public", row)

    told = Pulled(folder).people["p7"]

    assert (told.visibility, told.unread, told.name) == (Visibility.PRIVATE, True, "")
    assert f"people.csv:3: the row has {cells} cells, the header 3" in told.doubts


def test_a_flag_without_a_column_is_not_stated(folder):
    write(folder, "people.csv", "person,name,visibility", "p1,Ada,public")

    assert Pulled(folder).people["p1"].current is None


@pytest.mark.parametrize("doi", ["10.5555/x.", "10.5555/x (accessed 2020)", "https://doi.org/10.5555/x/full"])
def test_a_doi_with_something_behind_it_is_read_without_that_and_told(folder, doi):
    write(folder, "outputs.csv", "output,title,visibility,doi", f"o1,Seals,public,{doi}")

    pulled = Pulled(folder)

    assert [str(one) for one in pulled.items["o1"].identifiers] == ["doi:10.5555/x"]
    assert pulled.asides["outputs.csv:2"].reason == "doi has something behind it, and was read without that"
