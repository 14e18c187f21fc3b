"""What is taken from a message of the stream and from an answer of a wiki; and that no message or answer, however odd,
says more than that or breaks anything."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Identifier, NotUnderstood
from connectors.sightings import Tracked
from connectors.wikipedia.changes import Change, Place, change
from connectors.wikipedia.citations import address_of, cited, mention
from connectors.wikipedia.messages import LARGEST, Message, messages
from connectors.wikipedia.position import Listed, Position, plain
from connectors.wikipedia.wiki import Article
from connectors.wikipedia.wikis import domain_of, is_domain, is_wikipedia, place_of
from sandbox.wikipedia.encyclopedia import Encyclopedia

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
HERE = Place(database="enwiki", domain="en.wikipedia.org", page=7)
DOI = Identifier("doi", "10.5555/one")


def body(**told: Any) -> dict[str, Any]:
    """A message about an article that a DOI came to, unless told otherwise."""
    wikis = Encyclopedia()
    wikis.edit(7, "<ref>{{cite journal |doi=10.5555/one}}</ref>", at=AT)
    return {**copy.deepcopy(wikis.events[0].body), **told}


def read(told: object) -> Change:
    return change(Message(id="1", kind="message", data=json.dumps(told).encode()))


def without(name: str) -> dict[str, Any]:
    return {key: each for key, each in body().items() if key != name}


def links(*addresses: str) -> list[dict[str, Any]]:
    return [{"link": each, "external": True} for each in addresses]


def test_what_is_taken_of_a_link_that_came() -> None:
    assert read(body()) == Change(
        stream="page-links-change",
        at=AT,
        place=HERE,
        added=("https://doi.org/10.5555%2Fone",),
        links=True,
        revision=1001,
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://doi.org/10.1002%252F%2528SICI%2529", "https://doi.org/10.1002%2F%28SICI%29"),
        ("//doi.org/10.5555/one", "//doi.org/10.5555/one"),
        ("https://example.org/%3Fa%3Db%26c", "https://example.org/?a=b&c"),
        ("https://doi.org/10.1021/bc030018%2B", "https://doi.org/10.1021/bc030018+"),
        ("https://example.org/a+b", "https://example.org/a b"),
        ("https://example.org/%FF", "https://example.org/\ufffd"),
    ],
)
def test_a_link_is_read_as_mediawiki_writes_it_encoded_once_more(written: str, meant: str) -> None:
    assert read(body(added_links=links(written))).added == (meant,)


def test_some_messages_tell_no_revision_no_editor_and_only_one_kind_of_links() -> None:
    bare = {key: each for key, each in body().items() if key not in ("rev_id", "performer", "added_links")}

    told = read({**bare, "removed_links": links("https://doi.org/10.5555/one")})

    assert (told.revision, told.added, told.links) == (0, (), True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_namespace", 2), ("page_namespace", 118), ("page_id", 0), ("database", "wikidatawiki"),
        ("database", "commonswiki"), ("database", "enwiktionary"), ("database", "testwiki"),
    ],
)  # fmt: skip
def test_what_is_no_article_of_a_wikipedia_concerns_nobody(name: str, value: object) -> None:
    assert read(body(**{name: value})).place is None


@pytest.mark.parametrize(
    "domain",
    ["canary", "www.wikidata.org", "commons.wikimedia.org", "test.wikipedia.org", "en.wikipedia.org.example.org",
     "evil.example.org/en.wikipedia.org", "en.wikipedia.org:8443", "EN.wikipedia.org", "ann%40en.wikipedia.org",
     "127.0.0.1"],
)  # fmt: skip
def test_a_domain_that_is_no_wikipedia_is_never_asked(domain: str) -> None:
    told = body()
    told["meta"]["domain"] = domain

    assert read(told).place is None
    with pytest.raises(NotUnderstood):
        place_of(domain, "https://stream.wikimedia.org")


@pytest.mark.parametrize(
    "odd",
    [
        None, [], "x", 7, {}, without("page_id"), without("page_namespace"), without("database"), without("meta"),
        body(page_id="7"), body(page_id=True), body(page_id=-7), body(page_id=7.5), body(page_namespace="0"),
        body(meta={}), body(meta={"dt": "yesterday", "stream": "mediawiki.page-links-change", "domain": "x"}),
        body(meta={"dt": AT.isoformat(), "stream": "mediawiki.recentchange", "domain": "en.wikipedia.org"}),
        body(added_links={}), body(added_links=["https://doi.org/10.5555/one"]), body(added_links=[{"link": "x"}]),
        body(added_links=[{"link": 7, "external": True}]), body(removed_links=[{"link": "x", "external": "yes"}]),
    ],
)  # fmt: skip
def test_a_message_in_another_shape_is_not_understood(odd: object) -> None:
    with pytest.raises(NotUnderstood):
        read(odd)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": \xed\xa0\x80}'])
def test_a_message_that_is_no_json_is_not_understood(data: bytes) -> None:
    with pytest.raises(NotUnderstood):
        change(Message(id="", kind="message", data=data))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150)
@given(name=st.sampled_from(sorted(body())), junk=JUNK, inner=st.sampled_from(["", "dt", "domain", "stream"]))
def test_whatever_stands_in_a_message_it_is_understood_or_not_and_nothing_breaks(
    name: str, junk: object, inner: str
) -> None:
    told = body()
    if inner:
        told["meta"][inner] = junk
    else:
        told[name] = junk
    try:
        found = read(told)
    except NotUnderstood:
        return
    assert found.place is None or is_domain(found.place.domain)


# Messages out of lines -----------------------------------------------------------------------------------------------


def test_lines_become_messages_as_the_standard_has_it() -> None:
    lines = [b":ok", b"", b"event: message", b"id: [1]", b"data: {", b"data:}", b"retry: 5", b"", b"data", b"",
             b"id: 9", b"", b"event: error", b"data: x", b"", b"data: never ended"]  # fmt: skip

    found = [(each.id, each.kind, each.data) for each in messages(lines)]

    assert found == [("[1]", "message", b"{\n}"), ("", "message", b""), ("", "error", b"x")]


def test_a_message_without_an_end_is_kept_to_a_limit() -> None:
    piece = b"data: " + b"x" * 1_000_000

    (found,) = messages([*[piece] * 10, b""])

    assert not found.whole
    assert len(found.data) <= LARGEST
    with pytest.raises(NotUnderstood):
        change(found)


@settings(max_examples=100)
@given(
    st.lists(st.binary(max_size=30) | st.sampled_from([b"", b"data: x", b"id: \xff", b"event: message"]), max_size=20)
)
def test_any_lines_become_some_messages(lines: list[bytes]) -> None:
    assert len(list(messages(lines))) <= lines.count(b"")


# Articles ------------------------------------------------------------------------------------------------------------


def article(wikitext: str = "", *links: str, title: str = "Tide") -> Article:
    return Article(title=title, namespace=0, revision=1, edited=AT, wikitext=wikitext, links=links)


@pytest.mark.parametrize(
    ("wikitext", "method", "excerpt"),
    [
        ("{{cite journal|doi=10.5555/ONE|title=x}}", "template", "doi=10.5555/ONE"),
        ("<ref name=a>{{Doi|10.5555/one}}</ref>", "template", "Doi|10.5555/one"),
        ("[https://doi.org/10.5555/one On tides]", "doi-url", "https://doi.org/10.5555/one"),
        ("As Saltmarsh has it (doi:10.5555/one).", "prefixed", "doi:10.5555/one"),
    ],
)
def test_what_an_article_cites_is_shown_by_its_own_text(wikitext: str, method: str, excerpt: str) -> None:
    (found,) = cited(article(wikitext, "https://doi.org/10.5555%2Fone"), Tracked([DOI]))

    assert (found.identifier, found.method, found.excerpt, found.level) == (DOI, method, excerpt, "literal")


@pytest.mark.parametrize("wikitext", ["", "<!-- {{doi|10.5555/one}} -->", "{{doi|10.5555/other}}", "10.5555/one.2"])
def test_what_an_article_does_not_say_it_does_not_cite(wikitext: str) -> None:
    assert cited(article(wikitext), Tracked([DOI])) == ()


def test_pubmed_arxiv_and_books_are_cited_too_where_an_article_is_read() -> None:
    known = [Identifier("pmid", "30000001"), Identifier("arxiv", "2101.00001"), Identifier("isbn", "9780306406157")]
    wikitext = "{{cite journal|pmid=30000001|arxiv=2101.00001v2}} {{cite book|isbn=0-306-40615-2}}"

    assert {each.identifier for each in cited(article(wikitext), Tracked(known))} == set(known)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Ebb & flow?", "Ebb_%26_flow%3F"),
        ("AC/DC", "AC/DC"),
        ("Zürich (Fluß)", "Z%C3%BCrich_(Flu%C3%9F)"),
        ("C++", "C%2B%2B"),
        ("50 %", "50_%25"),
        ("#", "%23"),
    ],
)
def test_the_address_of_an_article_leads_to_it(title: str, path: str) -> None:
    assert address_of(HERE, title) == f"https://en.wikipedia.org/wiki/{path}"


@settings(max_examples=60)
@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=4), st.text(min_size=1, max_size=1000))
def test_any_article_is_read_and_becomes_a_mention(wikitext: str, links: list[str], title: str) -> None:
    told = article(f"{wikitext} {{{{doi|10.5555/one}}}}", *links, "https://doi.org/10.5555/one", title=title)

    found = mention(HERE, told, cited(told, Tracked([DOI])), AT)

    assert found.targets == (DOI,)
    assert found.url.startswith("https://en.wikipedia.org/")


# Where a run goes on -------------------------------------------------------------------------------------------------


def test_a_position_is_found_again_as_it_was_written() -> None:
    place, listed = Position(id='[{"topic":"x"}]', at=AT), Listed(wiki=1, part=2, more="3|4")

    assert (Position.read(place.written), Listed.read(listed.written)) == (place, listed)
    assert Listed.read(place.written) is None


@pytest.mark.parametrize("id_", ["a\r\nX-Evil: 1", "a\x00", "\u00fc", "x" * 4001, ""])
def test_an_id_that_may_not_stand_in_a_header_is_none(id_: str) -> None:
    assert plain(id_) == ""


@settings(max_examples=60)
@given(JUNK)
def test_any_bookmark_is_a_place_or_none(junk: object) -> None:
    for reading in (Position.read, Listed.read):
        read: Callable[[str], object] = reading
        try:
            read(json.dumps(junk))
        except NotUnderstood:
            continue


@pytest.mark.parametrize(
    ("database", "domain"),
    [
        ("enwiki", "en.wikipedia.org"),
        ("zh_min_nanwiki", "zh-min-nan.wikipedia.org"),
        ("be_x_oldwiki", "be-tarask.wikipedia.org"),
        ("simplewiki", "simple.wikipedia.org"),
    ],
)
def test_each_wikipedia_has_its_own_domain(database: str, domain: str) -> None:
    assert is_wikipedia(database)
    assert domain_of(database) == domain
    assert is_domain(domain)
    assert place_of(domain, "https://stream.wikimedia.org") == f"https://{domain}"
