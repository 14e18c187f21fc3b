"""Random small worlds of a source and the repositories that its badges go to, and what happens to them."""

from copy import deepcopy
from dataclasses import replace
from functools import partial

from naive.both import RULES, Teller, a_new_store
from naive.push import BASE, DAY, Reader, Repository, Told, numbers, plain, wrong_after
from naive.worlds import BEGAN

from config.load import load
from config.scope import Scope
from config.visibility import Visibility
from connectors import http
from connectors.attention import Mention
from connectors.identifiers import Identifier
from connectors.records import Authorship, Done, Gone, Item, Page, Person
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import PREFIX, made
from sync import push, steps, store

KEYS = ("o1", "o2", "o3")
DOIS = ("10.5555/a", "10.5555/b", "10.5555/c")
FIELDS = ("local.attention.score", "local.attention.badge")
POLICIES = 4
FAULTS = (
    DSpaceFault("status", status=500, method="PATCH"),
    DSpaceFault("status", status=429, retry_after="60", method="PATCH"),
    DSpaceFault("status after", status=500, method="PATCH"),
    DSpaceFault("hang up before", method="PATCH"),
    DSpaceFault("hang up after", method="PATCH"),
    DSpaceFault("forget", method="PATCH"),
    DSpaceFault("login page", method="PATCH"),
    DSpaceFault("login page", method="GET", address="/items/"),
    DSpaceFault("status", status=503, method="GET", address="/items/", times=9),
    DSpaceFault("status", status=500, method="GET", address="/search/", times=9),
    DSpaceFault("rotate", times=3),
)
SETTINGS = """
[institution]
base_url = "{base}"
[connections.alpha]
kind = "files"
path = "."
require_author = {requires_author}
"""
TARGET = """
[connections.{name}]
kind = "dspace"
url = "{server.url}"
username = "{server.username}"
password_file = "password"
push = "public"
push_every = "7d"
field = "{field}"
pace = 0
"""


def an_output(dice, key):
    return Told(
        key=key, level=dice.choice((*["public"] * 6, "internal", "private")),
        doi=dice.choice(("", *DOIS, *[f"10.5555/{key}"] * 8)), handle=dice.choice(("", "", f"{PREFIX}/{key[1]}")),
        author=dice.choice(("", *["current"] * 4, "former")), policies=dice.randrange(POLICIES),
    )  # fmt: skip


def an_item(dice, number):
    return made(
        number, dc_title="T", dc_identifier_doi=dice.choice((*DOIS, f"10.5555/o{number}", f"10.5555/o{number}"))
    )


def a_step(dice):
    """Its name, and the dice for the rest."""
    return dice.choice((
        *["attention"] * 5, *["tell"] * 3, *["faulty"] * 4, *["edit"] * 4, "gone", "hide", "hide", "unhide", "scope",
        "item", "withdraw_item", "switch_field", "dry_run",
    ))  # fmt: skip


def after_it(dice):
    """What follows a step."""
    return dice.choice((("days", "push"), ("days", "push"), ("attention", "days", "push"), ("push",), ("days",), ()))


