"""What services may be asked about, what they are asked next, and what becomes of the answers.

Whom or what a question is about must take part and be at least as visible as `ask_about`: that is looked for when the
question is made up, asked again as it leaves, and once more before anything of the answer is stored.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from connectors.records import RELATIONS, Heard, Learned
from sync.store import answers, bookmarks, identity, learned, permission, runs, settle
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.hearing import wait
from sync.store.permission import SHOWN
from sync.store.rows import as_json, digest, many, next_id, rows_in
from sync.store.source import Applied, Source
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes
from sync.store.wishes import wish

Outcome = Literal["found", "unknown", "error"]

FOUND = 30 * DAY  # until what is known is asked about again
AGAIN: Mapping[Outcome, tuple[int, int]] = {  # where nothing came: until the first time, and at most; doubled each time
    "unknown": (7 * DAY, 180 * DAY),
    "error": (DAY, 30 * DAY),
}
AT_ONCE = 500  # questions that are made up together


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How one connection asks: by DOI or by ORCID, about what is at least so visible. What was last asked about before
    `again` is asked about anew, unless nothing came of it; 0 for only what is due. `hears`: the question is who spoke
    of outputs, and is asked again by the age of an output."""

    source: Source
    by: Literal["doi", "orcid"]
    least: int
    again: int = 0
    hears: bool = False


class Question(NamedTuple):
    """An identifier to be asked about, and the row that it is of: `subject` is an identifier's or a person's."""

    subject: int
    about: Identifier


def due(store: Store, asking: Asking, after: int, *, now: int) -> tuple[list[Question], int]:
    """The next questions behind a subject, those that may be asked; and where to go on, 0 at the end."""
    asked = {
        "connection": asking.source.id,
        "again": asking.again,
        "after": after,
        "now": now,
        "most": AT_ONCE,
    }
    with store.read() as db:
        rows = db.execute(text(_DUE[asking.by]), asked).fetchall()
        found = [Question(row.id, Identifier(asking.by, row.value)) for row in rows]
        permitted = _permitted(db, asking, found, now)
    return [each for each in found if each in permitted], rows[-1].id if len(rows) == AT_ONCE else 0


def permitted(store: Store, asking: Asking, questions: Collection[Question], *, now: int) -> set[Question]:
    """Those of the questions that may be asked at this moment."""
    with store.read() as db:
        return _permitted(db, asking, questions, now)


def lately(store: Store, asking: Asking, *, now: int) -> int:
    """How many questions were asked within a day."""
    sql = "SELECT count(*) FROM asked WHERE connection_id = :connection AND asked_at > :since AND asked_at <= :now"
    with store.read() as db:
        asked = {"connection": asking.source.id, "since": now - DAY, "now": now}
        return int(db.execute(text(sql), asked).scalar_one())


def answered(
    store: Store,
    asking: Asking,
    came: Mapping[Question, Outcome],
    said: Collection[Learned | Heard],
    *,
    bookmark: str,
    now: int,
) -> Applied:
    """Store what came of questions, in one transaction with the counts of the run and its bookmark.

    What is not permitted any more by now is not stored, nor that it was asked about. What was known before stays the
    first time that nothing comes, and goes the second time."""
    with store.write() as db:
        kept = _permitted(db, asking, list(came), now)
        by_question: dict[Identifier, list[Learned]] = defaultdict(list)
        for each in said:
            if isinstance(each, Learned):
                by_question[each.asked].append(each)
        dois = _dois(db, asking, [each for told in by_question.values() for each in told], now)
        done = Applied(seen=len(came), aside=sum(outcome == "error" for outcome in came.values()))
        before = {row.subject_id: row for row in rows_in(db, _BEFORE, [q.subject for q in kept], **_of(asking))}
        touched = Touched()
        ages = answers.ages(db, [each.subject for each in kept], now) if asking.hears else {}
        for question in sorted(kept):
            about = [each for each in by_question[question.about] if each.doi in dois]
            row, age = before.get(question.subject), ages.get(question.subject)
            if _answer(db, asking, question, came[question], row, about, dois, touched.learned, now, age):
                done.changed += 1
        answers.take(store, db, asking.source, _heard(kept, came, said, before), touched, done, now)
        settle.settle(db, Vetoes(store, db), touched)
        counts = runs.count(db, asking.source.run, done.counts(), now=now)
        bookmarks.put(db, asking.source, bookmark, counts, now=now)
    return done


