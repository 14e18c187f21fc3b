"""Messages to readers leave once, whatever happens on the way, and hold what everybody may see at that moment."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Event

import pytest
import stores
from alarm_ways import Post, post, told_as_text
from conftest import House
from daemon_process import daemon
from versions_house import ARTICLE, PREPRINT, TWO, told, works
from versions_house import SETTINGS as VERSIONS
from watching import DAY, READER, mention, page, token, watched_by

from config.load import load
from sync import steps, store

OTHER = "bob@reader.example.org"
RINGMARK = [sys.executable, "-c", "from sync.cli import main; main()"]


@pytest.fixture
def mail() -> Iterator[Post]:
    with post(login=False) as kept:
        yield kept


@pytest.fixture
def house(own: House, mail: Post) -> House:
    return watched_by(own, mail)


def watching(house: House, mail: Post, *dois: str, address: str = READER) -> None:
    """An address watches outputs, as if its owner had filled in the forms; today it has been told of nothing."""
    home = steps.open_house(load(house.file))
    outputs = [int(row["output"]) for row in house.rows() if row["doi"] in dois]
    for output in outputs:
        store.watching.ask(home, address, output, language="en", now=store.now())
    house.ok("watch", "send")
    store.watching.confirm(home, token(mail.messages[-1]), outputs, now=store.now())
    home.engine.dispose()


def dois(house: House) -> list[str]:
    return [row["doi"] for row in house.rows() if row["doi"]]


def test_one_bad_address_stops_no_other_and_is_forgotten_in_the_end(house: House, mail: Post) -> None:
    one = dois(house)[0]
    for address in (READER, OTHER):
        watching(house, mail, one, address=address)
    mail.refuse.add(READER)
    mention(house, one)
    house.later += DAY
    first = house.json("watch", "send")
    again = house.json("watch", "send")
    mail.refuse.clear()
    house.later += DAY // 24
    later = house.json("watch", "send")

    assert [str(each["To"]) for each in mail.messages[2:]] == [OTHER, READER]
    assert (first["digests"], first["refused"], again["refused"], later["digests"]) == (1, 1, 0, 1)
    assert "new/0/" in told_as_text(mail.messages[-1])
    mail.refuse.add(READER)
    mention(house, one, key="more")
    for _ in range(16):
        house.later += DAY
        house.ok("watch", "send")
    assert [row[0] for row in stores.run(house.folder, "SELECT address FROM watcher")] == [OTHER]


def test_a_server_that_does_not_answer_loses_nothing_and_is_an_alarm(house: House, mail: Post) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    mention(house, one)
    house.later += DAY
    settings = house.file.read_text()
    with post(login=False) as gone:
        pass
    house.file.write_text(settings.replace(f":{mail.port}", f":{gone.port}"))
    failed = house.run("watch", "send", "--json")
    alarms = house.json("status")["alarms"]
    house.file.write_text(settings)
    told = house.json("watch", "send")

    assert (failed.code, "does not answer" in failed.document["error"]) == (1, True)
    assert READER not in failed.out + failed.err + str(alarms)
    assert [each for each in alarms if "messages to readers do not go out" in each]
    assert (told["digests"], told["mentions"]) == (1, 1)
    assert not [each for each in house.json("status")["alarms"] if "messages to readers" in each]


@pytest.mark.parametrize("answer", ["451 try again", "554 no"])
def test_a_message_that_the_server_refuses_is_sent_later(house: House, mail: Post, answer: str) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    mention(house, one)
    house.later += DAY
    mail.first = lambda: answer
    house.ok("watch", "send")
    mail.first = lambda: None
    house.later += DAY // 24
    house.ok("watch", "send")

    assert ["new/0/" in told_as_text(each) for each in mail.messages] == [False, True]


def test_whoever_is_killed_while_sending_has_sent_it(house: House, mail: Post) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    stores.run(house.folder, "UPDATE watcher SET day = 0")
    mention(house, one)
    entered, go = Event(), Event()

    def first() -> str | None:
        entered.set()
        go.wait(60)
        return "451 nobody hears this"

    mail.first = first
    with subprocess.Popen([*RINGMARK, "--config", str(house.file), "watch", "send"]) as process:
        assert entered.wait(60)
        process.send_signal(signal.SIGKILL)
    go.set()
    mail.first = lambda: None
    same_day = house.json("watch", "send")
    house.later += DAY
    next_day = house.json("watch", "send")

    assert (same_day["digests"], next_day["digests"]) == (0, 0)
    assert len(mail.messages) == 1


def test_the_daemon_asks_by_itself_and_says_how_often_and_not_whom(house: House, mail: Post) -> None:
    home = steps.open_house(load(house.file))
    store.watching.ask(home, READER, int(house.rows()[0]["output"]), language="en", now=store.now())
    home.engine.dispose()

    with daemon(house) as running:
        said = running.says("readers written to")

    assert (said["confirmations"], said["digests"]) == (1, 0)
    assert [each["To"] for each in mail.messages] == [READER]
    assert READER not in running.text


def test_what_is_hidden_meanwhile_is_left_out_and_nothing_tells_why(house: House, mail: Post) -> None:
    one, two, *_ = dois(house)
    watching(house, mail, one, two)
    mention(house, one, two)
    house.ok("hide", one, "--why", "asked")
    house.later += DAY
    house.ok("watch", "send")
    text = told_as_text(mail.messages[-1])

    assert (one in text + page(mail.messages[-1]), two in text) == (False, True)
    assert mail.messages[-1]["Subject"] == "1 new mention of what you watch"
    house.ok("hide", two, "--why", "asked")
    mention(house, one, two, key="again")
    house.later += DAY
    assert house.json("watch", "send")["digests"] == 0


def test_what_is_hidden_at_the_very_moment_of_sending_is_not_told(
    house: House, mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    mention(house, one)
    house.later += DAY
    claim = store.telling.telling

    def hide_then_claim(*words: object, **more: object) -> str | None:
        noted = claim(*words, **more)  # type: ignore[arg-type]
        house.ok("hide", one, "--why", "asked")
        return noted

    monkeypatch.setattr(store.telling, "telling", hide_then_claim)
    house.ok("watch", "send")

    assert len(mail.messages) == 1


def test_what_speaks_of_a_version_that_only_insiders_see_is_told_nobody(
    tmp_path_factory: pytest.TempPathFactory, mail: Post
) -> None:
    house = House(tmp_path_factory.mktemp("versions"))
    house.write(VERSIONS)
    works(house, TWO[0], TWO[1].replace("public", "internal"))
    house.ok("score")
    watched_by(house, mail)
    watching(house, mail, ARTICLE)
    told(house, inside=f"doi:{PREPRINT}", open=f"doi:{ARTICLE}")
    house.later += DAY
    house.ok("watch", "send")
    digest = told_as_text(mail.messages[-1]) + page(mail.messages[-1])

    assert "https://open.example.org/" in digest
    assert "inside.example.org" not in digest
    assert PREPRINT not in digest


def test_a_mention_whose_time_has_come_is_news_then(house: House, mail: Post) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    when = store.stamp(store.now() + 3 * DAY)
    mention(house, one, key="coming", occurred_at=when)
    days = []
    for _ in range(5):
        house.later += DAY
        house.ok("score")
        days.append(house.json("watch", "send")["mentions"])

    assert sum(days) == 1
    assert days[0] == 0


def test_no_more_than_so_many_are_asked_within_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.store.telling.PER_HOUR", 2)
    monkeypatch.setattr("sync.store.watching.UNCONFIRMED", 4)
    home = steps.open_house(load(house.file))
    output = int(house.rows()[0]["output"])
    for number in range(6):
        store.watching.ask(home, f"r{number}@reader.example.org", output, language="en", now=store.now())
    home.engine.dispose()
    counts = []
    for _ in range(3):
        counts.append(house.json("watch", "send")["confirmations"])
        house.later += DAY // 24

    assert counts == [2, 2, 0]


def test_a_restore_brings_nobody_back_who_has_left_and_keeps_who_came_since(house: House, mail: Post) -> None:
    one = dois(house)[0]
    watching(house, mail, one)
    backup = str(house.folder / "night.backup")
    house.ok("backup", backup)
    house.ok("watch", "forget", READER)
    watching(house, mail, one, address=OTHER)

    house.ok("restore", backup)

    assert [row[0] for row in stores.run(house.folder, "SELECT address FROM watcher")] == [OTHER]
    house.ok("sync")
    mention(house, one, key="after")
    house.later += DAY
    house.ok("watch", "send")
    assert mail.messages[-1]["To"] == OTHER
    assert "after/0/" in told_as_text(mail.messages[-1])


def test_a_store_that_was_lost_gets_its_readers_back(
    house: House, mail: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    watching(house, mail, dois(house)[0])
    new = House(tmp_path_factory.mktemp("new"))
    house.ok("backup", str(new.folder / "night.backup"))
    watched_by(new.write('[connections.local]\nkind = "files"\npath = "import"\n'), mail)

    new.ok("restore", str(new.folder / "night.backup"))

    assert [row[0] for row in stores.run(new.folder, "SELECT address FROM watcher")] == [READER]
