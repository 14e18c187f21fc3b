"""The step that writes badges into other systems and takes them back, each target by itself."""

from collections.abc import Iterable
from datetime import timedelta

from config.errors import SettingsError
from config.settings import Settings
from connectors.base import Drops, Pushes, Takes, Tells
from sync import registry, steps, store
from sync.push import dropping
from sync.push.item import Clock
from sync.push.rehearsal import Desk, Rehearsal, Silence
from sync.push.run import Change, Report, Stop, Told, push_one, withdraw_all
from sync.store import Store, Target

__all__ = ["Change", "Report", "Way", "bring", "due", "names", "push", "rehearsed", "target", "targets", "withdraw"]

Way = Pushes | Tells | Drops


def names(settings: Settings) -> list[str]:
    """The connections of a kind that badges can be brought to, pushed to or not: what stands there must be tended."""
    kinds = registry.kinds()
    return [name for name, each in settings.connections.items() if issubclass(kinds[each.kind], Takes)]


def targets(house: Store, settings: Settings) -> list[Target]:
    """Where badges go by these settings, and what is paused."""
    return [target(house, settings, name) for name in names(settings)]


def target(house: Store, settings: Settings, name: str) -> Target:
    """Where one connection's badges go."""
    connection = settings.connections[name]
    kind = registry.kinds()[connection.kind]
    tells, drops = issubclass(kind, Tells), issubclass(kind, Drops)
    return Target(
        connection=connection.name,
        url=connection.url or (str(connection.path) if drops else ""),
        audience=connection.push,
        field="" if tells else connection.field or kind.manifest.field,
        finds_by=kind.manifest.finds_by,
        ask_about=int(connection.ask_about),
        base=settings.institution.base_url,
        every=connection.push_every // timedelta(microseconds=1),
        limit=connection.push_limit,
        writes=store.state(house, name) != "paused",
        way="notices" if tells else "file" if drops else "items",
        scores=kind.scores if issubclass(kind, Tells) else True,
    )


def push(
    house: Store,
    settings: Settings,
    wanted: Iterable[str],
    *,
    attended: bool,
    dry_run: bool,
    clock: Clock,
    told: Told,
    stop: Stop = lambda: False,
) -> list[Report]:
    """Withdraw and write what is due. One target that fails never stops the others; a paused one is withdrawn from, and
    not written to. A dry run reads the systems and changes nothing, here or there. `stop` is asked between items."""

    def one(name: str) -> Report:
        if stop():
            return Report(name, outcome="stopped", why="asked to stop before it began")
        where = target(house, settings, name)
        with _connect(settings, name, stop) as connector:
            if not dry_run:
                return bring(
                    house, where, connector, attended=attended, limited=True, clock=clock, told=told, stop=stop
                )
            with store.copy_of(house) as copy:
                report = bring(
                    copy,
                    where,
                    rehearsed(connector),
                    attended=attended,
                    limited=False,
                    clock=clock,
                    told=told,
                    stop=stop,
                )
            report.run = 0  # the copy's, and gone with it
            return report

    return [_awaiting(house, report) for report in steps.apart(wanted, one, _failed)]


def withdraw(
    house: Store, settings: Settings, name: str, *, clock: Clock, told: Told, stop: Stop = lambda: False
) -> Report:
    """Take back everything that one connection's system holds of ours. `stop` is asked between items."""
    where = target(house, settings, name)

    def one(_: str) -> Report:
        with _connect(settings, name, stop) as connector:
            if isinstance(connector, Drops):
                return dropping.take_away(house, where, connector, clock=clock, told=told, stop=stop)
            return withdraw_all(house, where, connector, clock=clock, told=told, stop=stop)

    return steps.apart([name], one, _failed)[0]


def bring(
    house: Store,
    where: Target,
    connector: Way,
    *,
    attended: bool,
    limited: bool,
    clock: Clock,
    told: Told,
    stop: Stop = lambda: False,
) -> Report:
    """One push by the way that a connector has."""
    if isinstance(connector, Drops):
        return dropping.drop_one(
            house, where, connector, attended=attended, limited=limited, clock=clock, told=told, stop=stop
        )
    return push_one(house, where, connector, attended=attended, limited=limited, clock=clock, told=told, stop=stop)


def rehearsed(connector: Way) -> Way:
    """What stands in for a connector in a dry run: it reads, and keeps the rest in mind."""
    if isinstance(connector, Pushes):
        return Rehearsal(connector)
    return Silence(connector) if isinstance(connector, Tells) else Desk(connector)


def due(house: Store, where: Target, *, held: bool, now: int) -> bool:
    """Whether anything is due at a target, without asking it; where writes are `held` back, whether a withdrawal is."""
    if where.way == "file":
        return dropping.due(house, where, held=held, now=now)
    asks = (store.withdrawals, *(() if held else (store.unplaced, store.pushes_due, store.to_verify)))
    return any(ask(house, where, now=now) for ask in asks)


def _connect(settings: Settings, name: str, stop: Stop) -> Way:
    connector = steps.connect(settings, settings.connections[name], stop=stop)
    if not isinstance(connector, Pushes | Tells | Drops):
        raise SettingsError([f"connections.{name}: a {connector.manifest.kind} connection takes no badges"])
    return connector


def _awaiting(house: Store, report: Report) -> Report:
    """Say so where nothing but what is private could be taken back, and nothing written."""
    with house.read() as db:
        awaited = [row.name for row in store.awaited(db)]
    if awaited and report.outcome == "done":
        report.outcome = "incomplete"
        report.why = f"nothing is pushed until these were read again in full after the restore: {', '.join(awaited)}"
    return report


def _failed(name: str, why: str) -> Report:
    return Report(name, outcome="failed", why=why)
