"""Publications as the practice Elements writes them: the object, its records and their fields."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from sandbox.elements.wire import Wire, privacy, stamp
from sandbox.markup import tag, text
from sandbox.model import Journal, Name, Output, PartialDate, Record

SOURCES = {
    # name: id, display name, precedence; ids and display names of the first five as at Cambridge
    "wos": (3, "Web of Science", 4),
    "arxiv": (5, "arXiv", 8),
    "scopus": (7, "Scopus", 5),
    "wos-lite": (11, "Web of Science (Lite)", 7),
    "crossref": (13, "CrossRef", 3),
    "manual": (1, "Manual", 1),
    "pubmed": (2, "PubMed", 2),
    "dimensions": (21, "Dimensions", 6),
    "dspace": (25, "Example Repository", 9),
}
TYPES = {
    # the ids of a site are its own; chapter, conference and journal-article are as seen
    "book": 2, "chapter": 3, "conference": 4, "journal-article": 5, "patent": 6, "report": 7, "software": 8,
    "thesis-dissertation": 11, "other": 12, "dataset": 30, "preprint": 39,
}  # fmt: skip
JOURNAL_SOURCES = ("snip", "sherpa-romeo", "sjr")


def publication(wire: Wire, base: str, output: Output, *, full: bool, preferred: bool = True) -> str:
    """One publication object; `full` adds everything but the attributes.

    A record that its users prefer is marked in every listing, though a real server marks it only where the answer is
    about one user: practice should exercise the reading of it."""
    href = f"{base}/publications/{output.id}"
    stamps = output.stamps
    content: list[str] = []
    if full:
        content = [
            _merges(base, output),
            text("ever-approved", output.ever_approved),
            _reporting_date(output),
            privacy(wire, output.privacy),
            _repository(output),
            tag("records", *(_record(wire, base, output, n, r, preferred) for n, r in enumerate(output.records))),
            tag("fields"),
            _labels(output),
            _journal(base, output),
            tag("relationships", href=f"{href}/relationships"),
        ]
    return tag(
        "object",
        *content,
        category="publication",
        id=output.id,
        last_affected_when=stamp(stamps.affected) if wire.affected else None,
        last_modified_when=stamp(stamps.modified if wire.affected else stamps.affected),
        href=href,
        created_when=stamp(stamps.created),
        type_id=TYPES[output.type],
        type=output.type,
    )


def journal(base: str, journal: Journal) -> str:
    """A journal with the records of journal sources, which are no records of a publication."""
    records = (tag("record", text("title", journal.name), source_name=name) for name in JOURNAL_SOURCES)
    return tag("journal", tag("records", *records), issn=journal.issn, href=f"{base}/journals/{journal.issn}")


def source(name: str) -> str:
    """A data source with its place in the order of trust; only `manual` may be imported to."""
    number, display, rank = SOURCES[name]
    ranks = (tag("type", name=kind, precedence_value=rank) for kind in ("default", "reporting-tools"))
    content = (text("importable", name == "manual"), text("display-name", display), tag("precedence", *ranks))
    return tag("data-source", *content, category="publication", id=number, name=name)


def _merges(base: str, output: Output) -> str:
    merges = (
        tag(
            "merge",
            tag("merged-object", id=merge.merged, href=f"{base}/publications/{merge.merged}"),
            tag("merged-into-object", id=merge.into, href=f"{base}/publications/{merge.into}"),
            when=stamp(merge.when),
        )
        for merge in output.merges
    )
    return tag("merge-history", *merges) if output.merges else ""


def _reporting_date(output: Output) -> str:
    published = next((r.published for r in output.records if r.published and r.published[1]), None)
    if not published or not 1 <= (published[1] or 0) <= 12:
        return ""
    return text("reporting-date-1", date(published[0], published[1] or 1, 1).isoformat())


def _repository(output: Output) -> str:
    handle = next((r.handle for r in output.records if r.handle), "")
    if not handle:
        return ""
    url = text("public-url", f"https://repository.example.edu/handle/{handle}")
    item = tag("repository-item", url, text("content-file-count", 1), repository_id=1, repository_name="dspace")
    return tag("repository-items", item)


def _labels(output: Output) -> str:
    told = [text("keyword", word, scheme=scheme, origin="object-data") for scheme, word in output.labels]
    if any(r.journal for r in output.records):
        told.append(text("keyword", "0000 Example Studies", scheme="for", origin="issn-inferred"))
    return tag("all-labels", tag("keywords", *told), type="keyword-list") if told else ""


def _journal(base: str, output: Output) -> str:
    found = next((r.journal for r in output.records if r.journal), None)
    return journal(base, found) if found else ""


def _record(wire: Wire, base: str, output: Output, place: int, record: Record, preferred: bool) -> str:
    number, display, _ = SOURCES[record.source]
    return tag(
        "record",
        text("citation-count", record.citations) if record.citations is not None else "",
        text("verification-status", "unverified") if record.source == "manual" else "",
        tag("native", *_fields(wire, base, record)),
        format="native",
        id=output.id * 10 + place if wire.affected else None,
        source_id=number,
        source_name=record.source,
        source_display_name=display,
        id_at_source=record.id_at_source,
        is_preferred_record="true" if record.preferred and preferred else None,
    )


def _fields(wire: Wire, base: str, record: Record) -> Iterator[str]:
    """The fields a record has, in alphabetical order; what a source does not know is not there at all."""
    if record.abstract:
        yield _text("abstract", "Abstract", record.abstract)
    if record.authors:
        people = (_person(wire, base, name) for name in record.authors)
        yield _field("authors", "person-list", "Authors", tag("people", *people))
    if record.confidential is not None:
        yield _field("confidential", "boolean", "Confidential", text("boolean", record.confidential))
    if record.doi:
        doi = quote(record.doi, safe="/:;().,")
        links = (
            tag("link", type="doi", href=f"http://doi.org/{doi}"),
            tag("link", type="altmetric", href=f"http://www.altmetric.com/details.php?doi={doi}"),
        )
        yield _field("doi", "text", "DOI", text("text", record.doi) + tag("links", *links))
    if record.journal:
        yield _text("eissn", "eISSN", record.journal.eissn)
    schemes = (("pubmed", record.pmid), ("pmc", record.pmcid), ("arxiv", record.arxiv))
    if identifiers := [text("identifier", value, scheme=scheme) for scheme, value in schemes if value]:
        content = tag("identifiers", *identifiers)
        yield _field("external-identifiers", "identifier-list", "External identifiers", content)
    if record.isbn:
        yield _text("isbn-13", "ISBN-13", record.isbn)
    if record.journal:
        link = tag("link", type="elements/journal", href=f"{base}/journals/{record.journal.issn}")
        yield _field("issn", "text", "ISSN", text("text", record.journal.issn) + tag("links", link))
        yield _text("journal", "Journal", record.journal.name)
    if record.handle:
        yield _text("public-url", "Public URL", f"https://hdl.handle.net/{record.handle}")
    if record.published:
        yield _field("publication-date", "date", "Publication date", _date(record.published))
    if record.journal:
        yield _text("publisher", "Publisher", record.journal.publisher)
    if record.source == "dspace":
        yield _text("repository-status", "Repository status", "Public")
    if record.title:
        yield _text("title", "Title", record.title)
    if record.volume:
        yield _text("volume", "Volume", record.volume)


def _text(name: str, display: str, value: str) -> str:
    return _field(name, "text", display, text("text", value))


def _field(name: str, kind: str, display: str, content: str) -> str:
    return tag("field", content, name=name, type=kind, display_name=display)


def _date(published: PartialDate) -> str:
    year, month, day = published
    parts = (("day", day), ("month", month), ("year", year))
    return tag("date", *(text(name, value) for name, value in parts if value is not None))


def _person(wire: Wire, base: str, name: Name) -> str:
    """v4.6 knows last name and initials only; later ones the first names, and who was resolved to a profile."""
    surname, initials = text("last-name", name.last), text("initials", name.first[:1])
    if not wire.affected:
        return tag("person", surname, initials)
    link = tag("link", type="elements/user", id=name.person, href=f"{base}/users/{name.person}")
    first = text("first-names", name.first) + tag("separate-first-names", text("first-name", name.first))
    return tag("person", tag("links", link) if name.person else "", surname, initials, first)
