"""Who takes part and who sees, against a plain model of the house's meaning, through the outside doors alone.

Random small worlds: up to three sources that tell the same works and people differently, in several pulls, with
deletions, merges, hides, closing times, connections that pause, go and are forgotten, and every scope. After every
single step nothing may show that the model forbids, and after each score everything shows that the model allows.
"""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive.visibility import House, Source, here_of, joining

from config.scope import Least, Scope
from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Connector, Manifest
from connectors.identifiers import Identifier
from connectors.records import Authorship, Done, Gone, Group, Item, Members, Page, Person
from scoring.rules import load
from sync import export, steps, store

PRIVATE, INTERNAL, PUBLIC = Visibility
AUDIENCES = ("public", "internal")
NAMES = ("alpha", "beta", "gamma")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CLOSINGS = (BEGAN - timedelta(days=1), BEGAN + timedelta(days=2), BEGAN + timedelta(days=20))
ORCIDS = {"p1": "0000-0002-1825-0097", "p2": "0000-0001-5109-3700"}
PEOPLE, GROUPS, ITEMS = ("p1", "p2", "p3"), ("g1", "g2", "g3"), ("i1", "i2", "i3")
IDENTIFIERS = {
    "doi": (None, "10.5555/a", "10.5555/b"), "pmid": (None, None, "1", "2"), "handle": (None, None, "10.9999/h"),
    "isbn": (None, None, "9783161484100"),
}  # fmt: skip
RULES = load("published-2020", None)


class Teller(Connector):
    """A source that tells the pages it is given."""

    manifest = Manifest(kind="teller", people=True, needs_url=False)

    def __init__(self, settings, pages):
        self.settings, self.pages = settings, pages

    def pull(self, since):  # noqa: ARG002 - it always tells the same
        yield from self.pages


# Worlds ------------------------------------------------------------------------------------------------------------


def a_level(dice):
    return dice.choice((PUBLIC, PUBLIC, PUBLIC, PUBLIC, INTERNAL, PRIVATE))


def a_closing(dice):
    return dice.choice((*[None] * 15, *CLOSINGS))


def a_scope(dice):
    least = [dice.choice((INTERNAL, INTERNAL, PRIVATE, PUBLIC)).word for _ in range(3)]
    return Scope(
        status=dice.choice(("all", "all", "current")),
        profile=dice.choice(("all", "all", "academic_or_student", "academic")),
        visibility=Least(people=least[0], outputs=least[1], authorships=least[2]),
    )


def some(dice, names, share=0.7):
    return [name for name in names if dice.random() < share]


def people(dice, name):
    flags = (True, True, True, None, False)
    return tuple(
        Person(
            key=key, name=dice.choice((f"{name} {key}", f"{name} {key}", "")), visibility=a_level(dice),
            orcid=dice.choice((ORCIDS.get(key), None)), current=dice.choice(flags), academic=dice.choice(flags),
            student=dice.choice(flags), closes_at=a_closing(dice),
        )
        for key in some(dice, PEOPLE, 0.85)
    )  # fmt: skip


def groups(dice, name):
    told = tuple(
        Group(key=key, name=f"{name} {key}", visibility=a_level(dice), closes_at=a_closing(dice),
              parents=tuple(some(dice, (*GROUPS, "lost"), 0.15)))
        for key in some(dice, GROUPS)
    )  # fmt: skip
    return told, tuple(Members(group=group.key, people=tuple(some(dice, PEOPLE, 0.6))) for group in told)


def an_item(dice, name, key):
    identifiers = [Identifier("url", f"https://{name}.example.edu/{key}")]
    for scheme, values in IDENTIFIERS.items():
        if value := dice.choice(values):
            identifiers.append(Identifier(scheme, value))
    return Item(
        key=key, title=dice.choice((f"told by {name}", "")), visibility=a_level(dice), closes_at=a_closing(dice),
        type=dice.choice(("book", "chapter")), identifiers=tuple(identifiers),
    )  # fmt: skip


def links(dice, key):
    people = [dice.choice(PEOPLE) for _ in range(dice.randrange(4))]
    return tuple(
        Authorship(key=f"{key}-{n}", item=key, person=person, visibility=a_level(dice), closes_at=a_closing(dice))
        for n, person in enumerate(people)
    )


def a_pull(dice, name, ways=("whole", "whole", "items", "links")):
    """All that a source tells now, or some of its items, or links alone; with it what becomes of what is missing."""
    items = tuple(an_item(dice, name, key) for key in some(dice, ITEMS))
    authorships = tuple(link for each in items for link in links(dice, each.key))
    again = tuple(replace(each, visibility=a_level(dice)) for each in items if dice.random() < 0.1)
    merged = set(some(dice, (*ITEMS, *PEOPLE), 0.2))
    return ("pull", name, dice.choice(ways), people(dice, name), *groups(dice, name), items, authorships, again, merged)


def a_step(dice, names):
    name = dice.choice(names)
    return dice.choice((
        *[lambda: a_pull(dice, name)] * 4, *[lambda: ("score",)] * 3, lambda: ("scope", a_scope(dice)),
        lambda: (dice.choice(("hide", "unhide")), dice.choice(("output", "person")), dice.randrange(3)),
        lambda: ("days", dice.choice((3, 30))), lambda: (dice.choice(("pause", "remove", "forget")), name),
    ))()  # fmt: skip


