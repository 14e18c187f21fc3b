"""How the scores stand: the rule set in force, when they were last made, what waits, and who switched when."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from scoring.compared import digest
from sync import store
from sync.acts import rules
from sync.store.audit import Done

SHOWN, ERRANDS, LATEST = 50, 200, 5  # lines of history; errands looked through, and those for scores that are shown


class Score:
    """`/console/score`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (Room(path="/score", role="editor", reads="", show=self.show),)

    def show(self, asked: Asked) -> Answer:
        """How they stand."""
        office = asked.office
        in_force = next((each for each in rules.listed(office.settings) if each.in_force), None)
        chosen = in_force.rules if in_force else None
        with office.house.read() as db:
            state = store.score_state(db, office.settings.score.rules, chosen.version if chosen else "")
            errands = [each for each in store.errands.listed(db, most=ERRANDS) if each.verb == "score"][:LATEST]
            lines = store.noted_of(db, rules.VERBS, most=SHOWN)
        return self._desk.paper.page(
            asked,
            "score.html",
            name=office.settings.score.rules,
            rules=chosen,
            versions=office.settings.score.versions,
            state=state,
            all_waits=bool(chosen and _other(state, digest(chosen))),
            errands=errands,
            history=[(each, _words(each)) for each in lines],
            done=asked.query.one("done"),
        )


def _other(state: store.ScoreState, mark: str) -> bool:
    """Whether the scores were made by something else than what is in force."""
    return state.made < state.scores or state.digest not in ("", mark)


def _words(done: Done) -> str:
    """What a line of the audit log tells, in words."""
    told = done.detail
    if done.verb == rules.USED:
        before = f"{told.get('before', '')} {told.get('before_version', '')}".strip()
        return f"{done.subject} {told.get('version', '')} put in force after {before}"
    if done.verb == rules.EDITED:
        changed = len(told.get("constants", ()))
        return f"{done.subject} edited: {told.get('before', '')} to {told.get('version', '')}, {changed} constants"
    if done.verb == rules.COPIED:
        return f"{done.subject} made, as {told.get('like', '')} {told.get('like_version', '')}"
    return f"{done.subject} deleted"
