"""Whether anything is due at a system that badges are pushed to, without asking that system."""

from typing import NamedTuple

from config.settings import Settings
from sync import push, store
from sync.daemon.due import steady
from sync.store import PastRun, Store, Target

AT_LEAST = 3600.0  # seconds between looks at what is due, where nothing has changed


class Stands(NamedTuple):
    """All but time that can make something due."""

    horizon: tuple[int, int]
    target: Target
    push: PastRun | None


class Targets:
    """What was found at each target the last time, so that most looks are one small question."""

    def __init__(self, house: Store) -> None:
        self._house = house
        self._seen: dict[str, tuple[Stands, float]] = {}  # how things stood, and until when to look no more

    def stands(self, settings: Settings, name: str) -> Stands:
        """How things are now."""
        lately = store.lately(self._house, name, now=store.now())
        return Stands(
            horizon=store.horizon(self._house, now=store.now()),
            target=push.target(self._house, settings, name),
            push=lately.push if lately else None,
        )

    def due(self, name: str, stands: Stands) -> bool:
        """Whether something is due. What waits for somebody to agree is not asked for anew, so that what he was told is
        still so; withdrawals do not wait."""
        before, until = self._seen.get(name, (None, 0.0))
        if stands == before and steady() < until:
            return False
        held = stands.push is not None and stands.push.outcome == "held"
        if push.due(self._house, stands.target, held=held, now=store.now()):
            return True
        self._seen[name] = stands, steady() + AT_LEAST
        return False

    def done(self, settings: Settings, name: str, stood: Stands) -> None:
        """A push that went well did what was due as things stood; what has changed since may have come too late."""
        now = self.stands(settings, name)
        self._seen[name] = stood._replace(push=now.push), steady() + AT_LEAST