def a_world(dice):
    """(sources, scope, steps): each source is told whole and scored before anything else happens."""
    names = NAMES[: dice.choice((1, 2, 2, 3))]
    sources = [
        (name, dice.random() < 0.8, dice.random() < 0.5, dice.choice((PRIVATE, PRIVATE, INTERNAL, PUBLIC)))
        for name in names
    ]
    begin = [a_pull(dice, name, ("whole",)) for name in names]
    story = [a_step(dice, names) for _ in range(dice.randrange(6))]
    return sources, a_scope(dice), [*begin, ("score",), *story, ("score",)]


# Both houses ---------------------------------------------------------------------------------------------------------


class Both:
    """The store and its model, told the same, asked the same."""

    def __init__(self, folder, sources, scope):
        self.now = store.micros(BEGAN)
        self.settings = {
            name: Connection(name=name, kind="files", path=folder, people=people, require_author=asks, keep=keep.word)
            for name, people, asks, keep in sources
        }
        self.home = store.open_store(f"sqlite:///{folder / 'ringmark.db'}", key_file=folder / "ringmark.key")
        self.file = folder / "export.jsonl"
        store.register(self.home, list(self.settings.values()))
        store.seed(self.home, scope)
        self.model = House([Source(*source) for source in sources], scope)
        self.sent = {name: {} for name in self.settings}

    def clock(self):
        self.now += 1_000_000
        return self.now

    @property
    def moment(self):
        return store.moment(self.now)

    def do(self, step):
        """One step in both; whether everything that may show must show now."""
        verb, *told = step
        return getattr(self, verb)(*told)

    def pull(self, name, how, *told):
        if name not in self.settings:
            return
        pages = self._pages(self.sent[name], how, *told)
        connector = Teller(self.settings[name], pages)
        done = steps.pull_one(self.home, connector, full=False, clock=self.clock, progress=lambda *_: None)
        assert done.outcome == "done", done.why
        self.model.pull(name, pages, self.moment)

    def _pages(self, sent, how, people, groups, members, items, authorships, again, mergers):
        """The pages of a pull; `sent` remembers by kind and key what the source has told so far."""
        if how == "links":
            known = [link for link in authorships if ("item", link.item) in sent]
            return [Page(authorships=tuple(known), done=Done(cursor="x"))]
        records = {("item", each.key): each for each in items}
        if how == "whole":
            records |= {("person", each.key): each for each in people} | {("group", each.key): each for each in groups}
        gone = []
        for kind, key in sorted(sent.keys() - records.keys()) if how == "whole" else ():
            others = [other for its, other in records if its == kind]
            gone.append(Gone(kind=kind, key=key, into=others[0] if key in mergers and others else None))
            del sent[kind, key]
        sent |= records
        first = [Page(people=people, groups=groups, members=members)] if how == "whole" else []
        repeated = {each.key for each in again}
        once_more = tuple(link for link in authorships if link.item in repeated)
        return [*first, Page(items=items, authorships=authorships), Page(items=again, authorships=once_more),
                Page(gone=tuple(gone), done=Done(cursor="x"))]  # fmt: skip

    def score(self):
        store.score(self.home, RULES, full=False, now=self.clock(), progress=lambda *_: None)
        return True

    def hide(self, kind, which):
        """Something that somebody sees now is hidden: administrators name it by the id they see."""
        if (found := self._seen(kind, which)) is not None:
            public, thing = found
            self.model.hide(kind, thing)
            row = self._row(kind, public)
            store.hide(self.home, kind, row, subject=f"{kind}:{public}", why="x", until=store.FOREVER, now=self.clock())

    def unhide(self, kind, which):
        if self.model.hides and (found := self._seen(kind, which)) is not None:
            public, thing = found
            self.model.unhide(kind, thing)
            store.unhide(self.home, kind, self._row(kind, public), now=self.clock())

    def _row(self, kind, public):
        with self.home.read() as db:
            return store.output_of(db, public) if kind == "output" else store.person_of(db, public)

    def _seen(self, kind, which):
        """(public id, what it is in the model) of one that takes part now, by its place among all."""
        with self.home.read() as db:
            rows = list(store.walk(db, "internal", now=self.now))
        if kind == "output":
            found = sorted((frozenset(keys(shown)), shown.output) for shown in rows)
            known = {frozenset(here_of(output)): output for output in self.model.outputs()}
            found = [(public, known[one]) for one, public in found]
        else:
            known = {self.model.first(here_of(person), "name"): person for person in self.model.people()}
            named = sorted({(name, public) for shown in rows for public, name in shown.people if name})
            found = [(public, known[name]) for name, public in named]
        return found[which] if which < len(found) else None

    def scope(self, scope):
        before = {audience: self.model.listed(audience, self.moment) for audience in AUDIENCES}
        self.model.scope = scope
        after = {audience: self.model.listed(audience, self.moment) for audience in AUDIENCES}
        expected = {audience: difference(before[audience], after[audience]) for audience in AUDIENCES}
        previewed = store.preview(self.home, scope, now=self.now)
        assert without_ids(previewed) == expected, f"{without_ids(previewed)} is not {expected}"
        assert store.apply_scope(self.home, scope, now=self.now) == previewed

    def days(self, days):
        self.now += days * 24 * 3600 * 1_000_000

    def pause(self, name):
        if name in self.settings:
            store.pause(self.home, name, paused=True)

    def remove(self, name):
        if self.settings.pop(name, None):
            store.register(self.home, list(self.settings.values()))
            self.model.remove(name)

    def forget(self, name):
        if store.state(self.home, name) is None:
            return
        before = {audience: set(self.model.listed(audience, self.moment)[0].values()) - {""} for audience in AUDIENCES}
        previewed = store.forget(self.home, name, now=self.clock(), dry_run=True)
        done = store.forget(self.home, name, now=self.now, dry_run=False)
        assert without_ids(done) == without_ids(previewed)
        self.model.forget(name)
        self.sent[name].clear()
        for audience in AUDIENCES:
            after = set(self.model.listed(audience, self.moment)[0].values()) - {""}
            told = {label[4:] for label in previewed[audience]["outputs"]["appear"] if label.startswith("doi:")}
            assert after - before[audience] <= told <= after

    # What both say ----------------------------------------------------------------------------------------------------

    def compare(self, whole):
        for audience in AUDIENCES:
            may = self.model.shown(audience, self.moment)
            seen = self.exported(audience)
            if whole:
                assert seen == may, f"{audience}: {changes(seen, may)}"
            for one, row in seen.items():
                assert one in may, f"{audience} sees {sorted(one)}, which is hidden"
                assert set(row["people"]) <= set(may[one]["people"])
                assert set(row["groups"]) <= set(may[one]["groups"])
                assert {**row, "people": 0, "groups": 0} == {**may[one], "people": 0, "groups": 0}
            self.ask_for_each(audience, may, whole)

    def exported(self, audience):
        export.write(self.home, audience, "jsonl", str(self.file), now=self.now)
        rows = [json.loads(line) for line in self.file.read_text().splitlines()]
        wanted = ("visibility", "people", "groups", "title", "doi")
        seen = {row_keys(row["identifiers"]): {name: row[name] for name in wanted} for row in rows}
        assert len(seen) == len(rows)
        return seen

    def ask_for_each(self, audience, may, whole):
        """Every identifier, as `explain` would: found where something that bears it shows, unknown elsewhere."""
        bearers = {}
        for output in self.model.outputs():
            here = here_of(output)
            for one, each in output.items():
                for identifier in each.record.identifiers:
                    shown = bearers.setdefault(identifier, set())
                    if one in here and frozenset(here) in may and str(identifier) in joining(each.record):
                        shown.add(frozenset(here))
        with self.home.read() as db:
            for identifier, shown in bearers.items():
                found = store.find(db, audience, identifier, now=self.now)
                assert found is None or frozenset(keys(found)) in shown, f"{audience} finds {identifier}"
                assert found is not None or not shown or not whole, f"{audience} does not find {identifier}"


