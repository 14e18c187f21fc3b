"""Works as OpenAlex describes them, and what of them is taken."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from connectors.documents import listed, within
from connectors.enriching import found, identical, issns, landing, said, word, words
from connectors.identifiers import Identifier
from connectors.records import Learned

_PMC = re.compile(r"https?://[\w./]*/pmc/articles/(?:PMC)?(\d+)/?", re.ASCII | re.IGNORECASE)


def learned(works: Collection[Any], about: Collection[Identifier]) -> Iterator[Learned]:
    """What works say of the DOIs that were asked about. Of a DOI that several works claim nothing is believed."""
    by_doi: dict[Identifier, list[Any]] = defaultdict(list)
    for work in works:
        doi = found("doi", within(work, "doi"))
        if doi is not None and doi in about:
            by_doi[doi].append(work)
    for doi, claiming in by_doi.items():
        if len(claiming) == 1:
            yield _learned(doi, claiming[0])


def _learned(doi: Identifier, work: Any) -> Learned:
    place = within(work, "primary_location")
    source = within(place, "source")
    in_a_journal = within(source, "type") == "journal"
    ids = within(work, "ids")
    names = [found("pmid", within(ids, "pmid")), _pmcid(within(ids, "pmcid"))]
    return Learned(
        asked=doi,
        doi=doi,
        versions=identical([*names, landing(within(place, "landing_page_url"))]),
        journal=word(within(source, "display_name")) if in_a_journal else "",
        issns=issns([within(source, "issn_l"), *listed(within(source, "issn"))]) if in_a_journal else (),
        subjects=words(within(each, "field", "display_name") for each in listed(within(work, "topics"))),
        raw=said(
            licence=within(place, "license"),
            notice="retracted" if within(work, "is_retracted") is True else "",
        ),
    )


def _pmcid(told: object) -> Identifier | None:
    """OpenAlex writes its number with and without the letters."""
    number = _PMC.fullmatch(told) if isinstance(told, str) else None
    return found("pmcid", f"PMC{number[1]}" if number else told)
