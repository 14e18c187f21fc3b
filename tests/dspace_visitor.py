"""A visitor of the practice DSpace with nothing but `requests`, which knows as much as the caller tells it."""

from types import TracebackType
from typing import Any

import requests

from sandbox.dspace import PracticeDSpace

FIELD = "local.attention.score"


class Visitor:
    """Keeps cookies as a browser does; `token` and `bearer` are what it was told last, and are sent from then on."""

    def __init__(self, server: PracticeDSpace) -> None:
        self.server = server
        self.session = requests.Session()
        self.token = ""
        self.bearer = ""

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.session.close()

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> requests.Response:
        """One request below `/api`."""
        own = {"X-XSRF-TOKEN": self.token, "Authorization": self.bearer}
        sent = {name: value for name, value in {**own, **(headers or {})}.items() if value}
        more = {"timeout": 10, "allow_redirects": False} | more
        answer = self.session.request(method, f"{self.server.url}/api/{path}", headers=sent, **more)
        self.token = answer.headers.get("DSPACE-XSRF-TOKEN", self.token)
        return answer

    def get(self, path: str, **params: object) -> requests.Response:
        """A GET with parameters."""
        return self.ask("GET", path, params=params)

    def enter(self, password: str = "") -> requests.Response:
        """Take a token from wherever this release gives one, and log in."""
        self.get("security/csrf")
        form = {"user": self.server.username, "password": password or self.server.password}
        answer = self.ask("POST", "authn/login", data=form)
        self.bearer = answer.headers.get("Authorization", "")
        return answer

    def patch(self, uuid: str, *operations: object, kind: str = "application/json-patch+json") -> requests.Response:
        """A JSON Patch."""
        return self.ask("PATCH", f"core/items/{uuid}", json=operations, headers={"Content-Type": kind})

    def found(self, query: str, **params: object) -> list[str]:
        """The handles of what a search finds."""
        document = self.get("discover/search/objects", query=query, dsoType="item", **params).json()
        objects = document["_embedded"]["searchResult"]["_embedded"]["objects"]
        return [thing["_embedded"]["indexableObject"]["handle"] for thing in objects]


def add(*texts: str, at: str = "") -> dict[str, object]:
    """The operation that adds texts to our field."""
    values = [{"value": text} for text in texts]
    return {"op": "add", "path": f"/metadata/{FIELD}{at}", "value": values[0] if at else values}
