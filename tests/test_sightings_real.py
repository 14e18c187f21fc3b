"""How many DOIs of a list come back exactly from each way in which they are written: at least 99.5 of 100.

The list of real ones is read where it is; the invented one has the same shapes, so that this proves something anywhere.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from connectors.sightings import Sighting, address, html, markdown, plain, wikitext

ENOUGH = 0.995
SHAPES = (  # of the DOIs that are registered, with nobody's prefix
    "10.5555/{n}", "10.5555/abc.{n}", "10.5555/s0000-0000({n:02})00001-2", "10.5555/978-3-000-00000-{n}_12",
    "10.5555/(sici)1097-0000(1999{n:04})75:1<47::aid-abc{n}>3.0.co;2-i", "10.5555/0000(1999){n}:1<1:aaa>2.0.co;2",
    "10.5555/journal.abcd.{n:07}", "10.5555/abc/gkx{n}", "10.5555/2041-8205/{n}/1/l12", "10.5555/bc{n}+",
    "10.5555/a_{n}_b", "10.5555/a-b:{n}", "10.5555/a..{n}", "10.5555/[{n}]a", "10.5555/a(b[{n}])", "10.123456789/{n}",
    "10.5555/a;{n}", "10.5555/tsep..61.{n}.565", "10.5555/Ab{n}",
)  # fmt: skip
INVENTED = [shape.format(n=n).lower() for n in range(20) for shape in SHAPES]

WAYS: dict[str, tuple[Callable[[str], list[Sighting]], Callable[[str], str]]] = {
    "bare": (plain, lambda doi: doi),
    "with a full stop": (plain, lambda doi: f"See {doi}."),
    "with a comma": (plain, lambda doi: f"See {doi}, and others."),
    "prefixed in brackets": (plain, lambda doi: f"Tides (doi: {doi}) rise"),
    "in brackets": (plain, lambda doi: f"Tides ({doi})."),
    "in square brackets": (plain, lambda doi: f"Tides [{doi}];"),
    "in pointed brackets": (plain, lambda doi: f"Tides <{doi}>,"),
    "in quotes": (plain, lambda doi: f'"doi":"{doi}",'),
    "as an address": (plain, lambda doi: f"See https://doi.org/{doi}."),
    "as an address, encoded": (plain, lambda doi: f"See http://dx.doi.org/{quote(doi, safe='')}."),
    "as an address, encoded twice": (plain, lambda doi: f"https://doi.org/{quote(quote(doi, safe=''))}"),
    "at a publisher": (address, lambda doi: f"https://publisher.example/doi/epdf/{quote(doi)}"),
    "at a publisher, with more behind it": (address, lambda doi: f"https://publisher.example/{quote(doi)}/abstract"),
    "at a publisher, as a file": (address, lambda doi: f"https://publisher.example/{quote(doi)}.pdf"),
    "in a query": (address, lambda doi: f"https://publisher.example/a?id={quote(doi, safe='')}&type=printable"),
    "Markdown": (markdown, lambda doi: f"See **this**: {escape(doi, quote=False)}."),
    "text of a link in Markdown": (markdown, lambda doi: f"See [{doi}](https://a.example/)."),
    "destination in Markdown": (markdown, lambda doi: f"See [it](https://doi.org/{quote(doi)})."),
    "href": (html, lambda doi: f'<a href="https://doi.org/{escape(doi)}">it</a>'),
    "href, encoded": (html, lambda doi: f'<a href="https://doi.org/{quote(doi)}">it</a>'),
    "text of HTML": (html, lambda doi: f"<p>Tides <b>rise</b>. {escape(doi)}</p><p>They fall."),
    "template in wikitext": (wikitext, lambda doi: f"{{{{cite journal|title=Tides|doi={doi}|year=2020}}}}"),
    "note in wikitext": (wikitext, lambda doi: f"<ref>Tides. doi:{doi}</ref> rise"),
    "link in wikitext": (wikitext, lambda doi: f"[https://doi.org/{quote(doi)} Tides]"),
}


def lost(dois: list[str], way: str) -> set[str]:
    """Those for which not exactly that one DOI is found."""
    extract, write = WAYS[way]
    return {doi for doi in dois if [found(one) for one in extract(write(doi)) if found(one)] != [doi]}


def found(sighting: Sighting) -> str:
    return sighting.identifier.value if sighting.identifier.scheme == "doi" else ""


@pytest.mark.parametrize("way", WAYS)
def test_invented_dois_come_back_exactly(way: str) -> None:
    assert lost(INVENTED, way) == set()


@pytest.mark.parametrize("way", WAYS)
def test_real_dois_come_back_exactly(shared_data: Path, way: str) -> None:
    files = sorted((shared_data / "identifiers" / "altmetric-identifiers").glob("*.txt"))
    dois = [line for file in files for line in file.read_text("utf-8").splitlines() if line]
    ends_in_full_stops = {doi for doi in dois if doi.endswith(".")}  # which nobody can tell from prose

    missing = lost(dois, way)

    assert len(dois) == 1003
    assert missing <= ends_in_full_stops
    assert 1 - len(missing) / len(dois) >= ENOUGH


def test_a_dump_of_wikipedia_gives_what_stands_in_it(shared_data: Path) -> None:
    dump = etree.parse(shared_data / "identifiers" / "mwcites" / "mw_dump_stub.xml")
    expected = {  # read off the file: which revisions hold the words
        "doi:10.0000/m1": "10.0000/m1", "doi:10.0000/m2": "doi=10.0000/m2",
        "doi:10.1177/0002764212469365": "doi: 10.1177/0002764212469365",
        "doi:10.1170/foo<bar>(herp)derp": "foo<bar>(herp)derp]",
        "doi:10.1170/foo<bar>(herp)derp[waffles]": "derp[waffles]",
        "doi:10.1098/rspb.2008.1131": "doi=10.1098/rspb.2008.1131",
        "doi:10.2387/234310.2347/39423": "10.2387/234310.2347/39423",
        "pmid:10559875": "pmid=10559875", "arxiv:0706.0004": "0706.0004", "arxiv:0706.0005": "0706.0005",
    }  # fmt: skip

    for text in dump.xpath("//*[local-name()='text']/text()"):
        names = {str(one.identifier) for one in wikitext(text) if one.identifier.scheme not in ("url", "isbn")}

        assert names & expected.keys() == {name for name, words in expected.items() if words in text}
        assert {name for name in names - expected.keys() if not name.startswith("doi:10.48550/")} == set()
