"""A webhook is told of each badge, each new score and each withdrawal, in signed notices that keep their ids."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from push_library import BASE
from told_places import KEY, Hook, hooked

from config.settings import Connection
from connectors.http import client
from connectors.webhook import Webhook
from sandbox.webhook import PracticeWebhook, WebhookFault

PAGE = (Path(__file__).parents[1] / "docs" / "webhook.md").read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Hook]:
    """Two public works, not told of yet; one private."""
    with hooked(tmp_path) as place:
        yield place


@pytest.fixture
def told(place: Hook) -> Hook:
    """The same, told of."""
    assert place.push()["written"] == 2
    return place


def notices(place: Hook, kind: str = "badge.published") -> list[dict[str, Any]]:
    return [each for each in place.hook.told if each["type"] == kind]


def test_a_notice_has_the_badge_the_page_the_score_and_the_identifiers_of_one_output(told: Hook) -> None:
    shown = told.house.json("explain", "10.5555/two")

    (notice,) = [each for each in told.hook.told if "doi:10.5555/two" in each["identifiers"]]

    id_, at = notice.pop("id"), notice.pop("at")
    assert notice == {
        "type": "badge.published",
        "output": shown["output"],
        "identifiers": ["doi:10.5555/two"],
        "score": 6,
        "badge": f"{BASE}/badge/output/{shown['output']}.svg",
        "page": f"{BASE}/outputs/{shown['output']}",
    }
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id_)
    assert at.endswith("+00:00")


def test_nothing_private_and_no_title_is_in_any_request(told: Hook) -> None:
    everything = " ".join(f"{each.path} {each.headers} {each.body.decode()}" for each in told.hook.requests)

    assert "10.5555/one" in everything
    assert "10.5555/three" not in everything
    assert "Canary" not in everything
    assert KEY not in everything


def test_each_request_is_signed_and_says_who_asks(told: Hook) -> None:
    for each in told.hook.requests:
        assert told.hook.signed(each.headers["X-Ringmark-Signature"], each.body)
        assert each.headers["User-Agent"].startswith("Ringmark/")
        assert each.headers["Content-Type"] == "application/json"


def test_the_receiver_on_the_page_takes_what_is_ours_and_nothing_else(told: Hook) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    page: dict[str, Any] = {}
    exec(code, page)  # noqa: S102 - it is our own page
    genuine: Callable[..., bool] = page["genuine"]
    asked = told.hook.requests[0]
    header, body, now = asked.headers["X-Ringmark-Signature"], asked.body, time.time()

    assert genuine(header, body, KEY.encode(), now)
    assert not genuine(header, body + b" ", KEY.encode(), now)
    assert not genuine(header, body, b"another", now)
    assert not genuine(header, body, KEY.encode(), now + 400)
    assert not genuine("", body, KEY.encode(), now)
    assert not genuine(header.replace("t=", "t=1"), body, KEY.encode(), now)


def test_the_examples_on_the_page_have_the_keys_of_real_notices(told: Hook) -> None:
    told.tell(one="private")
    told.push()
    examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]

    for example in examples:
        assert {frozenset(each) for each in notices(told, example["type"])} == {frozenset(example)}


def test_what_is_known_is_not_told_again_and_a_new_score_is_told_after_push_every(told: Hook) -> None:
    told.push()
    told.mention(one=2)
    told.push()
    assert len(told.hook.told) == 2

    told.days(8)
    assert told.push()["written"] == 1

    assert told.shown() == {"one": 6, "two": 6}
    assert len({each["id"] for each in told.hook.told}) == 3


@pytest.mark.parametrize("what", ["hang up after", "hang up before", "status"])
def test_a_notice_keeps_its_id_until_it_has_arrived(place: Hook, what: Any) -> None:
    place.hook.faults.append(WebhookFault(what))
    place.push(code=1)
    place.days(1)
    place.push()

    ids = [each["id"] for each in place.hook.told if "doi:10.5555/one" in each["identifiers"]]
    sent = [json.loads(each.body)["id"] for each in place.hook.requests if b"10.5555/one" in each.body]

    assert len(set(ids)) == len(set(sent)) == 1
    assert len(sent) == 2
    assert place.shown() == {"one": 3, "two": 6}


def test_a_notice_of_the_same_score_found_on_another_day_is_the_same_notice(place: Hook) -> None:
    place.hook.faults.append(WebhookFault("hang up after"))
    place.push(code=1)
    place.days(3)
    place.house.ok("score", "--full")
    place.push()

    assert len({each["id"] for each in place.hook.told if "doi:10.5555/one" in each["identifiers"]}) == 1


def test_a_withdrawal_names_nothing_but_what_was_told(told: Hook) -> None:
    before = {each["identifiers"][0]: each["output"] for each in told.hook.told}
    told.tell(one="private")
    assert told.push()["withdrawn"] == 1

    (notice,) = notices(told, "badge.withdrawn")

    assert notice.keys() == {"id", "type", "output", "identifiers", "at"}
    assert (notice["output"], notice["identifiers"]) == (before["doi:10.5555/one"], ["doi:10.5555/one"])
    assert told.shown() == {"two": 6}
    assert told.push()["withdrawn"] == 0


def test_what_may_have_arrived_is_withdrawn_too(place: Hook) -> None:
    place.hook.faults.append(WebhookFault("hang up after"))
    place.push(code=1)
    place.tell(one="private")
    assert place.push()["withdrawn"] == 1

    assert place.shown() == {"two": 6}


def test_a_withdrawal_that_may_have_arrived_is_sent_again_with_its_id_and_a_new_badge_has_another(told: Hook) -> None:
    told.tell(one="private")
    told.hook.faults.append(WebhookFault("hang up after"))
    told.push(code=1)
    told.push()
    assert len(notices(told, "badge.withdrawn")) == 2
    assert len({each["id"] for each in notices(told, "badge.withdrawn")}) == 1

    told.tell(one="public")
    told.push()

    assert told.shown() == {"one": 3, "two": 6}
    assert len({each["id"] for each in notices(told)}) == 3


def test_after_an_unknown_withdrawal_a_badge_that_may_show_again_is_withdrawn_and_then_told(told: Hook) -> None:
    told.tell(one="private")
    told.hook.faults.append(WebhookFault("hang up before"))
    told.push(code=1)
    told.tell(one="public")
    told.days(1)
    told.push()
    told.push()

    ones = [each["type"] for each in told.hook.told if "doi:10.5555/one" in each["identifiers"]]
    assert ones == ["badge.published", "badge.withdrawn", "badge.published"]
    assert told.shown() == {"one": 3, "two": 6}


def test_withdrawals_come_first_and_a_paused_connection_still_sends_them(told: Hook) -> None:
    told.house.ok("connection", "pause", "library")
    told.tell(one="private", four="public")
    told.push()
    assert told.shown() == {"two": 6}

    told.house.ok("connection", "resume", "library")
    told.tell(two="private")
    before = len(told.hook.told)
    told.push()

    assert [each["type"] for each in told.hook.told[before:]] == ["badge.withdrawn", "badge.published"]


def test_a_corrected_doi_withdraws_under_the_old_one_and_tells_under_the_new(told: Hook) -> None:
    told.columns["one"] = "10.5555/eins,"
    told.tell(one="public")
    told.push()

    (gone,) = notices(told, "badge.withdrawn")
    assert gone["identifiers"] == ["doi:10.5555/one"]
    assert set(told.shown()) == {"eins", "two"}


def test_permission_that_ends_between_the_intention_and_the_request_sends_nothing(
    place: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.store import notices as ledger

    asked = ledger.may_tell

    def ends(*words: Any, **more: Any) -> bool:
        place.house.stored("DELETE FROM badge_identifier WHERE scheme = 'doi'")
        return asked(*words, **more)

    monkeypatch.setattr("sync.push.telling.notices.may_tell", ends)
    place.push()

    assert place.hook.told == []
    assert [row for row in place.ledger("SELECT value, intended, mark FROM pushed") if any(row)] == []


def test_a_redirect_is_not_followed(place: Hook) -> None:
    place.hook.faults.append(WebhookFault("redirect", times=None))
    report = place.push(code=3)

    assert "redirected" in report["why"]
    assert {each.path for each in place.hook.requests} == {"/hooks/badges"}
    assert place.hook.told == []


def test_another_key_ends_the_push_and_says_so_without_it(place: Hook) -> None:
    place.hook.key = "another"
    report = place.push(code=1)

    assert "status 401" in report["why"]
    assert KEY not in report["why"]
    assert len(place.hook.requests) == 1


def test_without_a_key_nothing_is_sent(place: Hook) -> None:
    place.settings()
    text = place.house.file.read_text().replace('token_file = "token"\n', "")
    place.house.write(text)
    ran = place.house.run("push")

    assert (ran.code, "connections.library.token: missing; set token_file" in ran.err) == (2, True)
    settings = Connection(name="library", kind="webhook", url=place.hook.url)
    with Webhook(settings, client(settings)) as connector:
        assert [finding.ok for finding in connector.check()] == [False]
    assert place.hook.requests == []


def test_patience_that_is_asked_for_is_given(place: Hook) -> None:
    place.hook.faults.append(WebhookFault("too many requests", retry_after="3600"))
    place.push(code=1)
    assert len(place.hook.requests) == 1
    place.days(1)
    place.push()

    assert place.shown() == {"one": 3, "two": 6}


def test_a_receiver_that_fails_and_asks_for_no_patience_ends_one_part_of_a_push_and_not_the_other(told: Hook) -> None:
    told.tell(one="private", two="private", four="public")
    told.hook.faults.append(WebhookFault("status", status=503))
    report = told.push(code=1)

    assert (report["withdrawn"], report["written"]) == (0, 1)
    assert told.shown() == {"one": 3, "two": 6, "four": 0}


def test_a_dry_run_says_what_would_be_told_and_tells_nothing(place: Hook) -> None:
    report = place.push("--dry-run", "--diff")

    assert report["written"] == 2
    assert sorted(change["address"] for change in report["diff"]) == ["doi:10.5555/one", "doi:10.5555/two"]
    assert place.hook.requests == []


def test_a_push_to_internal_readers_is_refused(place: Hook) -> None:
    place.settings()
    place.house.write(place.house.file.read_text().replace('push = "public"', 'push = "internal"'))

    ran = place.house.run("push")

    assert (ran.code, "the public reads what a webhook shows" in ran.err) == (2, True)


def test_forgetting_withdraws_everything_that_was_told(told: Hook) -> None:
    told.house.ok("connection", "forget", "library", "--withdraw")

    assert told.shown() == {}
    assert len(notices(told, "badge.withdrawn")) == 2
    assert told.rows("pushed") == []


def test_status_and_the_console_know_what_was_told(told: Hook) -> None:
    assert told.stands()["pushed"]["badges"] == 2
    told.house.ok("status")


def test_check_sends_a_ping_that_tells_of_nothing(place: Hook) -> None:
    ran = place.house.run("check", "--connect")

    assert (ran.code, "a signed ping was taken" in ran.out) == (0, True)
    (asked,) = place.hook.requests
    assert json.loads(asked.body) == {"type": "badge.ping"}
    place.hook.key = "another"
    assert place.house.run("check", "--connect").code != 0


def test_what_is_not_signed_as_it_should_be_is_not_believed_by_the_practice_receiver() -> None:
    server = PracticeWebhook(KEY, 0)
    server.server_close()

    assert not server.signed("", b"{}")
    assert not server.signed("t=1,v1=" + "0" * 64, b"{}")
