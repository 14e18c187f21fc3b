"""The verb that shows badges and their pages over HTTP."""

import logging
import socket
from functools import partial

import typer

from sync import steps, store
from sync.cli import house, say
from sync.cli.say import Fail

app = typer.Typer()
log = logging.getLogger(__name__)


@app.command()
def serve(context: typer.Context) -> None:
    """Show badges, and the page behind each, over HTTP until SIGTERM."""
    from badges.app import Site  # which no other verb needs, with all that serves
    from badges.operations import operations
    from badges.serving import address, run

    settings = house.settings(context)
    steps.rules_in_force(settings)
    key = settings.file.parent / "ringmark.key"
    home = store.open_store(settings.store.url, key_file=key, create=False)
    context.call_on_close(home.engine.dispose)
    site = Site(
        home,
        name=settings.institution.name,
        base_url=settings.institution.base_url,
        rules=partial(steps.rules, settings),
        clock=store.now,
        themes=settings.badges.by_name(),
        calls={"hourly": settings.serve.v1_hourly, "daily": settings.serve.v1_daily},
        contact=settings.institution.contact or "",
        mail=settings.watch.mail,
        settings=settings,
    )
    context.call_on_close(site.close)
    with (
        _listen("serve.listen", settings.serve.listen) as public,
        _listen("serve.operations", settings.serve.operations) as private,
    ):
        where = f"serving {address(public)}, operations {address(private)}"
        inner = operations(home, site.hot, site.counts, clock=store.now)
        run([(site, public), (inner, private)], begun=partial(say.line, where))
    log.info("served", extra={"requests": site.counts.requests.total()})


def _listen(key: str, wanted: str) -> socket.socket:
    from badges.serving import listen

    try:
        return listen(wanted)
    except OSError as error:
        raise Fail(f"{key}: cannot listen at {wanted}: {error.strerror}; free it or choose another") from None
