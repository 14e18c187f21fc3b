"""Paging, odd bodies and errors of the Elements API."""

import pytest
import responses
from elements_source import (
    BASE,
    EMPTY,
    LOGIN,
    PRIVATE,
    PUBLIC,
    QUIET,
    RECORDED,
    Source,
    error,
    every,
    everything,
    feed,
    publication,
    user,
)

from config.visibility import Visibility
from connectors.errors import NotAllowed, NotUnderstood, TryLater


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
    ],
)
@pytest.mark.parametrize("where", ["entry", "root", "response", "after entries"])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_error_in_any_body_is_found_and_its_text_is_not_repeated(
    code: str, kind: type[Exception], where: str, status: int
) -> None:
    space = 'xmlns:api="http://www.symplectic.co.uk/publications/api"'
    told = f'<api:error {space} code="{code}">Ada Quill s3cret-word</api:error>'
    body = {
        "entry": feed(told),
        "root": told,
        "response": f"<api:response {space}>{told}</api:response>",
        "after entries": feed(user(1), told),
    }[where]
    Source({**QUIET, "/users": (status, body)})

    with pytest.raises(kind) as caught:
        everything()

    assert "Quill" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@responses.activate
@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, NotUnderstood), (400, NotUnderstood), (403, NotAllowed), (409, TryLater), (500, TryLater), (504, TryLater)],
)
def test_where_the_error_is_of_an_unknown_kind_the_status_decides(status: int, kind: type[Exception]) -> None:
    Source({**QUIET, "/users": (status, error("a new one"))})

    with pytest.raises(kind) as caught:
        everything()

    assert "Quill" not in str(caught.value)


@responses.activate
def test_results_that_are_told_but_never_come_are_no_empty_listing() -> None:
    Source({**QUIET, "/publications": EMPTY.replace('results-count="0"', 'results-count="9429"')})

    with pytest.raises(NotUnderstood, match="9429 results are told, and none comes"):
        everything()


@responses.activate
@pytest.mark.parametrize("following", ["?page=2", "publications?page=2", "//elsewhere.example/a/b/publications?page=2"])
@pytest.mark.parametrize("word", ["next", "Next"])
def test_a_next_link_may_be_relative_and_its_word_in_any_case(following: str, word: str) -> None:
    first = feed(publication(101), following=following).replace('"next"', f'"{word}"')
    Source({**QUIET, "/publications": first, "/publications?page=2": feed(publication(102))})

    assert [one.key for one in every(everything(), "items")] == ["101", "102"]


@responses.activate
def test_a_comment_inside_a_value_is_no_part_of_it() -> None:
    told = feed(publication(101).replace("true", "tr<!-- -->ue"), publication(102).replace("true", "true<!-- -->ish"))
    Source({**QUIET, "/publications": told})

    assert [one.visibility for one in every(everything(), "items")] == [PUBLIC, PRIVATE]


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
