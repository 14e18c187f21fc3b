"""The way from an empty house to its first badges: seven steps, each a page that can be left and come back to. How far
it has come is not kept here: settings and store tell it."""

from typing import Any
from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.begin_settings import BeginSettings
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.views import plain
from config.scope import Scope
from config.settings import Institution
from sync import store
from sync.acts import errands, guide
from sync.acts.guide import Step

SHOWN = 3  # badges
LEVELS = {  # a choice of the third question, and the least level of everything that it stands for
    "public": "Only what its sources call public",
    "internal": "What is public or internal, each for those who may see it",
    "private": "Everything, private too",
}


class Begin:
    """`/console/begin` and its steps. `begun_as` is the institution that the pages of this process speak of."""

    def __init__(self, desk: ConsoleDesk, begun_as: Institution) -> None:
        self._paper = desk.paper
        self._begun_as = begun_as
        self._settings = BeginSettings(desk, self.page, begun_as)
        shown = (
            ("", self.walk, None),
            ("/check", self.check, self.ask_check),
            ("/pull", self.pull, self.ask_pull),
            ("/seen", self.seen, None),
            ("/scope", self.scope, self.choose_scope),
            ("/score", self.score, self.ask_score),
            ("/go", self.go, None),
        )
        rooms = (Room(path=f"/begin{path}", role="admin", reads="", show=show, take=take) for path, show, take in shown)
        self.rooms = (*rooms, *self._settings.rooms)

    def page(self, asked: Asked, template: str, key: str, *, status: int = 200, **told: Any) -> Answer:
        """The page of a step, which knows all of them."""
        steps = guide.walk(asked.office)
        step = next((each for each in steps if each.key == key), None)
        beside: dict[str, Any] = {
            "steps": steps,
            "step": step,
            "before": _beside(steps, step, -1),
            "after": _beside(steps, step, 1),
        }
        return self._paper.page(asked, template, status=status, **beside, **told)

    def walk(self, asked: Asked) -> Answer:
        """All steps, and which is the next."""
        return self.page(asked, "begin.html", "")

    def check(self, asked: Asked) -> Answer:
        """What each connection said when it was asked."""
        checks = guide.checks(asked.office)
        return self.page(
            asked,
            "begin_check.html",
            "check",
            checks=[(name, check, guide.good(check)) for name, check in checks.items()],
            waits=any(check and not check.ended_at for check in checks.values()),
            daemon=errands.daemon(asked.office),
        )

    def ask_check(self, asked: Asked) -> Answer:
        """Ask one connection."""
        errands.ask(asked.office, "check", asked.form.one("name"))
        return self._paper.went("/console/begin/check")

    def pull(self, asked: Asked) -> Answer:
        """How far the first pull has come."""
        sources = [self._source(asked, name) for name in guide.readable(asked.office)]
        return self.page(
            asked,
            "begin_pull.html",
            "pull",
            sources=sources,
            runs=any(each["waits"] or each["running"] for each in sources),
            daemon=errands.daemon(asked.office),
        )

    def ask_pull(self, asked: Asked) -> Answer:
        """Begin it."""
        guide.read_first(asked.office, asked.form.one("name"))
        return self._paper.went("/console/begin/pull")

    def seen(self, asked: Asked) -> Answer:
        """How the flags of what was read are spread, by source: counts alone."""
        with asked.office.house.read() as db:
            spread = store.begun.spread(db)
        return self.page(asked, "begin_seen.html", "pull", spread=spread)

    def scope(self, asked: Asked) -> Answer:
        """Three questions."""
        with asked.office.house.read() as db:
            scope = store.in_force(db) or Scope()
        least = {level.word for _, level in scope.visibility}
        level = least.pop() if len(least) == 1 else "internal"
        return self.page(asked, "begin_scope.html", "scope", scope=scope, level=level, levels=LEVELS)

    def choose_scope(self, asked: Asked) -> Answer:
        """Keep what is in force, or see what another choice would do before it is made."""
        if asked.form.one("do") == "keep":
            guide.keep_scope(asked.office)
            return self._paper.went("/console/begin/score")
        level = asked.form.one("level")
        least = level if level in LEVELS else "internal"
        told = {key: asked.form.one(key) or "all" for key in ("status", "profile")}
        query = urlencode({**told, **dict.fromkeys(("people", "outputs", "authorships"), least)})
        return self._paper.went(f"/console/scope?{query}")

    def score(self, asked: Asked) -> Answer:
        """The first badges, as the public sees them."""
        with asked.office.house.read() as db:
            errand = store.begun.asked(db, "score", "")
            badges = store.begun.first_badges(db, most=SHOWN, now=asked.now)
            scored_at = store.begun.last_score(db)
        return self.page(
            asked,
            "begin_score.html",
            "score",
            errand=errand,
            waits=bool(errand and not errand.ended_at and scored_at < errand.asked_at),
            badges=[{**each._asdict(), "heading": plain(each.title)} for each in badges],
            scored=guide.over(asked.office),
            daemon=errands.daemon(asked.office),
        )

    def ask_score(self, asked: Asked) -> Answer:
        """Have everything scored that has changed."""
        errands.ask(asked.office, "score")
        return self._paper.went("/console/begin/score")

    def go(self, asked: Asked) -> Answer:
        """What is next."""
        settings = asked.office.settings
        with asked.office.house.read() as db:
            badges = store.begun.first_badges(db, most=1, now=asked.now)
        return self.page(
            asked,
            "begin_go.html",
            "go",
            badges=badges,
            address=settings.institution.base_url,
            pushes=[name for name, each in settings.connections.items() if each.push],
            daemon=errands.daemon(asked.office),
        )

    def _source(self, asked: Asked, name: str) -> dict[str, Any]:
        """One connection: its state, its newest pull, and whether somebody asked for one."""
        with asked.office.house.read() as db:
            errand = store.begun.asked(db, "pull", name)
        runs = store.runs_of(asked.office.house, name, most=1, now=asked.now)
        run = runs[0] if runs else None
        return {
            "name": name,
            "state": store.state(asked.office.house, name),
            "run": run,
            "running": bool(run and run["outcome"] == "running"),
            "waits": bool(
                errand and not errand.ended_at and not (run and run["began_at"] > store.stamp(errand.asked_at))
            ),
        }


def _beside(steps: list[Step], step: Step | None, by: int) -> Step | None:
    """The step before or after one."""
    place = step.number - 1 + by if step else -1
    return steps[place] if 0 <= place < len(steps) else None
