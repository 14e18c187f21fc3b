"""Checks of how a connector behaves towards its system, its administrator and the log."""

import base64
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from connectors.base import Finding
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check
from sync.conformance.configured import BASE, CONTACT, TESTED
from sync.conformance.place import DAY
from sync.conformance.world import SMALL, Person, Work

WRONG = "not-the-password"
NOBODY = "http://127.0.0.1:9"  # the port of the discard protocol, where nothing listens


@check("requests")
def who_asks(bench: Bench) -> None:
    """Every request says that it is Ringmark, which version, and whose."""
    bench.small()
    if bench.has("reads"):
        bench.pull()
    if bench.has("writes") or bench.has("tells"):
        bench.stock(Work(number=1, title="Tide tables"))
        bench.push()
    if bench.has("asks") or bench.has("hears"):
        bench.stock(Work(number=1, title="Tide tables"))
        bench.hear()
    bench.findings()
    wanted = f"Ringmark/{version('ringmark')} (+{BASE}"
    agents = {each.headers.get("User-Agent", "") for each in bench.practice.requests}
    if not agents or agents - {f"{wanted})", f"{wanted}; mailto:{CONTACT})"}:
        raise Broken(f"each request should be by {wanted}), perhaps with {CONTACT}; there were {sorted(agents)}")


@check()
def discretion(bench: Bench) -> None:
    """No password is in a log line, a message, a finding or a file, and no title or name in the first three."""
    said = [*_life(bench), *_wrong(bench)]
    for name, secret in bench.practice.secrets.items():
        shapes = {secret, quote(secret, safe=""), _basic(bench, secret)}
        for where, texts in (("a message", said), ("the log", bench.logged), ("a file", _files(bench.folder))):
            if any(shape in text for shape in shapes for text in texts):
                raise Broken(f"the {name} stands in {where}")
    words = [each.name if isinstance(each, Person) else each.title for each in SMALL]
    for where, texts in (("a message", said), ("the log", bench.logged)):
        if found := [word for word in words if any(word in text for text in texts)]:
            raise Broken(f"{len(found)} titles or names stand in {where}")


@check()
def right_settings(bench: Bench) -> None:
    """`check --connect` says something, all of it good, where the settings are right."""
    bench.small()
    found = bench.findings()
    if bad := [each for each in found if not each.ok]:
        raise Broken(f"nothing should be wrong with right settings, and this is said: {_told(bad)}")
    if not found:
        raise Broken("right settings should be told to be good, and nothing is said")


@check()
def wrong_settings(bench: Bench) -> None:
    """`check --connect` says what is wrong with a wrong password, address or folder, and how to mend it."""
    bench.small()
    wrong = [(name, WRONG) for name in bench.practice.secrets]
    if url := bench.practice.settings.get("url"):
        wrong += [("url", NOBODY), ("url", f"{url}/{WRONG}")]
    if "path" in bench.practice.settings:
        wrong.append(("path", WRONG))
    for name, value in wrong:
        found = [each for each in bench.findings(**{name: value}) if not each.ok]
        if not found:
            raise Broken(f"a wrong {name} should be found to be wrong, and is not")
        if not any(each.mend or "; " in each.what for each in found):
            raise Broken(f"a wrong {name} should be told with a mend, and this is said: {_told(found)}")


def _life(bench: Bench) -> Iterator[str]:
    """What a connector says while it is checked, read and written to, well and not so well."""
    if bench.has("reads"):
        bench.small()
        yield bench.pull().why
        fault = next((name for name in ("server error", "truncated") if bench.has(name)), "")
        if fault:
            bench.fault(fault)
            yield bench.pull(full=True, ends=("failed", "incomplete")).why
            bench.practice.mend()
    if bench.has("writes") or bench.has("tells"):
        bench.stock(*(each for each in SMALL if isinstance(each, Work)))
        yield bench.push().why
        bench.mention(1, 2)
        bench.wait(8 * DAY)
        if bench.has("tells"):
            bench.hide(2)  # where a new score is not told
        if bench.has("server error"):
            bench.fault("server error")
            yield bench.push(ends=("failed", "incomplete")).why
            bench.practice.mend()
    if bench.has("asks"):
        bench.stock(*(each for each in SMALL if isinstance(each, Work)))
        bench.ask()
        yield bench.said
        bench.wait(200 * DAY)
        bench.fault("server error")
        bench.ask(ends=("failed",))
        yield bench.said
        bench.practice.mend()
    if bench.has("listens"):
        bench.stock(*(each for each in SMALL if isinstance(each, Work)))
        yield bench.hear().why
        bench.wait(200 * DAY)
        if bench.has("server error"):
            bench.fault("server error")
            yield bench.hear(ends=("failed", "incomplete", "done")).why
            bench.practice.mend()
    yield from (_told([each]) for each in bench.findings())


def _wrong(bench: Bench) -> Iterator[str]:
    for name in bench.practice.secrets:
        yield from (_told([each]) for each in bench.findings(**{name: WRONG}))
    if "url" in bench.practice.settings:
        yield from (_told([each]) for each in bench.findings(url=NOBODY))


def _told(found: list[Finding]) -> str:
    return "; ".join(f"{each.what} {each.mend}".strip() for each in found)


def _basic(bench: Bench, secret: str) -> str:
    """As HTTP basic sends it."""
    return base64.b64encode(f"{bench.practice.settings.get('username', '')}:{secret}".encode()).decode()


def _files(folder: Path) -> list[str]:
    """Everything that was written, but the files that secrets are read from."""
    return [
        path.read_bytes().decode("latin-1")
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(f"{TESTED}.")
    ]


CHECKS: tuple[Check, ...] = (who_asks, discretion, right_settings, wrong_settings)
