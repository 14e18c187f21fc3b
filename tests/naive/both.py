"""The store and its plain model side by side: told the same pages, asked the same questions."""

import atexit
import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import stores
from naive.records import Source, here_of, joining
from naive.visibility import House
from naive.worlds import BEGAN, ITEMS, PEOPLE

from config.settings import Connection
from connectors.base import Manifest, Pulls
from connectors.records import Done, Gone, Page
from scoring.rules import load
from sync import export, steps, store

AUDIENCES = ("public", "internal")
RULES = load("published-2020", None)


@cache
def empty_store():
    """A store of this version with nothing in it, made once and copied for each world."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store.open_store(stores.url(folder), key_file=folder / "ringmark.key").engine.dispose()
    stores.keep(folder)
    return folder


def a_new_store(folder):
    """The address of an empty store in a folder, instead of what is there."""
    stores.copy(empty_store(), folder)
    return stores.url(folder)


class Teller(Pulls):
    """A source that tells the pages it is given."""

    manifest = Manifest(kind="teller", people=True, needs_url=False)

    def __init__(self, settings, pages):
        self.settings, self.pages = settings, pages

    def pull(self, since):  # noqa: ARG002 - it always tells the same
        yield from self.pages


class Both:
    """The store and its model, told the same, asked the same."""

    def __init__(self, folder, sources, scope):
        self.now = store.micros(BEGAN)
        self.settings = {
            name: Connection(name=name, kind="files", path=folder, people=people, require_author=asks, keep=keep.word)
            for name, people, asks, keep in sources
        }
        self.home = store.open_store(a_new_store(folder), key_file=folder / "ringmark.key")
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
        self.tell(name, self._pages(self.sent[name], how, *told))

    def tell(self, name, pages, absent=()):
        """One run of a source; `absent` is what its complete listing no longer names."""
        connector = Teller(self.settings[name], pages)
        done = steps.pull_one(self.home, connector, full=False, clock=self.clock, progress=lambda *_: None)
        assert done.outcome == "done", done.why
        self.model.pull(name, [*pages, Page(gone=tuple(absent))], self.moment)

    def _pages(self, sent, how, people, groups, members, items, authorships, again, mergers, hidden):
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
            into = others[0] if key in mergers and others else None
            gone.append(Gone(kind=kind, key=key, into=into, hidden=key in hidden and kind != "group"))
            del sent[kind, key]
        for kind, names in (("item", ITEMS), ("person", PEOPLE)):
            for key in sorted({*names} & hidden - {key for its, key in records if its == kind}):
                gone.append(Gone(kind=kind, key=key, hidden=True))  # whether it was told or not
                sent.pop((kind, key), None)
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
        previewed = store.preview(self.home, scope, (), now=self.now).seen
        assert without_ids(previewed) == expected, f"{without_ids(previewed)} is not {expected}"
        assert store.apply_scope(self.home, scope, (), now=self.now).seen == previewed

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
        previewed = store.forget(self.home, name, (), now=self.clock(), dry_run=True).seen
        done = store.forget(self.home, name, (), now=self.now, dry_run=False).seen
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
                for name in ("people", "groups"):
                    hidden = set(row.pop(name)) - set(may[one][name])
                    assert not hidden, f"{audience} sees {name} {sorted(hidden)}, who are hidden"
                assert row == {name: may[one][name] for name in row}
            self.ask_for_each(audience, may, whole)

    def exported(self, audience):
        export.write(self.home, audience, "jsonl", str(self.file), now=self.now)
        rows = [json.loads(line) for line in self.file.read_text().splitlines()]
        wanted = ("visibility", "people", "groups", "title", "doi")
        seen = {row_keys(row["identifiers"]): {name: row[name] for name in wanted} for row in rows}
        assert len(seen) == len(rows)
        return seen

    def ask_for_each(self, audience, may, whole):
        """Every shared identifier, as `explain` would: found where what bears it shows, unknown elsewhere."""
        bearers = {}
        for output in self.model.outputs():
            here = here_of(output)
            for one, each in output.items():
                for identifier in each.record.identifiers[1:]:
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
        kind: {way: sorted(one[n][key] for key in one[n].keys() - other[n]) for way, (one, other) in ways.items()}
        for n, kind in enumerate(("outputs", "people", "groups"))
    }


def without_ids(told):
    for kinds in (told := json.loads(json.dumps(told))).values():
        for way, labels in kinds["outputs"].items():
            kinds["outputs"][way] = sorted(label[4:] if label.startswith("doi:") else "" for label in labels)
    return told
