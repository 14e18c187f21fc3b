"""What real systems hold and nobody expects: one output for each, named, so that tests and demonstrations find it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.identifiers import isbn
from sandbox.model import Name, Output, PartialDate, Record

CROWD = 600
"""Authors of the crowded output; one object of the real sample has 736 persons."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """A name and what it does to an otherwise ordinary public output of a public, current, academic author."""

    name: str
    change: Callable[[Output], Output]


def _every(output: Output, **changes: object) -> Output:
    return replace(output, records=tuple(_with(record, **changes) for record in output.records))


def _with(record: Record, **changes: object) -> Record:
    return replace(record, **changes)  # type: ignore[arg-type]  # the table below names real fields only


def _titled(name: str, title: str) -> Oddity:
    return Oddity(name, lambda output: _every(output, title=title))


def _dated(name: str, published: PartialDate | None) -> Oddity:
    return Oddity(name, lambda output: _every(output, published=published))


def _doi(name: str, pattern: str) -> Oddity:
    return Oddity(name, lambda output: _every(output, doi=pattern.format(output.id)))


def _only(output: Output, source: str, **changes: object) -> Record:
    return _with(output.records[0], source=source, id_at_source=f"{source}-{output.id}", **changes)


def _two_dois(output: Output) -> Output:
    one = _only(output, "crossref", doi=f"10.5555/one.{output.id}")
    other = _only(output, "scopus", doi=f"10.5555/other.{output.id}")
    return replace(output, records=(one, other))


def _two_dois_preferred(output: Output) -> Output:
    one = _only(output, "crossref", doi=f"10.5555/one.{output.id}")
    other = _only(output, "scopus", doi=f"10.5555/other.{output.id}", preferred=True)
    return replace(output, records=(one, other))


def _two_of_a_source(output: Output) -> Output:
    one = _only(output, "dimensions")
    return replace(output, records=(one, _with(one, id_at_source=f"dimensions-{output.id}-again")))


def _by_pmid(output: Output) -> Output:
    number = str(99_000_000 + output.id)
    return replace(output, records=(_only(output, "pubmed", doi="", pmid=number, pmcid=f"PMC{number}"),))


def _by_arxiv(output: Output) -> Output:
    return replace(output, records=(_only(output, "arxiv", doi="", journal=None, arxiv=f"9901.{output.id}"),))


def _by_handle(output: Output) -> Output:
    return replace(output, records=(_only(output, "dspace", doi="", handle=f"20.500.99999/{output.id}"),))


def _by_isbn(output: Output) -> Output:
    book = _only(output, "manual", doi="", journal=None, isbn=isbn(output.id))
    return replace(output, type="book", records=(book,))


def _crowded(output: Output) -> Output:
    crowd = tuple(Name(last=f"Collaborator {n}", first="Many") for n in range(CROWD))
    return _every(output, authors=(*output.records[0].authors, *crowd))


ODDITIES = (
    _titled("emoji", "Do bees dream? 🐝 A field study of rest in pollinators 🌼"),
    _titled("markup", "Growth of <i>Exempla virginica</i> under CO<sub>2</sub> stress &amp; light"),
    _titled("script", "<script>alert('example')</script> considered harmful"),
    _titled("newlines", "A title that was\n      pasted from a PDF,\n\twith its line breaks"),
    _titled("maths", r"On $\mathcal{O}(n^{3/2})$ bounds for ∑ᵢ xᵢ² ≤ ∞ when ε → 0⁺"),
    _titled("arabic", "دراسة نموذجية عن المكتبات الجامعية (2026)"),
    _titled("hebrew", "מחקר לדוגמה על ספריות: חלק 2"),
    _titled("formula", "=SUM(A1:A9) and other spreadsheet accidents"),
    _titled("long title", "On the length of titles, " * 40 + "with an end"),
    _titled("no title", ""),
    _dated("31 February", (2021, 2, 31)),
    _dated("month 13", (2020, 13, 1)),
    _dated("no date", None),
    _dated("year only", (2019, None, None)),
    _dated("month only", (2019, 11, None)),
    _doi("trailing junk", "10.5555/junk.{} [accessed 3 May]."),
    _doi("doi as address", "https://doi.org/10.5555/Address.{}"),
    _doi("doi with prefix", "doi:10.5555/prefix.{}"),
    _doi("not a doi", "doi:123.{}"),
    _doi("no doi", ""),
    _doi("angle brackets", "10.5555/(SICI)0000-0000(19990101)1:1<1::AID-{}>3.0.CO;2-K"),
    Oddity("two dois", _two_dois),
    Oddity("two dois, one preferred", _two_dois_preferred),
    Oddity("two records of one source", _two_of_a_source),
    Oddity("by pmid", _by_pmid),
    Oddity("by arxiv", _by_arxiv),
    Oddity("by handle", _by_handle),
    Oddity("by isbn", _by_isbn),
    Oddity("crowded", _crowded),
)
