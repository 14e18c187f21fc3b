"""Identifiers in Markdown, wikitext and HTML: where they are found, and where nobody sees them."""

import mwparserfromhell
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.identifiers import normalise
from connectors.sightings import Sighting, html, links, markdown, wikitext
from connectors.sightings.markdown import LONGEST_MARKDOWN


def names(found: list[Sighting]) -> list[tuple[str, str]]:
    return [(str(one.identifier), one.method) for one in found]


X = ("doi:10.5555/x", "plain-doi")
AT_DOI_ORG = ("doi:10.5555/x", "doi-url")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [10.5555/x](https://doi.org/10.5555/x).", [AT_DOI_ORG, X]),
        ("a [title](<https://doi.org/10.5555/x> 'words') b", [AT_DOI_ORG]),
        ("a [title][1]\n\n[1]: https://doi.org/10.5555/x", [AT_DOI_ORG]),
        ("<https://doi.org/10.5555/x>", [AT_DOI_ORG]),
        ("https://doi.org/10.5555/x", [AT_DOI_ORG]),
        ("**10.5555/x**, *b*", [X]),
        ("10.5555/\\_x\\_y", [("doi:10.5555/_x_y", "plain-doi")]),
        ("10.5555/x_y_z", [("doi:10.5555/x_y_z", "plain-doi")]),
        ("10.5555/1<l2::aid-x>3", [("doi:10.5555/1<l2::aid-x>3", "plain-doi")]),
        ("`10.5555/x`", [X]),
        ("```\n10.5555/x\n```", [X]),
        ("> - 10.5555/x", [X]),
        ("| a | 10.5555/x |\n|---|---|\n| c | d |", [X]),
        ('a <a href="https://doi.org/10.5555/x">b</a>', [AT_DOI_ORG]),
        ("<div>\n10.5555/x\n</div>", [X]),
        ("![10.5555/x](a.png)", [X]),
        ("a  \n10.5555/x\nb", [X]),
    ],
)
def test_markdown_is_read_as_its_readers_see_it(text: str, found: list[tuple[str, str]]) -> None:
    assert names(markdown(text)) == found


def test_markdown_that_is_too_long_is_read_as_plain_text() -> None:
    text = f"[a](https://doi.org/10.5555/x) {'b ' * LONGEST_MARKDOWN}"

    assert names(markdown(text)) == [AT_DOI_ORG]


TEMPLATE = ("doi:10.5555/x", "template")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{cite journal |title=A |doi=10.5555/x |doi-access=free}}", [TEMPLATE]),
        ("{{Cite journal|\nDOI = 10.5555/X\n}}", [TEMPLATE]),
        ("{{doi|10.5555/x}}", [TEMPLATE]),
        ("{{doi|1=10.5555/x}}", [TEMPLATE]),
        ("{{cite_doi|10.5555/x}}", [TEMPLATE]),
        ("{{cite|doi=((10.5555/x))}}", [TEMPLATE]),
        ("{{cite|doi=10.5555/<!-- 10.5555/no -->x}}", [TEMPLATE]),
        ("{{cite|doi=<nowiki>10.5555/x</nowiki>}}", [TEMPLATE]),
        ("{{cite|id={{doi|10.5555/x}}|title={{nowrap|a}}}}", [TEMPLATE]),
        ("{{cite|title=[[a|b]]|doi=10.5555/x}}", [TEMPLATE]),
        ("{{cite|title=[[a|doi=10.5555/x}}", [("doi:10.5555/x", "prefixed")]),
        ("{{cite|pmid=123|pmc=45|isbn=0-306-40615-2|hdl=1721.1/7}}", [
            ("pmid:123", "template"), ("pmcid:PMC45", "template"), ("isbn:9780306406157", "template"),
            ("handle:1721.1/7", "template")]),
        ("{{cite arxiv|eprint=2101.00001v2|class=a}}", [
            ("arxiv:2101.00001", "template"), ("doi:10.48550/arxiv.2101.00001", "template")]),
        ("{{cite|bibcode=2019ApJ...882L..12B|ssrn=77}}", [
            ("ads:2019ApJ...882L..12B", "template"), ("ssrn:77", "template"), ("doi:10.2139/ssrn.77", "template")]),
        ("{{ISBN|0-306-40615-2|9780306406158}}", [("isbn:9780306406157", "template")]),
        ("{{cite|url=https://doi.org/10.5555/x|access-date=a}}", [AT_DOI_ORG]),
        ("{{cite|id=PMID 123}}", [("pmid:123", "prefixed")]),
        ("{{cite|doi=see 10.5555/x}}", [X]),
        ("{{URL|https://a.example/?id=10.5555/x}}", [
            ("doi:10.5555/x", "publisher-url"), ("url:https://a.example/?id=10.5555/x", "landing-page")]),
        ("{{cite|doi=10.5555/x...}}", []),
        ("{{cite|doi=}}", []),
        ("{{cite|isbn=28-1298-2021}}", []),
        ("{{cite|doi-broken-date=10.5555}}", []),
        ("[https://doi.org/10.5555/x the text]", [AT_DOI_ORG]),
        ("[https://doi.org/10.5555/x]", [AT_DOI_ORG]),
        ("[[doi:10.5555/x|the text]]", [("doi:10.5555/x", "prefixed")]),
        ("<ref name=a>A. 10.5555/x</ref>", [X]),
        ("10.5555/x<ref name=b/>", [X]),
        ("10.5555/x<!-- no -->", [X]),
        ("<!-- 10.5555/no -->", []),
        ("<nowiki>{{doi|10.5555/x}}</nowiki>", [X]),
        ("<!-- 10.5555/x", [X]),
        ("{{cite|doi=10.5555/x", [("doi:10.5555/x", "prefixed")]),
        ("}} ]] | 10.5555/x", [X]),
        ("{| class=a\n| 10.5555/x || b\n|}", [X]),
        ("PMID 123", [("pmid:123", "prefixed")]),
    ],
)  # fmt: skip
def test_wikitext_is_read_by_its_templates_and_links(text: str, found: list[tuple[str, str]]) -> None:
    assert names(wikitext(text)) == found


