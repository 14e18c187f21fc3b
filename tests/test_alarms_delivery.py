"""How alarms travel: encrypted, to the right server, once although two look, again after whoever sent them died."""

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from alarm_ways import FILES, Post, certificate, hook, post, pulled, secrets, told_by
from conftest import PASSWORD, House

from config.load import load
from sync import alarms, steps, store

MINUTE = 60_000_000
LOGIN = 'username = "ringmark"\npassword_file = "password"\nca_file = "trust.pem"'
RINGMARK = [sys.executable, "-c", "from sync.cli import main; main()"]


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("trust") / "trust.pem", days=300)


@pytest.fixture
def ready(house: House, trust: Path) -> House:
    """A house whose source has left out a file, and which trusts one certificate."""
    secrets(pulled(house), password=PASSWORD)
    (house.folder / "trust.pem").write_bytes(trust.read_bytes())
    (house.folder / "import" / "outputs.csv").unlink()
    assert house.run("pull").code == 3
    return house


def settings(mail: Post, more: str) -> str:
    return FILES + 'pull = "manual"\n' + told_by(mail, None, more)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_message_goes_encrypted_and_with_a_login(ready: House, trust: Path, at_once: bool) -> None:
    with post(trust, at_once=at_once) as mail:
        ready.write(settings(mail, f'{LOGIN}\nsmtp_security = "{"tls" if at_once else "starttls"}"'))
        said = ready.ok("alarms", "test") + ready.ok("alarms", "look")

    assert said.splitlines()[0] == "mail: a test sent"
    assert said.splitlines()[-1] == "mail: 1 alarms sent"
    assert mail.known == [(True, True)] * 2
    assert [each["Subject"] for each in mail.messages] == [
        "Ringmark, University of Example: a test",
        "Ringmark, University of Example: 1 new",
    ]
    assert "nothing is wrong" in mail.texts[0]


@pytest.mark.parametrize(
    ("more", "kind", "why"),
    [
        ('username = "ringmark"\npassword_file = "password"', {"trust": True}, "is not accepted (self-signed"),
        (LOGIN, {"trust": False}, "offers no encryption"),
        (f'{LOGIN}\nsmtp_security = "tls"', {"trust": True}, "makes no secure connection"),
        (LOGIN.replace('"ringmark"', '"nobody"'), {"trust": True}, "refused username or password (535)"),
        ('ca_file = "trust.pem"', {"trust": True}, "refused the sender (530)"),
        (LOGIN, {"trust": True, "refuse": {"office@example.edu", "library@example.edu"}}, "all addresses (550)"),
    ],
)
def test_what_is_wrong_with_a_way_is_said_in_our_own_words(
    ready: House, trust: Path, more: str, kind: dict[str, object], why: str
) -> None:
    with post(trust if kind["trust"] else None, login=bool(kind["trust"])) as mail:
        mail.refuse |= set(kind.get("refuse", ()))  # type: ignore[call-overload]
        ready.write(settings(mail, more))
        tried, looked = ready.run("alarms", "test", "--json"), ready.run("alarms", "look")

    assert (tried.code, looked.code, mail.messages) == (1, 1, [])
    assert why in tried.document["sent"]["mail"]["why"]
    assert why in tried.document["error"]
    assert "Canarypri" not in tried.out + looked.out


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://hooks.example.edu/hush", "is plain http, which others can read; write https://"),
        ("hooks.example.edu/hush", "is no web address; write such as https://host/path"),
        ("https://hooks.example.edu/hush me", "is no web address; write such as https://host/path"),
        ("https://hush@hooks.example.edu/", "holds a user name or password; give an address without"),
    ],
)
def test_an_address_of_a_webhook_that_will_not_do_is_refused_and_not_shown(
    house: House, address: str, why: str
) -> None:
    secrets(pulled(house), hook=address).write(FILES + '[alarms]\nwebhook_file = "hook"\n')
    ran = house.run("alarms", "look")

    assert (ran.code, ran.out, ran.err) == (2, "", f"{house.file}: alarms.webhook: {why}\n")


