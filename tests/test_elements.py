"""Pulling from an Elements: recorded bodies of three wire formats, faults, bookmarks, and a real feed."""

import json
import logging
import re
import threading
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from lxml import etree
from pydantic import SecretStr

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.elements import Elements
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import client
from connectors.records import Gone, Item, Page

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC
RECORDED = Path(__file__).parent / "recorded" / "elements"
BASE = "https://gateway.example.edu/research/elements"  # neither host nor path are those that the answers name
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 08:00:00 GMT"
BEGAN = "2026-03-02T08:00:00+00:00"
VERSIONS = ("v4.6", "v5.5", "v6.13")
EVERYTHING = {
    "/users": "users.xml",
    "/users?groups=1": "members-1.xml",
    "/users?groups=2": "members-2.xml",
    "/groups": "groups.xml",
    "/publication/sources": "sources.xml",
    "/relationship/types": "relationship-types.xml",
    "/relationships": "relationships.xml",
    "/publications": "publications-1.xml",
    "/publications?page=2": "publications-2.xml",
    "/publications?after-id=101": "publications-2.xml",
    "/users/11/relationships": "user-11-links.xml",
    "/users/12/relationships": "publication-102-links.xml",
    "/users/13/relationships": "members-1.xml",
    "/publications?ids=999": "members-1.xml",
    "/publications/101/relationships": "publication-101-links.xml",
    "/publications/102/relationships": "publication-102-links.xml",
    "/deleted/users": "deleted-users.xml",
    "/deleted/publications": "deleted-publications.xml",
    "/relationships/deleted": "deleted-links-1.xml",
    "/relationships/deleted?page=2": "deleted-links-2.xml",
    "/my-account": "my-account.xml",
}


class Source:
    """What an Elements would answer: bodies by path and, where it matters, one parameter. The rest is not found."""

    def __init__(self, bodies: dict[str, bytes | str | int], date: str = DATE) -> None:
        self.bodies = bodies
        self.headers = {"Content-Type": "text/xml", **({"Date": date} if date else {})}
        self.asked: list[str] = []
        self.more = threading.Condition()
        responses.add_callback(responses.GET, re.compile(re.escape(BASE) + "/.*"), self.answer)

    @classmethod
    def recorded(cls, version: str, **changes: bytes | str | int) -> "Source":
        files = {route: RECORDED / version / name for route, name in EVERYTHING.items()}
        bodies: dict[str, bytes | str | int] = {r: file.read_bytes() for r, file in files.items() if file.is_file()}
        return cls(bodies | changes)

    def answer(self, request: object) -> tuple[int, dict[str, str], bytes | str]:
        parts = urlsplit(getattr(request, "url", ""))
        path = parts.path.removeprefix(urlsplit(BASE).path)
        with self.more:
            self.asked.append(f"{path}?{parts.query}")
            self.more.notify_all()
        narrow = [f"{path}?{pair}" for pair in parts.query.split("&")]
        body = next((self.bodies[route] for route in (*narrow, path) if route in self.bodies), 404)
        return (body, self.headers, b"") if isinstance(body, int) else (200, self.headers, body)

    def wait_for(self, word: str) -> bool:
        with self.more:
            return self.more.wait_for(lambda: any(word in asked for asked in self.asked), timeout=30)

    def queries(self, path: str) -> list[dict[str, list[str]]]:
        return [parse_qs(urlsplit(asked).query) for asked in self.asked if urlsplit(asked).path == path]


def elements(**more: object) -> Elements:
    given = {
        "name": "elements",
        "kind": "elements",
        "url": BASE,
        "username": "ringmark",
        "password": SecretStr("s3cret-word"),
        "pace": 0.0,
    }
    settings = Connection(**{**given, **more})
    return Elements(settings, client(settings, sleep=lambda _: None))


def everything(bookmark: str | None = None, **more: object) -> list[Page]:
    return list(elements(**more).pull(Since(now=NOW, bookmark=bookmark)))


def changes(cursor: str = "2026-03-01T00:00:00+00:00", **more: object) -> list[Page]:
    return list(elements(**more).pull(Since(now=NOW, cursor=cursor)))


def every(pages: Iterable[Page], kind: str) -> list:
    return [record for page in pages for record in getattr(page, kind)]


