"""The canary: a house full of hidden words, and what it is to find one where an audience can read it.

`canaryint` is in all that members may see and the public may not, `canarypri` in all that neither may.
`belowkeep` is in what `beta` and `gamma` must forget at the border, so it may be nowhere at all.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import stores
from conftest import House, Ran
from naive.hidden_house import ALPHA, BETA, DELTA, FORGOTTEN, GAMMA, MENTIONS, NOWHERE, SETTINGS, TIGHTER

from badges.draw import STYLES
from connectors import Identifier
from sync import export

Names = dict[Identifier, str]

HIDDEN = {"public": ("canaryint", "canarypri", "belowkeep"), "internal": ("canarypri", "belowkeep")}
WORDS = re.compile("(?:canary|belowkeep)[a-z-]*")
NUMBERS = re.compile(r"\d{9,16}")
FORMS = (("explain",), ("explain", "--json"), ("badge",), ("badge", "--json"))
QUICK = (("badge",),)
UNKNOWN = {False: "", True: '{\n  "error": "unknown output"\n}\n'}
COUNTS = """DOI,Title,Authors at my Institution,News mentions,X mentions
10.5555/canarypri-hidden,canarypri counted,canarypri author,7,11
10.5555/canarypri-added,canarypri added,canarypri author,7,11
10.5555/canarypri-wrong,canarypri wrong,canarypri author,many,11
"""
HIDE = ("hide", "doi:10.5555/canarypri-hidden", "--why", "x")


class Desk(House):
    """A folder with settings and sources, and the command line as somebody types it there."""

    def __init__(self, folder: Path, settings: str = SETTINGS) -> None:
        super().__init__(folder)
        self.write(settings)
        self.moved = ""
        """What the commands that move data have said."""
        self.once: frozenset[str] = frozenset()
        """The public ids that there were before the sources took anything back; what is merged away loses its own."""

    def tell(self, **sources: dict[str, str]) -> None:
        """What the sources say from now on."""
        for source, files in sources.items():
            (self.folder / source).mkdir(exist_ok=True)
            for name, text in files.items():
                (self.folder / source / f"{name}.csv").write_text(text)

    def move(self, *words: str) -> None:
        """A command that moves data, and must end well."""
        self.moved += self.ok(*words)

    def fill(self) -> None:
        """Pull everything, score it, and hide something; three works are still public that `tighten` will take away."""
        mentions = self.folder / "mentions.jsonl"
        mentions.write_text("".join(json.dumps(mention) + "\n" for mention in MENTIONS))
        self.tell(alpha=ALPHA, beta=BETA, gamma=GAMMA, delta=DELTA)
        counts = self.folder / "counts.csv"
        counts.write_text(COUNTS)
        by_count = ("import", str(counts), "--format", "counts", "--add-outputs")
        for words in (("pull",), ("import", str(mentions)), by_count, ("score",)):
            self.move(*words)
        self.quote()
        self.ok(*HIDE)
        self.once = frozenset().union(*self.public_ids())

    def quote(self) -> None:
        """Something is quoted of all mentions, those of what everybody may see as well: it is for administrators."""
        with self.database() as db:
            db.execute(_QUOTED)

    def tighten(self, outputs: str = TIGHTER) -> None:
        """The source closes one work, merges one into a private one, and by default deletes another; one has ended."""
        self.tell(alpha={"outputs": outputs})
        self.move("pull", "alpha")
        with self.database() as db:
            for table in ("item", "output", "badge"):
                db.execute(f"UPDATE {table} SET closes_at = 1 WHERE title LIKE '%ended by the clock'")

    @contextmanager
    def database(self) -> Iterator[Any]:
        with stores.database(self.folder) as db:
            yield db

    def identifiers(self) -> Names:
        """What outputs are known by, also those that were merged away or deleted, each with a title."""
        with self.database() as db:
            return {Identifier(scheme, value): title for scheme, value, title in db.execute(_NAMED)}

    def shown(self) -> Names:
        """The same of those that everybody may see."""
        return {name: title for name, title in self.identifiers().items() if title.startswith(("Open", "Crowd"))}

    def hidden(self, *words: str) -> Names:
        """The same of those whose title has one of the words."""
        return {name: title for name, title in self.identifiers().items() if any(word in title for word in words)}

    def hidden_texts(self) -> tuple[set[str], set[str]]:
        """The titles and names that the public may not read, as they were told; and the journals of them."""
        with self.database() as db:
            told = {text for (text,) in db.execute(_TEXTS)}
            journals = {text for (text,) in db.execute("SELECT journal FROM item")}
        return {text for text in told | journals if words_in(text)}, {text for text in journals if words_in(text)}

    def public_ids(self) -> "Ids":
        """The public ids of outputs, people, groups and mentions: those that the public may see, and the others."""
        with self.database() as db:
            told = db.execute(_IDS).fetchall()
        shown = frozenset(
            str(id_) for id_, name in told if name.startswith(("Open", "Crowd", "Ann Open", "About open"))
        )
        return Ids(shown, (self.once | {str(id_) for id_, _ in told}) - shown)


class Ids(NamedTuple):
    """Public ids as they would be read."""

    shown: frozenset[str]
    hidden: frozenset[str]


def copied(desk: Desk, folder: Path) -> Desk:
    """The same desk elsewhere, for a test that changes things."""
    stores.copy(desk.folder, folder)
    copy = Desk(folder, (folder / "ringmark.toml").read_text())
    copy.once = desk.once
    return copy


def words_in(text: str, audience: str = "public") -> set[str]:
    """The words in a text that an audience may not read."""
    return {word for word in WORDS.findall(text.casefold()) if word.startswith(HIDDEN[audience])}


def told_to(
    desk: Desk, audience: str, names: Iterable[str], forms: Sequence[tuple[str, ...]] = FORMS
) -> Iterator[tuple[tuple[str, ...], object]]:
    """(what was asked, what came back) for every verb that readers have, in every form it has."""
    for name in export.FORMATS:
        file = desk.folder / f"export.{name}"
        yield ("export", name), desk.ok("export", "--audience", audience, "--format", name, "-o", str(file))
        yield ("file", name), pq.read_table(file).to_pylist() if name == "parquet" else file.read_text()
    yield ("changes",), desk.ok("changes", "--since", "2000-01-01", "--audience", audience)
    yield ("changes", "--json"), desk.ok("changes", "--since", "2000-01-01", "--audience", audience, "--json")
    yield ("export", "-"), desk.ok("export", "--audience", audience, "--format", "jsonl", "-o", "-")
    for style in STYLES:
        yield ("badge", style), desk.run("badge", "10.5555/open", "--audience", audience, "--style", style)
    for verb, *form in forms:
        for name in sorted(names):
            if (verb, *form) == forms[0] or name.startswith(("doi:", "10.")):  # the others differ but in form
                yield (verb, *form, name), desk.run(verb, name, "--audience", audience, *form)


def canary(desk: Desk, audience: str, *, quickly: bool = False) -> None:
    """Fails where an audience can read a hidden word on the command line, or tell hidden from unknown.

    `quickly` asks for everything in one form only."""
    hidden = {str(name) for name in desk.hidden(*HIDDEN[audience])} | {*FORGOTTEN, *NOWHERE}
    named = {str(name) for name, title in desk.identifiers().items() if not title.startswith("Crowd")}
    for asked, answer in told_to(desk, audience, {*named, *hidden, "10.5555/open"}, QUICK if quickly else FORMS):
        assert not words_in(str(answer), audience), f"{audience} can read {words_in(str(answer), audience)}: {asked}"
        if asked[-1] in hidden:
            assert answer == Ran(1, UNKNOWN["--json" in asked], "unknown output\n"), asked


# Each lock taken away; every one of these is put back with the folder it was done in -------------------------------


def without_the_first(desk: Desk) -> None:
    """The database checks no constraints, delta's private vote is the level 7, and a changed title lets votes be
    counted again: the least vote is then alpha's public one."""
    stores.without_checks(desk.folder, "item", "UPDATE item SET visibility = 7 WHERE title = 'canarypri vote'")
    desk.tighten(TIGHTER.replace("private elsewhere", "private elsewhere still"))
    desk.move("score")