def _answer(
    db: Database,
    asking: Asking,
    question: Question,
    outcome: Outcome,
    before: object,
    said: Sequence[Learned],
    dois: Mapping[Identifier, int],
    touched: set[int],
    now: int,
    age: int | None,
) -> bool:
    """Store one answer; whether it says something else than before. `age` is how old the output is, where that decides
    when it is asked about again."""
    misses = 0 if outcome == "found" else getattr(before, "misses", 0) + 1
    known = getattr(before, "digest", "")
    now_known = _digest(said) if outcome == "found" else known if misses == 1 or outcome == "error" else ""
    row = {
        **_of(asking),
        "subject_id": question.subject,
        "now": now,
        "due": now + (_wait(outcome, misses, known=bool(known)) if age is None or outcome == "error" else wait(age)),
        "outcome": outcome,
        "misses": misses,
        "digest": now_known,
    }
    id_ = int(db.execute(text(_PUT), row).scalar_one())
    if now_known == known:
        return False
    old = rows_in(db, "SELECT id, doi_id FROM learned WHERE asked_id IN :values", [id_])
    touched |= {row.output_id for row in rows_in(db, learned.OUTPUTS, {row.doi_id for row in old})}
    named = learned.drop(db, [row.id for row in old])
    if now_known:
        touched |= {row.output_id for row in rows_in(db, learned.OUTPUTS, {dois[each.doi] for each in said})}
        _put(db, id_, said, dois)
    identity.prune(db, named)
    return True


def _heard(
    kept: Iterable[Question],
    came: Mapping[Question, Outcome],
    said: Iterable[Learned | Heard],
    before: Mapping[int, Any],
) -> dict[int, Heard]:
    """Who spoke of what was asked about, by the identifier's row key. Where nothing comes for the first time, what was
    told before stays, as all that such a service says."""
    told = {each.asked: each for each in said if isinstance(each, Heard)}
    return {
        each.subject: told.get(each.about) or Heard(asked=each.about)
        for each in kept
        if came[each] == "found" or (came[each] == "unknown" and getattr(before.get(each.subject), "misses", 0) > 0)
    }


def _put(db: Database, asked: int, said: Sequence[Learned], dois: Mapping[Identifier, int]) -> None:
    ids = identity.identifier_ids(db, {version.identifier for each in said for version in each.versions})
    first = next_id(db, "learned")
    many(
        db,
        "INSERT INTO learned (id, asked_id, doi_id, journal, issns, subjects, raw) "
        "VALUES (:id, :asked, :doi, :journal, :issns, :subjects, :raw)",
        [{"id": id_, "asked": asked, "doi": dois[each.doi], **_words(each)} for id_, each in enumerate(said, first)],
    )
    many(
        db,
        "INSERT INTO learned_version (learned_id, identifier_id, relation, counts_here) "
        "VALUES (:learned, :identifier, :relation, :here)",
        [
            {"learned": id_, "identifier": ids[identifier], "relation": relation, "here": int(RELATIONS[relation])}
            for id_, each in enumerate(said, first)
            for identifier, relation in _versions(each).items()
        ],
    )
    wish(db, learned.sharing(db, ids.values()))


def _permitted(db: Database, asking: Asking, questions: Collection[Question], now: int) -> set[Question]:
    """By the one relation of permission; an identifier that several outputs have, only where all of them may be.

    The row must still be of what the question names, since row keys are given out again."""
    subjects = {each.subject for each in questions}
    asked = {**permission.at(now), "least": asking.least}
    if asking.by == "orcid":
        open_ = {row.id for row in rows_in(db, _open("person_in"), subjects, **asked)}
    else:
        open_ = _open_dois(db, subjects, asked)
    named = {(row.id, row.value) for row in rows_in(db, _NAMED[asking.by], open_)}
    return {each for each in questions if (each.subject, each.about.value) in named}


def _open_dois(db: Database, identifiers: Iterable[int], asked: Mapping[str, int]) -> set[int]:
    homes: dict[int, set[int]] = defaultdict(set)
    for row in rows_in(db, _HOMES, identifiers):
        homes[row.identifier_id].add(row.output_id)
    wanted = {output for each in homes.values() for output in each}
    open_ = {row.id for row in rows_in(db, _open("output_in"), wanted, **asked)}
    held = {row.id for row in rows_in(db, _HELD, homes)}
    return {identifier for identifier, each in homes.items() if each <= open_ and identifier in held}