def feed(*entries: str, version: str = "5.5", following: str = "", head: str = "") -> str:
    told = "".join(f"<entry>{entry}</entry>" for entry in entries)
    page = f'<api:page position="next" href="{following}"/>' if following else ""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:api="http://www.symplectic.co.uk/publications/api">'
        f"<api:schema-version>{version}</api:schema-version>{head}"
        f'<api:pagination results-count="{len(entries)}"><api:page position="this" href="x"/>{page}</api:pagination>'
        f"{told}</feed>"
    )


def user(number: int) -> str:
    return f'<api:object category="user" id="{number}"><api:is-public>true</api:is-public></api:object>'


def publication(number: int, more: str = "") -> str:
    return f'<api:object category="publication" id="{number}"><api:is-public>true</api:is-public>{more}</api:object>'


def link(number: int, item: int, person: int) -> str:
    ends = f'<api:related category="publication" id="{item}"/><api:related category="user" id="{person}"/>'
    kind = 'type="publication-user-authorship"'
    return f'<api:relationship id="{number}" {kind}><api:is-visible>true</api:is-visible>{ends}</api:relationship>'


def error(code: str) -> str:
    return feed(f'<api:error code="{code}">The user Ada Quill has s3cret-word</api:error>')


EMPTY = feed()
UNAPPROVED = "<api:ever-approved>false</api:ever-approved>"
QUIET: dict[str, bytes | str | int] = {
    "/users": EMPTY,
    "/groups": EMPTY,
    "/relationships": EMPTY,
    "/publications": EMPTY,
    "/deleted/users": EMPTY,
    "/deleted/publications": EMPTY,
    "/relationships/deleted": EMPTY,
}


@responses.activate
@pytest.mark.parametrize(
    ("version", "people"),
    [("v4.6", [PRIVATE] * 3), ("v5.5", [PUBLIC, INTERNAL, INTERNAL]), ("v6.13", [PUBLIC, INTERNAL, INTERNAL])],
)
def test_people_come_first_with_their_names_status_and_visibility(version: str, people: list[Visibility]) -> None:
    Source.recorded(version)

    first = everything()[0]

    assert [one.name for one in first.people] == ["Addie Quill", "Bram Østergaard", "Cleo Marsh"]
    assert [one.visibility for one in first.people] == people
    assert [(one.current, one.academic) for one in first.people] == [(True, True), (True, False), (False, True)]
    assert first.gone == (Gone(kind="person", key="10", into="11"),)


@responses.activate
@pytest.mark.parametrize(
    ("version", "orcid", "student"),
    [("v4.6", None, None), ("v5.5", "0000-0002-1825-0097", None), ("v6.13", "0000-0002-1825-0097", True)],
)
def test_what_only_newer_formats_tell_is_absent_in_older_ones(version: str, orcid: str | None, student: bool) -> None:
    Source.recorded(version)

    people = everything()[0].people

    assert (people[0].orcid, people[1].student, people[0].student) == (orcid, student, None)


@responses.activate
@pytest.mark.parametrize(
    ("version", "levels"),
    [("v4.6", [INTERNAL, INTERNAL]), ("v5.5", [INTERNAL, INTERNAL]), ("v6.13", [PUBLIC, INTERNAL])],
)
def test_groups_come_with_their_parents_and_direct_members(version: str, levels: list[Visibility]) -> None:
    source = Source.recorded(version)

    pages = everything()

    assert [(one.key, one.name, one.parents) for one in every(pages, "groups")] == [
        ("1", "University of Example", ()),
        ("2", "Department of Tides", ("1",)),
    ]
    assert [one.visibility for one in every(pages, "groups")] == levels
    assert [(one.group, one.people) for one in every(pages, "members")] == [("1", ()), ("2", ("11", "12"))]
    assert {query["group-membership"][0] for query in source.queries("/users") if "groups" in query} == {"explicit"}


@responses.activate
@pytest.mark.parametrize(
    ("version", "first", "second"),
    [("v4.6", PRIVATE, PRIVATE), ("v5.5", PUBLIC, PRIVATE), ("v6.13", PUBLIC, INTERNAL)],
)
def test_each_output_comes_with_all_its_authorships_in_the_same_page(version, first, second) -> None:
    Source.recorded(version)

    pages = [page for page in everything() if page.items]

    assert [[(one.key, one.visibility) for one in page.items] for page in pages] == [
        [("101", first)],
        [("102", second)],
    ]
    assert [[one.key for one in page.authorships] for page in pages] == [["501", "502"], ["503"]]
    assert pages[1].gone == (Gone(kind="item", key="100", into="102"),)


