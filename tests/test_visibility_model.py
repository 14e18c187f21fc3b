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
WEAK = {"pmid": ("1", "2"), "handle": ("10.9999/h",), "isbn": ("9783161484100",)}
RULES = load("published-2020", None)


class Teller(Connector):
    """A source that tells the pages it is given."""

    manifest = Manifest(kind="teller", people=True, needs_url=False)

    def __init__(self, settings, pages):
        self.settings, self.pages = settings, pages

    def pull(self, since):  # noqa: ARG002 - it always tells the same
        yield from self.pages


# Worlds ------------------------------------------------------------------------------------------------------------

levels = st.sampled_from((PUBLIC, PUBLIC, PUBLIC, INTERNAL, PRIVATE))
flags = st.sampled_from((True, True, None, False))
closings = st.sampled_from((None, None, None, None, None, None, *CLOSINGS))
scopes = st.builds(
    lambda status, profile, people, outputs, authorships: Scope(
        status=status, profile=profile,
        visibility=Least(people=people.word, outputs=outputs.word, authorships=authorships.word),
    ),
    st.sampled_from(("all", "current")), st.sampled_from(("all", "academic_or_student", "academic")),
    *(st.sampled_from((INTERNAL, PRIVATE, PUBLIC)) for _ in range(3)),
)  # fmt: skip


@st.composite
def people(draw, name):
    keys = draw(st.sets(st.sampled_from(("p1", "p2", "p3"))))
    return tuple(
        Person(
            key=key, name=draw(st.sampled_from((f"{name} {key}", f"{name} {key}", ""))), visibility=draw(levels),
            orcid=draw(st.sampled_from((ORCIDS.get(key), None))), current=draw(flags), academic=draw(flags),
            student=draw(flags), closes_at=draw(closings),
        )
        for key in sorted(keys)
    )  # fmt: skip


@st.composite
def groups(draw, name):
    keys = sorted(draw(st.sets(st.sampled_from(("g1", "g2", "g3")))))
    told = tuple(
        Group(key=key, name=f"{name} {key}", visibility=draw(levels), closes_at=draw(closings),
              parents=tuple(sorted(draw(st.sets(st.sampled_from(("g1", "g2", "g3", "lost")), max_size=2)))))
        for key in keys
    )  # fmt: skip
    members = st.sets(st.sampled_from(("p1", "p2", "p3"))).map(sorted).map(tuple)
    return told, tuple(Members(group=key, people=draw(members)) for key in keys)


@st.composite
def item(draw, name, key):
    identifiers = [Identifier("url", f"https://{name}.example.edu/{key}")]
    if doi := draw(st.sampled_from((None, "10.5555/a", "10.5555/b"))):
        identifiers.append(Identifier("doi", doi))
    for scheme, values in WEAK.items():
        if value := draw(st.sampled_from((None, None, *values))):
            identifiers.append(Identifier(scheme, value))
    return Item(
        key=key, title=draw(st.sampled_from((f"told by {name}", ""))), visibility=draw(levels),
        type=draw(st.sampled_from(("book", "chapter"))), identifiers=tuple(identifiers), closes_at=draw(closings),
    )  # fmt: skip


@st.composite
def links(draw, key):
    people = draw(st.lists(st.sampled_from(("p1", "p2", "p3")), max_size=3))
    return tuple(Authorship(key=f"{key}-{n}", item=key, person=person, visibility=draw(levels), closes_at=draw(closings))
                 for n, person in enumerate(people))  # fmt: skip


@st.composite
def pulls(draw, name):
    """All that a source tells now, or some of its items, or links alone; with it what becomes of what is missing."""
    keys = sorted(draw(st.sets(st.sampled_from(("i1", "i2", "i3")), min_size=1)))
    items = tuple(draw(item(name, key)) for key in keys)
    authorships = tuple(link for key in keys for link in draw(links(key)))
    again = tuple(replace(each, visibility=draw(levels)) for each in items if draw(st.integers(0, 9)) == 9)
    how = draw(st.sampled_from(("whole", "whole", "items", "links")))
    mergers = draw(st.sets(st.sampled_from(("i1", "i2", "p1", "p2", "p3")), max_size=1))
    return ("pull", name, how, draw(people(name)), *draw(groups(name)), items, authorships, again, mergers)


