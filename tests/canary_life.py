"""A life of the canary: every verb is run once, in a house with every kind of connection and something to hide, and all
that leaves it, is logged and is written is kept."""

import json
import logging
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from alarm_ways import SIGNING, Post, hook, post, secrets, told_by
from canary import Desk, Ids
from canary_shelf import connect, items
from conftest import PASSWORD, Ran
from naive.hidden_house import TIGHTER

from connectors.base import Listens
from sandbox.answerers import SERVICES as ANSWERERS
from sandbox.answerers import Act, practice_answerer
from sandbox.answerers.practice import Practised as Answering
from sandbox.dspace import practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.elements import practice_elements
from sandbox.enrichers import SERVICES, Known, PracticeService, ServiceFault, practice_service
from sandbox.eprints import practice_eprints
from sandbox.eprints.records import made as eprint
from sandbox.institution import example
from sandbox.oai import OaiRecord, practice_oai
from sandbox.oai.metadata import dublin_core
from sync import registry
from sync.conformance import Practice, practised
from sync.registry import PACKAGES

LIFE = """
init --dir elsewhere
demo --dir demo
check
check --connect
begin
institution show
institution set --contact office@example.edu
connection add lists --kind files --path lists --dry-run
connection change alpha --set pull=2h --dry-run
pull
import mentions.jsonl
import counts.csv --format counts --add-outputs
import details.json --format altmetric --add-outputs
score
push --dry-run --diff
push library --diff
hide doi:10.5555/canarypri-hidden --why x
hide doi:10.5555/open-second --why x
pull alpha
alarms test
alarms look
push
unhide doi:10.5555/open-second
pull --full
sync
score --full
score --rules published-2021
why doi:10.5555/canarypri
why person:1
flags
conflicts outputs
find doi:10.5555/canarypri
hides
vote list
vote release alpha item:nothing --why x
status
alarms look
setaside list
setaside show 1
setaside replay
accept 999999
rules list
rules show published-2020
rules diff published-2020 ringmark-2026
rules copy ringmark-2026 ours
rules use ours --why x --dry-run
rules use ours --why x
rules use ringmark-2026 --why x
rules delete ours
scope show
scope preview scope.toml
scope apply scope.toml
scope undo --dry-run
scope undo --why x
scope history
explain 10.5555/open
explain 10.5555/canarypri --json
changes --since 2000-01-01
badge 10.5555/open -o open.svg
badge 10.5555/canaryint --audience internal -o internal.svg
export -o public.csv
export --format jsonl -o public.jsonl
export --format parquet -o public.parquet
export --audience internal -o internal.csv
connector test files --check first_pull --check wrong_settings
connection list
connection runs alpha
connection pause library
connection resume library
connection forget beta --dry-run
connection forget library --withdraw
marks marks
outlet list --all
outlet import outlets.csv --dry-run
outlet import outlets.csv
outlet export -o told-outlets.csv
outlet set canary-paper --tier 2 --dry-run
account import accounts.csv --dry-run
account import accounts.csv
account list --all
account show x:open
account export -o told-accounts.csv
forget x:open --dry-run
account allow x:open --why x
person export person:1 -o told-person.json
person forget person:1 --dry-run
person allow person:1 --why x
audit list
audit export -o told-audit.csv
audit verify
gaming
gaming --json
mention list
mention waiting
mention rematch --dry-run
mention rematch
mention add https://example.org/page --output 10.5555/open --dry-run
mention refuse 999999 --why x
mention confirm 999999 --output 10.5555/open --why x
mention accept 999999
mention refused
errand ask score
errand list
watch list
watch send
watch forget ann@reader.example.org
report list
report show 999999
report close 999999 --why x
session link --name ada
session list
session end 999999
token add night --may internal --may status
token list
token revoke night
backup night.backup
restore night.backup --dry-run
restore night.backup
sync --json
"""
DETAILS = """{"doi": "10.5555/canarypri-details", "title": "canarypri details", "cited_by_msm_count": 3}
{"doi": "10.5555/canarypri-hidden", "counts": {"news": {"unique_users_count": 4}}, "posts": {"twitter": [
  {"tweet_id": "1", "posted_on": "2026-01-01", "author": {"id_on_source": "canarypri-account"}}, {"tweet_id": "2"}]}}
"""
CLOSED_FOR_GOOD = TIGHTER.replace("by the clock,Open Journal,public", "by its source,Open Journal,private")
EARLY = datetime(2025, 1, 2, tzinfo=UTC)
ELEMENTS = """
[connections.elements]
kind = "elements"
url = "{url}"
username = "ringmark"
password_file = "password"
pace = 0
"""
HARVESTED = """
[connections.harvested]
kind = "oai"
url = "{url}"
pace = 0
[connections.harvested.assume]
outputs = "private"
"""
EPRINTS = """
[connections.pubs]
kind = "eprints"
url = "{url}"
username = "ringmark"
password_file = "password"
"""
PRACTISED = ("figshare", "inveniordm", "pure")  # of which each tells one output that nobody may see
SERVICE = """
[connections.{name}]
kind = "{name}"
url = "{url}"
token_file = "token"
pace = 0
"""
ALARMS = 'smtp_security = "none"\ndisk_free = "100%"'  # so that one alarm is sure to stand
WATCH = "[watch]\nmail = true\n"
OURS = re.compile(
    r"(alpha|beta|gamma|delta)/.*|(elsewhere/)?ringmark\.toml|scope\.toml|(outlets|accounts)\.csv|password|mentions\.jsonl"
    r"|counts\.csv|details\.json|hook|signing|token|[a-z]+\.token"
)
SPEAKERS = (*PACKAGES, "urllib3", "requests", "apscheduler", "asyncio")


