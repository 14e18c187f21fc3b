"""Wikipedia over HTTP, from the stream to the score: what is cited counts from the day the link came, once, and as long
as the article says it."""

from datetime import datetime

from conftest import House
from mention_house import a_copy, ledger, some_works
from wikipedia_house import HOUR, a_house, a_wikipedia, ago, api, cite, later, listens, running_wikipedia, stored, told

from sandbox.wikipedia import PracticeWikipedia

works, plain = some_works(), a_copy()
running, server, house = running_wikipedia(), a_wikipedia(), a_house()


def test_an_article_that_cites_a_work_counts_since_the_link_came_and_explains_itself(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(5)
    server.wikis.edit(7, cite("one"), at=came)

    house.ok("pull", "wikipedia")
    house.ok("score")

    (line,) = house.json("explain", "10.5555/one")["ledger"]
    assert (line["source"], line["millipoints"], line["url"]) == (
        "wikipedia",
        3000,
        "https://en.wikipedia.org/wiki/Tide_7",
    )
    assert datetime.fromisoformat(line["occurred_at"]) == came
    (found,) = told(house)
    (seen,) = found["evidence"]
    assert (seen["method"], seen["excerpt"]) == ("template", "doi=10.5555/one")


def test_articles_of_all_languages_count_once_and_the_first_one_counts(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(5))
    server.wikis.edit(7, cite("one", "two"), at=ago(4), domain="de.wikipedia.org")

    house.ok("pull", "wikipedia")
    house.ok("score")

    assert sorted(ledger(house).values()) == [0, 3000]
    assert ledger(house)["https://en.wikipedia.org/wiki/Tide_7"] == 3000
    assert ledger(house, "two") == {"https://de.wikipedia.org/wiki/Tide_7": 3000}


def test_only_articles_of_wikipedias_are_read_and_only_those_that_a_link_of_ours_came_to(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(1, cite("one"), at=ago(5), namespace=2)
    server.wikis.edit(2, cite("one"), at=ago(5), domain="commons.wikimedia.org")
    server.wikis.edit(3, cite("stranger"), at=ago(5))

    house.ok("pull", "wikipedia")

    assert (stored(house), api(server)) == ([], [])


def test_only_the_wikis_of_sets_are_read_where_it_names_any(
    plain: House, house: House, server: PracticeWikipedia
) -> None:
    listens(plain, server, 'sets = ["dewiki"]')
    server.wikis.edit(1, cite("one"), at=ago(5))
    server.wikis.edit(2, cite("one"), at=ago(5), domain="de.wikipedia.org")

    house.ok("pull", "wikipedia")

    assert [key for key, *_ in stored(house)] == ["dewiki:2"]


def test_an_edit_keeps_the_day_on_which_the_link_came_and_tells_what_is_cited_now(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(50)
    server.wikis.edit(7, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, cite("one", "two") + " More.", at=ago(2))

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert datetime.fromisoformat(found["occurred_at"]) == came
    assert sorted(found["names"]) == ["doi:10.5555/one", "doi:10.5555/two"]


def test_a_link_that_is_removed_is_taken_back_and_counts_again_when_it_is_put_back(
    house: House, server: PracticeWikipedia
) -> None:
    came = ago(50)
    server.wikis.edit(7, cite("one"), at=came)
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, "A vandal was here.", at=ago(3))
    house.ok("pull", "wikipedia")
    house.ok("score")
    taken = stored(house), ledger(house)

    server.wikis.edit(7, cite("one"), at=ago(2))
    house.ok("pull", "wikipedia")
    house.ok("score")

    assert taken == ([("enwiki:7", 0, "unlinked")], {})
    assert stored(house) == [("enwiki:7", 1, "")]
    assert datetime.fromisoformat(told(house)[0]["occurred_at"]) == came
    assert ledger(house) == {"https://en.wikipedia.org/wiki/Tide_7": 3000}


def test_a_link_that_comes_long_after_another_was_removed_is_news(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.edit(7, "Nothing of ours.", at=ago(3))
    house.ok("pull", "wikipedia")
    later(house, server, 30)
    assert server.stands_at is not None
    came = (server.stands_at - HOUR).replace(microsecond=0)
    server.wikis.edit(7, cite("two"), at=came)

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert (found["names"], datetime.fromisoformat(found["occurred_at"])) == (["doi:10.5555/two"], came)


def test_an_article_that_is_deleted_is_taken_back_and_counts_again_when_it_is_restored(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.delete(7, at=ago(3))
    house.ok("pull", "wikipedia")
    assert stored(house) == [("enwiki:7", 0, "deleted")]

    server.wikis.edit(7, cite("one"), at=ago(2))
    house.ok("pull", "wikipedia")

    assert stored(house) == [("enwiki:7", 1, "")]


def test_an_article_that_is_renamed_is_the_same_one_and_one_that_becomes_a_draft_is_none(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50))
    house.ok("pull", "wikipedia")
    server.wikis.move(7, "Ebb & flow?", 0, at=ago(4))
    house.ok("pull", "wikipedia")
    renamed = [(each["url"], each["title"]) for each in told(house)]

    server.wikis.move(7, "Draft:Ebb", 118, at=ago(3))
    house.ok("pull", "wikipedia")

    assert renamed == [("https://en.wikipedia.org/wiki/Ebb_%26_flow%3F", "Ebb & flow?")]
    assert stored(house) == [("enwiki:7", 0, "gone")]


def test_a_draft_that_becomes_an_article_cites_from_then_on(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(50), namespace=118)
    server.wikis.edit(8, cite("stranger"), at=ago(50), namespace=118)
    came = ago(3)
    server.wikis.move(7, "Tide", 0, at=came)
    server.wikis.move(8, "Other", 0, at=came)

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert (found["url"], datetime.fromisoformat(found["occurred_at"])) == ("https://en.wikipedia.org/wiki/Tide", came)


def test_a_link_that_the_text_does_not_show_is_told_by_the_links_of_the_page(
    house: House, server: PracticeWikipedia
) -> None:
    server.wikis.article(7).more = ("//dx.doi.org/10.5555%2Fone", *(f"https://example.org/{each}" for each in range(9)))
    server.rows = 3
    server.wikis.edit(7, "{{Cite Q|Q42}}", at=ago(3))

    house.ok("pull", "wikipedia")

    (found,) = told(house)
    assert [each["method"] for each in found["evidence"]] == ["doi-url"]


def test_a_link_that_is_gone_again_when_the_article_is_read_was_none(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))
    server.wikis.edit(7, f"Undone. <!-- {cite('one')} -->", at=ago(2))

    house.ok("pull", "wikipedia")

    assert stored(house) == []
    assert len(api(server)) == 1


def test_nobody_who_has_edited_is_kept_anywhere(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, cite("one"), at=ago(3))
    server.wikis.put("page-links-change", {"performer": {"user_text": "Ada Editor"}, "page_id": "x"}, ago(2))
    house.ok("pull", "wikipedia")

    files = [each for each in house.folder.rglob("*") if each.is_file()]

    assert b"enwiki:7" in b"".join(each.read_bytes() for each in files)
    assert not [each.name for each in files if b"Ada Editor" in each.read_bytes()]
