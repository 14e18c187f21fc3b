"""Practice services that are asked about single outputs, on loopback: Crossref, DataCite, OpenAlex and ORCID.

    with practice_service("crossref", [Known(doi="10.5555/example.1")]) as server:
        requests.get(server.url + "/works/10.5555/example.1")

`server.works` is what it knows, `server.subjects` whom or what each request was about; append to `server.faults` what
shall go wrong.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Literal, cast

from sandbox.asked import AskedServer, Call, Reply, ServiceFault
from sandbox.enrichers import crossref, datacite, openalex, orcid
from sandbox.enrichers.known import Known
from sandbox.server import serving

__all__ = ["SERVICES", "Known", "PracticeService", "ServiceFault", "practice_service"]

Name = Literal["crossref", "datacite", "openalex", "orcid"]
SERVICES: dict[Name, ModuleType] = {"crossref": crossref, "datacite": datacite, "openalex": openalex, "orcid": orcid}
KEYED = ("openalex", "orcid")  # services that want a token


@contextmanager
def practice_service(name: Name, works: Iterable[Known] = ()) -> Iterator["PracticeService"]:
    """Serve until the block ends."""
    with serving(PracticeService(name, works)) as server:
        yield server


class PracticeService(AskedServer):
    """The running server."""

    token = "practice-token"  # noqa: S105 - of nobody

    def __init__(self, name: Name, works: Iterable[Known]) -> None:
        super().__init__(SERVICES[name], "/v3.0" if name == "orcid" else "")
        self.name, self.works = name, list(works)

    def answered(self, call: Call, *, silent: bool) -> Reply:
        """Of the works that there are, to those who may ask."""
        if self.name in KEYED and call.headers.get("Authorization") != f"Bearer {self.token}":
            return Reply(status=401, body={"error": "invalid_token", "error_description": "Invalid access token"})
        return cast(Reply, self.service.answer([] if silent else self.works, call))

    def dress(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """Crossref says with each answer how often it may be asked."""
        return body, dict(crossref.HEADERS) if self.name == "crossref" else {}
