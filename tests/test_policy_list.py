"""From the list of sources to the score: what is wrong in it is named, and what it leads to counts."""

from pathlib import Path

import pytest
from abroad_places import reader
from conftest import House
from http_places import Clock
from mention_house import a_copy, some_works
from policy_site import CITES, DATED, Listening, a_listening, a_site, mentions

from connectors import NotUnderstood
from sandbox.policy import PolicySite, pdf
from sync import steps

site, listening = a_site(), a_listening()
works, house = some_works(), a_copy()


# The list ------------------------------------------------------------------------------------------------------------


def test_only_what_stands_below_a_path_is_read(site: PolicySite, listening: Listening) -> None:
    listening.write(f"Example Ministry,policy,{site.sitemap},/reports/")
    site.page("/reports/1", CITES, at=DATED)
    site.page("/news/1", CITES, at=DATED)

    assert [each.key[-10:] for each in mentions(listening.listen())] == ["/reports/1"]
    assert listening.read("/news/1") == 0


def test_a_row_that_says_nothing_useful_is_set_aside_by_its_line_and_the_others_go_on(
    site: PolicySite, listening: Listening
) -> None:
    site.page("/reports/1", CITES, at=DATED)
    good = f"B,policy,{site.sitemap},"
    address = "https://a.example/s"
    wrong = (
        f",policy,{address},",
        f"A,paper,{address},",
        "A,policy,ftp://a,",
        f"A,policy,{address},reports",
        "A,policy",
    )
    listening.write(*wrong, good, good)

    pages = listening.listen()

    assert [each.place for each in pages[0].asides] == [f"policy.csv:{line}" for line in (2, 3, 4, 5, 6, 8)]
    assert len(mentions(pages)) == 1
    assert [each.ok for each in listening.connector().check()] == [False] * 6 + [True]


@pytest.mark.parametrize(
    "body", [b"", b"source,type\n", b"source,type,sitemap,colour\n", b"\xff\xfe", b'source,type,sitemap\n"a']
)
def test_a_file_that_is_no_list_is_not_understood(listening: Listening, body: bytes) -> None:
    listening.file.write_bytes(body)

    with pytest.raises(NotUnderstood):
        listening.listen()
    assert [each.ok for each in listening.connector().check()] == [False]


def test_without_a_list_the_settings_are_refused(house: House) -> None:
    house.file.write_text(house.file.read_text() + '[connections.policy]\nkind = "policy"\n')

    ran = house.run("check")

    assert ran.code != 0
    assert "path" in ran.out + ran.err


# In a house ----------------------------------------------------------------------------------------------------------


def test_what_a_ministry_cites_counts_three_points_until_it_is_taken_down(
    house: House, site: PolicySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = Listening(site, tmp_path)
    more = f'[connections.policy]\nkind = "policy"\npath = "{listening.file}"\n'
    house.file.write_text(house.file.read_text() + more)
    site.page("/reports/1", CITES, at=DATED)
    site.file("/reports/2.pdf", pdf([["10.5555/one"]]), at=DATED)
    with reader(site.web, Clock()) as abroad:
        monkeypatch.setattr(abroad, "close", lambda: None)
        monkeypatch.setattr(steps, "_abroad", lambda *_: abroad)
        house.ok("pull", "policy")
        house.ok("score")
        told = house.json("explain", "10.5555/one")
        for path in ("/reports/1", "/reports/2.pdf"):
            site.remove(path)
        house.later = 200 * 24 * 3600 * 1_000_000
        house.ok("pull", "policy")
        house.ok("score")

    assert told["score"] == 3
    assert sorted((each["source"], each["counted"]) for each in told["ledger"]) == [("policy", False), ("policy", True)]
    assert house.json("explain", "10.5555/one")["score"] == 0
    assert house.stored("SELECT DISTINCT reason FROM mention") == [("gone",)]