@responses.activate
@pytest.mark.parametrize(
    ("version", "levels"),
    [("v4.6", [PUBLIC, PRIVATE, PUBLIC, PUBLIC]), ("v5.5", [PUBLIC, PRIVATE, PUBLIC, PUBLIC]),
     ("v6.13", [PUBLIC, INTERNAL, INTERNAL, PUBLIC])],
)  # fmt: skip
def test_authorships_have_the_visibility_of_the_link(version: str, levels: list[Visibility]) -> None:
    Source.recorded(version)

    links = every(everything(), "authorships")

    assert [(one.key, one.item, one.person) for one in links] == [
        ("501", "101", "11"),
        ("502", "101", "12"),
        ("503", "102", "12"),
        ("505", "999", "11"),
    ]
    assert [one.visibility for one in links] == levels


@responses.activate
@pytest.mark.parametrize(
    ("version", "doi", "other", "title"),
    [
        ("v4.6", "doi:10.5555/other", "doi:10.5555/tides.1", "Tides elsewhere"),
        ("v5.5", "doi:10.5555/tides.1", "doi:10.5555/other", "A title over two lines"),
        ("v6.13", "doi:10.5555/other", "doi:10.5555/tides.1", "Tides elsewhere"),
    ],
)
def test_the_precedence_of_the_sources_or_the_preferred_record_decides(version, doi, other, title) -> None:
    Source.recorded(version)

    item = every(everything(), "items")[0]

    assert (str(item.identifiers[0]), [str(one) for one in item.other_dois], item.title) == (doi, [other], title)
    assert (item.type, item.journal) == ("journal-article", "Annals of Tides")


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_the_end_tells_the_cursor_and_what_was_listed_in_whole(version: str) -> None:
    Source.recorded(version)

    done = everything()[-1].done

    assert done is not None
    assert (done.cursor, done.incomplete) == (BEGAN, "")
    assert done.listed == {"person", "group", "item", "authorship"}


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_page_limits_and_parameters_are_those_of_the_api(version: str) -> None:
    source = Source.recorded(version)

    everything()

    assert source.queries("/relationships") == [{"types": ["8,9"], "per-page": ["1000"]}]
    assert source.queries("/publications")[0]["per-page"] == ["25"]
    assert {query["ever-approved"][0] for query in source.queries("/publications")[:1]} == {"true"}
    assert ("order-by" in source.queries("/publications")[0]) is (version == "v4.6")


@responses.activate
def test_next_links_are_followed_on_the_configured_address_whatever_host_and_path_they_name() -> None:
    source = Source.recorded("v6.13")

    everything()

    assert source.queries("/publications")[1] == {"detail": ["full"], "per-page": ["25"], "after-id": ["101"]}
    assert all(call.request.url.startswith(BASE) for call in responses.calls)


@responses.activate
def test_settings_may_lower_a_page_but_not_raise_it() -> None:
    source = Source(QUIET)

    everything(per_page=10)
    everything(per_page=500)

    assert [query["per-page"] for query in source.queries("/publications")] == [["10"], ["25"]]
    assert [query["per-page"] for query in source.queries("/relationships")] == [["10"], ["500"]]


@responses.activate
def test_relationship_types_are_asked_for_by_name_where_the_source_tells_no_ids() -> None:
    source = Source(QUIET)

    everything(relationships=("publication-user-authorship",))

    assert source.queries("/relationships")[0]["types"] == ["publication-user-authorship"]


@responses.activate
def test_relationship_types_that_the_source_does_not_know_are_named() -> None:
    Source.recorded("v5.5")

    with pytest.raises(NotUnderstood, match=r"relationships: the source knows only publication-user-authorship, "):
        everything(relationships=("authored",))


@responses.activate
def test_a_source_without_groups_is_read_without_them() -> None:
    Source({**QUIET, "/groups": 404})

    done = everything()[-1].done

    assert done is not None
    assert "group" not in done.listed


@responses.activate
def test_a_source_that_tells_no_time_gives_the_time_of_its_feed_as_cursor() -> None:
    Source({**QUIET, "/users": feed(head="<updated>2026-03-01T09:00:00.1234567+01:00</updated>")}, date="")

    done = everything()[-1].done

    assert done is not None
    assert done.cursor == "2026-03-01T08:00:00.123456+00:00"


