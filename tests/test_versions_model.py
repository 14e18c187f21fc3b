"""Whatever is told, hidden, narrowed and taken back: no audience ever sees what speaks of a version that it does not
see, and after a score everything that may count does. Held against a plain model."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from naive.both import a_new_store
from naive.versions import Works

from badges.ledger import explained
from config.scope import Least, Scope
from config.visibility import Visibility
from connectors.attention import Mention
from connectors.identifiers import Identifier
from connectors.records import RELATIONS, Gone, Item, Page, Version
from scoring.rules import load
from sync import store

RULES = load("published-2020", None)
BEGAN = store.micros(datetime(2026, 1, 1, tzinfo=UTC))
OUTPUTS, EVERY = "abcd", "abcdxy"  # nobody tells of a record of the last two
AUDIENCES = ("public", "internal")

works, all_works = st.sampled_from(OUTPUTS), st.sampled_from(EVERY)
stated = st.dictionaries(all_works, st.sampled_from(sorted(RELATIONS)), max_size=2)
steps = st.one_of(
    st.tuples(st.just("tell"), works, st.sampled_from((0, 1, 2, 2)), stated),
    st.tuples(st.just("tell"), works, st.just(2), stated),
    st.tuples(st.just("gone"), works),
    st.tuples(st.just("hide"), works),
    st.tuples(st.just("unhide"), works),
    st.tuples(st.just("scope"), st.sampled_from((0, 1, 2))),
    st.tuples(st.just("mention"), st.sets(all_works, min_size=1, max_size=2)),
    st.tuples(st.just("score")),
)


def doi(work):
    return Identifier("doi", f"10.5555/{work}")


class House:
    """The store and its model, told the same."""

    def __init__(self, folder):
        self.home = store.open_store(a_new_store(folder), key_file=folder / "ringmark.key")
        self.model, self.now = Works(), BEGAN
        store.seed(self.home, Scope())

    def clock(self):
        self.now += 1_000_000
        return self.now

    def do(self, verb, *told):
        getattr(self, verb)(*told)
        for audience in AUDIENCES:
            self.compare(audience, exactly=verb == "score")

    def apply(self, page):
        store.apply(self.home, store.local(self.home, step="import", now=self.clock()), page, now=self.clock())

    def tell(self, work, level, named):
        named = {other: relation for other, relation in named.items() if other != work}
        versions = tuple(Version(relation, doi(other)) for other, relation in named.items())
        level = Visibility(level)
        self.apply(Page(items=(Item(key=work, title=work, type="other", visibility=level, identifiers=(doi(work),),
                                    versions=versions),)))  # fmt: skip
        self.model.ghosts.discard(work)
        self.model.tell(work, int(level), named)

    def gone(self, work):
        self.apply(Page(gone=(Gone(kind="item", key=work),)))
        if work in self.model.level:
            self.model.gone(work)

    def hide(self, work):
        if work in self.model.level:
            id_ = self.output(work)
            store.hide(self.home, "output", id_, subject=work, why="asked", until=store.FOREVER, now=self.clock())
            self.model.hidden.add(work)

    def unhide(self, work):
        if work in self.model.level:
            store.unhide(self.home, "output", self.output(work), now=self.clock())
            self.model.hidden.discard(work)

    def scope(self, least):
        level = Visibility(least)
        chosen = Scope(visibility=Least(people=level, outputs=level, authorships=level))
        store.apply_scope(self.home, chosen, [], now=self.clock())
        self.model.least = least

    def mention(self, targets):
        name = f"m{len(self.model.mentions)}"
        told = Mention(key=name, source="policy", targets=tuple(map(doi, sorted(targets))), policy_source=name,
                       url=f"https://policy.example.org/{name}",
                       occurred_at=store.moment(BEGAN) - timedelta(days=1))  # fmt: skip
        self.apply(Page(mentions=(told,)))
        self.model.mentions[name] = targets

    def score(self):
        store.score(self.home, RULES, full=False, now=self.clock(), progress=lambda *_: None)

    def output(self, work):
        with self.home.read() as db:
            return store.output_of(db, doi(work))

    def compare(self, audience, *, exactly):
        """What is shown never holds more than the model allows; and after a score, neither more nor less."""
        with self.home.read() as db:
            for work in OUTPUTS:
                shown = store.find(db, audience, doi(work), now=self.now)
                may = work in self.model.level and self.model.shows(work, audience)
                if shown is None:
                    assert not (may and exactly), f"{work} is missing for {audience}"
                    continue
                assert may, f"{work} shows for {audience}"
                allowed = self.model.score(work, audience)
                named = {each.identifier for each in shown.versions} | {doi(work)}
                assert named <= {doi(each) for each in self.model.versions(work, audience)}
                assert shown.millipoints <= 3000 * len(allowed)
                if exactly:
                    told = explained(shown, audience, store.ledger(db, shown, RULES, now=self.now), RULES)
                    assert shown.millipoints == told["millipoints"] == 3000 * len(allowed)
                    assert {line["url"].rsplit("/", 1)[1] for line in told["ledger"]} == allowed
                    assert {line["under"] for line in told["ledger"]} <= set(map(str, named))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("versions")


@given(told=st.lists(steps, min_size=3, max_size=14))
@settings(max_examples=15, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
def test_what_counts_by_way_of_versions_is_what_the_model_says(folder, told):
    house = House(folder)
    try:
        for step in [*told, ("score",)]:
            house.do(*step)
    finally:
        house.home.engine.dispose()
