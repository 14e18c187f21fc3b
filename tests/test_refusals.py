"""A refused mention counts nowhere and is shown to nobody, whatever is told again, joined or restored."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mention_house import ledger, line, mention_house, number, tell
from naive.both import a_new_store
from naive.refusals import Told
from restore_house import Sources
from sqlalchemy import text

from config.scope import Scope
from config.settings import Connection
from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.records import Gone, Item, Mention, Page
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


# In a whole house ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> House:
    return mention_house(House(tmp_path_factory.mktemp("works")))


@pytest.fixture
def house(works: House, tmp_path: Path) -> House:
    return works.copy(tmp_path / "house")


ALWAYS = (
    line("a", outlet={"id": "daily", "tier": 1}),
    line("r", source="x", author={"id": "eve", "followers": 500}, url="https://x.example/r", repost=True),
)
REFUSED = (
    line("b", outlet={"id": "daily", "tier": 1}, occurred_at="2025-12-01"),  # the first of its outlet
    line("s", source="x", author={"id": "eve", "followers": 90_000}, url="https://x.example/s"),
    line("p", source="policy", policy_source="who", url="https://policy.example/p", output=["doi:10.5555/two"]),
)


def refuse(house: House, *keys: str) -> None:
    for key in keys:
        house.ok("mention", "refuse", str(number(house, key)), "--why", "speaks of another work")


def test_after_refusing_a_house_scores_as_if_it_had_never_been_told(house: House, works: House, tmp_path: Path) -> None:
    other = works.copy(tmp_path / "other")
    for one, lines in ((house, (*ALWAYS, *REFUSED)), (other, ALWAYS)):
        tell(one, *lines)
        one.ok("score")
    # The account was told with more followers: what is known of who spoke stays known.
    tell(other, line("later", source="x", author={"id": "eve", "followers": 90_000}, url="https://x.example/s",
                     output=["doi:10.5555/nowhere"]))  # fmt: skip
    before = {row["doi"]: row["millipoints"] for row in house.rows()}

    refuse(house, "b", "s", "p")
    for one in (house, other):
        one.ok("score")

    rows, others = ({row["doi"]: row["millipoints"] for row in one.rows()} for one in (house, other))
    assert rows == others != before
    assert ledger(house) == ledger(other)
    as_of, others_of = (one.json("score", "--as-of", "2030-01-01") for one in (house, other))
    assert as_of == others_of
    for key in ("b", "s", "p"):
        house.ok("mention", "accept", str(number(house, key)))
    house.ok("score")
    assert {row["doi"]: row["millipoints"] for row in house.rows()} == before


def test_a_refused_mention_is_gone_from_the_ledger_before_the_next_score(house: House) -> None:
    tell(house, *ALWAYS)
    house.ok("score")

    refuse(house, "a")

    assert ledger(house).keys() == {"https://x.example/r"}
    assert house.json("status")["outputs"]["waiting_for_score"] == 1


@pytest.mark.parametrize(
    "again",
    [
        {"id": "a", "title": "told anew", "url": "https://news.example/elsewhere"},
        {"id": "other", "url": "https://news.example/a?utm_source=x"},
        {"id": "other", "url": "http://news.example/a", "output": ["doi:10.5555/two"]},
    ],
    ids=["by its key", "by its address", "by its address, of another work"],
)
def test_what_is_told_again_stays_refused(house: House, again: dict[str, Any]) -> None:
    tell(house, *ALWAYS)
    refuse(house, "a")

    tell(house, line("a") | again)
    house.ok("score")

    assert ledger(house).keys() == {"https://x.example/r"}
    assert ledger(house, "two") == {}


def test_the_same_address_of_another_source_is_another_mention(house: House) -> None:
    tell(house, line("a"))
    refuse(house, "a")

    tell(house, line("b", source="blog", url="https://news.example/a"))
    house.ok("score")

    assert ledger(house).keys() == {"https://news.example/a"}


def test_what_is_refused_is_listed_with_who_and_why(house: House) -> None:
    tell(house, *ALWAYS)
    id_ = number(house, "a")
    done = house.json("mention", "refuse", str(id_), "--why", "another work")

    (told,) = house.json("mention", "refused")["refused"]
    assert (told["mention"], told["source"], told["url"], told["why"]) == (
        str(id_), "news", "https://news.example/a", "another work",
    )  # fmt: skip
    assert (done["mentions"], len(done["outputs"])) == ([str(id_)], 1)
    assert "another work" in house.ok("mention", "refused")
    (seen,) = house.json("mention", "list", "--url", "http://news.example/a#part")["mentions"]
    assert (seen["state"], seen["names"], seen["outputs"]) == ("refused", ["doi:10.5555/one"], [])
    verbs = [verb for (verb,) in house.stored("SELECT verb FROM audit ORDER BY id")]
    assert verbs == ["mention refuse", "mention list"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(house: House) -> None:
    tell(house, *ALWAYS)
    id_ = str(number(house, "a"))

    told = house.json("mention", "refuse", id_, "--why", "x", "--dry-run")

    assert (told["dry_run"], len(told["outputs"])) == (True, 1)
    assert house.json("mention", "refused")["refused"] == []
    assert house.stored("SELECT count(*) FROM audit") == [(0,)]
    assert house.run("mention", "accept", id_).code == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("refuse", "4711", "--why", "x"), 1, "mention 4711: there is none"),
        (("refuse", "{a}", "--why", " "), 2, "why: is empty; say why, for those who come after you"),
        (("accept", "{a}"), 1, "mention {a}: is not refused"),
        (("list", "--source", "telegram"), 2, 'source: "telegram" is none of news, '),
        (("list", "--output", "10.5555/nowhere"), 1, "unknown output"),
    ],
)
def test_what_cannot_be_done_is_said(house: House, words: tuple[str, ...], code: int, said: str) -> None:
    tell(house, line("a"))
    a = str(number(house, "a"))

    ran = house.run("mention", *(word.format(a=a) for word in words))

    assert ran.code == code
    assert ran.err.startswith(said.format(a=a))


def test_a_refusal_since_a_backup_stays_and_so_does_one_that_was_taken_back(tmp_path: Path) -> None:
    house = Sources(tmp_path).tell("one", a="public")
    urls = {key: f"https://news.example/{key}" for key in "klm"}
    (house.folder / "one" / "mentions.jsonl").write_text(
        "".join(json.dumps(line(key, output=["doi:10.5555/a"], outlet={"id": key})) + "\n" for key in "klm")
    )
    house.ok("sync")
    refuse(house, "l")
    backup = house.backup()
    refuse(house, "k")
    house.ok("mention", "accept", str(number(house, "l")))

    told = house.restored(backup)
    house.ok("sync")

    assert ledger(house, "a").keys() == {urls["l"], urls["m"]}
    assert told["kept"]["refusals"] == 2
    assert [each["url"] for each in house.json("mention", "refused")["refused"]] == [urls["k"]]


def test_a_refusal_outlives_the_connection_that_told_the_mention(tmp_path: Path) -> None:
    house = Sources(tmp_path).tell("one", a="public").tell("two")
    (house.folder / "two" / "mentions.jsonl").write_text(json.dumps(line("k", output=["doi:10.5555/a"])))
    house.ok("sync")
    refuse(house, "k")

    house.without("two").ok("connection", "forget", "two")
    house.tell("two", more=" ").ok("sync")

    assert stores.run(house.folder, "SELECT refused FROM mention") == [(1,)]
    assert ledger(house, "a") == {}


# By hand ------------------------------------------------------------------------------------------------------------


def add(house: House, url: str, *more: str) -> Any:
    return house.json("mention", "add", url, *more)


def test_a_mention_that_is_added_by_hand_counts_as_one_that_was_imported(
    house: House, works: House, tmp_path: Path
) -> None:
    other = works.copy(tmp_path / "other")
    told = line("a", outlet={"id": "daily"}, title="Tides", url="https://news.example/a?b=1&a=2")
    tell(other, told)
    other.ok("score")

    done = add(house, "http://news.example/a?b=1&a=2&utm_source=x#top", "--output", "https://doi.org/10.5555/ONE",
               "--outlet", "daily", "--at", "2026-01-01", "--title", "Tides", "--why", "a reader told us")  # fmt: skip
    house.ok("score")

    assert (done["method"], done["connection"], done["outputs"]) == ("by hand", "(import)", ["doi:10.5555/one"])
    assert ledger(house) == ledger(other) != {}
    ((verb, detail),) = house.stored("SELECT verb, detail FROM audit")
    assert (verb, json.loads(detail)["why"]) == ("mention add", "a reader told us")


def test_what_is_known_already_is_not_added_twice_and_other_works_are(house: House) -> None:
    tell(house, line("a"))
    url = "https://news.example/a"

    known = house.run("mention", "add", url, "--output", "10.5555/one")
    first = add(house, url, "--output", "10.5555/two")
    again = house.run("mention", "add", url, "--output", "10.5555/two")
    more = add(house, url, "--output", "10.5555/three")

    assert (known.code, again.code) == (1, 1)
    assert known.err.startswith(f"url: is known already as mention {number(house, 'a')}")
    assert more["mention"] == first["mention"]
    assert more["names"] == ["doi:10.5555/three", "doi:10.5555/two"]
    assert house.stored("SELECT count(*) FROM mention") == [(2,)]


def test_what_was_refused_is_not_added_by_hand(house: House) -> None:
    tell(house, line("a"))
    refuse(house, "a")

    ran = house.run("mention", "add", "https://news.example/a", "--output", "10.5555/two")

    assert ran.code == 1
    assert f"accept mention {number(house, 'a')} first" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("javascript:alert(1)", "--output", "10.5555/one"), "url: "),
        (("https://", "--output", "10.5555/one"), "url: "),
        (("https://news.example/a",), "output: the address is that of no output"),
        (("https://news.example/a", "--output", "10.5555/nowhere"), 'output: "10.5555/nowhere" is none that is known'),
        (("https://news.example/a", "--output", "person:1"), 'output: "person:1" is none that is known'),
        (
            ("https://news.example/a", "--output", "10.5555/one", "--at", "2026-02-31"),
            'at: "2026-02-31" is no ISO',
        ),
        (("https://news.example/a", "--output", "10.5555/one", "--source", "telegram"), 'source: "telegram" is none'),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_stored(house: House, words: tuple[str, ...], said: str) -> None:
    ran = house.run("mention", "add", *words)

    assert ran.code == 2
    assert ran.err.startswith(said)
    assert house.stored("SELECT count(*) FROM mention") == [(0,)]


def test_the_address_of_an_output_needs_no_other_name_for_it_and_hidden_ones_can_be_meant(house: House) -> None:
    assert add(house, "https://doi.org/10.5555/one", "--source", "misc")["outputs"] == ["doi:10.5555/one"]
    assert add(house, "https://news.example/h", "--output", "10.5555/hidden")["outputs"] == ["doi:10.5555/hidden"]


def test_a_dry_run_adds_nothing(house: House) -> None:
    told = add(house, "https://news.example/a", "--output", "10.5555/one", "--dry-run")

    assert (told["dry_run"], told["outputs"]) == (True, ["doi:10.5555/one"])
    assert house.stored("SELECT count(*) FROM mention") == house.stored("SELECT count(*) FROM audit") == [(0,)]


def test_what_names_no_output_waits_until_one_comes(house: House) -> None:
    tell(house, line("a", output=["doi:10.5555/later"]), line("b"))

    (waits,) = house.json("mention", "waiting")["mentions"]

    assert (waits["state"], waits["names"]) == ("waits", ["doi:10.5555/later"])
    with (house.folder / "told" / "outputs.csv").open("a") as file:
        file.write("later,Later,public,10.5555/later\n")
    house.ok("sync")
    assert house.json("mention", "waiting")["mentions"] == []
    assert ledger(house, "later").keys() == {"https://news.example/a"}
