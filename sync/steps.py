"""The steps in their order: pull, then score, which publishes. Each is a few lines over the rooms below it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, TypeVar

from config.errors import SettingsError
from config.mail import is_mailbox
from config.settings import Connection, Settings
from connectors.base import Asks, Connector, Listens, Pulls, Since
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TooMuchGone, TryLater
from connectors.http import client
from connectors.records import Done, Gone, Kind, Page
from scoring.rules import RuleSet, RuleSetError, load, unusable
from sync import asking, hearing, lists, registry, store
from sync.store import Applied, Begin, Outcome, Source, Store

if TYPE_CHECKING:
    from connectors.abroad import Abroad

log = logging.getLogger(__name__)

T = TypeVar("T")

SET_ASIDE_LEAST = 20  # below this many set-aside records a run goes on, whatever their share
ENOUGH = 1000  # records to judge a share by, where the source does not tell how many will come

STOPPED = "asked to stop; the next run goes on from here"

Clock = Callable[[], int]  # microseconds since 1970, in UTC
Stop = Callable[[], bool]  # whether to end at the next place where nothing is lost
Progress = Callable[[str, Applied, int | None], None]  # connection, what was done so far, the source's own total


@dataclass(slots=True)
class Pulled:
    """How one connection's run ended. `outcome` is done, incomplete, held, stopped or failed; `why` names thing and
    mend. `run` is 0 where none began."""

    connection: str
    run: int
    outcome: Outcome = "done"
    why: str = ""
    counted: Applied = field(default_factory=Applied)
    held: dict[str, int] = field(default_factory=dict)


def open_house(settings: Settings, *, create: bool = True) -> Store:
    """The store of these settings, with its connections, the outlets that come with us and, where it has none, its
    scope."""
    registry.check(settings)
    house = store.open_store(settings.store.url, key_file=settings.file.parent / "ringmark.key", create=create)
    know(house, settings)
    store.seed(house, settings.scope)
    store.learn_outlets(house, lists.shipped())
    store.assume(house, settings.imports.assume.outputs)
    return house


def know(house: Store, settings: Settings) -> None:
    """Make the store's connections those of the settings; say which are read again, and why."""
    changed = store.register(house, list(settings.connections.values()), registry.untold())
    for name, names in changed.items():
        log.info("read whole next", extra={"source": name, "changed": ", ".join(names)})


def connect(settings: Settings, connection: Connection, **more: Any) -> Connector:
    """The connector of one connection, with a client of its own; `more` is for the client."""
    kind = registry.kinds()[connection.kind]
    agent = f"Ringmark/{version('ringmark')} ({_who(settings, kind)})"
    manifest = kind.manifest
    more = {
        "basic": not manifest.own_login,
        "token": manifest.token,
        "pace": manifest.pace,
        "at_once": manifest.at_once,
        **more,
    }
    return kind(connection, client(connection, agent=agent, **more))


def _who(settings: Settings, kind: type[Connector]) -> str:
    """Who asks. Public services that are asked a lot want to know whom to write to (`mailto`)."""
    home, contact = f"+{settings.institution.base_url}", settings.institution.contact or ""
    return f"{home}; mailto:{contact}" if issubclass(kind, Asks | Listens) and is_mailbox(contact) else home


def pull(
    house: Store,
    settings: Settings,
    names: Iterable[str],
    *,
    full: bool,
    clock: Clock,
    progress: Progress,
    stop: Stop = lambda: False,
) -> list[Pulled]:
    """Bring our copy of each source up to date. One that fails never stops the others; `stop` is asked between pages,
    and ends all of them."""

    def one(name: str) -> Pulled:
        if stop():
            return Pulled(name, 0, "stopped", "asked to stop before it began")
        with connect(settings, settings.connections[name], stop=stop) as connector:
            if not isinstance(connector, Pulls | Listens | Asks):
                raise NotUnderstood(f"a {connector.manifest.kind} connection is not read by this version")
            way = partial(_abroad, settings, stop)
            pulled = pull_one(house, connector, full=full, clock=clock, progress=progress, stop=stop, way=way)
            if pulled.run and connector.client.heard:  # by the source's own clock, for ours may be ahead
                store.heard(house, pulled.run, store.micros(connector.client.heard))
            return pulled

    def failed(name: str, why: str) -> Pulled:
        """It could not even begin, or broke beside its run: a failed run like any other, and its source rests."""
        with store.turn(house, name) as ours:
            if not ours:
                return Pulled(name, 0, "failed", why)
            source = store.begin(house, name, step="pull", full=full, now=clock()).source
            store.end(house, source, "failed", why, now=clock())
            return Pulled(name, source.run, "failed", why)

    results = apart(names, one, failed)
    everything = [name for name in readable(settings) if store.state(house, name) == "active"]
    if read_from := store.read_since(house, everything):
        store.release_due(house, read_from=read_from, now=clock())
    return results


