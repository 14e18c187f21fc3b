"""The five locks: a canary looks for hidden words in everything that an audience can reach, and then for each of the
first four locks it is shown to find them once that lock alone is taken away.

`canaryint` is in all that members may see and the public may not, `canarypri` in all that neither may.
`belowkeep` is in what `beta` and `gamma` must forget at the border, so it may be nowhere at all.
"""

import json
import logging
import re
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from naive.hidden_house import ALPHA, BETA, CLOSED, DELTA, GAMMA, MENTIONS, NOWHERE, SETTINGS, TIGHTER

import sync.cli
from badges.ring import SIZES
from config.load import load
from sync import export, steps, store

HIDDEN = {"public": ("canaryint", "canarypri", "belowkeep"), "internal": ("canarypri", "belowkeep")}
WORDS = re.compile("(?:canary|belowkeep)[a-z-]*")
COMMAND = typer.main.get_command(sync.cli.app)
FORMS = (("explain",), ("explain", "--json"), ("badge",), ("badge", "--json"))
NAMED = """
SELECT d.scheme || ':' || d.value, i.title FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id
JOIN item i ON i.id = n.item_id
UNION ALL SELECT 'output:' || public_id, title FROM output
"""
READERS = {"explain", "badge", "export"}
MOVERS = {"pull", "import", "score", "push", "sync"}  # what they say and log carries counts, never a title or a name
SERVERS = {"serve"}  # what it answers is walked below, route by route
SPEAK_OF_RULES = {"rules list", "rules show"}
ADMINISTRATORS = {  # these may say what is hidden, which is what they are for
    "init", "check", "status", "demo", "why", "hide", "unhide", "accept", "scope show", "scope preview", "scope apply",
    "setaside list", "setaside show", "setaside replay", "connection list", "connection pause", "connection resume",
    "connection forget",
}  # fmt: skip


