"""Articles as Overton tells them with what cites them, and what of that is taken."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256

from connectors.answering import LONGEST, entries, words, written
from connectors.attention import Evidence, Mention
from connectors.documents import Document, listed, part, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier, canonical_url, normalise
from connectors.records import Heard
from connectors.texts import LONGEST_EXCERPT, readable_key

EXTRACTOR = "overton-1"
GUIDELINE = re.compile(r"\bguidelines?\b", re.IGNORECASE)
MOST_PAGES = 20  # that are quoted of one document
_SET = re.compile(r"[!-~]{1,200}")
_WHOLE = {4: "-01-01", 7: "-01"}  # what a year and a month lack of their first day


def name_of_set(told: Document) -> str:
    """Under what the set is asked about."""
    name = words(told, "set")
    if not _SET.fullmatch(name):
        raise NotUnderstood("no set in the answer")
    return name


def heard(pages: Iterable[Document], about: Collection[Identifier]) -> Iterator[Heard]:
    """What cites those that were asked about. What is said of anything else is not heard."""
    found: dict[Identifier, dict[str, Mention]] = defaultdict(dict)
    for article in (each for page in pages for each in entries(part(page, "results"), "results")):
        doi = normalise("doi", words(article, "doi"))
        if doi is None:
            raise NotUnderstood("an article of which nobody knows which it is")
        uncited = article.get("citations") == 0 and "cited_by_documents" not in article
        for citing in entries(article, "cited_by_documents") if doi in about and not uncited else ():
            if (mention := _mention(citing, doi)) is not None:
                found[doi].setdefault(mention.key, mention)
    for doi, mentions in found.items():
        yield Heard(asked=doi, mentions=tuple(mentions.values()))


def _mention(citing: Document, doi: Identifier) -> Mention | None:
    """None for a document without a day, which has no place in time, and so in no score."""
    key, day = readable_key(words(citing, "policy_document_id")), words(citing, "published_on")
    url = canonical_url(words(citing, "document_url")) or canonical_url(words(citing, "url"))
    if not key or not url:
        raise NotUnderstood("a document without id or address")
    if not day:
        return None
    series = " ".join(text(citing.get(name), most=LONGEST) for name in ("type", "subtype", "overton_document_series"))
    publisher = text(citing.get("source_title"), most=LONGEST) or text(citing.get("policy_source_id"), most=LONGEST)
    return Mention(
        key=key,
        source="guideline" if GUIDELINE.search(series) else "policy",
        targets=(doi,),
        url=url,
        title=text(citing.get("document_title"), most=LONGEST),
        occurred_at=written(day + _WHOLE.get(len(day), ""), "published_on"),
        policy_source=publisher,
        evidence=(_evidence(citing, doi),),
    )


def _evidence(citing: Document, doi: Identifier) -> Evidence:
    """That it cites is what Overton says: it has read the document, and we have not."""
    pages = sorted(
        {
            page
            for pdf in part(citing, "cited_by_child_pdfs").values()
            for page in listed(part(pdf).get("on_pages"))
            if type(page) is int and 0 < page < 1_000_000
        }
    )
    where = ", ".join(map(str, pages[:MOST_PAGES]))
    country = text(citing.get("country"), most=60)
    said = [f"cites {doi.value}", f"on page {where}" if where else "", f"({country})" if country else ""]
    return Evidence(
        identifier=doi,
        method="overton-citation",
        level="lookup",
        excerpt=text(" ".join(filter(None, said)), most=LONGEST_EXCERPT),
        digest=sha256(json.dumps(citing, sort_keys=True).encode(errors="surrogatepass")).hexdigest(),
        extractor=EXTRACTOR,
    )