@dataclass
class Life:
    """What was seen while every verb was run: the verbs and how they ended, requests, logs, other ways out."""

    desk: Desk
    ran: dict[str, Ran] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    other_ways: list[object] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=dict)
    library: str = ""
    sockets: set[tuple[str, int]] = field(default_factory=set)
    mail: Post = field(default_factory=Post)
    ids: Ids = field(default_factory=lambda: Ids(frozenset(), frozenset()))

    def files(self) -> dict[str, Path]:
        """Everything that a verb has written and that is not empty, by its path in the folder."""
        found = {str(path.relative_to(self.desk.folder)): path for path in self.desk.folder.rglob("*")}
        return {name: path for name, path in found.items() if path.is_file() and path.stat().st_size
                and not OURS.fullmatch(name)}  # fmt: skip


def everything(desk: Desk) -> list[Known]:
    """What a service knows that knows all there is, hidden here or not."""
    with desk.database() as db:
        people = tuple(orcid for (orcid,) in db.execute("SELECT DISTINCT orcid FROM person_record WHERE orcid <> ''"))
    dois = sorted(each.value for each in desk.identifiers() if each.scheme == "doi")
    return [
        Known(doi=doi, title=f"canarypri service {n}", pmid=str(7_000_000 + n), people=people)
        for n, doi in enumerate(dois)
    ]


def spoken(desk: Desk) -> dict[int, Act]:
    """Somebody who speaks of all there is, hidden here or not."""
    dois = sorted(each.value for each in desk.identifiers() if each.scheme == "doi")
    return {n: Act(number=n, doi=doi, at=EARLY, text="canarypri words") for n, doi in enumerate(dois)}


def speaking(desk: Desk, sources: Mapping[str, Any]) -> str:
    """Sources of attention that speak of all there is, hidden here or not; the tables of their connections."""
    now = datetime.now(UTC)
    for source in sources.values():
        source.at(now)
        for act in spoken(desk).values():
            source.say(act.number + 1, of=act.doi, at=now - timedelta(hours=3))
    homes = [home for source in sources.values() for home in getattr(source, "homes", ())]
    return f"\n[abroad]\nat_home = {json.dumps(homes)}\n" + "".join(
        table(desk, kind, source) for kind, source in sources.items()
    )


def heard(folder: Path, stack: ExitStack) -> dict[str, Any]:
    """A practice system of each kind that is listened to; what it writes is none of ours."""
    kinds = [kind for kind in sorted(practised()) if issubclass(registry.kinds()[kind], Listens)]
    for kind in kinds:
        (folder / kind).mkdir(parents=True)
    return {kind: stack.enter_context(practised()[kind](folder / kind)) for kind in kinds}


def closed(desk: Desk, kind: str, system: Practice) -> str:
    """A system that tells one output, which is private there; the table of its connection."""
    system.at(EARLY)
    system.person(1, name="Ann Open", level="public", current=True)  # where there is nobody, something is wrong
    system.output(1, title=f"canarypri {kind}", doi=f"10.5555/canarypri.{kind}", level="private", authors={})
    return table(desk, kind, system)


def table(desk: Desk, kind: str, system: Practice) -> str:
    """The table of a connection to a practice system."""
    keys = {**system.settings, "kind": kind, "pace": 0, "people": False}
    for name, secret in system.secrets.items():
        keys[f"{name}_file"] = f"{kind}.{name}"
        (desk.folder / f"{kind}.{name}").write_text(secret)
        (desk.folder / f"{kind}.{name}").chmod(0o600)
    return f"\n[connections.{kind}]\n" + "".join(f"{key} = {json.dumps(told)}\n" for key, told in keys.items())