def changes(seen, may):
    """What is wrong, for whoever reads the failure."""
    return {tuple(sorted(one)): (seen.get(one, "missing"), may.get(one, "hidden"))
            for one in seen.keys() | may.keys() if seen.get(one) != may.get(one)}  # fmt: skip


def keys(shown):
    return row_keys(str(each) for each in shown.identifiers)


def row_keys(identifiers):
    """The items behind an output, from the addresses that each of them has to itself."""
    urls = [each.removeprefix("url:https://") for each in identifiers if each.startswith("url:")]
    return frozenset((url.partition(".")[0], url.rpartition("/")[2]) for url in urls)


def difference(before, after):
    """What a preview says, with the number of outputs that have no DOI in place of their ids."""
    ways = {"appear": (after, before), "vanish": (before, after)}
    return {
        kind: {way: sorted(one[n][key] for key in one[n].keys() - other[n].keys()) for way, (one, other) in ways.items()}
        for n, kind in enumerate(("outputs", "people", "groups"))
    }  # fmt: skip


def without_ids(told):
    for kinds in (told := json.loads(json.dumps(told))).values():
        for way, labels in kinds["outputs"].items():
            kinds["outputs"][way] = sorted(label[4:] if label.startswith("doi:") else "" for label in labels)
    return told


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store of this version with nothing in it, made once and copied for each world."""
    folder = tmp_path_factory.mktemp("empty")
    home = store.open_store(f"sqlite:///{folder / 'ringmark.db'}", key_file=folder / "ringmark.key")
    home.engine.dispose()
    return folder


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dice=st.randoms(use_true_random=False))
def test_what_shows_is_exactly_what_the_house_allows(empty, tmp_path_factory, dice):
    sources, scope, story = a_world(dice)
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(empty, folder, dirs_exist_ok=True)
    both = Both(folder, sources, scope)

    for step in story:
        both.compare(both.do(step) is True)

    both.home.engine.dispose()
    shutil.rmtree(folder)
