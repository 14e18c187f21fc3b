"""`/v1`: what the Details Page API v1 answers, from our own badges, for whatever was written for that; and a look-up of
many outputs at once. Always the public, no key, no cookies. docs/api.md tells readers the same."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route

from badges import v1_query
from badges.allowance import Allowance, Window
from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.v1_door import Door
from badges.v1_query import QueryError
from badges.v1_reading import Reading, Told, View
from badges.v1_record import mentioned, record
from badges.v1_words import DAYS, SCHEMES
from badges.wanted import NOBODY, from_path, from_text
from sync import store
from sync.store import Shown

AT_ONCE = 1000  # identifiers in one look-up
LONGEST = 256 * 1024  # bytes of one look-up

_NO_LIST = f"send a JSON list of at most {AT_ONCE} identifiers, each a text such as doi:10.5555/x\n"
_ONE = re.compile(rb"/v1/([^/]*)/(.*)", re.DOTALL)


class _Anything(PathConvertor):
    """The rest of a path, line ends included: what programs read is plain text for every broken identifier."""

    regex = "(?s:.*)"


register_url_convertor("anything", _Anything())


class V1:
    """The routes below `/v1`; `calls` are how many are answered in a window."""

    def __init__(self, desk: Desk, *, calls: Mapping[Window, int]) -> None:
        self._answers, self._address = desk.answers, desk.paper.address
        self._reading = Reading(desk)
        allowance = Allowance(calls, clock=desk.clock)
        one, citations = (Door("v1", ask, desk.answers, allowance) for ask in (self.one, self.citations))
        many = Door("v1_lookup", self.lookup, desk.answers, allowance, methods=("POST",))
        self.routes = (
            Route("/v1/lookup", many, name="v1_lookup"),
            Route("/v1/citations/{timeframe}", citations, name="v1_citations"),
            Route("/v1/{scheme}/{id:anything}", one, name="v1"),
        )

    async def one(self, request: Request) -> Answer:
        """The record of an output by `/v1/{scheme}/{id}`; nothing for one that is hidden, unknown or not mentioned."""
        path = request.scope["raw_path"]
        found = _ONE.fullmatch(path)
        scheme = SCHEMES.get(found[1].decode("latin-1")) if found else None
        wanted = from_path(scheme.encode(), found[2]) if found and scheme else NOBODY

        def read(view: View) -> Told | None:
            shown = store.first(view.db, "public", wanted, now=view.now)
            if shown is None or not mentioned(shown):
                return None
            return Told(self._record(view, shown), shown.closes_at)

        return await self._reading.kept(request, path, read)

    async def citations(self, request: Request) -> Answer:
        """The outputs that were mentioned within a time, page by page, by `/v1/citations/{timeframe}`."""
        timeframe = request.path_params["timeframe"]
        if timeframe not in DAYS:
            return self._reading.nobody
        try:
            query = v1_query.read(timeframe, request.scope["query_string"])
        except QueryError as error:
            return self._wrong(f"{error}\n")

        def read(view: View) -> Told:
            ids = store.cited(view.db, "public", query.citing(view.now), now=view.now)
            first = (query.page - 1) * query.size
            wanted = ids[first : first + query.size]
            found = store.several(view.db, "public", wanted, now=view.now)
            results = [self._record(view, found[each]) for each in wanted if each in found]
            told = {"total": len(ids), "page": query.page, "num_results": query.size}
            closes_at = min((each.closes_at for each in found.values()), default=store.FOREVER)
            return Told({"query": told, "results": results}, closes_at)

        return await self._reading.kept(request, repr(query).encode(), read)

    async def lookup(self, request: Request) -> Answer:
        """The records of many outputs, in the order in which they were asked for; null for those that have none."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return self._wrong("send application/json\n", status=415)
        try:
            body = await _body(request)
            if body is None:
                return self._wrong(f"a look-up has at most {LONGEST} bytes\n", status=413)
            told = from_json(body)
        except (ValueError, ClientDisconnect):
            return self._wrong(_NO_LIST)
        if not isinstance(told, list) or len(told) > AT_ONCE or not all(isinstance(each, str) for each in told):
            return self._wrong(_NO_LIST)
        return await self._reading.fresh(lambda view: self._many(view, told))

    def _many(self, view: View, told: Sequence[str]) -> list[dict[str, Any] | None]:
        wanted = {text: from_text(text)[0] for text in told}
        found = store.several(view.db, "public", set(wanted.values()), now=view.now)
        records = {each: self._record(view, shown) for each, shown in found.items() if mentioned(shown)}
        return [records.get(wanted[text]) for text in told]

    def _record(self, view: View, shown: Shown) -> dict[str, Any]:
        crowds = store.crowds(view.db, view.everyone, shown, now=view.now) if shown.millipoints else None
        return record(shown, store.history(view.db, "public", shown), crowds, now=view.now, address=self._address)

    def _wrong(self, words: str, *, status: int = 400) -> Answer:
        return self._answers.make("text", words.encode(), status=status, cache=NEVER)


async def _body(request: Request) -> bytes | None:
    """What was sent; None where it is too much. No more of that is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return body
