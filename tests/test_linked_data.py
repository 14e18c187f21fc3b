"""What machines are told of an output's page: nothing that ends its block or its header early, and nothing untrue."""

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from badges.linked_data import described, signposts
from connectors.identifiers import SCHEMES, Identifier
from sync.store import Shown

PAGE, SITE = "https://ringmark.example.edu/outputs/7", "https://ringmark.example.edu/"
TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<!--",
        "]]>",
        "\u2028\u2029",
        "&lt;",
        '"',
        "\\",
        "\u202e",
        "\x00",
        "\r\nX: y",
    ]
)
IDENTIFIERS = st.builds(Identifier, st.sampled_from(sorted(SCHEMES)), TEXTS)
LINK = re.compile(r'<[!-;=?-~]*>((?:; [a-z]+="[a-z/-]+")+)')


def shown(**told: object) -> Shown:
    base = Shown(audience="public", output=7, visibility=2, title="Tides", type="journal-article", journal="Annals",
                 journal_id=1, issn="1234-5679", published="2024-03", day=0, precision=2, doi="10.5555/x", score=1,
                 millipoints=1000, basis="mentions", rules="ringmark-2026", version="1", scored_at=0,
                 identifiers=(Identifier("doi", "10.5555/x"),), versions=(), people=((1, "Ann Open"),), groups=(),
                 subjects=(), breakdown=(), closes_at=2**62)  # fmt: skip
    return replace(base, **told)  # type: ignore[arg-type]


def block(told: Shown) -> str:
    return str(described(told, page=PAGE, site=SITE, language="en"))


@given(title=TEXTS, journal=TEXTS, name=TEXTS, type_=TEXTS, published=TEXTS, ids=st.lists(IDENTIFIERS, max_size=4))
def test_no_text_ends_the_block_or_is_lost_in_it(
    title: str, journal: str, name: str, type_: str, published: str, ids: list[Identifier]
) -> None:
    people = ((1, name),)
    told = block(
        shown(title=title, journal=journal, people=people, type=type_, published=published, identifiers=tuple(ids))
    )

    assert told.isascii()
    assert not re.search(r"[<>&\x00-\x1f]", told)
    tree = html.fromstring(f'<html><head><script type="application/ld+json">{told}</script><p>after</html>')
    assert tree.xpath("string(//script)") == told
    about = json.loads(told)["about"]
    assert [each["value"] for each in about.get("identifier", ())] == [each.value for each in ids]


@given(ids=st.lists(IDENTIFIERS, max_size=4), document=TEXTS)
def test_no_identifier_ends_a_link_early_or_begins_another_header(ids: list[Identifier], document: str) -> None:
    name, value = signposts(shown(identifiers=tuple(ids)), document=f"{SITE}{document}")

    assert name == b"link"
    text = value.decode("ascii")
    rest = LINK.sub("", text)
    assert rest in ("", ", ")
    assert text.count('rel="cite-as"') == any(each.scheme in ("doi", "handle") for each in ids)


def test_the_block_says_what_is_known_and_no_more() -> None:
    assert json.loads(block(shown())) == {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": PAGE,
        "url": PAGE,
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "url": SITE},
        "about": {
            "@type": "ScholarlyArticle",
            "@id": "https://doi.org/10.5555/x",
            "name": "Tides",
            "identifier": [{"@type": "PropertyValue", "propertyID": "DOI", "value": "10.5555/x"}],
            "sameAs": ["https://doi.org/10.5555/x"],
            "isPartOf": {"@type": "Periodical", "name": "Annals", "issn": "1234-5679"},
            "datePublished": "2024-03",
            "author": [{"@type": "Person", "name": "Ann Open"}],
        },
    }


def test_what_is_not_known_is_left_out() -> None:
    about = json.loads(block(shown(type="x", journal="A book", issn="", published="soon", identifiers=(), people=())))[
        "about"
    ]

    assert about == {"@type": "CreativeWork", "name": "Tides"}


def test_a_work_is_cited_by_its_doi_else_by_its_handle() -> None:
    doi, handle = Identifier("doi", '10.5555/a<b>;"c'), Identifier("handle", "20.500.1/ä")

    by_doi, by_handle, by_none = (
        signposts(shown(identifiers=ids), document=PAGE)[1] for ids in ((handle, doi), (handle,), ())
    )

    assert by_doi.startswith(b'<https://doi.org/10.5555/a%3Cb%3E%3B%22c>; rel="cite-as", ')
    assert by_handle.startswith(b'<https://hdl.handle.net/20.500.1/%C3%A4>; rel="cite-as", ')
    assert by_none == f'<{PAGE}>; rel="describedby"; type="application/json"'.encode()
