"""The fifth lock around the commands: each verb is run once in a house with every kind of connection, and the canary
looks through every request that left, every line that was logged, and every file that was written."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest
import stores
from canary import NUMBERS, words_in
from canary_life import Life, lived

from connectors.base import Asks, Drops, Listens, Pulls, Pushes, Tells
from sync import cli, registry

READERS = {"explain", "badge", "changes", "export"}
MOVERS = {"pull", "import", "score", "push", "sync"}  # what they say and log carries counts, never a title or a name;
# `score --rules` shows an administrator what would be, and moves nothing
TELLERS = {"alarms look", "alarms test", "watch send"}  # by e-mail and webhook; readers' messages: test_watch_canary
SERVERS = {"serve", "daemon"}  # walked in test_locks_doors; the daemon in test_daemon
SPEAK_OF_RULES = {"rules list", "rules show"}
ADMINISTRATORS = {  # these may say what is hidden, which is what they are for
    "begin", "institution show", "institution set", "connection add", "connection change",
    "init", "check", "status", "demo", "why", "hide", "unhide", "accept", "scope show", "scope preview", "scope apply",
    "scope undo", "scope history",
    "setaside list", "setaside show", "setaside replay", "connection list", "connection runs", "connection pause",
    "connection resume", "connection forget", "connector test", "rules diff", "backup", "restore",
    "rules copy", "rules use", "rules delete",
    "outlet list", "outlet import", "outlet export", "outlet set", "errand list", "errand ask",
    "mention list", "mention waiting", "mention rematch", "mention add", "mention refuse", "mention confirm",
    "mention accept", "mention refused",
    "account list", "account show", "account import", "account export",
    "flags", "conflicts", "find", "hides", "vote list", "vote release",
    "gaming", "marks", "watch list", "watch forget", "report list", "report show", "report close",
    "person export", "person forget", "person allow", "forget", "account allow",
    "audit list", "audit export", "audit verify",
    "session link", "session list", "session end", "token add", "token list", "token revoke",
}  # fmt: skip
ENDS = {"accept 999999": 1, "why person:1": 1, "vote release alpha item:nothing --why x": 1,
        "explain 10.5555/canarypri --json": 1,
        "person export person:1 -o told-person.json": 1, "person forget person:1 --dry-run": 1,
        "person allow person:1 --why x": 1, "account allow x:open --why x": 1,
        "report show 999999": 1, "report close 999999 --why x": 1,
        "session end 999999": 1, "mention refuse 999999 --why x": 1,
        "mention confirm 999999 --output 10.5555/open --why x": 1,
        "mention accept 999999": 1}  # fmt: skip # the others end well
pytestmark = pytest.mark.timeout(600)  # the first waits for the whole life
VISITED = {  # kinds of connection that are in this house
    *("crossref", "datacite", "dspace", "elements", "eprints", "figshare", "files", "inveniordm", "oai", "openalex"),
    *("orcid", "pure"),
    *("altmetric_api", "datacite_events", "hackernews", "mendeley", "overton", "pubpeer", "stackexchange", "x"),
    *("bluesky", "feeds", "gdelt", "mastodon", "patents", "policy", "wikipedia", "youtube"),
}
TOLD = {"coar_notify", "file_drop", "webhook"}  # which test_locks_told.py walks
PRIVATE = re.compile(
    r"ringmark\.db.*|night\.backup|internal\.(csv|svg)|export\..*|told-audit\.csv|.*mentions\.jsonl|.*\.password"
)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with lived(tmp_path_factory.mktemp("life")) as found:
        yield found


def verbs(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, each in getattr(command, "commands", {}).items():
        yield from verbs(each, (*path, name)) if hasattr(each, "commands") else [" ".join((*path, name))]


def test_every_verb_is_known_to_the_canary_and_was_run(life: Life) -> None:
    known = READERS | MOVERS | TELLERS | SERVERS | SPEAK_OF_RULES | ADMINISTRATORS

    assert set(verbs(cli.command())) == known
    assert {verb for verb in known for line in life.ran if f"{line} ".startswith(f"{verb} ")} == known - SERVERS
    assert {line: ran for line, ran in life.ran.items() if ran.code != ENDS.get(line, 0)} == {}


def test_every_kind_of_connection_is_known_to_the_canary_and_was_asked(life: Life) -> None:
    kinds = registry.kinds()

    assert set(kinds) == VISITED | TOLD
    assert all(issubclass(kinds[kind], (Pulls, Pushes, Listens, Asks)) for kind in VISITED)
    assert all(issubclass(kinds[kind], (Tells, Drops)) for kind in TOLD)
    assert min(life.asked.values()) > 10


def test_no_request_of_any_verb_names_anything_hidden(life: Life) -> None:
    asked = [unquote_plus(unquote_plus(request)) for request in life.requests]

    assert len(asked) > sum(life.asked.values()) // 2
    assert not words_in("\n".join(asked))
    assert not {id_ for id_ in NUMBERS.findall("\n".join(asked)) if id_ in life.ids.hidden}
    assert set(life.other_ways) == {("127.0.0.1", life.mail.port), *life.sockets}


def test_the_repository_is_asked_about_no_output_but_those_that_the_public_sees(life: Life) -> None:
    asked = [unquote_plus(request) for request in life.requests if f" {life.library}/" in request]
    dois = {doi for request in asked for doi in re.findall(r'dc\.identifier\.doi:"(.*?)"', request)}

    assert {"10.5555/open", "10.5555/open-second"} < dois <= life.public


def test_services_are_told_of_no_output_and_nobody_but_whom_the_public_sees(life: Life) -> None:
    told = "SELECT r.orcid, r.name, p.visibility FROM person_record r JOIN person p ON p.id = r.person_id"
    with life.desk.database() as db:
        people = db.execute(f"{told} WHERE r.orcid <> ''").fetchall()

    assert all(life.told.values())
    for name in set(life.told) - {"orcid"}:
        assert life.told[name] <= life.public
    assert life.told["orcid"] <= {orcid for orcid, _, level in people if level == 2}
    assert not life.told["orcid"] & {orcid for orcid, name, _ in people if words_in(name)}


def test_what_is_told_of_alarms_by_mail_and_webhook_holds_counts_only(life: Life) -> None:
    called = [unquote_plus(request) for request in life.requests if "X-Ringmark-Signature" in request]
    mails = [f"{message.items()} {message.get_content()}" for message in life.mail.messages]

    assert len(called) == len(mails) >= 2  # a test, and news
    for told in (*called, *mails):
        assert "Ringmark, " in told
        assert not words_in(told)
        assert not re.search(r"Ann Open|Open work|Open second|Crowd \d|10\.5555", told)
        assert not {id_ for id_ in NUMBERS.findall(told) if id_ in life.ids.hidden | life.ids.shown}


def test_moving_data_says_and_logs_counts_only(life: Life) -> None:
    said = {
        line: ran.out + ran.err
        for line, ran in life.ran.items()
        if line.split()[0] in MOVERS | {"check", "alarms"} and "--rules" not in line
    }
    logged = "\n".join(life.logged)

    assert "'source': 'library'" in logged
    assert "asking again" in logged
    for told in (*said.values(), logged):
        assert not words_in(told)
        assert not re.search(r"Ann Open|Open work|Open second|Crowd \d", told)
    assert "10.5555" not in logged
    assert not {id_ for id_ in NUMBERS.findall("\n".join(said.values())) if id_ in life.ids.hidden}


def test_every_file_that_was_written_is_for_its_owner_alone(life: Life) -> None:
    written = life.files()

    assert {
        *(() if stores.POSTGRESQL else ("ringmark.db",)),
        "ringmark.key",
        "public.csv",
        "internal.csv",
        "demo/public.csv",
        "demo/badge.svg",
        "marks/params.parquet",
    } <= written.keys()
    assert {
        name: oct(path.stat().st_mode & 0o077) for name, path in written.items() if path.stat().st_mode & 0o077
    } == {}
    assert life.left == []


def test_no_file_but_the_store_and_what_is_for_members_holds_a_hidden_word(life: Life) -> None:
    holding = {name: words_in(path.read_bytes().decode("latin-1")) for name, path in life.files().items()}

    assert {name for name, words in holding.items() if words and not PRIVATE.fullmatch(name)} == set()
    assert holding["internal.csv"] == {"canaryint", "canaryint-beta"}
    assert all(
        not words_in(path.read_text(), "internal") for name, path in life.files().items() if name.startswith("internal")
    )