def test_a_server_that_is_not_there_is_named(ready: House) -> None:
    with post(login=False) as gone:
        pass
    ready.write(settings(gone, 'smtp_security = "none"'))
    ran = ready.run("alarms", "test")

    assert (ran.code, ran.out) == (
        1,
        f"mail: a test NOT sent; 127.0.0.1:{gone.port} does not answer (ConnectionRefusedError); check alarms.smtp\n",
    )


def test_an_address_that_is_refused_keeps_no_other_from_being_told_and_is_an_alarm(ready: House) -> None:
    with post(login=False) as mail:
        mail.refuse.add("office@example.edu")
        ready.write(settings(mail, 'smtp_security = "none"'))
        ready.ok("alarms", "look")
        ready.ok("alarms", "look")
        shown = ready.json("status")["alarm_rows"]
        mail.refuse.clear()
        ready.ok("alarms", "test")

    assert len(mail.messages) == 2
    assert [each["name"] for each in shown] == ["source-failing:local", "untold:mail"]
    assert "refused 1 of 2 addresses" in shown[1]["words"]
    assert len(ready.json("status")["alarms"]) == 1


def test_without_a_way_there_is_nothing_to_try(house: House) -> None:
    ran = pulled(house).run("alarms", "test")

    assert (ran.code, ran.out) == (2, "")
    assert "mail_to" in ran.err


def test_two_ways_of_which_one_fails_are_done_in_part(ready: House) -> None:
    with post(login=False) as mail, hook() as call:
        call.status = 500
        secrets(ready, hook=call.url, signing="x")
        ready.write(FILES + told_by(mail, call, 'smtp_security = "none"'))
        ran = ready.run("alarms", "test", "--json")

    assert ran.code == 3
    assert {way: each["arrived"] for way, each in ran.document["sent"].items()} == {"mail": True, "webhook": False}
    assert call.told[0]["alarms"] == []


def test_of_two_who_look_at_once_one_tells(ready: House) -> None:
    entered, go = Event(), Event()
    with post(login=False) as mail:
        mail.first = lambda: (entered.set(), go.wait(30), None)[2]  # type: ignore[func-returns-value]
        read = load(ready.write(settings(mail, 'smtp_security = "none"')).file)
        home = steps.open_house(read)
        first = Thread(target=alarms.look, args=(home, read), kwargs={"clock": store.now})
        first.start()
        assert entered.wait(30)
        second = ready.ok("alarms", "look")
        go.set()
        first.join(30)
        home.engine.dispose()
        third = ready.ok("alarms", "look")

    assert "sent" not in second + third
    assert len(mail.messages) == 1


def test_what_somebody_died_telling_is_told_again(ready: House) -> None:
    entered, go = Event(), Event()
    with post(login=False) as mail:
        mail.first = lambda: (entered.set(), go.wait(30), "451 nobody is there")[2]  # type: ignore[func-returns-value]
        ready.write(settings(mail, 'smtp_security = "none"'))
        dying = subprocess.Popen([*RINGMARK, "--config", str(ready.file), "alarms", "look"])
        assert entered.wait(30)
        dying.send_signal(signal.SIGKILL)
        assert dying.wait(30) == -signal.SIGKILL
        go.set()
        mail.first = lambda: None
        ready.ok("alarms", "look")
        early = len(mail.messages)
        ready.later = 20 * MINUTE
        ready.ok("alarms", "look")

    assert (early, len(mail.messages)) == (0, 1)


def test_of_many_who_claim_the_same_news_one_gets_it(ready: House) -> None:
    with post(login=False) as mail:
        ready.write(settings(mail, 'smtp_security = "none"'))
    read = load(ready.file)
    homes = [steps.open_house(read) for _ in range(4)]
    now = store.now()
    store.alarms.notice(homes[0], [store.Alarm("a", "b")], now=now)
    got: list[int] = []
    threads = [
        Thread(target=lambda home=home: got.append(len(store.alarms.claim(home, "mail", now=now)))) for home in homes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for home in homes:
        home.engine.dispose()

    assert sorted(got) == [0, 0, 0, 1]