@responses.activate
def test_every_page_of_a_full_run_says_where_to_go_on() -> None:
    Source.recorded("v5.5")
    pages = everything()

    marks = [page.bookmark for page in pages if page.items]
    responses.reset()
    source = Source.recorded("v5.5")
    resumed = everything(bookmark=marks[0])

    assert [one.key for one in every(resumed, "items")] == ["102"]
    assert every(resumed, "people") == []
    assert source.queries("/relationships") == [{"types": ["8,9"], "per-page": ["1000"]}]
    assert {one.key for one in every(resumed, "authorships")} == {"501", "502", "503", "505"}


@responses.activate
def test_a_resumed_run_keeps_the_time_at_which_it_first_began() -> None:
    Source.recorded("v5.5")
    bookmark = json.dumps({"stage": "items", "query": "", "began": "2026-02-01T00:00:00+00:00"})

    done = everything(bookmark=bookmark)[-1].done

    assert done is not None
    assert done.cursor == "2026-02-01T00:00:00+00:00"


@responses.activate
@pytest.mark.parametrize("answer", [400, 404, error("argument fault")])
def test_a_refused_bookmark_begins_the_listing_again(answer: int | str) -> None:
    Source.recorded("v5.5", **{"/publications?after-id=77": answer})
    bookmark = json.dumps({"stage": "items", "query": "per-page=25&after-id=77", "began": None})

    assert [one.key for one in every(everything(bookmark=bookmark), "items")] == ["101", "102"]


@responses.activate
@pytest.mark.parametrize("bookmark", ["", "{", "[]", "7", '{"stage": "elsewhere"}', '{"query": 5}', '{"token": "x"}'])
def test_a_bookmark_of_another_make_begins_everything_again(bookmark: str) -> None:
    Source.recorded("v5.5")

    assert len(every(everything(bookmark=bookmark), "people")) == 3


@responses.activate
@pytest.mark.parametrize(
    "following",
    [
        "https://x.example/publications?ever-approved=true&amp;detail=full&amp;per-page=25",
        "https://x.example/publications?per-page=25&amp;detail=full&amp;ever-approved=true",
    ],
)
def test_a_repeated_next_link_ends_the_run_incomplete(following: str) -> None:
    Source({**QUIET, "/publications": feed(publication(101), following=following)})

    *pages, last = everything()

    assert [one.key for one in every(pages, "items")] == ["101"]
    assert last.done is not None
    assert (last.done.cursor, last.done.listed) == (None, frozenset())
    assert "repeated next link: often a missing search index" in last.done.incomplete


@responses.activate
def test_a_ring_of_next_links_ends_too() -> None:
    there = feed(publication(102), following=f"{BASE}/publications?after-id=101")
    Source(
        {
            **QUIET,
            "/publications": feed(publication(101), following=f"{BASE}/publications?after-id=101"),
            "/publications?after-id=101": there,
        }
    )

    *pages, last = everything()

    assert [one.key for one in every(pages, "items")] == ["101", "102"]
    assert last.done is not None
    assert last.done.incomplete


@responses.activate
def test_a_page_without_entries_is_the_last_whatever_it_says_of_a_next() -> None:
    Source({**QUIET, "/publications": feed(following=f"{BASE}/publications?after-id=1")})

    done = everything()[-1].done

    assert done is not None
    assert done.incomplete == ""


@responses.activate
@pytest.mark.parametrize("following", ["https://x.example/users?page=2", "https://[", "/"])
def test_a_next_link_to_another_listing_is_not_followed(following: str) -> None:
    source = Source({**QUIET, "/publications": feed(publication(101), following=following)})

    with pytest.raises(NotUnderstood, match="GET /publications: the next link"):
        everything()

    assert len(source.queries("/publications")) == 1


@responses.activate
def test_the_next_link_of_atom_is_not_believed() -> None:
    source = Source(
        {**QUIET, "/publications": feed(publication(1), head='<link rel="next" href="/publications?page=9"/>')}
    )

    everything()

    assert len(source.queries("/publications")) == 1


LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome<br></body></html>"
TRUNCATED = (RECORDED / "v5.5" / "users.xml").read_bytes()[:2500]
ENTITIES = '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "{}">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'


