"""Whatever is told, refused, accepted, joined or restored: what stands is what a naive model says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from naive.both import a_new_store
from naive.refusals import Told
from sqlalchemy import text

from config.scope import Scope
from config.settings import Connection
from config.visibility import Visibility
from connectors.attention import Mention
from connectors.identifiers import Identifier
from connectors.records import Gone, Item, Page
from scoring.rules import load
from sync import store

RULES = load("published-2020", None)
BEGAN = store.micros(datetime(2026, 1, 1, tzinfo=UTC))
WORKS, KEYS, URLS, NAMES = (1, 2, 3), ("k", "l", "m"), ("a", "b", "c"), ("one", "two")

mentions = st.tuples(st.sampled_from(NAMES), st.sampled_from(KEYS))
steps = st.one_of(
    st.tuples(st.just("tell"), mentions, st.sampled_from(URLS), st.sets(st.sampled_from(WORKS), min_size=1)),
    st.tuples(st.just("tell"), mentions, st.sampled_from(URLS), st.sets(st.sampled_from(WORKS), min_size=1)),
    st.tuples(st.just("refuse"), mentions),
    st.tuples(st.just("refuse"), mentions),
    st.tuples(st.just("accept"), mentions),
    st.tuples(st.just("refuse_tie"), mentions, st.sampled_from(WORKS)),
    st.tuples(st.just("refuse_tie"), mentions, st.sampled_from(WORKS)),
    st.tuples(st.just("accept_tie"), mentions, st.sampled_from(WORKS)),
    st.tuples(st.just("confirm_tie"), mentions, st.sampled_from(WORKS)),
    st.tuples(st.just("take_back"), mentions),
    st.tuples(st.just("join"), st.sampled_from(((1, 2), (2, 3)))),
    st.tuples(st.just("part"), st.sampled_from(((1, 2), (2, 3)))),
    st.tuples(st.just("backup")),
    st.tuples(st.just("restore")),
    st.tuples(st.just("score")),
)

TIED = """
SELECT m.title, m.url FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id
JOIN item i ON i.id = n.item_id JOIN mark k ON k.output_id = i.output_id JOIN mention m ON m.id = k.mention_id
WHERE d.scheme = 'pmid' AND d.value = :work AND k.taken_at < 0
"""


def pmid(work: int) -> Identifier:
    return Identifier("pmid", str(work))


def item(*works: int) -> Item:
    key = "-".join(map(str, works))
    named = tuple(map(pmid, works))
    return Item(key=key, title=key, type="other", visibility=Visibility.PUBLIC, identifiers=named)


class Both:
    """The store and its model, told the same."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.model, self.now = folder, Told(), BEGAN
        self.home = store.open_store(a_new_store(folder), key_file=folder / "ringmark.key")
        connections = [Connection(name=name, kind="files", path=folder, require_author=False) for name in NAMES]
        store.register(self.home, connections)
        store.seed(self.home, Scope())
        self.kept: tuple[Any, Any] | None = None
        self.read_again()

    def clock(self) -> int:
        self.now += 1_000_000
        return self.now

    def do(self, verb: str, *told: Any) -> None:
        getattr(self, verb)(*told)
        self.compare(scored=verb == "score")

    def apply(self, name: str, page: Page, *, full: bool = False) -> None:
        source = store.begin(self.home, name, step="pull", full=full, now=self.clock()).source
        store.apply(self.home, source, page, now=self.clock())
        store.end(self.home, source, "done", "", now=self.clock(), cursor="c")

    def tell(self, name: tuple[str, str], url: str, targets: set[int]) -> None:
        self.model.mentions[name] = (url, targets, False)
        told = Mention(key=name[1], source="policy", targets=tuple(map(pmid, sorted(targets))), title="".join(name),
                       url=f"https://policy.example.org/{url}", policy_source="".join(name),
                       occurred_at=store.moment(BEGAN) - timedelta(days=1))  # fmt: skip
        self.apply(name[0], Page(mentions=(told,)))

    def take_back(self, name: tuple[str, str]) -> None:
        if name in self.model.mentions:
            self.model.mentions[name] = (*self.model.mentions[name][:2], True)
            self.apply(name[0], Page(mentions=(Mention(key=name[1], deleted=True),)))

    def refuse(self, name: tuple[str, str]) -> None:
        self.change(name, lambda id_: store.refusing.refuse(self.home, id_, why="w", by="ada", now=self.clock()))
        self.model.refuse(name)

    def accept(self, name: tuple[str, str]) -> None:
        self.change(name, lambda id_: store.refusing.accept(self.home, id_, now=self.clock()))
        self.model.accept(name)

    def refuse_tie(self, name: tuple[str, str], work: int) -> None:
        targets = [pmid(each) for each in self.model.output(work)]
        told = {"why": "w", "by": "ada"}
        self.change(name, lambda id_: store.refusing.refuse_ties(self.home, id_, targets, now=self.clock(), **told))
        self.model.refuse_tie(name, work)

    def accept_tie(self, name: tuple[str, str], work: int) -> None:
        targets = [pmid(each) for each in self.model.output(work)]
        self.change(name, lambda id_: store.refusing.accept_ties(self.home, id_, targets, now=self.clock()))
        self.model.accept_tie(name, work)

    def confirm_tie(self, name: tuple[str, str], work: int) -> None:
        targets = [pmid(each) for each in self.model.output(work)]
        told = {"why": "w", "by": "ada"}
        self.change(name, lambda id_: store.refusing.confirm_ties(self.home, id_, targets, now=self.clock(), **told))
        self.model.accept_tie(name, work)

    def change(self, name: tuple[str, str], act: Callable[[int], object]) -> None:
        if name in self.model.mentions:
            with self.home.read() as db:
                (seen,) = store.sought.by_key(db, *name)
            act(seen.mention)

    def join(self, pair: tuple[int, int]) -> None:
        self.model.joined.append(pair)
        self.apply("one", Page(items=(item(*pair),)))

    def part(self, pair: tuple[int, int]) -> None:
        if pair in self.model.joined:
            self.model.joined = [each for each in self.model.joined if each != pair]
            self.apply("one", Page(gone=(Gone(kind="item", key="-".join(map(str, pair))),)))

    def backup(self) -> None:
        file = self.folder / "kept.backup"
        made = store.backup(self.home, file, never_read=(), replace=True, now=self.clock())
        self.kept = made, (dict(self.model.mentions), list(self.model.joined))

    def restore(self) -> None:
        """What was refused since stays so; all else is as it was, and is read again."""
        if self.kept:
            made, (self.model.mentions, self.model.joined) = (
                self.kept[0],
                (dict(self.kept[1][0]), list(self.kept[1][1])),
            )
            store.restore(self.home, made, aside=None, never_read=(), by="ada", now=self.clock())
            self.read_again()

    def read_again(self) -> None:
        page = Page(items=(*map(item, WORKS), *(item(*pair) for pair in self.model.joined)))
        for name in NAMES:
            self.apply(name, page if name == "one" else Page(), full=True)
        self.score()

    def score(self) -> None:
        store.score(self.home, RULES, full=False, now=self.clock(), progress=lambda *_: None)

    def compare(self, *, scored: bool) -> None:
        """What is tied, told by name and address, at once; the ledger and the score with the next run."""
        with self.home.read() as db:
            for work in WORKS:
                standing = {(f"{name}{key}", url) for name, key, url in self.model.standing(work)}
                tied = {(row.title, row.url) for row in db.execute(text(TIED), {"work": str(work)})}
                assert {(title, url.rpartition("/")[2]) for title, url in tied} == standing
                if scored:
                    shown = store.find(db, "public", pmid(work), now=self.now)
                    assert shown is not None
                    assert shown.millipoints == 3000 * len({url for _, url in standing})
                    lines = store.ledger(db, shown, RULES, now=self.now).mentions
                    assert {(each["told"].title, each["told"].url) for each in lines} == tied


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("refusals")


@given(told=st.lists(steps, min_size=4, max_size=16))
@settings(max_examples=6, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
def test_what_stands_is_what_the_model_says(folder: Path, told: list[tuple[Any, ...]]) -> None:
    both = Both(folder)
    try:
        for step in [*told, ("score",)]:
            both.do(*step)
    finally:
        both.home.engine.dispose()