def without_the_second(desk: Desk) -> None:
    """One row more in the permitted pairs, ('public', internal). The pair ('public', private) would not do: a badge of
    a private level is refused by its own table."""
    with desk.database() as db:
        db.execute("INSERT INTO sees (audience, visibility) VALUES ('public', 1)")
    desk.move("score", "--full")


def without_the_third(desk: Desk) -> None:
    """A badge written straight into the table, as a score of an older snapshot would: that of the private output, with
    the columns of the open one's, its identifiers too, and no join to the permitted pairs."""
    with desk.database() as db:
        every = stores.columns(desk.folder)
        columns = [column for table, column in every if table == "badge"]
        known = {column for table, column in every if table == "output"} - {"visibility", "closes_at"}
        chosen = ["o.id" if name == "output_id" else f"o.{name}" if name in known else f"b.{name}" for name in columns]
        db.execute(
            f"INSERT INTO badge ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM output o, badge b "
            "WHERE o.doi = '10.5555/canarypri' AND b.doi = '10.5555/open' AND b.audience = 'public'"
        )
        db.execute(
            "INSERT INTO badge_identifier (audience, output_id, scheme, value) "
            "SELECT 'public', id, 'doi', doi FROM output WHERE doi = '10.5555/canarypri'"
        )


_QUOTED = f"""
INSERT INTO evidence (mention_id, identifier_id, method, level, excerpt, digest, extractor)
SELECT mention_id, identifier_id, 'plain-doi', 'literal', 'canarypri quoted', '{"0" * 64}', '1' FROM mention_target
"""
_NAMED = """
SELECT d.scheme, d.value, i.title FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id
JOIN item i ON i.id = n.item_id
UNION ALL SELECT 'output', CAST(public_id AS TEXT), CASE live WHEN 1 THEN title ELSE 'canarypri' END FROM output
"""
_TEXTS = """
SELECT title FROM item UNION SELECT name FROM person_record UNION SELECT name FROM group_record
UNION SELECT value FROM identifier WHERE scheme = 'doi'
"""
_IDS = """
SELECT public_id, CASE live WHEN 1 THEN title ELSE '' END FROM output UNION ALL SELECT public_id, name FROM person
UNION ALL SELECT public_id, name FROM group_record UNION ALL SELECT public_id, title FROM mention
"""
