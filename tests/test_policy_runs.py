"""Which documents a run reads, which it leaves to the next, and what becomes of those that were told before."""

from datetime import timedelta

import pytest
from policy_site import CITES, DATED, DAY, NOW, Listening, a_listening, a_site, mentions, set_aside

from connectors import Mention, TryLater
from connectors.policy import listing, sitemap
from connectors.policy.memory import Look, Memory
from connectors.records import LONGEST_NOTE
from sandbox.policy import PolicySite
from sandbox.web import WebFault

site, listening = a_site(), a_listening()


# In runs -------------------------------------------------------------------------------------------------------------


def test_a_document_is_read_once_and_again_when_the_sitemap_says_that_it_has_changed(
    site: PolicySite, listening: Listening
) -> None:
    for number in range(8):
        site.page(f"/reports/{number}", CITES, at=DATED)
    assert len(mentions(listening.listen())) == 8

    listening.now += DAY
    assert mentions(listening.listen()) == []
    site.page("/reports/3", CITES, at=DATED + DAY)
    listening.now += 8 * DAY
    assert [each.key[-10:] for each in mentions(listening.listen())] == ["/reports/3"]

    assert [listening.read(f"/reports/{number}") for number in range(8)] == [1, 1, 1, 2, 1, 1, 1, 1]


def test_a_sitemap_by_which_everything_is_from_today_has_nothing_read_every_day(
    site: PolicySite, listening: Listening
) -> None:
    for day in range(15):
        listening.now = NOW + day * DAY
        site.page("/reports/1", CITES, at=listening.now)
        listening.listen()

    assert listening.read("/reports/1") == 3


def test_where_the_sitemap_does_not_say_a_document_is_read_again_once_a_month(
    site: PolicySite, listening: Listening
) -> None:
    site.page("/reports/1", CITES)
    for day in range(0, 61, 5):
        listening.now = NOW + day * DAY
        listening.listen()

    assert listening.read("/reports/1") == 3


def test_a_sitemap_is_read_once_an_hour_however_often_the_round_is_made(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    for minutes in range(0, 125, 5):
        listening.now = NOW + timedelta(minutes=minutes)
        listening.listen()

    assert listening.read("/sitemap.xml") == 3


def test_a_round_that_was_cut_goes_on_with_the_source_and_the_documents_that_are_left(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.policy.rounds.BATCH", 2)
    listening.write(f"A,policy,{site.web.url('/none.xml')},", f"B,policy,{site.sitemap},")
    for number in range(5):
        site.page(f"/reports/{number}", CITES, at=DATED)
    with listening.ear() as ear:
        from connectors import Since

        run = listening.connector().listen(Since(now=NOW), ear)
        next(run)
        page = next(run)
        listening.notes |= page.notes

    told = mentions(listening.listen(bookmark=page.bookmark))

    assert len(page.mentions) + len(told) == 5
    assert {each.key for each in told}.isdisjoint(each.key for each in page.mentions)
    assert listening.read("/none.xml") == 1


def test_of_more_documents_than_are_looked_at_in_one_round_the_others_come_in_the_next(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.policy.rounds.LOOKS", 3)
    for number in range(5):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)

    first, second = mentions(listening.listen()), mentions(listening.listen())

    assert [each.key[-1] for each in first] == ["4", "3", "2"]
    assert [each.key[-1] for each in second] == ["1", "0"]


def test_beyond_what_can_be_remembered_the_newest_are_looked_at_and_the_list_is_told_so(
    site: PolicySite, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 2)
    for number in range(4):
        site.page(f"/reports/{number}", CITES, at=DATED + number * DAY)

    pages = listening.listen()

    assert [each.key[-1] for each in mentions(pages)] == ["3", "2"]
    assert any("set only" in each for each in set_aside(pages))


def test_what_is_remembered_of_a_source_has_an_end() -> None:
    row = listing.Row(source="A", type="policy", sitemap="https://a.example/s")
    memory = Memory(row, lambda _: "")
    for number in range(40_000):
        memory.keep(f"https://a.example/{number}", Look("01234567", 739_000 + number // 100, 739_000))

    notes = memory.changed()

    assert all(len(text) <= LONGEST_NOTE for text in notes.values())
    again = Memory(row, lambda name: notes.get(name, ""))
    assert again.find("https://a.example/39999") == Look("01234567", 739_399, 739_000)
    assert again.find("https://a.example/0") is None


# What was told before ------------------------------------------------------------------------------------------------


def test_what_no_longer_names_it_and_what_is_gone_is_taken_back(site: PolicySite, listening: Listening) -> None:
    for number in (1, 2):
        site.page(f"/reports/{number}", CITES, at=DATED)
    first, second = (each.key for each in mentions(listening.listen()))
    site.page("/reports/1", "<p>Revised</p>", at=DATED + DAY)
    listening.now += 8 * DAY
    edited = mentions(listening.listen())
    site.remove("/reports/2")

    assert edited == [Mention(key=first, deleted=True, reason="unlinked")]
    assert listening.again(first) == Mention(key=first, deleted=True, reason="unlinked")
    assert listening.again(second) == Mention(key=second, deleted=True, reason="gone")


def test_what_is_no_longer_in_the_list_stays_as_it_is(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (told,) = mentions(listening.listen())
    listening.write(f"Example Ministry,policy,{site.sitemap},/other")

    assert listening.again(told.key) is None


def test_a_document_that_cannot_be_looked_at_again_stays(site: PolicySite, listening: Listening) -> None:
    site.page("/reports/1", CITES, at=DATED)
    (told,) = mentions(listening.listen())
    site.web.faults.append(WebFault("status", status=503, times=None))

    with pytest.raises(TryLater):
        listening.again(told.key)