def test_the_excerpt_of_a_template_is_the_field_and_its_name() -> None:
    assert [one.excerpt for one in wikitext("{{cite|\n doi = 10.5555/X \n}} {{doi|10.5555/Y}}")] == [
        "doi = 10.5555/X", "doi|10.5555/Y"
    ]  # fmt: skip


def test_templates_may_stand_within_each_other_as_deep_as_mediawiki_reads_them() -> None:
    deep = "{{a|" * 30 + "{{doi|10.5555/x}}" + "}}" * 30

    assert names(wikitext(deep)) == [TEMPLATE]
    assert ("doi:10.5555/x", "plain-doi") in names(wikitext("{{a|" * 10_000 + "10.5555/x"))


WORDS = st.sampled_from(["tides", "10.5555/a", " b ", "[[d|e]]", "<!-- |f=}} -->", "https://a.example/ "])
VALUES = st.sampled_from(["10.5555/x", " 10.5555/Y\n", "123", "", "10.5555/z<!-- -->", "((10.5555/x))", "no"])
IDENTIFIERS = st.tuples(st.sampled_from(["doi", "DOI ", "pmid", " Pmid"]), VALUES)
WIKITEXT = st.recursive(
    st.lists(WORDS, max_size=3).map("".join),
    lambda inner: st.builds(
        "{{{{{}|{}}}}}".format,
        st.sampled_from(["cite journal", "Cite", "sfn"]),
        st.lists(IDENTIFIERS | st.tuples(st.sampled_from(["title", "id", "url"]), inner), min_size=1, max_size=4)
        .map(lambda fields: "|".join(f"{key}={value}" for key, value in fields)),
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(WIKITEXT, max_size=4).map(" ".join))
def test_templates_are_read_as_another_parser_of_wikitext_reads_them(text: str) -> None:
    expected = set()
    for template in mwparserfromhell.parse(text).filter_templates():
        for field in template.params:
            scheme = {"doi": "doi", "pmid": "pmid"}.get(str(field.name).strip().lower(), "none")
            value = field.value.strip_code().strip().removeprefix("((").removesuffix("))")
            expected.add(normalise(scheme, value))

    found = {one.identifier for one in wikitext(text) if one.method == "template"}

    assert found == expected - {None}


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>10.5555/x</p>", [X]),
        ("<p>10.5555/x<p>y", [X]),
        ("<ul><li>10.5555/x<li>y</ul>", [X]),
        ("<table><tr><td>10.5555/x<td>y</table>", [X]),
        ("10.5555/x<br>y", [X]),
        ("10.55<b>55/</b><wbr><i>x</i>", [X]),
        ("10.5555/<!-- -->x", [X]),
        ("10.5555/a&lt;3&gt;c", [("doi:10.5555/a<3>c", "plain-doi")]),
        ("<p>doi:&nbsp;10.5555/x</p>", [("doi:10.5555/x", "prefixed")]),
        ('<a href="https://doi.org/10.5555/x">here</a>', [AT_DOI_ORG]),
        ('<a href=" //doi.org/10.5555/x ">here</a>', [AT_DOI_ORG]),
        ('<a href="https://doi.org/10.5555%2Fx?a=1&amp;b=2">10.5555/x</a>', [AT_DOI_ORG, X]),
        ('<a href="doi:10.5555/x">here</a>', [("doi:10.5555/x", "prefixed")]),
        ('<map><area href="https://doi.org/10.5555/x"></map>', [AT_DOI_ORG]),
        ('<blockquote cite="https://doi.org/10.5555/x">a</blockquote>', [AT_DOI_ORG]),
        ("<p class=h-card>10.5555/x", [X]),
        ("<script>10.5555/no</script><style>10.5555/no</style><template>10.5555/no</template>", []),
        ("<html><head><title>10.5555/no</title><meta name=citation_doi content=10.5555/no></head><body>a", []),
        ('<p title="10.5555/no">a</p>', []),
        ("<!-- 10.5555/no -->", []),
        ('<a href="#10.5555/no">a</a><a href="/doi/10.5555/no">a</a><a href>a</a><a>b</a>', []),
        ("", []),
        ("\x00", []),
    ],
)
def test_html_is_read_by_its_links_and_its_visible_text(markup: str, found: list[tuple[str, str]]) -> None:
    assert names(html(markup)) == found


def test_links_that_lead_from_a_page_need_its_address() -> None:
    markup = '<a href="/doi/10.5555/x">a</a>'
    page = "https://publisher.example/toc/1"

    assert ("doi:10.5555/x", "publisher-url") in names(html(markup, page))
    assert ("doi:10.5555/x", "publisher-url") in names(links(f'<base href="{page}">{markup}'))
    assert names(links(markup, "https://[::1")) == []


def test_links_are_those_of_the_links_alone() -> None:
    assert names(links('<a href="https://doi.org/10.5555/x">10.5555/y</a> 10.5555/z')) == [AT_DOI_ORG]
