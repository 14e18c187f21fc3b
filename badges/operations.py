"""What the machine's own watchers ask, on an address that readers do not reach: counts and names of connections."""

import asyncio
import json
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from badges.counts import Counts
from sync import store
from sync.store import Hot, Store, StoreError, Vitals

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def operations(house: Store, hot: Hot, counts: Counts, *, clock: Callable[[], int]) -> Starlette:
    """The application with `/metrics` and `/ready`; `clock` gives microseconds since 1970."""

    def read() -> Vitals:
        with house.read() as db:
            return store.vitals(db, now=clock())

    async def vitals() -> Vitals | None:
        try:
            hot.mark()  # opens the store anew where its file was replaced
            return await asyncio.to_thread(read)
        except StoreError:
            return None

    async def metrics(_request: Request) -> Response:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collected(counts, await vitals()))
        return Response(generate_latest(registry), headers={"content-type": TEXT})

    async def ready(_request: Request) -> Response:
        found = await vitals()
        told = {"ready": found is not None, **(found._asdict() if found else {})}
        return Response(json.dumps(told), 200 if found else 503, media_type="application/json")

    app = Starlette(routes=[Route("/metrics", metrics), Route("/ready", ready)])
    app.router.redirect_slashes = False
    return app


class _Collected(Collector):
    """The numbers as Prometheus wants them; `found` None while the store cannot be read."""

    def __init__(self, counts: Counts, found: Vitals | None) -> None:
        self._counts, self._found = counts, found

    def collect(self) -> Iterable[Metric]:
        """Every number; those of the store only while it can be read."""
        requests = CounterMetricFamily("ringmark_requests", "Requests answered.", labels=("kind", "status"))
        for (kind, status), count in sorted(self._counts.requests.items()):
            requests.add_metric((kind, f"{status}xx"), count)
        yield requests
        cache = CounterMetricFamily("ringmark_badge_cache", "Badges answered from memory or not.", labels=("result",))
        cache.add_metric(("hit",), self._counts.hits)
        cache.add_metric(("miss",), self._counts.misses)
        yield cache
        found = self._found
        yield GaugeMetricFamily("ringmark_store_readable", "1 while the store can be read.", int(found is not None))
        if found is not None:
            yield from self._stored(found)

    def _stored(self, found: Vitals) -> Iterable[Metric]:
        yield GaugeMetricFamily("ringmark_store_generation", "Grows whenever a badge changes.", found.generation)
        badges = GaugeMetricFamily("ringmark_badges", "Badges that an audience sees.", labels=("audience",))
        for audience, count in found.badges.items():
            badges.add_metric((audience,), count)
        yield badges
        pulls = GaugeMetricFamily(
            "ringmark_seconds_since_pull", "Seconds since a pull of the connection ended.", labels=("connection",)
        )
        for connection, seconds in found.since_pull.items():
            if seconds is not None:
                pulls.add_metric((connection,), seconds)
        yield pulls