class World:
    """A house, its repositories and the model of both, told the same."""

    def __init__(self, folder, servers, dice):
        self.folder, self.servers, self.dice = folder, servers, dice
        a_new_store(folder)
        (folder / "password").write_text("practice")
        (folder / "password").chmod(0o600)
        self.now = store.micros(BEGAN)
        self.reader = Reader(requires_author=dice.random() < 0.5)
        self.repositories = {name: Repository(FIELDS[0]) for name in servers}
        for server in servers.values():
            items = [an_item(dice, number) for number in (1, 2, 3) if dice.random() < 0.9]
            server.items = {item.uuid: item for item in items}
            for held in (server.writes, server.requests, server.faults):
                held.clear()
        self._settle()
        for key in KEYS:
            self.reader.outputs[key] = an_output(dice, key)
        self._pull()

    def close(self):
        self.home.engine.dispose()

    def clock(self):
        self.now += 1_000_000
        return self.now

    # What happens ----------------------------------------------------------------------------------------------------

    def tell(self):
        key = self.dice.choice(KEYS)
        told = self.reader.outputs.get(key)
        new = an_output(self.dice, key)
        if told is None:
            self.reader.outputs[key] = new
        else:
            part = self.dice.choice(("level", "level", "doi"))
            setattr(told, part, getattr(new, part))
        self._pull()

    def attention(self):
        """Every score changes."""
        for told in self.reader.outputs.values():
            told.policies = (told.policies + self.dice.choice((1, 2, 3))) % POLICIES
        self._pull()

    def gone(self):
        """A source deletes what was public: then no vote stays."""
        public = [key for key, told in self.reader.outputs.items() if told.level == "public"]
        if public:
            key = self.dice.choice(public)
            del self.reader.outputs[key]
            self._pull(Gone(kind="item", key=key))

    def days(self):
        self.now += self.dice.choice((2, 4, 9, 9, 9, 9, 100)) * DAY  # never just a week

    def hide(self):
        shown = self._shown()
        if shown:
            number = self.dice.choice(sorted(shown))
            with self.home.read() as db:
                row = store.output_of(db, number)
            self.reader.hides.append(shown[number].marks)
            store.hide(self.home, "output", row, subject="x", why="x", until=store.FOREVER, now=self.clock())

    def unhide(self):
        for work in self.reader.works():
            with self.home.read() as db:
                row = store.output_of(db, work.url)
            store.unhide(self.home, "output", row, now=self.clock())
            self.reader.hides = [hidden for hidden in self.reader.hides if not hidden & work.marks]
        self._score()

    def scope(self):
        self.reader.current_only = not self.reader.current_only
        scope = Scope(status="current" if self.reader.current_only else "all")
        seen = {number for number in self._numbers() if number}
        before = self._held()
        effect = store.apply_scope(self.home, scope, push.targets(self.home, self.settings), now=self.clock())
        self._score()
        vanished = seen - self._shown().keys()
        for name in self.servers:
            ours = {n for texts in before[name].values() for n in numbers(texts)}
            assert effect.withdrawals[name] >= len(vanished & ours)

    def edit(self):
        """Somebody changes a field by hand: adds a value, replaces or changes ours, or takes all away."""
        name, server = self.dice.choice(sorted(self.servers.items()))
        field = self.dice.choice((self.repositories[name].field, *FIELDS))
        written = [uuid for uuid in sorted(server.items) if server.texts(uuid, field)]
        for uuid in written or sorted(server.items)[:1]:
            texts = server.texts(uuid, field)
            changed = tuple(f"{text}!" for text in texts)
            ways = [(*texts, "3.5 (committee)"), ("see our report",), (), changed, changed]
            server.edit(uuid, field, *self.dice.choice(ways))
            self.repositories[name].disturbed.add((uuid, field))

    def item(self):
        """An item appears, is taken away, or comes anew."""
        name, server = self.dice.choice(sorted(self.servers.items()))
        new = an_item(self.dice, self.dice.choice((1, 2, 3, 4)))
        if new.uuid in server.items and self.dice.random() < 0.5:
            server.remove(new.uuid)
        else:
            server.items[new.uuid] = new
        for field in FIELDS:
            self.repositories[name].disturbed.add((new.uuid, field))

    def withdraw_item(self):
        """Somebody withdraws an item, or puts it back."""
        server = self.servers[self.dice.choice(sorted(self.servers))]
        for uuid in self.dice.sample(sorted(server.items), min(1, len(server.items))):
            new = not server.items[uuid].withdrawn
            server.change(uuid, withdrawn=new, in_archive=not new)

    def switch_field(self):
        repository = self.repositories[self.dice.choice(sorted(self.servers))]
        repository.field = next(field for field in FIELDS if field != repository.field)
        self._settle()

    # Pushes ----------------------------------------------------------------------------------------------------------

    def dry_run(self):
        before = self._everything()
        self._push(dry_run=True)
        assert self._everything() == before

    def faulty(self):
        """Requests fail, alone or in rows; or a patch goes well, and then nobody can know for the rest of the push."""
        if self.dice.random() < 0.8:  # so that there is something to write
            self.attention()
            self.now += 9 * DAY
        for server in self.servers.values():
            for fault in self.dice.sample(FAULTS, self.dice.choice((0, 0, 1, 1, 2))):
                server.faults.append(replace(fault, times=fault.times * self.dice.choice((1, 2, 3))))
            if not server.faults:
                server.faults.append(DSpaceFault("change", method="PATCH", act=_deaf))
                server.faults.append(DSpaceFault("hang up after", method="PATCH"))
        self._push(failing=True)
        for server in self.servers.values():
            server.faults.clear()

    def push(self):
        """A push in which nothing fails leaves exactly what may stand; a second one writes nothing."""
        before, known = self._held(), deepcopy(self.repositories)
        self._push()
        after = self._held()
        for name, server in self.servers.items():
            repository, shown = self.repositories[name], self._shown()
            wrong = wrong_after(known[name], shown, server.items, before[name], after[name], self.now)
            assert not wrong, f"{name}: {wrong}"
            repository.saw(shown, server.items, before[name], after[name], self.now, failed=False)
        self._push()
        assert self._held() == after
        assert not any(self.patches.values())

    def _push(self, *, dry_run=False, failing=False):
        before, written = self._held(), {name: len(server.writes) for name, server in self.servers.items()}
        names = list(self.servers)
        reports = push.push(self.home, self.settings, names, attended=True, dry_run=dry_run, clock=self.clock,
                            told=lambda *_: None)  # fmt: skip
        assert failing or all(each.outcome == "done" for each in reports), reports
        self.patches = {name: server.writes[written[name] :] for name, server in self.servers.items()}
        shown = self._shown()
        for name, server in self.servers.items():
            self._look_at(name, self.patches[name], shown)
            if failing:
                after = self._held()[name]
                self.repositories[name].saw(shown, server.items, before[name], after, self.now, failed=True)

    def _look_at(self, name, patches, shown):
        """Each patch puts there at most one badge, which may show, and leaves what is not ours."""
        for patch in patches:
            for field in FIELDS:
                before, after = patch.before.texts(field), patch.after.texts(field)
                new = [text for text in after if text not in before]
                assert [t for t in before if not numbers([t])] == [t for t in after if not numbers([t])]
                assert plain(before) != plain(after) or before == after
                assert set(numbers(new)) <= shown.keys()
                if new:
                    self.repositories[name].written[patch.uuid, field] = self.now

    # The two sides ---------------------------------------------------------------------------------------------------

    def _settle(self):
        """The settings, and the store by them."""
        if hasattr(self, "home"):
            self.close()
        text = SETTINGS.format(base=BASE, requires_author=str(self.reader.requires_author).lower())
        for name, server in self.servers.items():
            text += TARGET.format(name=name, server=server, field=self.repositories[name].field)
        (self.folder / "ringmark.toml").write_text(text)
        self.settings = load(self.folder / "ringmark.toml", {})
        self.home = steps.open_house(self.settings)

    def _pull(self, *gone):
        people = [Person(key=key, name=key, visibility=Visibility.PUBLIC, current=key == "current")
                  for key in ("current", "former")]  # fmt: skip
        items, links, mentions = [], [], []
        for told in self.reader.outputs.values():
            schemes = (("url", told.url), ("doi", told.doi), ("handle", told.handle))
            identifiers = tuple(Identifier(scheme, value) for scheme, value in schemes if value)
            level = Visibility[told.level.upper()]
            items.append(Item(key=told.key, title=told.key, type="book", visibility=level, identifiers=identifiers))
            if told.author:
                links.append(Authorship(key=told.key, item=told.key, person=told.author, visibility=Visibility.PUBLIC))
            mentions += [
                Mention(key=f"{told.key}-{n}", source="policy", targets=identifiers[:1], occurred_at=BEGAN,
                        url=f"https://policy.example.org/{told.key}/{n}", policy_source=f"{told.key}-{n}",
                        deleted=n >= told.policies)
                for n in range(POLICIES)
            ]  # fmt: skip
        pages = [
            Page(people=tuple(people), items=tuple(items), authorships=tuple(links), gone=gone),
            Page(mentions=tuple(mentions), done=Done(cursor="x")),
        ]
        teller = Teller(self.settings.connections["alpha"], pages)
        done = steps.pull_one(self.home, teller, full=False, clock=self.clock, progress=lambda *_: None)
        assert done.outcome == "done", done.why
        self._score()

    def _score(self):
        store.score(self.home, RULES, full=False, now=self.clock(), progress=lambda *_: None)

    def _numbers(self):
        with self.home.read() as db:
            return [row.output for row in store.walk(db, "public", now=self.now)]

    def _shown(self):
        """The works that show by public id; both sides agree on which these are."""
        with self.home.read() as db:
            found = {store.find(db, "public", work.url, now=self.now): work for work in self.reader.shown()}
        shown = {face.output: work for face, work in found.items()}
        assert sorted(shown) == sorted(self._numbers())
        assert {face.output: face.score for face in found} == {number: work.score for number, work in shown.items()}
        return shown

    def _held(self):
        return {
            name: {(uuid, field): item.texts(field) for uuid, item in server.items.items() for field in FIELDS}
            for name, server in self.servers.items()
        }

    def _everything(self):
        tables = ("pushed", "run", "connection", "badge", "audit")
        with self.home.read() as db:
            rows = [tuple(db.exec_driver_sql(f"SELECT * FROM {table}").fetchall()) for table in tables]
        return rows, self._held(), [len(server.writes) for server in self.servers.values()]


quick = partial(http.client, sleep=lambda _: None)
"""Waits between attempts take no time."""


def _deaf(server):
    server.faults.append(DSpaceFault("status", status=500, method="GET", times=None))
