"""Watching by e-mail, from the form to the message: asked twice, told once a day, left with one click."""

import hashlib
import re
from collections.abc import Iterator
from email.utils import parseaddr

import pytest
import stores
from alarm_ways import Post, post, told_as_text
from conftest import House
from served import Served, serving
from watching import ADDRESS, DAY, READER, confirm, link, mention, page, send, token, watch, watched_by

from config.load import load
from sync import steps


@pytest.fixture
def mail() -> Iterator[Post]:
    with post(login=False) as kept:
        yield kept


@pytest.fixture
def house(own: House, mail: Post) -> House:
    return watched_by(own, mail)


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    with serving(house.folder) as found:
        yield found


@pytest.fixture
def works(house: House) -> list[dict[str, str]]:
    return sorted((row for row in house.rows() if row["doi"]), key=lambda row: -row["millipoints"])


def test_what_is_asked_for_is_confirmed_told_once_a_day_and_left_one_by_one(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    one, two, *_ = works
    confirm(served, house, mail, one["output"], two["output"])
    house.ok("watch", "send")
    house.later += DAY
    mention(house, one["doi"], times=12)
    mention(house, two["doi"], key="two")
    dry, told, again = (house.json("watch", "send", *more) for more in (("--dry-run",), (), ()))
    digest = mail.messages[-1]
    text, html = told_as_text(digest), page(digest)

    assert (dry["digests"], dry["mentions"], told["digests"], again["digests"]) == (1, 13, 1, 0)
    assert len(mail.messages) == 2
    assert digest["Subject"] == "13 new mentions of what you watch"
    assert f"DOI {one['doi']}: 12 new mentions\n{ADDRESS}/outputs/{one['output']}\n" in text
    assert "And 2 more, on that page." in text
    assert f"DOI {two['doi']}: 1 new mention\n" in text
    assert "1 March 2026, News (counts in the score)" in text
    assert "https://news.example.com/two/0/" in text
    assert all(part.count("https://news.example.com/new/") == 10 for part in (text, html))
    assert one["title"] not in text + html

    left = send(served, f"/watch/leave/{token(digest)}", form={"output": one["output"]}, sec_fetch_site="cross-site")
    house.later += DAY
    mention(house, one["doi"], two["doi"], key="later")
    house.ok("watch", "send")
    assert left.status == 200
    assert one["doi"] not in told_as_text(mail.messages[-1])
    assert two["doi"] in told_as_text(mail.messages[-1])


def test_a_link_that_a_program_follows_changes_nothing(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    watch(served, works[0]["output"])
    house.ok("watch", "send")
    message = mail.messages[-1]
    looks = [served.get(link(message, what)) for what in ("confirm", "leave") for _ in range(2)]
    heads = [served.get(link(message, what), method="HEAD") for what in ("confirm", "leave")]

    assert {reply.status for reply in (*looks, *heads)} == {200}
    assert {reply.header("cache-control") for reply in looks} == {"no-store"}
    assert {reply.header("referrer-policy") for reply in looks} == {"no-referrer"}
    assert {reply.header("x-robots-tag") for reply in looks} == {"noindex"}
    assert house.json("watch", "list") == {"addresses": 0, "watches": 0, "unconfirmed": 1}


def test_one_click_leaves_all_without_a_page_and_twice_is_as_once(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    confirm(served, house, mail, works[0]["output"], works[1]["output"])
    message = mail.messages[-1]
    listed = message["List-Unsubscribe"]
    path = str(listed).removeprefix(f"<{ADDRESS}").removesuffix(">")
    by_mail = {"sec_fetch_site": "cross-site", "origin": "https://mail.example.org"}
    replies = [send(served, path, form="List-Unsubscribe=One-Click", **by_mail) for _ in range(2)]

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://ringmark\.example\.edu/watch/leave/[\w-]{43}>", listed)
    assert replies[0].whole == replies[1].whole
    assert replies[0].status == 200
    assert house.json("watch", "list") == {"addresses": 0, "watches": 0, "unconfirmed": 0}
    assert stores.run(house.folder, "SELECT * FROM watch_token") == []
    assert served.get(link(message, "leave")).status == served.get(link(message, "confirm")).status == 404


def test_whoever_asks_is_answered_alike_whether_output_and_address_are_known_or_not(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    one, two, hidden, *_ = works
    confirm(served, house, mail, one["output"])
    house.ok("hide", hidden["doi"], "--why", "asked")
    asked = [(one["output"], READER), (two["output"], READER), (two["output"], "new@reader.example.org")]
    asked += [(hidden["output"], "new@reader.example.org"), (4711, READER), ("", READER), (hidden["output"], "none")]
    replies = [watch(served, output, address) for output, address in asked]
    house.later += DAY + 1
    house.ok("watch", "send")

    assert len({reply.whole for reply in replies}) == 1
    assert replies[0].status == 200
    assert sorted(str(each["To"]) for each in mail.messages[1:]) == [READER, "new@reader.example.org"]
    assert not [each for each in mail.messages[1:] if hidden["doi"] in told_as_text(each) + page(each)]
    assert served.get(f"/watch?output={hidden['output']}").whole == served.get("/watch?output=4711").whole
    assert served.get(f"/watch?output={hidden['output']}").whole == served.get("/nothing/at/all").whole


def test_an_address_is_asked_once_a_day_and_forgotten_after_two(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    for address in (READER, READER.upper(), READER):
        watch(served, works[0]["output"], address)
        house.ok("watch", "send")
    watch(served, works[1]["output"])
    house.ok("watch", "send")
    before = len(mail.messages)
    house.later += DAY
    house.ok("watch", "send")
    both = told_as_text(mail.messages[-1])
    house.later += DAY
    house.ok("watch", "send")

    assert (before, len(mail.messages)) == (1, 2)
    assert works[0]["doi"] in both
    assert works[1]["doi"] in both
    assert house.json("watch", "list")["unconfirmed"] == 0
    assert stores.run(house.folder, "SELECT * FROM watcher") == []


def test_only_a_hash_of_the_word_in_a_link_is_stored_and_no_log_or_alarm_has_an_address(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    word = confirm(served, house, mail, works[0]["output"])
    rows = stores.run(house.folder, "SELECT mark FROM watch_token")
    whole = stores.whole(house.folder)
    said = house.ok("status") + house.ok("status", "--json") + house.ok("watch", "list") + house.ok("check")

    assert [row[0] for row in rows] == [hashlib.sha256(word.encode()).hexdigest()]
    assert word.encode() not in whole
    assert READER not in said
    assert house.json("status")["watching"] == {"addresses": 1, "watches": 1, "unconfirmed": 0}


def test_a_reader_is_written_to_in_the_language_of_the_page(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    watch(served, works[0]["output"], lang="de")
    house.ok("watch", "send")
    message = mail.messages[-1]

    assert message["Content-Language"] == "de"
    assert '<html lang="de"' in page(message)
    assert link(message, "confirm").endswith("?lang=de")
    assert parseaddr(message["From"]) == ("University of Example", "ringmark@example.edu")


def test_while_another_writes_the_page_says_so_and_badges_are_answered(
    house: House, served: Served, works: list[dict[str, str]]
) -> None:
    home = steps.open_house(load(house.file))
    with home.write():
        reply = watch(served, works[0]["output"])
        badge = served.get(f"/badge/output/{works[0]['output']}.json")
    home.engine.dispose()

    assert (reply.status, reply.header("retry-after")) == (503, "60")
    assert "could not be kept" in reply.text
    assert badge.status == 200
    assert watch(served, works[0]["output"]).status == 200


def test_without_mail_the_page_offers_the_feed_alone(scored: House) -> None:
    output = scored.rows()[0]["output"]
    with serving(scored.folder) as served:
        ways = served.get(f"/watch?output={output}")
        asked = watch(served, output)
    refused = scored.run("watch", "send")

    assert 'name="email"' not in ways.text
    assert f"/outputs/{output}/mentions.atom" in ways.text
    assert asked.status == 404
    assert (refused.code, "watch.mail" in refused.err) == (2, True)


def test_an_address_is_forgotten_when_its_owner_asks_and_the_audit_has_it_not(
    house: House, served: Served, mail: Post, works: list[dict[str, str]]
) -> None:
    confirm(served, house, mail, works[0]["output"])
    said = house.json("watch", "forget", READER.upper())
    again = house.json("watch", "forget", READER)
    audit = stores.run(house.folder, "SELECT verb, subject, detail FROM audit WHERE verb = 'watch forget'")

    assert (said, again) == ({"watches": 1, "reports": 0}, {"watches": 0, "reports": 0})
    assert stores.run(house.folder, "SELECT * FROM watcher") == stores.run(house.folder, "SELECT * FROM watch") == []
    assert len(audit) == 2
    assert READER not in str(audit)