def _abroad(settings: Settings, stop: Stop) -> "Abroad":
    from connectors.abroad import abroad  # with parsers, which few commands need

    return abroad(settings, stop=stop)


def _nowhere() -> "Abroad":
    raise NotAllowed("this run may not read pages of hosts that nobody configured")


def readable(settings: Settings) -> list[str]:
    """The connections of a kind that is read, and that the settings want read: what may be seen hangs on them."""
    kinds = registry.kinds()
    return [name for name, each in settings.connections.items() if each.read and issubclass(kinds[each.kind], Pulls)]


def pullable(settings: Settings) -> list[str]:
    """The connections that `pull` has work with: those that are read, then those that are asked about what is there, or
    heard for it."""
    kinds = registry.kinds()
    later = [name for name, each in settings.connections.items() if issubclass(kinds[each.kind], Asks | Listens)]
    return [*readable(settings), *later]


def apart(names: Iterable[str], one: Callable[[str], T], failed: Callable[[str, str], T]) -> list[T]:
    """What a step does for each connection, so that one that fails, or breaks, never stops the others."""
    results = []
    for name in names:
        try:
            results.append(one(name))
        except ConnectorError as error:
            results.append(failed(name, str(error)))
        except (store.StoreError, SettingsError):
            raise  # without the store nothing can go on
        except Exception as error:  # a mistake in one connector must not stop the others; its words may hold titles
            results.append(failed(name, _broke(name, error)))
    return results


def _broke(name: str, error: Exception) -> str:
    at = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
    log.error("a connector broke", extra={"source": name, "where": where})
    return f"the connector broke: {where}; please report it"


def pull_one(
    house: Store,
    connector: Pulls | Listens | Asks,
    *,
    full: bool,
    clock: Clock,
    progress: Progress,
    stop: Stop = lambda: False,
    way: hearing.Way = _nowhere,
) -> Pulled:
    """One source, page by page; one pull of it at a time. The cursor moves only when the run is complete. `way` leads
    those that listen to hosts that nobody configured."""
    with store.turn(house, connector.settings.name) as ours:
        if ours:
            return _pull_one(house, connector, full=full, clock=clock, progress=progress, stop=stop, way=way)
    return Pulled(
        connector.settings.name, 0, "failed", "another pull of this connection is running; wait for it to end"
    )


def _pull_one(
    house: Store,
    connector: Pulls | Listens | Asks,
    *,
    full: bool,
    clock: Clock,
    progress: Progress,
    stop: Stop,
    way: hearing.Way,
) -> Pulled:
    name = connector.settings.name
    if isinstance(connector, Pulls):
        full = full or not connector.manifest.incremental
    begin = store.begin(house, name, step="pull", full=full, now=clock())
    store.put_right(house, begin.source, now=clock())
    result = Pulled(name, begin.source.run, counted=begin.counted)
    done: Done | None = None
    after, astray = None, False
    try:
        if isinstance(connector, Asks):
            done = _ask(house, begin, connector, result, full, clock, progress, stop)
        elif isinstance(connector, Listens):
            done = _listen(house, begin, connector, result, clock, progress, stop, way)
        else:
            pages = connector.pull(_since(begin, clock))
            done = _read(house, begin, connector, pages, result, clock, progress, stop)
        if done.incomplete:
            result.outcome, result.why = "incomplete", done.incomplete
        elif isinstance(connector, Pulls):
            _within_budget(result.counted, connector.settings.set_aside_max, 0)
            store.resolve(house, begin.source, now=clock(), complete="item" in done.listed)
            _sweep(house, begin.source, connector, done, result, clock, stop)
    except _StoppedError:
        result.outcome, result.why = "stopped", STOPPED
    except store.SettingsChanged:
        result.outcome, result.why = "stopped", "the settings changed meanwhile; the next pull reads everything"
    except TooMuchGone as error:
        result.outcome, result.why = "held", str(error)
    except ConnectorError as error:
        result.outcome, result.why = ("stopped", STOPPED) if stop() else ("failed", str(error))
        after = error.after if isinstance(error, TryLater) else None
        astray = isinstance(error, NotUnderstood) and result.counted.seen == 0
        if result.outcome == "failed":
            log.warning("pull failed", extra={"source": name, "error": type(error).__name__})
    except (store.StoreError, SettingsError):
        raise
    except Exception as error:
        result.outcome, result.why = "failed", _broke(name, error)
    cursor = done.cursor if done else None
    store.end(house, begin.source, result.outcome, result.why, cursor=cursor, after=after, astray=astray, now=clock())
    log.info("pulled", extra={"source": name, "outcome": result.outcome, "seen": result.counted.seen})
    return result


class _StoppedError(Exception):
    """Somebody asked to stop."""