@responses.activate
@pytest.mark.parametrize(
    ("body", "what"),
    [
        (LOGIN, "a web page, perhaps a login page"),
        ("<html><body>Hello</body></html>", "a web page"),
        (TRUNCATED, "no complete XML"),
        (b"", "nothing"),
        (b"   \n", "nothing"),
        ("{}", "no XML"),
        ("<feed", "no XML"),
        ("<!-- nothing else -->", "no XML"),
        ("<rss><channel/></rss>", "XML of another kind"),
        ('<feed xmlns="http://example.org/other"/>', "XML of another kind"),
        (ENTITIES.format("x"), "a DOCTYPE, which is refused"),
        (ENTITIES.replace('"{}"', 'SYSTEM "file:///etc/hostname"'), "a DOCTYPE, which is refused"),
        (feed(user(1)).replace('id="1"', 'id="Ø"').encode("latin-1"), "no complete XML in one charset|no XML"),
        (feed(user(1)).replace("</feed>", "</fed>"), "no complete XML"),
        (feed("<x>" * 400 + "</x>" * 400), "no complete XML|no XML"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_is_no_elements_xml_names_the_path_and_the_mend(body: bytes | str, what: str) -> None:
    Source({**QUIET, "/users": body})

    with pytest.raises(NotUnderstood, match=rf"^GET /research/elements/users: the answer is .*({what}).*API address"):
        everything()


@responses.activate
def test_a_wrong_address_says_so() -> None:
    Source({})

    with pytest.raises(NotUnderstood, match=r"users: status 404, there is nothing; is this the API address"):
        everything()


@responses.activate
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid credentials", NotAllowed),
        ("unauthorised access", NotAllowed),
        ("unlicensed component", NotAllowed),
        ("concurrency conflict", TryLater),
        ("database timeout", TryLater),
        ("server fault", TryLater),
        ("argument fault", NotUnderstood),
        ("resource not found", NotUnderstood),
        ("resource deleted", NotUnderstood),
        ("index not found", NotUnderstood),
        ("a new one", NotUnderstood),
    ],
)
@pytest.mark.parametrize("where", ["entry", "root", "response", "after entries"])
def test_an_error_in_any_body_is_found_and_its_text_is_not_repeated(
    code: str, kind: type[Exception], where: str
) -> None:
    space = 'xmlns:api="http://www.symplectic.co.uk/publications/api"'
    told = f'<api:error {space} code="{code}">Ada Quill s3cret-word</api:error>'
    body = {
        "entry": feed(told),
        "root": told,
        "response": f"<api:response {space}>{told}</api:response>",
        "after entries": feed(user(1), told),
    }[where]
    Source({**QUIET, "/users": body})

    with pytest.raises(kind) as caught:
        everything()

    assert "Quill" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@responses.activate
def test_an_entry_without_a_key_is_set_aside_and_the_rest_goes_on() -> None:
    Source({**QUIET, "/users": feed("<title>nothing</title>", '<api:object category="user"/>', user(3))})

    pages = everything()

    assert [one.key for one in every(pages, "people")] == ["3"]
    assert [(one.kind, one.keyless, one.place) for one in every(pages, "asides")] == [
        ("person", True, "/users, entry 1"),
        ("person", True, "/users, entry 2"),
    ]


@responses.activate
def test_relationships_without_a_key_or_without_ends_are_set_aside_too() -> None:
    kind = 'type="publication-user-authorship"'
    Source({**QUIET, "/relationships": feed(f"<api:relationship {kind}/>", f'<api:relationship id="5" {kind}/>')})

    assert [(one.kind, one.key, one.keyless) for one in every(everything(), "asides")] == [
        ("authorship", "", True),
        ("authorship", "5", False),
    ]


@responses.activate
def test_unknown_elements_and_attributes_are_passed_over() -> None:
    more = "<api:novelty a='b'><api:object category='user' id='99'/></api:novelty>"
    Source({**QUIET, "/publications": feed(publication(101, more))})

    assert [one.key for one in every(everything(), "items")] == ["101"]


@responses.activate
def test_a_version_that_cannot_be_read_counts_as_the_newest() -> None:
    quiet = {**QUIET, "/users": feed('<api:object category="user" id="1"/>', version="four")}
    Source(quiet)

    people = every(everything(assume={"people": Visibility.PUBLIC}), "people")

    assert [(one.visibility, len(one.doubts)) for one in people] == [(PRIVATE, 1)]


@responses.activate
def test_each_body_tells_its_own_format() -> None:
    silent = '<api:object category="publication" id="1"/>'
    Source({**QUIET, "/users": feed(user(1), version="4.6"), "/publications": feed(silent, version="5.5")})

    items = every(everything(assume={"outputs": Visibility.PUBLIC}), "items")

    assert [one.visibility for one in items] == [PRIVATE]


@responses.activate
@pytest.mark.parametrize(
    ("version", "parameter"), [("v4.6", "modified-since"), ("v5.5", "affected-since"), ("v6.13", "affected-since")]
)
def test_changes_are_asked_for_with_an_overlap_and_an_encoded_offset(version: str, parameter: str) -> None:
    source = Source.recorded(version)

    changes("2026-03-01T01:00:00+01:00")

    users = next(query for query in source.queries("/users") if query.get("detail") == ["full"])
    assert users[parameter] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/publications")[0][parameter] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/relationships")[0]["modified-since"] == ["2026-02-28T23:55:00+00:00"]
    assert source.queries("/deleted/users")[0]["deleted-since"] == ["2026-02-28T23:55:00+00:00"]
    assert not [asked for asked in source.asked if "T23:55:00+00" in asked]


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_changed_outputs_come_with_all_their_authorships(version: str) -> None:
    Source.recorded(version)

    pages = [page for page in changes() if page.items]

    assert [[one.key for one in page.items] for page in pages] == [["101"], ["102"]]
    assert [[(one.key, one.item, one.person) for one in page.authorships] for page in pages] == [
        [("501", "101", "11"), ("502", "101", "12")],
        [("503", "102", "12")],
    ]


