"""Whatever two systems tell of people who were erased, in whatever order, with restores between: nothing of them is
left or comes back; and nobody else is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import stores
from conftest import House
from hypothesis import given
from hypothesis import settings as example
from hypothesis import strategies as st

from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.records import Authorship, Gone, Item, Page, Person
from sync import store
from sync.store import Store

SETTINGS = '[connections.one]\nkind = "files"\npath = "one"\n[connections.two]\nkind = "files"\npath = "two"\n'
ORCIDS = ("0009-0009-9900-0003", "0009-0009-9900-0011")
WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir", "ginkgo", "hazel")
Who = tuple[str, str]  # connection and key

_connections, _keys = st.sampled_from(("one", "two")), st.sampled_from(("a", "b", "c", "d"))
_steps = st.one_of(
    st.tuples(st.just("tell"), _connections, _keys, st.sampled_from((None, *ORCIDS))),
    st.tuples(st.just("forget"), _connections, _keys),
    st.tuples(st.just("merge"), _connections, _keys, _keys),
    st.tuples(st.just("backup")),
    st.tuples(st.just("restore")),
)


class _Naive:
    """Who was ever said to be one person, and who of them was erased."""

    def __init__(self) -> None:
        self.same: list[set[Any]] = []
        self.erased: set[Who] = set()

    def join(self, *some: Any) -> None:
        found = [each for each in self.same if each & set(some)]
        self.same = [each for each in self.same if each not in found] + [set(some).union(*found)]

    def touched_by_erasure(self, who: Who) -> bool:
        return any(who in each and each & self.erased for each in self.same)


def _name(who: Who) -> str:
    """A name that nobody else has, in no part."""
    word = WORDS["abcd".index(who[1]) + 4 * (who[0] == "two")]
    return f"{word.capitalize()}quist Zz{word}"


@cache
def _template() -> House:
    house = House(Path(mkdtemp())).write(SETTINGS)
    house.ok("status")
    stores.keep(house.folder)
    return house


@contextmanager
def _house() -> Iterator[tuple[House, Store]]:
    with TemporaryDirectory() as folder:
        house = _template().copy(Path(folder))
        home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
        yield house, home
        home.engine.dispose()


@example(max_examples=12)
@given(st.lists(_steps, min_size=3, max_size=12))
def test_the_erased_are_nowhere_and_nobody_else_is_lost(steps: list[tuple[Any, ...]]) -> None:
    naive, there = _Naive(), set[Who]()
    with _house() as (house, home):
        kept, kept_there = None, set[Who]()
        for number, (verb, *told) in enumerate(steps):
            if verb == "tell":
                who = (told[0], told[1])
                naive.join(who, *([told[2]] if told[2] else []))
                _apply(home, told[0], _told(who, told[2]))
                there.add(who)
            elif verb == "merge" and told[1] != told[2]:
                naive.join((told[0], told[1]), (told[0], told[2]))
                _apply(home, told[0], Page(gone=(Gone(kind="person", key=told[1], into=told[2]),)))
                there.discard((told[0], told[1]))
            elif verb == "forget":
                naive.erased |= _forget(home, (told[0], told[1]))
            elif verb == "backup":
                kept = store.backup(home, house.folder / f"{number}.backup", never_read=(), now=store.now())
                kept_there = set(there)
            elif verb == "restore" and kept is not None:
                store.restore(home, kept, aside=None, never_read=(), by="test", now=store.now())
                there = set(kept_there)
            held = stores.dump(house.folder).decode()
            assert not [who for who in naive.erased if _name(who).split()[1].lower() in held.lower()]
            lost = {who for who in there if not naive.touched_by_erasure(who)} - _stored(home)
            assert not lost
        store.tidy(home, now=store.now())
        disk = stores.whole(house.folder).lower()
        assert not [who for who in naive.erased if _name(who).split()[1].lower().encode() in disk]
        with home.read() as db:
            assert store.audit.verify(db).whole


def _told(who: Who, orcid: str | None) -> Page:
    """A profile, and a work of theirs."""
    public = Visibility.PUBLIC
    item = Item(
        key=f"w{who[1]}", title="A work", type="book", visibility=public,
        identifiers=(Identifier("doi", f"10.5555/{who[0]}.{who[1]}"),),
    )  # fmt: skip
    return Page(
        people=(Person(key=who[1], name=_name(who), visibility=public, orcid=orcid, current=True),),
        items=(item,),
        authorships=(Authorship(key=f"l{who[1]}", item=item.key, person=who[1], visibility=public),),
    )


def _apply(home: Store, connection: str, page: Page) -> None:
    begun = store.begin(home, connection, step="pull", full=False, now=store.now())
    store.apply(home, begun.source, page, now=store.now())
    store.end(home, begun.source, "done", "", now=store.now())


def _forget(home: Store, who: Who) -> set[Who]:
    """Erase somebody, where they are known; as what they were known."""
    with home.write() as db:
        ids = store.known_as.person(db, f"{who[0]}:{who[1]}")
        known = {(each["connection"], each["key"]) for id_ in ids
                 for each in store.known_of_person(db, id_, now=store.now())["profiles"]}  # fmt: skip
        for id_ in ids:
            store.erase_person(home, db, id_, now=store.now())
    return known


def _stored(home: Store) -> set[Who]:
    with home.read() as db:
        sql = "SELECT c.name, r.key FROM person_record r JOIN connection c ON c.id = r.connection_id WHERE r.state = 1"
        return {(row.name, row.key) for row in db.exec_driver_sql(sql)}