@contextmanager
def lived(folder: Path) -> Iterator[Life]:
    """Every verb, once and in an order that makes sense."""
    seen = Life(Desk(folder))
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(seen.desk.folder)
        stack.enter_context(logging_to(seen.logged))
        seen.desk.fill()
        seen.desk.tighten(CLOSED_FOR_GOOD)
        library = stack.enter_context(practice_dspace(items(seen.desk)))
        elements = stack.enter_context(practice_elements(example(outputs=40, people=8, mentions=0)))
        elements.password = PASSWORD
        harvested = stack.enter_context(practice_oai())
        told = dublin_core(("title", "canarypri harvested"), ("identifier", "10.5555/canarypri.harvested"))
        harvested.repository.put(OaiRecord(identifier="oai:harvested:1", stamp=EARLY, formats={"oai_dc": told}))
        hidden = {"title": "canarypri pubs", "id_number": "10.5555/canarypri.pubs", "metadata_visibility": "hide"}
        pubs = stack.enter_context(practice_eprints([eprint(1, **hidden)]))
        pubs.password = PASSWORD
        others = {kind: stack.enter_context(practised()[kind](folder / "systems" / kind)) for kind in PRACTISED}
        services = {name: stack.enter_context(practice_service(name, everything(seen.desk))) for name in SERVICES}
        answerers = {name: stack.enter_context(practice_answerer(name)) for name in ANSWERERS}
        for answerer in answerers.values():
            answerer.known.acts = spoken(seen.desk)
        for service in services.values():
            service.faults.append(ServiceFault("status", status=503, times=2))
        asked = "".join(SERVICE.format(name=name, url=each.url) for name, each in services.items())
        (seen.desk.folder / "token").write_text(PracticeService.token)
        (seen.desk.folder / "token").chmod(0o600)
        seen.mail, call = stack.enter_context(post(login=False)), stack.enter_context(hook())
        secrets(seen.desk, hook=call.url, signing=SIGNING)
        connect(
            seen.desk,
            library,
            ELEMENTS.format(url=elements.url)
            + HARVESTED.format(url=harvested.url)
            + EPRINTS.format(url=pubs.url)
            + "".join(closed(seen.desk, kind, system) for kind, system in others.items())
            + asked
            + "".join(table(seen.desk, name, Answering(each)) for name, each in answerers.items())
            + speaking(seen.desk, sources := heard(folder.with_name(f"{folder.name}-heard"), stack))
            + told_by(seen.mail, call, ALARMS)
            + WATCH,
        )
        here = seen.desk.file.read_text().replace("https://ringmark.example.edu", "http://127.0.0.1:8000")
        seen.desk.write(here)  # whose certificate nobody need ask for
        library.faults += [DSpaceFault("status", status=503, address="discover", times=2),
                           DSpaceFault("hang up after", method="PATCH")]  # fmt: skip # what is asked again is logged
        (seen.desk.folder / "scope.toml").write_text('[scope]\nstatus = "current"\nprofile = "academic_or_student"\n')
        (seen.desk.folder / "outlets.csv").write_text("outlet,name,tier\nopen,Open Gazette,2\n")
        (seen.desk.folder / "accounts.csv").write_text("source,account,followers\nx,open,2\n")
        (seen.desk.folder / "details.json").write_text(DETAILS)
        (seen.desk.folder / "temporary").mkdir()
        patch.setattr(tempfile, "tempdir", str(seen.desk.folder / "temporary"))
        with requests_to(seen, patch):
            umask = os.umask(0o022)
            for line in LIFE.strip().splitlines():
                seen.ran[line] = seen.desk.run(*shlex.split(line))
            os.umask(umask)
        seen.ids = seen.desk.public_ids()
        seen.library, seen.public = library.url, seen.desk.dois()
        systems = {"library": library, "elements": elements, "harvested": harvested, "pubs": pubs, **others}
        seen.asked = {name: len(system.requests) for name, system in systems.items()}
        told_to = {**services, **answerers}
        seen.told = {name: {each for told in service.subjects for each in told} for name, service in told_to.items()}
        addresses = [urlsplit(str(each.settings.get("url", ""))) for each in sources.values()]
        seen.sockets = {(each.hostname or "", each.port or 0) for each in addresses if each.scheme == "ws"}
        for each in sources.values():  # a websocket is opened by none of those that are watched above
            seen.requests += [f"{told.method} {told.path}?{told.query}" for told in each.requests]
        seen.left = [path.name for path in (seen.desk.folder / "temporary").iterdir()]
        yield seen


@contextmanager
def logging_to(logged: list[str]) -> Iterator[None]:
    """Keep all that is logged, with every extra, as if somebody wanted to know everything."""

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(f"{self.format(record)} {record.__dict__}")

    handler = Keep()
    loggers = [logging.getLogger(name) for name in SPEAKERS]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def requests_to(seen: Life, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every request that leaves by the one client there is, and every connection that is made in another way."""
    sending, watching = [False], [True]
    send = requests.adapters.HTTPAdapter.send

    def watched(self: Any, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        seen.requests.append(f"{request.method} {request.url} {dict(request.headers)} {body.decode()}")
        sending[0] = True
        try:
            return send(self, request, *args, **more)
        finally:
            sending[0] = False

    def heard(event: str, told: tuple[object, ...]) -> None:
        if event == "socket.connect" and watching[0] and not sending[0]:
            seen.other_ways.append(told[1])

    patch.setattr(requests.adapters.HTTPAdapter, "send", watched)
    sys.addaudithook(heard)  # which nothing can take back: from the end of the block on it hears nothing
    try:
        yield
    finally:
        watching[0] = False
