"""What the practice services know: works by DOI with what they are called elsewhere, and who lists them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A work as a service knows it. `people` are those who list it, by ORCID iD; `relations` name other DOIs, by the
    words of Crossref. Its authors are in every body, as in real ones; nobody should take them from there."""

    doi: str
    title: str = "A work"
    pmid: str = ""
    pmcid: str = ""
    page: str = ""
    journal: str = "Journal of Invented Results"
    issn: str = "2049-3630"
    subject: str = "Oceanography"
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    relations: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    visibility: str = "public"
    retracted: bool = False