@st.composite
def worlds(draw):
    names = NAMES[: draw(st.integers(1, 3))]
    some = st.sampled_from(names)
    sources = [
        (name, draw(st.sampled_from((True, True, True, False))), draw(st.booleans()),
         draw(st.sampled_from((PRIVATE, PRIVATE, PRIVATE, INTERNAL, PUBLIC))))
        for name in names
    ]  # fmt: skip
    step = st.one_of(
        some.flatmap(pulls), some.flatmap(pulls), some.flatmap(pulls), st.just(("score",)), st.just(("score",)),
        st.tuples(st.sampled_from(("hide", "unhide")), st.sampled_from(("output", "person")), st.integers(0, 5)),
        st.tuples(st.just("scope"), scopes), st.tuples(st.just("days"), st.sampled_from((3, 30))),
        st.tuples(st.sampled_from(("pause", "remove", "forget")), some),
    )  # fmt: skip
    begin = [draw(pulls(name)) for name in names]
    return sources, draw(scopes), [*begin, ("score",), *draw(st.lists(step, max_size=6)), ("score",)]


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
            found = [(public, next(o for o in self.model.outputs() if one == frozenset(here_of(o)))) for one, public in found]
        else:
            named = sorted({(name, public) for shown in rows for public, name in shown.people if name})
            found = [(public, next(p for p in self.model.people() if self.model.first(here_of(p), "name") == name))
                     for name, public in named]  # fmt: skip
        return found[which] if which < len(found) else None

    def scope(self, scope):
        before = {audience: self.model.listed(audience, self.moment) for audience in AUDIENCES}
        self.model.scope = scope
        after = {audience: self.model.listed(audience, self.moment) for audience in AUDIENCES}
        expected = {audience: difference(before[audience], after[audience]) for audience in AUDIENCES}
        previewed = store.preview(self.home, scope, now=self.now)
        assert without_ids(previewed) == expected
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
        assert store.forget(self.home, name, now=self.now, dry_run=False) == previewed
        self.model.forget(name)
        self.sent[name].clear()
        for audience in AUDIENCES:
            appear = set(self.model.listed(audience, self.moment)[0].values()) - {""} - before[audience]
            told = previewed[audience]["outputs"]["appear"]
            assert {label for label in told if label.startswith("doi:")} == {f"doi:{doi}" for doi in appear}

    # What both say ----------------------------------------------------------------------------------------------------

    def compare(self, whole):
        for audience in AUDIENCES:
            may = self.model.shown(audience, self.moment)
            seen = self.exported(audience)
            if whole:
                assert seen == may
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
            for each in output.values():
                for identifier in each.record.identifiers:
                    bearers.setdefault(identifier, set())
                    if str(identifier) in joining(each.record) and frozenset(here_of(output)) in may and each in here_of(output).values():
                        bearers[identifier].add(frozenset(here_of(output)))
        with self.home.read() as db:
            for identifier, shown in bearers.items():
                found = store.find(db, audience, identifier, now=self.now)
                assert found is None or frozenset(keys(found)) in shown, f"{audience} finds {identifier}"
                assert found is not None or not shown or not whole, f"{audience} does not find {identifier}"


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
        kind: {way: sorted(str(one[n][key]) for key in one[n].keys() - other[n].keys()) for way, (one, other) in ways.items()}
        for n, kind in enumerate(("outputs", "people", "groups"))
    }  # fmt: skip


def without_ids(told):
    for kinds in (told := json.loads(json.dumps(told))).values():
        for way, labels in kinds["outputs"].items():
            kinds["outputs"][way] = sorted(label.removeprefix("doi:") if label.startswith("doi:") else "" for label in labels)
    return told


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store of this version with nothing in it, made once and copied for each world."""
    folder = tmp_path_factory.mktemp("empty")
    home = store.open_store(f"sqlite:///{folder / 'ringmark.db'}", key_file=folder / "ringmark.key")
    home.engine.dispose()
    return folder


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds())
def test_what_shows_is_exactly_what_the_house_allows(empty, tmp_path_factory, world):
    sources, scope, story = world
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(empty, folder, dirs_exist_ok=True)
    both = Both(folder, sources, scope)

    for step in story:
        both.compare(both.do(step) is True)

    both.home.engine.dispose()
    shutil.rmtree(folder)