@responses.activate
@pytest.mark.parametrize("version", VERSIONS)
def test_changes_list_groups_whole_and_move_the_cursor(version: str) -> None:
    Source.recorded(version)

    pages = changes()

    assert len(every(pages, "groups")) == 2
    assert len(every(pages, "members")) == 2
    assert pages[-1].done is not None
    assert (pages[-1].done.cursor, pages[-1].done.listed) == (BEGAN, {"group"})


@responses.activate
def test_deletions_are_told_and_a_merge_says_more_than_a_deletion() -> None:
    Source.recorded("v4.6")

    gone = every(changes(), "gone")

    assert Gone(kind="person", key="14") in gone
    assert Gone(kind="item", key="103") in gone
    assert [one for one in gone if one.key == "10"] == [Gone(kind="person", key="10", into="11")]
    assert [one for one in gone if one.key == "100"] == [Gone(kind="item", key="100", into="102")]


@responses.activate
def test_the_next_link_of_deleted_relationships_is_followed_on_their_own_path() -> None:
    source = Source.recorded("v4.6")

    gone = every(changes(), "gone")

    assert [one.key for one in gone if one.kind == "authorship"] == ["590", "591"]
    assert len(source.queries("/relationships/deleted")) == 2
    assert source.queries("/relationships/pending/deleted") == []


@responses.activate
def test_a_changed_person_has_all_outputs_read_again() -> None:
    source = Source(
        {
            **QUIET,
            "/users?affected-since=2026-02-28T23%3A55%3A00%2B00%3A00": feed(user(11)),
            "/users/11/relationships": feed(link(501, 101, 11), link(502, 102, 11)),
            "/publications?ids=101%2C102": feed(publication(101), publication(102)),
            "/publications/101/relationships": feed(link(501, 101, 11)),
            "/publications/102/relationships": feed(link(502, 102, 11), link(503, 102, 12)),
        }
    )

    (page,) = [page for page in changes() if page.items]

    assert [one.key for one in page.items] == ["101", "102"]
    assert [one.key for one in page.authorships] == ["501", "502", "503"]
    assert len(source.queries("/publications")) == 2


@responses.activate
@pytest.mark.parametrize("by_ids", [feed(publication(101)), 400], ids=["left out", "not offered"])
def test_what_a_listing_of_ids_leaves_out_is_asked_for_singly(by_ids: str | int) -> None:
    unapproved = publication(103, UNAPPROVED)
    Source(
        {
            **QUIET,
            "/relationships": feed(*(link(500 + n, n, 11) for n in (101, 102, 103, 104))),
            "/publications?ids=101%2C102%2C103%2C104": by_ids,
            "/publications/101": feed(publication(101)),
            "/publications/102": 410,
            "/publications/103": feed(unapproved),
            "/publications/104": feed(publication(105)),
            "/publications/101/relationships": feed(link(601, 101, 11)),
            "/publications/105/relationships": feed(link(604, 105, 11)),
        }
    )

    pages = changes()

    assert [one.key for one in every(pages, "items")] == ["101", "105"]
    assert every(pages, "gone") == [
        Gone(kind="item", key="102"),
        Gone(kind="item", key="103"),
        Gone(kind="item", key="104", into="105"),
    ]