def _open(part: str) -> str:
    return f"{SHOWN} SELECT id FROM {part} WHERE id IN :values AND visibility >= :least AND closes_at > :now"


def _dois(db: Database, asking: Asking, said: Iterable[Learned], now: int) -> dict[Identifier, int]:
    """The row keys of the DOIs that were spoken of, those of outputs that could have been asked about."""
    values = {each.doi.value for each in said if asking.by == "orcid" or each.doi == each.asked}
    rows = {row.id: Identifier("doi", row.value) for row in rows_in(db, _KNOWN, values)}
    open_ = _open_dois(db, rows, {**permission.at(now), "least": asking.least})
    return {identifier: id_ for id_, identifier in rows.items() if id_ in open_}


def _wait(outcome: Outcome, misses: int, *, known: bool) -> int:
    """Until when; what was known and is suddenly not is looked at again soon."""
    if outcome == "found":
        return FOUND
    first, most = AGAIN["error" if known and misses == 1 else outcome]
    return min(first << min(misses - 1, 10), most)


def _of(asking: Asking) -> dict[str, object]:
    return {"connection": asking.source.id, "subject": asking.by}


def _versions(said: Learned) -> dict[Identifier, str]:
    """Of several relations to the same the first, and none to itself."""
    return {each.identifier: each.relation for each in reversed(said.versions) if each.identifier != said.doi}


def _words(said: Learned) -> dict[str, str]:
    return {
        "journal": said.journal,
        "issns": " ".join(said.issns),
        "subjects": "\n".join(dict.fromkeys(said.subjects)),
        "raw": as_json(dict(said.raw)),
    }


def _digest(said: Iterable[Learned]) -> str:
    """The same for the same, in whatever order it was said."""
    return digest(
        sorted(
            as_json([str(each.doi), _words(each), sorted((str(i), r) for i, r in _versions(each).items())])
            for each in said
        )
    )


_AGAIN = """
(a.id IS NULL OR a.due_at <= :now OR a.asked_at > :now OR (a.asked_at < :again AND a.outcome <> 'unknown'))
"""
_DUE = {
    "doi": f"""
SELECT d.id, d.value FROM identifier d
LEFT JOIN asked a ON a.connection_id = :connection AND a.subject = 'doi' AND a.subject_id = d.id
WHERE d.scheme = 'doi' AND d.id > :after AND {_AGAIN} AND {learned.HELD.format(identifier="d.id")}
ORDER BY d.id LIMIT :most
""",
    "orcid": f"""
SELECT p.id, min(r.orcid) AS value FROM person p JOIN person_record r ON r.person_id = p.id AND r.state = 1
JOIN connection c ON c.id = r.connection_id AND c.state <> 'removed' AND c.people = 1
LEFT JOIN asked a ON a.connection_id = :connection AND a.subject = 'orcid' AND a.subject_id = p.id
WHERE p.live = 1 AND r.orcid <> '' AND p.id > :after AND {_AGAIN}
GROUP BY p.id ORDER BY p.id LIMIT :most
""",
}
_BEFORE = """
SELECT subject_id, misses, digest FROM asked
WHERE connection_id = :connection AND subject = :subject AND subject_id IN :values
"""
_PUT = """
INSERT INTO asked (connection_id, subject, subject_id, asked_at, due_at, outcome, misses, digest)
VALUES (:connection, :subject, :subject_id, :now, :due, :outcome, :misses, :digest)
ON CONFLICT (connection_id, subject, subject_id) DO UPDATE SET asked_at = excluded.asked_at, due_at = excluded.due_at,
  outcome = excluded.outcome, misses = excluded.misses, digest = excluded.digest RETURNING id
"""
_NAMED = {
    "doi": "SELECT id, value FROM identifier WHERE scheme = 'doi' AND id IN :values",
    "orcid": """
SELECT r.person_id AS id, r.orcid AS value FROM person_record r JOIN connection c ON c.id = r.connection_id
WHERE r.state = 1 AND c.state <> 'removed' AND c.people = 1 AND r.person_id IN :values
""",
}
_HOMES = """
SELECT n.identifier_id, i.output_id FROM item_identifier n JOIN item i ON i.id = n.item_id
WHERE n.counts = 1 AND n.identifier_id IN :values
"""
_HELD = f"SELECT d.id FROM identifier d WHERE d.id IN :values AND {learned.HELD.format(identifier='d.id')}"
_KNOWN = "SELECT id, value FROM identifier WHERE scheme = 'doi' AND value IN :values"