class Desk:
    """A folder with settings and sources, and the command line as somebody types it there."""

    def __init__(self, folder, monkeypatch, capsys, caplog):
        self.folder, self.monkeypatch, self.capsys, self.caplog = folder, monkeypatch, capsys, caplog
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sync.cli, "app", COMMAND)  # the same, built once instead of for each of some 1,000 commands
        (folder / "ringmark.toml").write_text(SETTINGS)
        (folder / "mentions.jsonl").write_text("".join(json.dumps(mention) + "\n" for mention in MENTIONS))
        self.write(alpha=ALPHA, beta=BETA, gamma=GAMMA, delta=DELTA)

    def write(self, **sources):
        for source, files in sources.items():
            (self.folder / source).mkdir(exist_ok=True)
            for name, text in files.items():
                (self.folder / source / f"{name}.csv").write_text(text)

    def say(self, *words):
        """(exit code, standard output, standard error) of one command; what it logs is added to the log."""
        self.monkeypatch.setattr(sys, "argv", ["ringmark", *map(str, words)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            sync.cli.main()
        return (ended.value.code or 0, *self.capsys.readouterr())

    def done(self, *words):
        code, out, err = self.say(*words)
        assert code == 0, (words, out, err)
        return out + err

    @contextmanager
    def database(self):
        with closing(sqlite3.connect(self.folder / "ringmark.db")) as db, db:
            yield db

    def identifiers(self, *words):
        """All that outputs are known by whose title has one of the words, or of all outputs where no word is given."""
        with self.database() as db:
            named = db.execute(NAMED).fetchall()
        return sorted({name for name, title in named if not words or any(word in title for word in words)})


@pytest.fixture
def early(tmp_path, monkeypatch, capsys, caplog):
    """The world pulled, scored, and something hidden; two works are still public that their source will take back."""
    for room in ("badges", "config", "connectors", "scoring", "sync"):
        caplog.set_level(logging.DEBUG, logger=room)
    desk = Desk(tmp_path, monkeypatch, capsys, caplog)
    desk.moved = desk.done("pull") + desk.done("import", "mentions.jsonl") + desk.done("score")
    desk.done("hide", "doi:10.5555/canarypri-hidden", "--why", "x")
    return desk


@pytest.fixture
def desk(early):
    """The world after the pull that closes one work and deletes another, before any score."""
    tighten(early)
    return early


def tighten(desk, outputs=TIGHTER):
    """The source closes one work, and by default deletes another."""
    desk.write(alpha={"outputs": outputs})
    desk.moved += desk.done("pull", "alpha")


def everything_for(desk, audience):
    """{what was asked: all that came back} for every verb that readers have, in every form it has."""
    told = {}
    for name in export.FORMATS:
        file = desk.folder / f"export.{name}"
        told["export", name] = desk.done("export", "--audience", audience, "--format", name, "-o", file)
        told["file", name] = str(pq.read_table(file).to_pylist()) if name == "parquet" else file.read_text()
    told["export", "-"] = desk.done("export", "--audience", audience, "--format", "jsonl", "-o", "-")
    for verb, *form in FORMS:
        for wanted in asked(verb, form, (*desk.identifiers(), *NOWHERE)):
            told[verb, *form, wanted] = desk.say(verb, wanted, "--audience", audience, *form)
    for style in SIZES:
        told["badge", style] = desk.say("badge", "10.5555/open", "--audience", audience, "--style", style)
    return told


def asked(verb, form, names):
    """`explain` is asked for every name; the forms that differ in nothing but how they answer, for the DOIs."""
    return [name for name in names if (verb, *form) == ("explain",) or name.startswith(("doi:", "10."))]


def canary(desk, audience):
    """Fails where an audience can read a hidden word, or tell hidden from unknown."""
    told = everything_for(desk, audience)
    found = {word for answer in told.values() for word in WORDS.findall(str(answer).casefold())}
    read = {word for word in found if word.startswith(HIDDEN[audience])}
    assert not read, f"{audience} can read {sorted(read)}"
    hidden = desk.identifiers(*HIDDEN[audience])
    for verb, *form in FORMS:
        answers = {told[verb, *form, wanted] for wanted in asked(verb, form, (*hidden, *NOWHERE))}
        said = '{\n  "error": "unknown output"\n}\n' if form else ""
        assert answers == {(1, said, "unknown output\n")}


def test_every_verb_is_known_to_the_canary():
    def verbs(command, path=()):
        for name, each in getattr(command, "commands", {}).items():
            yield from verbs(each, (*path, name)) if hasattr(each, "commands") else [" ".join((*path, name))]

    assert set(verbs(COMMAND)) == READERS | MOVERS | SERVERS | SPEAK_OF_RULES | ADMINISTRATORS


@pytest.mark.parametrize("audience", HIDDEN)
def test_no_hidden_word_reaches_an_audience(desk, audience):
    canary(desk, audience)

    desk.done("score", "--full")

    canary(desk, audience)


def test_what_may_be_seen_is_there_so_that_silence_proves_nothing_by_accident(desk):
    desk.done("score")

    public, internal = (str(everything_for(desk, audience)) for audience in ("public", "internal"))

    assert all(words in public for words in ("Open work", "Ann Open", "Open Group", "news.example.com/open"))
    assert all(words in internal for words in ("canaryint work", "Ivy canaryint", "canaryint group", "canaryint beta"))


def test_moving_data_says_and_logs_counts_only(desk):
    desk.moved += desk.done("score") + desk.done("sync")

    logged = "\n".join(str({**record.__dict__, "msg": record.getMessage()}) for record in desk.caplog.records)

    assert "pulled" in logged
    for word in ("canary", "belowkeep", "Ann Open", "Open work"):
        assert word not in desk.moved
        assert word not in logged


def test_files_that_hold_hidden_things_are_for_their_owner_alone(desk):
    everything_for(desk, "internal")

    written = [path for path in desk.folder.iterdir() if path.suffix in (".db", ".csv", ".jsonl", ".parquet", ".key")]
    assert {path.name: path.stat().st_mode & 0o077 for path in written if path.name != "mentions.jsonl"} == {
        path.name: 0 for path in written if path.name != "mentions.jsonl"
    }


@pytest.mark.parametrize("kind", ["work", "pat", "group", "10.9999", "10.5555"])
def test_what_is_below_keep_is_nowhere_in_the_store(desk, kind):
    words = {"work": b"belowkeep work", "pat": b"Pat belowkeep", "group": b"belowkeep group"}
    word = words.get(kind, f"{kind}/belowkeep".encode())

    assert not [path.name for path in desk.folder.glob("ringmark.*") if word in path.read_bytes()]


# Each lock taken away ----------------------------------------------------------------------------------------------


def levels(db):
    """(table, column) of every level that the store keeps."""
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [(table, column[1]) for table in tables for column in db.execute(f"PRAGMA table_info({table})")
            if column[1] in ("visibility", "effective")]  # fmt: skip


@pytest.mark.parametrize("value", ["NULL", "3", "-1", "'public'", "''"])
def test_the_first_lock_refuses_a_level_that_is_none(desk, value):
    with desk.database() as db:
        asked = levels(db)
        for table, column in asked:
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608 - names of ours

    assert {"item", "output", "person", "person_record", "group_record", "authorship", "authorship_record",
            "badge"} <= {table for table, _ in asked}  # fmt: skip


def test_without_the_first_lock_a_typo_outvotes_a_private_vote(desk):
    # Checked by telling SQLite to check no constraints, writing delta's private vote as the level 7, and pulling a
    # changed title so that the votes are counted again: the least vote is then alpha's public one.
    with desk.database() as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE item SET visibility = 7 WHERE title = 'canarypri vote'")
    desk.write(alpha={"outputs": TIGHTER.replace("private elsewhere", "private elsewhere still")})
    desk.done("pull", "alpha")
    desk.done("score")

    with pytest.raises(AssertionError, match="canarypri-voted"):
        canary(desk, "public")


def test_the_second_lock_lets_no_level_out_that_got_past_the_first(desk):
    with desk.database() as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE output SET visibility = 7 WHERE visibility < 2")
    desk.done("score", "--full")

    canary(desk, "public")


def test_without_the_second_lock_a_pair_too_many_shows_what_it_names(desk):
    # Checked by adding one row to the permitted pairs, ('public', internal), and scoring. The pair ('public', private)
    # would not do: a badge of a private level is refused by its own table.
    with desk.database() as db:
        db.execute("INSERT INTO sees (audience, visibility) VALUES ('public', 1)")
    desk.done("score", "--full")

    with pytest.raises(AssertionError, match="canaryint"):
        canary(desk, "public")


def test_without_the_third_lock_a_badge_shows_what_nobody_permitted(desk):
    # Checked by writing a badge straight into the table, as a score of an older snapshot would: that of the private
    # output, with the columns of the open one's, and no join to the permitted pairs.
    with desk.database() as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(badge)")]
        known = {row[1] for row in db.execute("PRAGMA table_info(output)")} - {"visibility", "closes_at"}
        chosen = ["o.id" if name == "output_id" else f"o.{name}" if name in known else f"b.{name}" for name in columns]
        db.execute(
            f"INSERT INTO badge ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM output o, badge b "  # noqa: S608
            "WHERE o.doi = '10.5555/canarypri' AND b.doi = '10.5555/open' AND b.audience = 'public'"
        )

    with pytest.raises(AssertionError, match="canarypri"):
        canary(desk, "public")


def test_the_third_lock_holds_while_a_pull_hides_what_a_score_has_just_computed(early, monkeypatch):
    monkeypatch.setattr("sync.store.scores.AT_ONCE", 1)  # so that the pull comes between two of its transactions
    settings = load(Path("ringmark.toml"))
    pulls = iter([tighten])

    steps.score(steps.open_house(settings), settings, full=True, clock=store.now,
                progress=lambda *_: next(pulls, lambda _: None)(early))  # fmt: skip

    assert next(pulls, None) is None
    canary(early, "public")


def test_without_the_fourth_lock_a_tightened_pull_leaves_its_badges(early, monkeypatch):
    # Checked by making the end of every writing transaction drop no badges, then pulling the closed work.
    monkeypatch.setattr("sync.store.settle.unpublish", lambda _db, _ids: None)
    tighten(early, CLOSED)

    with pytest.raises(AssertionError, match="canarypri-closing"):
        canary(early, "public")