@responses.activate
def test_an_output_whose_relationships_are_gone_is_gone() -> None:
    Source(
        {**QUIET, "/publications": feed(publication(101)), "/publications/101/relationships": error("resource deleted")}
    )

    pages = changes()

    assert (every(pages, "items"), every(pages, "gone")) == ([], [Gone(kind="item", key="101")])


@responses.activate
def test_a_person_who_goes_during_the_run_does_not_stop_it() -> None:
    Source({**QUIET, "/users": feed(user(11)), "/users/11/relationships": 404})

    assert changes()[-1].done is not None


@responses.activate
def test_a_cursor_that_is_no_time_asks_for_a_full_pull() -> None:
    Source(QUIET)

    with pytest.raises(NotUnderstood, match="run a full pull"):
        changes("yesterday")


@responses.activate
@pytest.mark.parametrize(
    ("kind", "route", "answer", "expected"),
    [
        ("item", "/publications/7", feed(publication(7)), None),
        ("item", "/publications/7", 404, Gone(kind="item", key="7")),
        ("item", "/publications/7", 410, Gone(kind="item", key="7")),
        ("item", "/publications/7", error("resource deleted"), Gone(kind="item", key="7")),
        ("item", "/publications/7", feed(publication(8)), Gone(kind="item", key="7", into="8")),
        ("item", "/publications/7", feed(publication(7, UNAPPROVED)), Gone(kind="item", key="7")),
        ("item", "/publications/7", EMPTY, None),
        ("person", "/users/7", feed(user(7)), None),
        ("person", "/users/7", error("resource not found"), Gone(kind="person", key="7")),
        ("group", "/groups/7", 404, Gone(kind="group", key="7")),
        ("authorship", "/relationships/7", feed(link(7, 1, 2)), None),
        ("authorship", "/relationships/7", 404, Gone(kind="authorship", key="7")),
    ],
)  # fmt: skip
def test_the_source_is_asked_about_one_thing(kind, route, answer, expected) -> None:
    Source({route: answer})

    assert elements().confirm(kind, "7") == expected


@responses.activate
@pytest.mark.parametrize("answer", [400, error("database timeout"), LOGIN])
def test_an_answer_that_says_neither_is_no_deletion(answer: int | str) -> None:
    Source({"/publications/7": answer})

    with pytest.raises((NotUnderstood, TryLater)):
        elements().confirm("item", "7")


@responses.activate
def test_keys_are_encoded_in_addresses() -> None:
    source = Source({})

    elements().confirm("item", "../users?x=1")

    assert source.asked == ["/publications/..%2Fusers%3Fx%3D1?"]


@responses.activate
def test_one_page_is_fetched_ahead_and_a_closed_pull_leaves_no_thread() -> None:
    source = Source.recorded("v5.5")
    pull = elements().pull(Since(now=NOW))

    with closing(pull):
        page = next(page for page in pull if page.items)
        second_was_asked = source.wait_for("after-id=101")

    assert [one.key for one in page.items] == ["101"]
    assert second_was_asked
    assert [one.name for one in threading.enumerate() if one.name.startswith("elements-ahead")] == []


@responses.activate
def test_trouble_with_the_page_fetched_ahead_comes_after_the_page_before_it() -> None:
    Source.recorded("v5.5", **{"/publications?after-id=101": 400})
    pages: list[Page] = []

    with pytest.raises(NotUnderstood, match="status 400"):
        pages.extend(elements().pull(Since(now=NOW)))

    assert [one.key for one in every(pages, "items")] == ["101"]
    assert [page for page in pages if page.done] == []


@responses.activate
def test_a_run_that_breaks_moves_no_cursor() -> None:
    Source({**QUIET, "/relationships": error("database timeout")})
    pages: list[Page] = []

    with pytest.raises(TryLater, match="database timeout"):
        pages.extend(elements().pull(Since(now=NOW)))

    assert pages
    assert [page for page in pages if page.done] == []


@responses.activate
def test_check_tells_the_version_the_rights_and_the_spread_of_the_flags() -> None:
    Source.recorded("v6.13")

    found = [one.what for one in elements().check() if one.ok]

    assert found == [
        "the API answers, v6.13",
        "the account: can-access-sensitive-hr-data false, can-modify-data false",
        "the first 3 people: 2 internal, 1 public; "
        "current: 1 no, 2 yes; academic: 1 no, 2 yes; student: 2 not told, 1 yes",
        "the first 2 outputs: 1 internal, 1 public",
        "the first 4 authorships: 2 internal, 2 public",
    ]


