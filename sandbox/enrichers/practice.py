"""The practice services as the conformance suite drives them. What each gives is described in
`sync.conformance.practice`: all of `Practice`, and `Service` beside it.

Outputs are works that the service knows by their DOI, each with another name: a PubMed identifier, or the address of
its page where the service tells of no such. A person lists one output, of the same number.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sandbox.enrichers import Known, Name, PracticeService, practice_service
from sandbox.practised import AskedService

PMID = 30_000_000


def crossref(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001 - a service needs no files
    """A practice Crossref."""
    return _opened("crossref")


def datacite(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice DataCite."""
    return _opened("datacite")


def openalex(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice OpenAlex."""
    return _opened("openalex")


def orcid(folder: Path) -> AbstractContextManager["Practised"]:  # noqa: ARG001
    """A practice ORCID."""
    return _opened("orcid")


@contextmanager
def _opened(name: Name) -> Iterator["Practised"]:
    with practice_service(name) as server:
        yield Practised(server)


class Practised(AskedService[PracticeService]):
    """A running one."""

    def __init__(self, server: PracticeService) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": server.token} if server.name in ("openalex", "orcid") else {}

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,  # noqa: ARG002 - a service knows what is published
        authors: Mapping[int, str],  # noqa: ARG002
        dated: bool = True,  # noqa: ARG002
    ) -> None:
        """The service knows the work."""
        page = f"https://journal.example.org/{number}"
        works = [each for each in self.server.works if each.doi != doi]
        known = Known(doi=doi, title=title, pmid=str(PMID + number), page=page, people=(iri(number),))
        self.server.works = [*works, known]
        self.dois[number] = doi

    def remove(self, number: int) -> None:
        """The service knows the work no more."""
        gone = self.dois.pop(number)
        self.server.works = [each for each in self.server.works if each.doi != gone]

    def subject(self, number: int) -> str:
        """What an output is asked about by."""
        return iri(number) if self.server.name == "orcid" else self.dois[number]

    def also(self, number: int) -> str:
        """What the service says that an output is called as well."""
        if self.server.name == "crossref":
            return f"https://journal.example.org/{number}"
        return f"pmid:{PMID + number}"


def iri(number: int) -> str:
    """An ORCID iD with its check digit (ISO 7064)."""
    digits = f"{15_000_000 * 10**7 + number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    whole = digits + "0123456789X"[(12 - total % 11) % 11]
    return "-".join(whole[start : start + 4] for start in range(0, 16, 4))
