"""The main job on the example institution: a practice Elements, a practice DSpace and an SQLite store."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from badges.card import shares
from badges.draw import draw
from config.load import load
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.items import items_of
from sandbox.elements import PracticeElements, practice_elements
from sandbox.institution import Institution, example
from sync import export, imports, steps, store
from sync import push as pushing
from sync.demo.folder import MARK, begin_anew, in_a_file
from sync.push import Report
from sync.steps import Pulled
from sync.store import Store

CLOSED = 5  # public outputs whose authors make them private after the first badges are out
TOP = 5
PASSWORDS = ("elements.password", "library.password")
FIELD = "local.attention.score"

SETTINGS = """{mark}
[institution]
name = "University of Example"
base_url = "http://127.0.0.1:8000"

[scope]                        # current staff and students, academic or student profiles, nothing private
status = "current"
profile = "academic_or_student"

[connections.elements]
kind = "elements"
url = "{elements.url}"         # a practice Elements, which ran only while the demo did
username = "{elements.username}"
password_file = "{files[0]}"
pull = "manual"
pace = 0

[connections.library]
kind = "dspace"
url = "{library.url}"          # a practice DSpace, the same
username = "{library.username}"
password_file = "{files[1]}"
push = "public"                # the public's badges are written into its items
field = "{field}"
pace = 0
"""


def run(folder: Path, *, clock: Callable[[], int]) -> dict[str, Any]:
    """Pull, import, score; then authors close some outputs, and the next pull takes their badges away at once.

    Leaves settings, store, exports and a badge in the folder; what it did comes back as one table."""
    begin_anew(folder)
    institution = example()
    institution.write_mentions(folder / "mentions.jsonl")
    with (
        practice_elements(institution, version="6.13") as elements,
        practice_dspace(items_of(institution), version="9") as library,
    ):
        settings = load(_settings(folder, elements, library))
        home = steps.open_house(settings)

        def done(results: Sequence[Pulled | Report]) -> None:
            for each in results:
                if each.outcome != "done":
                    raise store.StoreError(f"{each.connection}: {each.outcome}; {each.why}")

        def pull() -> None:
            done(steps.pull(home, settings, ["elements"], full=False, clock=clock, progress=lambda *_: None))

        def score() -> None:
            steps.score(home, settings, full=False, clock=clock, progress=lambda *_: None)

        def push() -> Report:
            reports = pushing.push(
                home, settings, ["library"], attended=True, dry_run=False, clock=clock, told=lambda *_: None
            )
            done(reports)
            return reports[0]

        pull()
        imports.mentions(home, folder / "mentions.jsonl", clock=clock)
        score()
        pushed = push()
        before = _seen(home, clock())
        closed = _close(institution, before)
        pull()
        hidden = len(before) - len(_seen(home, clock()))
        score()
        withdrawn = push()
        left = sum(1 for uuid in library.items if library.texts(uuid, FIELD))
    return {
        **_told(home, clock()),
        "badges_pushed": pushed.counts["written"],
        "public_outputs_without_an_item_there": pushed.counts["not_found"],
        "made_private_by_their_authors": len(closed),
        "badges_hidden_by_the_pull": hidden,
        "badges_withdrawn": withdrawn.counts["withdrawn"],
        "badges_left_in_the_repository": left,
        "top_scores": _leave(home, folder, clock()),
    }


def _settings(folder: Path, elements: PracticeElements, library: PracticeDSpace) -> Path:
    for name, password in zip(PASSWORDS, (elements.password, library.password), strict=True):
        in_a_file(folder / name, password)
    told = SETTINGS.format(mark=MARK, elements=elements, library=library, files=PASSWORDS, field=FIELD)
    (folder / "ringmark.toml").write_text(told, encoding="utf-8")
    return folder / "ringmark.toml"


def _seen(home: Store, now: int) -> list[store.Shown]:
    with home.read() as db:
        return sorted(store.walk(db, "public", now=now), key=lambda shown: (-shown.millipoints, shown.doi))


def _close(institution: Institution, seen: list[store.Shown]) -> list[int]:
    """Some authors change their minds about their most noticed outputs."""
    wanted = {shown.doi for shown in seen[TOP : TOP + CLOSED]}
    closed = [
        output.id
        for output in institution.outputs.values()
        if any(record.doi.lower() in wanted for record in output.records if record.doi)
    ]
    for id_ in closed:
        institution.change_output(id_, privacy="private")
    return closed


def _told(home: Store, now: int) -> dict[str, Any]:
    with home.read() as db:
        counted = store.counted(db, now=now)
        public = sum(1 for _ in store.walk(db, "public", now=now))
    return {"outputs": counted["outputs"], "in_scope": counted["in_scope"], "seen_by_the_public": public}


def _leave(home: Store, folder: Path, now: int) -> list[dict[str, Any]]:
    """The public export, and the badge of the highest score."""
    export.write(home, "public", "csv", str(folder / "public.csv"), now=now)
    top = _seen(home, now)[:TOP]
    for shown in top[:1]:
        (folder / "badge.svg").write_text(
            draw(shown.score, shares(shown), style="large", basis=shown.basis), encoding="utf-8"
        )
    return [{"score": shown.score, "doi": shown.doi, "title": shown.title} for shown in top]
