"""The practice services as the conformance suite drives them. What each gives is described in
`sync.conformance.practice`: all of `Practice`, and `Service` beside it.

Outputs are works that the service knows by their DOI, each with another name: a PubMed identifier, or the address of
its page where the service tells of no such. A person lists one output, of the same number.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sandbox.enrichers import Known, Name, PracticeService, ServiceFault, practice_service
from sandbox.practised import OnServer

ALONE = "it is asked about one thing after the other, and has no listing"
CANNOT = (
    "last page empty", "page again", "empty list", "shuffled", "repeated", "login ended", "truncated", "cut short",
    "forgets", "answer lost", "edited meanwhile", "server error once",
)  # fmt: skip
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


class Practised(OnServer[PracticeService]):
    """A running one."""

    def __init__(self, server: PracticeService) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": server.token} if server.name in ("openalex", "orcid") else {}
        self.lacks: Mapping[str, str] = dict.fromkeys(CANNOT, ALONE)
        self._dois: dict[int, str] = {}

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
        self._dois[number] = doi

    def remove(self, number: int) -> None:
        """The service knows the work no more."""
        gone = self._dois.pop(number)
        self.server.works = [each for each in self.server.works if each.doi != gone]

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_FAULTS[name]())

    def mend(self) -> None:
        """Everything works again."""
        self.server.faults.clear()
        self.server.refused.clear()

    def changes(self) -> int:
        """Nothing is ever changed."""
        return 0

    @property
    def asked(self) -> Sequence[tuple[str, ...]]:
        """Whom or what each request was about."""
        return self.server.subjects

    def subject(self, number: int) -> str:
        """What an output is asked about by."""
        return iri(number) if self.server.name == "orcid" else self._dois[number]

    def also(self, number: int) -> str:
        """What the service says that an output is called as well."""
        if self.server.name == "crossref":
            return f"https://journal.example.org/{number}"
        return f"pmid:{PMID + number}"

    def refuse(self, number: int) -> None:
        """A request that names an output is not answered, until mended."""
        self.server.refused.add(self.subject(number))


def iri(number: int) -> str:
    """An ORCID iD with its check digit (ISO 7064)."""
    digits = f"{15_000_000 * 10**7 + number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    whole = digits + "0123456789X"[(12 - total % 11) % 11]
    return "-".join(whole[start : start + 4] for start in range(0, 16, 4))


_FAULTS = {
    "server error": lambda: ServiceFault("status", status=500, times=None),
    "too many requests": lambda: ServiceFault("too many requests", retry_after="7"),
}
