"""The canary looks at what readers send and what is written to them: forms and messages are doors like any other."""

from collections.abc import Iterator
from typing import Any

import pytest
from alarm_ways import Post, post, told_as_text
from canary import NUMBERS, Desk, words_in
from served import serving
from watching import READER, page, send, token, watch, watched_by

from config.load import load
from sync import steps, store

OPEN_THEN = {
    f"canarypri-{which}" for which in ("closing", "gone", "merged", "ended")
}  # until their source took them back


@pytest.fixture(scope="module")
def mail() -> Iterator[Post]:
    with post(login=False) as kept:
        yield kept


@pytest.fixture(scope="module")
def desk(mail: Post, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A world in which somebody watches everything there is, hidden or not, and some of it was closed since."""
    desk = Desk(tmp_path_factory.mktemp("watched"))
    desk.fill()
    watched_by(desk, mail)
    with desk.database() as db:
        every = [int(row[0]) for row in db.execute("SELECT public_id FROM output").fetchall()]
    home = steps.open_house(load(desk.file))
    for output in every:
        store.watching.ask(home, READER, output, language="en", now=store.now())
    desk.ok("watch", "send")
    asked = len(mail.messages)
    store.watching.confirm(home, token(mail.messages[-1]), every, now=store.now())
    home.engine.dispose()
    desk.tighten()
    assert asked == 1
    return desk


def told(desk: Desk, mail: Post) -> str:
    """All that is said in one more message."""
    with desk.database() as db:
        db.execute("UPDATE watch SET seen = 0")
        db.execute("UPDATE watcher SET day = 0")
    before = len(mail.messages)
    desk.ok("watch", "send")
    return "".join(f"{each.items()} {told_as_text(each)} {page(each)}" for each in mail.messages[before:])


def test_no_message_holds_a_hidden_word_or_a_title_before_the_score_or_after_it(desk: Desk, mail: Post) -> None:
    questions = "".join(f"{told_as_text(each)} {page(each)}" for each in mail.messages)
    early = told(desk, mail)
    desk.ok("score", "--full")
    late, ids = told(desk, mail), desk.public_ids()

    assert "news.example.com/open" in late
    assert words_in(questions) <= OPEN_THEN
    for text in (early, late):
        assert not words_in(text)
        assert not {id_ for id_ in NUMBERS.findall(text) if id_ in ids.hidden}
        assert "Open work" not in text
        assert "Ann Open" not in text


def test_the_canary_finds_what_is_read_as_somebody_else(
    desk: Desk, mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = store.find

    def as_insiders(db: Any, _audience: object, *wanted: Any, **more: Any) -> Any:
        return find(db, "internal", *wanted, **more)

    monkeypatch.setattr(store, "find", as_insiders)

    assert words_in(told(desk, mail))


def test_forms_for_what_is_hidden_are_answered_as_for_what_was_never_there(desk: Desk) -> None:
    ids = sorted(desk.public_ids().hidden)
    form = {"kind": "missed", "url": "https://news.example.com/x"}
    with serving(desk.folder) as served:
        watched = {watch(served, output, "new@reader.example.org").whole for output in (*ids, "4711")}
        reported = {send(served, f"/outputs/{output}/report", form=form).whole for output in (*ids, "4711")}

    assert (len(watched), len(reported)) == (1, 1)
    assert b"404" in reported.pop()[:20]
    with desk.database() as db:
        assert [row[0] for row in db.execute("SELECT address FROM watcher").fetchall()] == [READER]
        assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 0
