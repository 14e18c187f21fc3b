"""Invented outputs with their records and authors: all combinations of levels, then the odd ones, then the rest."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from sandbox.identifiers import isbn
from sandbox.model import Authorship, Name, Output, PartialDate, Person, Privacy, Record
from sandbox.names import FIRST_NAMES, JOURNALS, KINDS, LAST_NAMES, PLACES, SUBJECTS
from sandbox.oddities import ODDITIES, Oddity
from sandbox.people import stamps
from sandbox.scenarios import SCENARIOS

LEVELS: tuple[Privacy, ...] = ("public", "internal", "private")
COMBINATIONS: tuple[tuple[Privacy, Privacy, bool, bool], ...] = tuple(
    product(LEVELS, LEVELS, (False, True), (True, False))
)
"""Output level, relationship level, confidential record, ever approved: output n of the first 36 has the nth."""

NAMED = (*ODDITIES, *(Oddity(name, lambda output: output) for name in SCENARIOS))
"""The outputs that follow them: public in every way, odd in one, or plain and there for the mentions of one rule."""

PLAIN = len(COMBINATIONS) + len(NAMED)
FIRST_OUTPUT = 50_001
FIRST_AUTHORSHIP = 700_001
TYPES = (
    *("journal-article",) * 12, "conference", "conference", "chapter", "book", "dataset", "software", "preprint",
    "report", "thesis-dissertation", "patent", "other",
)  # fmt: skip
MIXES = (("manual",), ("crossref",), ("wos", "scopus"), ("crossref", "dimensions", "pubmed"), ("manual", "dspace"),
         ("arxiv", "crossref"), ("dimensions",), ("wos", "scopus", "crossref", "manual"))  # fmt: skip
WITHOUT_JOURNAL = frozenset({"book", "dataset", "software", "report", "thesis-dissertation", "patent", "other"})
SHY = 0.06
"""The share of outputs, and of links, of each lower level beyond the first combinations: most work is public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One output with its links, and the name of its oddity where it has one."""

    output: Output
    authorships: tuple[Authorship, ...]
    oddity: str = ""


def outputs(count: int, people: Sequence[Person], rng: random.Random) -> Iterator[Made]:
    """`count` outputs: the 36 combinations by the one author who is public, current and academic; then the named ones
    by the same author; then the rest by anybody."""
    link = FIRST_AUTHORSHIP
    for n in range(count):
        odd = NAMED[n - len(COMBINATIONS)] if len(COMBINATIONS) <= n < PLAIN else None
        if n < len(COMBINATIONS):
            level, link_level, confidential, approved = COMBINATIONS[n]
            authors = [people[0]]
        elif odd:
            level, link_level, confidential, approved = "public", "public", False, True
            authors = [people[0]]
        else:
            level, link_level, confidential, approved = _level(rng), "public", rng.random() < 0.02, rng.random() > 0.03
            authors = rng.sample(people, min(len(people), 1 + n % 4))
        kind = TYPES[n % len(TYPES)] if n >= PLAIN else "journal-article"
        output = Output(
            id=FIRST_OUTPUT + n,
            type=kind,
            privacy=level,
            ever_approved=approved,
            records=_records(FIRST_OUTPUT + n, kind, authors, confidential, rng),
            stamps=stamps(rng),
        )
        if odd:
            output = odd.change(output)
        links = []
        for position, author in enumerate(authors, start=1):
            own = link_level if n < PLAIN else _level(rng)
            role = "publication-user-editorship" if kind == "book" and position == 1 else "publication-user-authorship"
            links.append(
                Authorship(
                    id=link,
                    output=output.id,
                    person=author.id,
                    type=role,
                    privacy=own,
                    position=position,
                    stamps=stamps(rng),
                )
            )
            link += 1
        yield Made(output=output, authorships=tuple(links), oddity=odd.name if odd else "")


def _level(rng: random.Random) -> Privacy:
    drawn = rng.random()
    return "private" if drawn < SHY else "internal" if drawn < 2 * SHY else "public"


def _records(
    number: int, kind: str, authors: Sequence[Person], confidential: bool, rng: random.Random
) -> tuple[Record, ...]:
    mix = ("manual", *MIXES[number % len(MIXES)]) if confidential else MIXES[number % len(MIXES)]
    mix = tuple(dict.fromkeys(mix))
    subject, place, study = rng.choice(SUBJECTS), rng.choice(PLACES), rng.choice(KINDS)
    journal = None if kind in WITHOUT_JOURNAL else JOURNALS[number % len(JOURNALS)]
    byline = tuple(Name(last=p.last_name, first=p.first_name, person=p.id) for p in authors)
    outsiders = tuple(Name(last=rng.choice(LAST_NAMES), first=rng.choice(FIRST_NAMES)) for _ in range(rng.randrange(4)))
    base = Record(
        source="",
        id_at_source="",
        title=f"{subject.capitalize()} in {place}: a {study}",
        doi="" if kind in ("thesis-dissertation", "other") else f"10.5555/example.{number}",
        published=_published(number),
        journal=journal,
        volume=str(1 + number % 60),
        isbn=isbn(number) if kind == "book" else "",
        authors=byline + outsiders,
    )
    return tuple(_as_told_by(source, base, number, confidential) for source in mix)


def _as_told_by(source: str, base: Record, number: int, confidential: bool) -> Record:
    """The same output with what one source knows better, worse, or in its own spelling."""
    told = replace(base, source=source, id_at_source=f"{source}-{number}")
    match source:
        case "manual":
            return replace(told, confidential=confidential or (False if number % 4 == 0 else None))
        case "dspace":
            return replace(told, handle=f"20.500.99999/{number}", abstract="Deposited in the example repository.")
        case "pubmed":
            return replace(told, id_at_source=str(99_000_000 + number), pmid=str(99_000_000 + number),
                           pmcid=f"PMC{99_000_000 + number}")  # fmt: skip
        case "arxiv":
            return replace(told, id_at_source=f"9901.{number % 100_000:05d}", arxiv=f"9901.{number % 100_000:05d}",
                           doi="", journal=None)  # fmt: skip
        case "crossref":
            return replace(told, id_at_source=base.doi or told.id_at_source, citations=number % 40)
        case "wos":
            return replace(told, id_at_source=f"WOS:9{number:014d}", title=base.title.upper(), doi=base.doi.upper())
        case "scopus":
            return replace(told, id_at_source=f"2-s2.0-9{number:010d}", citations=number % 50)
        case _:
            return told


def _published(number: int) -> PartialDate:
    """A year, mostly with a month, mostly with a day."""
    month = 1 + number % 12 if number % 7 else None
    return (2012 + number % 15, month, 1 + number % 28 if month and number % 3 else None)
