"""Alarms are told once, and again when they are solved: by e-mail and webhook, each by itself."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from alarm_ways import FILES, HOOK, ROW, SIGNING, Hook, Post, hook, post, pulled, secrets, told_by, works
from conftest import House

MINUTE = 60_000_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE


@dataclass
class Told:
    """A house with one source, which tells alarms by both ways."""

    house: House
    mail: Post
    hook: Hook

    def looks(self, minutes: float = 0, code: int = 0) -> str:
        """Time passes, and somebody looks."""
        self.house.later += int(minutes * MINUTE)
        ran = self.house.run("alarms", "look")
        assert (ran.code, ran.err) == (code, ""), ran
        return ran.out

    def breaks(self) -> None:
        """The source leaves out a file that was there."""
        (self.house.folder / "import" / "outputs.csv").unlink()
        assert self.house.run("pull").code == 3

    def mends(self) -> None:
        """It has the file again."""
        works(self.house, ROW)
        self.house.ok("pull")

    @property
    def states(self) -> list[list[tuple[str, str]]]:
        """Name and state of each alarm of each call."""
        return [[(each["name"], each["state"]) for each in told["alarms"]] for told in self.hook.told]


@pytest.fixture
def told(house: House) -> Iterator[Told]:
    with post(login=False) as mail, hook() as call:
        secrets(pulled(house), hook=call.url, signing=SIGNING)
        house.write(FILES + 'pull = "manual"\n' + told_by(mail, call, 'smtp_security = "none"'))
        yield Told(house, mail, call)


def test_nothing_is_told_while_nothing_is_wrong(told: Told) -> None:
    assert told.looks() == "0 alarms stand\n"
    assert (told.mail.messages, told.hook.calls) == ([], [])


def test_an_alarm_is_told_once_by_every_way_and_again_when_it_is_solved(told: Told) -> None:
    told.breaks()
    said = told.looks()
    for _ in range(3):
        told.looks(minutes=70)
    told.mends()
    told.looks()
    told.looks(minutes=70)

    assert "source-failing:local: local: " in said
    assert told.states == [[("source-failing:local", "new")], [("source-failing:local", "solved")]]
    first, second = told.mail.texts
    assert "outputs.csv" in first
    assert "New\n- local: " in first
    assert "Solved\n- local: " in second
    assert "(lasted 3 hours)" in second
    assert [each["Subject"] for each in told.mail.messages] == [
        "Ringmark, University of Example: 1 new",
        "Ringmark, University of Example: 1 solved",
    ]


def test_all_that_one_look_finds_is_in_one_message(told: Told) -> None:
    told.house.write('[scope]\nstatus = "current"\n' + told.house.file.read_text())
    told.breaks()
    told.looks()

    assert told.states == [[("scope", "new"), ("source-failing:local", "new")]]
    assert [each["Subject"] for each in told.mail.messages] == ["Ringmark, University of Example: 2 new"]


def test_what_still_stands_is_told_again_after_a_week_and_not_before(told: Told) -> None:
    told.breaks()
    told.looks()
    for _ in range(8):
        told.looks(minutes=24 * 60)

    assert [state for call in told.states for _, state in call] == ["new", "still"]
    assert "Still there\n- local: " in told.mail.texts[1]


def test_what_comes_and_goes_is_told_twice_and_not_each_time(told: Told) -> None:
    for _ in range(3):
        told.breaks()
        told.looks(minutes=5)
        told.mends()
        told.looks(minutes=5)
    before = [state for call in told.states for _, state in call]
    told.looks(minutes=70)

    assert before == ["new", "solved", "new"]
    assert told.states[-1] == [("source-failing:local", "solved")]
    assert len(told.mail.messages) == len(told.states) == 4


def test_what_could_not_be_delivered_is_an_alarm_and_is_tried_again_ever_later(house: House, told: Told) -> None:
    sent: list[str | None] = []
    told.mail.first = lambda: sent.append("451 Ann Canarypri has no room") or sent[-1]  # type: ignore[func-returns-value]
    told.breaks()
    said = told.looks(code=3)
    shown = house.run("status", "--fail-on", "alarm", "--json")
    for _ in range(12):
        told.house.later += 5 * MINUTE
        told.house.run("alarms", "look")
    tries = len(sent)
    told.mail.first = lambda: None
    told.looks(minutes=6 * 60)

    assert "mail: 1 alarms NOT sent; 127.0.0.1:" in said
    assert shown.code == 1
    assert any("alarms by mail did not arrive" in words for words in shown.document["alarms"])
    assert "Canarypri" not in said + shown.out
    assert tries == 4  # in the first hour: at once, and 5, 15 and 35 minutes later
    assert told.states[0] == [("source-failing:local", "new")]  # the other way has told it, once
    assert told.states[1:] == [[("untold:mail", "new")]]
    assert [text.count("- local: ") for text in told.mail.texts] == [1]
    assert "alarms by mail" not in told.mail.texts[0]


def test_what_is_solved_before_anybody_was_told_is_not_told(told: Told) -> None:
    told.house.write(told.house.file.read_text().replace("webhook", "# webhook"))
    told.mail.first = lambda: "451 no"
    told.breaks()
    told.looks(code=1)
    told.mail.first = lambda: None
    told.mends()
    told.looks(minutes=6 * 60)

    assert told.looks() == "0 alarms stand\n"
    assert told.mail.messages == []


def test_a_way_that_is_new_is_told_what_stands(told: Told) -> None:
    whole = told.house.file.read_text()
    told.house.write(whole.replace("webhook", "# webhook"))
    told.breaks()
    told.looks()
    told.house.write(whole)
    told.looks(minutes=5)

    assert len(told.mail.messages) == 1
    assert told.states == [[("source-failing:local", "new")]]


def test_status_says_since_when_and_the_exit_code_that_there_is_one(told: Told) -> None:
    assert told.house.run("status", "--fail-on", "alarm").code == 0
    told.breaks()
    unseen = told.house.json("status")["alarm_rows"]
    told.looks()
    first = told.house.json("status")["alarm_rows"]
    told.looks(minutes=120)
    (row,) = told.house.json("status")["alarm_rows"]

    assert [each["since"] for each in unseen] == [None]
    assert first == [row]
    assert row["name"] == "source-failing:local"
    assert row["since"] == told.hook.told[0]["alarms"][0]["since"]
    assert told.house.json("status")["alarms"] == [row["words"]]
    ran = told.house.run("status", "--fail-on", "alarm")
    assert ran.code == 1
    assert "source-failing:local" in ran.out


def test_a_clock_that_is_set_back_keeps_nobody_from_being_told(told: Told) -> None:
    told.house.later = 30 * DAY
    told.mail.first = lambda: "451 no"
    told.breaks()
    told.looks(code=3)
    told.mail.first = lambda: None
    told.house.later = 0
    told.looks()

    assert len(told.mail.messages) == 1


# What arrives ------------------------------------------------------------------------------------------------------


def test_the_webhook_gets_what_the_mail_says_and_a_signature(told: Told) -> None:
    told.breaks()
    told.looks()
    ((headers, body),) = told.hook.calls
    (document,) = told.hook.told
    (alarm,) = document["alarms"]

    assert document["institution"] == "University of Example"
    assert document["text"] == f"{told.mail.messages[0]['Subject']}\n\n{told.mail.texts[0].strip()}"
    assert set(alarm) == {"name", "words", "since", "state"}
    assert alarm["since"].endswith("Z")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Ringmark-Signature"] == "sha256=" + hmac.new(SIGNING.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_take_it_is_said_without_its_address(
    told: Told, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    told.hook.status = status
    told.breaks()
    said = told.looks(code=3) + told.house.ok("status") + caplog.text + str([r.__dict__ for r in caplog.records])

    assert len(told.hook.calls) == 1  # no redirect is followed, and nothing is sent again
    assert "webhook: 1 alarms NOT sent; the webhook" in said
    assert not any(secret in said for secret in (HOOK, "T000", "a-word-of-its-own", SIGNING))


def test_no_name_can_forge_a_header_or_another_line(told: Told) -> None:
    forged = 'name = "Ex\\nBcc: all@example.edu\\r\\n\\r\\nÉxample\\u2028x\\u202ey"'
    told.house.write(told.house.file.read_text().replace('name = "University of Example"', forged))
    told.breaks()
    told.looks()
    (message,), (raw,) = told.mail.messages, told.mail.bodies

    assert message["Subject"] == "Ringmark, Ex Bcc: all@example.edu Éxample x y: 1 new"
    assert (message["Bcc"], message["To"]) == (None, "office@example.edu, library@example.edu")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.edu>")
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content_type() == "text/plain"
    assert raw.isascii()


def test_no_alarm_and_no_message_holds_a_title_or_an_identifier(told: Told) -> None:
    told.breaks()
    works(told.house, ROW, "2,Canarypri two,campus,10.5555/canarypri-two", ",Canarypri three,public,")
    told.house.run("pull")
    told.looks()
    everything = str(told.hook.told) + "".join(told.mail.texts)

    assert "canarypri" not in everything.lower()
    assert "10.5555" not in everything
