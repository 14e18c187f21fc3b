"""`/openapi.json`: what programs may ask of us, in OpenAPI 3.1, as it stands in the file beside this one."""

from importlib.resources import files

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer, Answers


class Described:
    """The description, which is the same for everybody."""

    def __init__(self, answers: Answers) -> None:
        self._answer = answers.make("json", (files("badges") / "openapi.json").read_bytes())
        self.routes = (Route("/openapi.json", self.openapi, name="openapi"),)

    async def openapi(self, _request: Request) -> Answer:
        """The file."""
        return self._answer