def _since(begin: Begin, clock: Clock) -> Since:
    return Since(cursor=begin.cursor, bookmark=begin.bookmark, memory=begin.memory, now=store.moment(clock()))


def _read(
    house: Store,
    begin: Begin,
    connector: Pulls | Listens,
    pages: Iterable[Page],
    result: Pulled,
    clock: Clock,
    progress: Progress,
    stop: Stop,
) -> Done:
    """Every page of a listing, into the store; its end."""
    total = ENOUGH
    for page in pages:
        result.counted.add(store.apply(house, begin.source, page, now=clock()))
        progress(result.connection, result.counted, page.total)
        total = max(total, page.total or 0)
        _within_budget(result.counted, connector.settings.set_aside_max, total)
        if page.done is not None:
            return page.done
        if stop():
            raise _StoppedError
    return Done(incomplete="the listing ended without its end")


def _listen(
    house: Store,
    begin: Begin,
    connector: Listens,
    result: Pulled,
    clock: Clock,
    progress: Progress,
    stop: Stop,
    way: hearing.Way,
) -> Done:
    """Every page of a stream into the store, as far as it is ours; then what is looked at again."""
    with hearing.ear(house, begin.source, way) as ear:
        pages = (hearing.heard(page, ear, clock()) for page in connector.listen(_since(begin, clock), ear))
        done = _read(house, begin, connector, pages, result, clock, progress, stop)
        for applied in hearing.look_again(house, begin.source, connector, ear, clock=clock, stop=stop):
            result.counted.add(applied)
            progress(result.connection, result.counted, None)
    store.let_asides_pass(house, begin.source, now=clock())
    return done


def _ask(
    house: Store,
    begin: Begin,
    connector: Asks,
    result: Pulled,
    full: bool,
    clock: Clock,
    progress: Progress,
    stop: Stop,
) -> Done:
    """Every question that is due; how that ended."""

    def counted(done: Applied) -> bool:
        result.counted.add(done)
        progress(result.connection, result.counted, None)
        return not stop()

    done = asking.ask(house, begin, connector, full=full, clock=clock, counted=counted)
    if done is None:
        raise _StoppedError
    if result.counted.aside:
        result.why = f"{result.counted.aside} answers were not understood; asked for again in a day, then ever later"
    return done


def score(
    house: Store,
    settings: Settings,
    *,
    full: bool,
    clock: Clock,
    progress: Callable[[int, int], None],
    by: store.Engine = "duckdb",
) -> store.Scored:
    """Score what changed, or all, by the rule set of the settings, and publish the badges."""
    return store.score(
        house,
        rules_in_force(settings),
        full=full,
        now=clock(),
        progress=progress,
        by=by,
        roll_up=settings.score.versions,
    )


def rules_in_force(settings: Settings) -> RuleSet:
    """The rule set whose scores are published."""
    try:
        return rules(settings, settings.score.rules)
    except RuleSetError as error:
        raise SettingsError(f"{settings.file}: score.rules: {line}" for line in str(error).splitlines()) from None


def rules(settings: Settings, name: str) -> RuleSet:
    """A rule set by name: the administrator's own beside the settings, or one of ours."""
    return load(name, rules_folder(settings))


def rules_folder(settings: Settings) -> Path:
    """Where the administrator's own rule sets are, each a file."""
    return settings.file.parent / "rules"


def unusable_rules(settings: Settings) -> dict[str, list[str]]:
    """What is wrong with the administrator's own rule sets, by name."""
    return unusable(rules_folder(settings))


def _sweep(
    house: Store, source: Source, connector: Pulls, done: Done, result: Pulled, clock: Clock, stop: Stop
) -> None:
    def confirm(kind: Kind, key: str) -> Gone | None:
        if stop():
            raise _StoppedError
        return connector.confirm(kind, key)

    if result.counted.keyless:
        result.why = f"{result.counted.keyless} records without a readable key: nothing was deleted in this run"
        return
    swept = store.sweep(house, source, set(done.listed), confirm, result.counted, now=clock())
    result.held = swept.held
    held = ", ".join(f"{count} {kind} records" for kind, count in swept.held.items())
    reasons = [f"more has vanished than is likely: {held} are held back"] if held else []
    if swept.unknown:
        reasons.append(f"{swept.unknown} records that are no longer listed could not be asked about ({swept.why})")
    if reasons:
        mend = f"pull again to confirm, or agree with `ringmark accept {source.run}`"
        raise TooMuchGone("; ".join((*reasons, mend)))


def _within_budget(counted: Applied, most: float, total: int) -> None:
    """`total` is how many records are still expected, since the bad ones may come first."""
    if counted.aside > max(SET_ASIDE_LEAST, most * max(counted.seen, total)):
        raise NotUnderstood(
            f"{counted.aside} of {counted.seen} records were not understood, more than set_aside_max allows; "
            "see `ringmark setaside list`, mend the source or the settings, then pull again"
        )
