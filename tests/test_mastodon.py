"""The public timeline of an instance of Mastodon: read forwards, a post told once, and looked at again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from conftest import House
from mastodon_source import LINK, NOW, ONE, ear, listen, listener, mentions
from mention_house import a_copy, some_works

from connectors import Mention, NotAllowed, NotUnderstood, Since, TryLater
from sandbox.mastodon import Author, MastodonFault, Post, PracticeMastodon, linked, practice_mastodon

works, house = some_works(), a_copy()
DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def server() -> Iterator[PracticeMastodon]:
    with practice_mastodon() as server:
        server.now = NOW - timedelta(hours=1)
        yield server


def telling(server: PracticeMastodon, number: int, **told: object) -> None:
    """Of this post the instance tells something else from now on."""
    before = server.told
    server.told = lambda each: {**before(each), **(told if each == number else {})}  # type: ignore[method-assign]


def asked(server: PracticeMastodon) -> list[str]:
    """The `min_id` of each request for the timeline."""
    return [parse_qs(each.query).get("min_id", [""])[0] for each in server.requests if "timelines" in each.path]


def test_a_post_with_a_link_is_told_under_its_own_id_with_who_when_and_where(server: PracticeMastodon) -> None:
    number = server.post(Post(linked(LINK), author=Author("grace", "elsewhere.example", followers=7)))

    (told,) = mentions(listen(server, ear()))

    assert (told.key, told.source, told.targets, told.repost) == (str(number), "mastodon", (ONE,), False)
    assert told.url == f"https://elsewhere.example/@grace/{number}"
    assert told.account is not None
    assert (told.account.key, told.account.name, told.account.followers) == (
        "https://elsewhere.example/users/grace", "@grace@elsewhere.example", 7,
    )  # fmt: skip
    assert [(each.method, each.level, each.excerpt) for each in told.evidence] == [("doi-url", "literal", LINK)]
    assert told.occurred_at == Post().at
    assert told.title == ""


def test_an_account_of_the_instance_itself_is_named_with_its_host(server: PracticeMastodon) -> None:
    server.post(Post(linked(LINK)))

    (told,) = mentions(listen(server, ear()))

    assert told.account is not None
    assert told.account.name == "@ada@127.0.0.1"


@pytest.mark.parametrize(
    "post",
    [
        Post(linked("https://doi.org/10.5555/one", words="x" * 200)),
        Post(linked("https://doi.org/10.5555/one?utm_source=mastodon&utm_medium=social")),
        Post("<p>see doi:10.5555/one, p. 3</p>"),
        Post("<p>see 10.5555/<wbr>one</p>"),
        Post("<p>no link in it</p>", card=LINK),
    ],
)
def test_a_link_a_text_and_the_card_below_a_post_name_what_it_speaks_of(server: PracticeMastodon, post: Post) -> None:
    server.post(post)

    assert [each.targets for each in mentions(listen(server, ear()))] == [(ONE,)]


def test_what_is_shortened_for_the_eye_is_read_whole(server: PracticeMastodon) -> None:
    longer = "https://doi.org/10.5555/one.and.much.more.than.is.ever.shown"
    server.post(Post(linked(longer)))

    assert mentions(listen(server, ear())) == []
    assert "ellipsis" in linked(longer)


@pytest.mark.parametrize(
    "post",
    [
        Post(linked(LINK), visibility="unlisted"),
        Post(linked(LINK), visibility="private"),
        Post(linked(LINK), author=Author(discoverable=False)),
        Post(linked(LINK), author=Author(noindex=True)),
        Post(linked(LINK), reply=True),
        Post("<p>of something else</p>"),
    ],
)
def test_what_is_not_for_everybody_or_not_ours_is_not_told(server: PracticeMastodon, post: Post) -> None:
    server.post(post)

    assert mentions(listen(server, ear())) == []


def test_what_a_timeline_shows_though_it_should_not_is_not_told_either(server: PracticeMastodon) -> None:
    telling(server, server.post(Post(linked(LINK))), visibility="unlisted")

    assert mentions(listen(server, ear())) == []


def test_an_account_that_says_nothing_of_being_found_is_read(server: PracticeMastodon) -> None:
    server.post(Post(linked(LINK), author=Author(discoverable=None, noindex=None)))

    assert len(mentions(listen(server, ear()))) == 1


# In runs ----------------------------------------------------------------------------------------------------------


def test_a_run_reads_all_pages_in_the_order_in_which_posts_came_and_ends(server: PracticeMastodon) -> None:
    numbers = [server.post(Post(linked(LINK))) for _ in range(100)]

    pages = listen(server, ear())

    assert [len(page.mentions) for page in pages] == [40, 40, 20, 0]
    assert [page.total for page in pages] == [40, 80, 100, None]
    assert sorted(int(each.key) for each in mentions(pages)) == numbers
    assert [page.bookmark for page in pages] == [str(numbers[39]), str(numbers[79]), str(numbers[99]), None]
    assert pages[-1].done is not None
    assert pages[-1].done.cursor == str(numbers[99])


def test_the_first_run_begins_a_week_ago_and_an_unfinished_one_where_it_was(server: PracticeMastodon) -> None:
    server.now = NOW - timedelta(days=8)
    server.post(Post(linked(LINK)))
    server.now = NOW - timedelta(days=6)
    number = server.post(Post(linked(LINK)))

    assert [each.key for each in mentions(listen(server, ear()))] == [str(number)]
    assert mentions(listen(server, ear(), bookmark=str(number))) == []


def test_the_next_run_reads_some_minutes_again_since_a_post_may_be_seen_later_than_one_with_a_higher_id(
    server: PracticeMastodon,
) -> None:
    early, last = (server.post(Post(linked(LINK))) for _ in range(2))
    held = server.posts.pop(early)
    (*_, end) = listen(server, ear())
    server.posts[early] = held
    assert end.done is not None

    pages = listen(server, ear(told=[str(last)]), cursor=end.done.cursor)

    assert {each.key for each in mentions(pages)} == {str(early), str(last)}


def test_a_run_ends_with_the_moment_in_which_it_began_however_much_comes_meanwhile(server: PracticeMastodon) -> None:
    server.now = NOW + timedelta(minutes=1)
    for _ in range(200):
        server.post(Post())

    pages = listen(server, ear())

    assert len(asked(server)) == 1
    assert pages[-1].done is not None


def test_an_instance_on_which_nothing_happens_keeps_its_place(server: PracticeMastodon) -> None:
    (first,) = listen(server, ear())
    assert first.done is not None
    (second,) = listen(server, ear(), cursor=first.done.cursor)

    assert second.done is not None
    assert int(second.done.cursor or 0) <= int(first.done.cursor or 0)


@pytest.mark.parametrize("what", ["shuffled", "repeated"])
def test_pages_in_another_order_or_with_everything_twice_tell_each_post(server: PracticeMastodon, what: Any) -> None:
    numbers = {str(server.post(Post(linked(LINK)))) for _ in range(60)}
    server.faults.append(MastodonFault(what, times=None))

    assert {each.key for each in mentions(listen(server, ear()))} == numbers
    assert len(asked(server)) == 3


def test_pages_that_go_in_a_circle_are_not_gone_round(server: PracticeMastodon) -> None:
    for _ in range(60):
        server.post(Post(linked(LINK)))
    server.faults.append(MastodonFault("page again", at=2))

    with pytest.raises(NotUnderstood, match="circle"):
        listen(server, ear())


def test_without_a_link_header_the_first_post_says_where_the_next_answer_begins(server: PracticeMastodon) -> None:
    numbers = [server.post(Post(linked(LINK))) for _ in range(60)]
    timeline = server.timeline
    server.timeline = lambda query: (timeline(query)[0], "")  # type: ignore[method-assign]

    assert len(mentions(listen(server, ear()))) == len(numbers)


def test_ids_that_are_no_numbers_are_gone_on_from_as_they_are(server: PracticeMastodon) -> None:
    (page,) = listen(server, ear(), bookmark="0123456789")

    assert page.done is not None
    assert page.done.cursor == "0123456789"


# What was told before ---------------------------------------------------------------------------------------------


def test_what_is_edited_so_that_it_names_nothing_of_ours_is_taken_back(server: PracticeMastodon) -> None:
    number = server.post(Post(linked(LINK)))
    server.edit(number, "<p>I was wrong</p>")

    assert mentions(listen(server, ear(told=[str(number)]))) == [
        Mention(key=str(number), deleted=True, reason="unlinked")
    ]
    assert mentions(listen(server, ear())) == []


def test_who_does_not_want_to_be_found_any_more_is_told_no_more(server: PracticeMastodon) -> None:
    number = server.post(Post(linked(LINK), author=Author(noindex=True)))

    assert mentions(listen(server, ear(told=[str(number)]))) == [
        Mention(key=str(number), deleted=True, reason="untold")
    ]


def test_a_post_that_is_looked_at_again_is_as_it_is_now(server: PracticeMastodon) -> None:
    number = server.post(Post("<p>nothing yet</p>"))
    with listener(server) as connector:
        before = connector.again(str(number), "", ear())
        server.edit(number, linked(LINK))
        edited = connector.again(str(number), "", ear())
        server.delete(number)
        deleted = connector.again(str(number), "", ear())

    assert before == Mention(key=str(number), deleted=True, reason="unlinked")
    assert edited is not None
    assert (edited.key, edited.targets) == (str(number), (ONE,))
    assert deleted == Mention(key=str(number), deleted=True, reason="gone")


def test_where_not_the_instance_itself_says_that_a_post_is_gone_it_stays(server: PracticeMastodon) -> None:
    server.faults.append(MastodonFault("login page"))
    with listener(server) as connector:
        with pytest.raises(NotUnderstood):
            connector.again("1", "", ear())
        server.faults.append(MastodonFault("status", status=403))
        with pytest.raises(NotAllowed):
            connector.again("1", "", ear())
        server.faults.append(MastodonFault("status", status=500, times=None))
        with pytest.raises(TryLater) as error:
            connector.again("117", "", ear())

    assert "117" not in str(error.value)


# What goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 422])
def test_an_instance_that_wants_a_token_says_so_before_the_first_pull_and_takes_the_one_it_is_given(
    server: PracticeMastodon, status: int
) -> None:
    server.shut = status
    server.post(Post(linked(LINK)))
    with listener(server) as connector, pytest.raises(NotAllowed):
        list(connector.listen(Since(now=NOW), ear()))

    with listener(server) as without, listener(server, token=server.token) as given:
        (refused,), (found,) = list(without.check()), list(given.check())
        assert len(mentions(given.listen(Since(now=NOW), ear()))) == 1

    assert (refused.ok, found.ok) == (False, True)
    assert "read:statuses" in refused.mend


@pytest.mark.parametrize("what", ["login page", "cut short", "other shape"])
def test_what_is_no_timeline_is_not_understood(server: PracticeMastodon, what: Any) -> None:
    for _ in range(10):
        server.post(Post(linked(LINK)))
    server.faults.append(MastodonFault(what, times=None))

    with pytest.raises(NotUnderstood):
        listen(server, ear())
    with listener(server) as connector:
        (found,) = list(connector.check())
    assert found.ok == (what == "other shape")


def test_an_odd_post_is_set_aside_by_its_shape_alone_and_the_others_go_on(server: PracticeMastodon) -> None:
    odd, good = server.post(Post("<p>a secret</p>")), server.post(Post(linked(LINK)))
    telling(server, odd, account="ada")

    page, *_ = listen(server, ear())

    assert [each.key for each in page.mentions] == [str(good)]
    (aside,) = page.asides
    assert (aside.keyless, aside.stored) == (False, False)
    assert '"account": "str"' in aside.evidence
    assert "secret" not in aside.evidence


def test_a_post_of_megabytes_is_read_like_any_other(server: PracticeMastodon) -> None:
    server.post(Post("<p>" + "words " * 200_000 + "</p>" + linked(LINK)))
    server.post(Post(linked(LINK)))

    assert len(mentions(listen(server, ear()))) == 2


# In a house -------------------------------------------------------------------------------------------------------

SETTINGS = '[connections.{name}]\nkind = "mastodon"\nurl = "{url}"\npace = 0\n'


@pytest.fixture
def listening(house: House, server: PracticeMastodon) -> House:
    """A house with works, which listens to the instance twice: as two instances that have the same posts."""
    server.now = None
    contact = '[institution]\ncontact = "library@example.edu"\n'
    both = "".join(SETTINGS.format(name=name, url=server.url) for name in ("here", "there"))
    house.file.write_text(house.file.read_text() + contact + both)
    return house


def test_a_post_counts_once_however_many_instances_tell_it_until_it_is_deleted(
    listening: House, server: PracticeMastodon
) -> None:
    number = server.post(Post(linked(LINK)))
    for name in ("here", "there"):
        listening.ok("pull", name)
    listening.ok("score")

    told = listening.json("explain", "10.5555/one")
    assert told["score"] == 1
    address = f"https://127.0.0.1:{server.server_address[1]}/@ada/{number}"
    assert [(each["url"], each["counted"]) for each in told["ledger"]] == [(address, True), (address, False)]
    assert told["ledger"][1]["why"] == "same page as an earlier mention"
    server.delete(number)
    listening.later = 3 * DAY

    for name in ("here", "there"):
        listening.ok("pull", name)
    listening.ok("score")

    assert listening.json("explain", "10.5555/one")["score"] == 0
    assert listening.stored("SELECT DISTINCT reason FROM mention") == [("gone",)]
    assert listening.stored("SELECT count(*) FROM evidence WHERE excerpt <> ''") == [(0,)]


def test_what_says_that_it_was_written_next_week_is_set_aside(listening: House, server: PracticeMastodon) -> None:
    server.post(Post(linked(LINK), at=server.time + timedelta(days=7)))
    server.post(Post(linked(LINK), at=server.time))

    listening.ok("pull", "here")

    assert listening.stored("SELECT count(*) FROM mention WHERE source_id = 13") == [(1,)]
    (aside,) = listening.json("setaside", "list")["set_aside"]
    assert aside["reason"] == "says that it is from the future"