@responses.activate
def test_check_says_what_v4_cannot_tell_and_how_to_mend_it() -> None:
    Source.recorded("v4.6")

    found = [(one.what, one.mend) for one in elements(assume={"outputs": INTERNAL}).check() if not one.ok]

    mend = "all count as private until [connections.elements.assume] people is set"
    assert found == [("this version has no word for how visible people are", mend)]


@responses.activate
def test_check_finds_a_wrong_address() -> None:
    Source({})

    (found,) = elements().check()

    assert not found.ok
    assert "is this the API address" in found.what


@responses.activate
def test_check_says_when_nothing_may_be_read() -> None:
    Source(QUIET)

    assert [one.what for one in elements().check() if not one.ok] == [
        "no people at all",
        "no outputs at all",
        "no authorships at all",
    ]


@responses.activate
def test_no_log_line_holds_a_name_a_title_a_query_or_a_credential(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Source.recorded("v4.6", **{"/publication/sources": 404, "/deleted/users": 404, "/groups": 404})

    everything()
    changes()

    said = caplog.text + str([vars(record) for record in caplog.records])
    assert caplog.records
    assert [word for word in ("Quill", "Tides", "s3cret", "modified-since", "Basic ") if word in said] == []


API = "{http://www.symplectic.co.uk/publications/api}"


def test_the_real_feed_is_read_whole(shared_data: Path) -> None:
    body = (shared_data / "elements" / "v4.6" / "publications-feed-full.xml").read_bytes()
    tree = etree.fromstring(body)
    objects = tree.findall(f".//{API}object")
    expected = {one.get("id"): dois(one) for one in objects}
    found = real_items(body, assume={"outputs": INTERNAL})

    assert len(found) == len(objects) == 25
    assert {
        one.key: [i.value for i in (*one.identifiers, *one.other_dois) if i.scheme == "doi"] for one in found
    } == expected
    assert sum(not told for told in expected.values()) == 2
    assert sum(len(told) > 1 for told in expected.values()) == 1
    assert {one.visibility for one in found} == {INTERNAL}
    assert {one.key: one.title for one in found} == {one.get("id"): first(one, "title") for one in objects}
    assert {one.key: one.journal for one in found} == {one.get("id"): first(one, "journal") for one in objects}
    assert all(one.published[:4] == year(one.key, objects) for one in found)


@responses.activate
def real_items(body: bytes, **more: object) -> list[Item]:
    Source({**QUIET, "/users": feed(version="4.6"), "/publications": body})
    return every(everything(**more), "items")


def records(publication: etree._Element) -> list[etree._Element]:
    """Its own records, the one whose DOI counts first: here no record is preferred and no source takes precedence."""
    found = publication.findall(f"{API}records/{API}record")
    return sorted(found, key=lambda one: one is not next((r for r in found if texts(r, "doi")), None))


def texts(record: etree._Element, name: str) -> list[str]:
    return record.xpath(f"*[local-name()='native']/*[@name='{name}']/*[local-name()='text']/text()")


def dois(publication: etree._Element) -> list[str]:
    return list(dict.fromkeys(doi.lower() for one in records(publication) for doi in texts(one, "doi")))


def first(publication: etree._Element, name: str) -> str:
    return next((" ".join(text.split()) for one in records(publication) for text in texts(one, name)), "")


def year(key: str, objects: list[etree._Element]) -> str:
    (publication,) = [one for one in objects if one.get("id") == key]
    told = [
        y
        for one in records(publication)
        for y in one.xpath("*/*[@name='publication-date']//*[local-name()='year']/text()")
    ]
    return told[0] if told else ""


def test_the_real_feed_has_93_records_of_its_own_and_87_of_journals(shared_data: Path) -> None:
    tree = etree.parse(shared_data / "elements" / "v4.6" / "publications-feed-full.xml")

    own = [one for publication in tree.iter(f"{API}object") for one in records(publication)]

    assert (len(own), sum(1 for _ in tree.iter(f"{API}record"))) == (93, 180)


def test_without_an_assumption_the_real_feed_is_private(shared_data: Path) -> None:
    body = (shared_data / "elements" / "v4.6" / "publications-feed-full.xml").read_bytes()

    assert {one.visibility for one in real_items(body)} == {PRIVATE}
