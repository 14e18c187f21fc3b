"""Checks of who may see what, where the system is silent, speaks in unknown words, or changes without a date."""

from collections.abc import Iterator
from dataclasses import replace

from config.visibility import Visibility
from connectors.records import Authorship, Gone, Group, Item, Kind, Page
from connectors.records import Person as Profile
from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check
from sync.conformance.place import HOUR
from sync.conformance.world import ANN, SMALL, Person, Work


@check("reads")
def no_level(bench: Bench) -> None:
    """What the system states no level for is seen by nobody, and is reported."""
    _untold(bench, "")


@check("reads")
def unknown_level(bench: Bench) -> None:
    """What has a level that nobody knows is seen by nobody, and is reported."""
    _untold(bench, "campus")


@check("reads")
def level_without_date(bench: Bench) -> None:
    """A level that changes without a new date is found by the next full pull."""
    bench.small()
    bench.pull()
    bench.wait(HOUR)
    bench.change(1, dated=False, level="private")
    bench.change(2, dated=False, authors={1: "internal", 2: "public"})
    bench.change(3, dated=False, level="public")
    bench.wait(HOUR)
    bench.pull(full=True)
    bench.expect_the_world("after levels changed without a date")


@check("reads")
def every_record(bench: Bench) -> None:
    """No record comes without a level; what the system said of it stands in `raw`; whatever is in doubt is private."""
    _odd(bench, "campus")
    for record in (record for page in bench.pages() for record in _records(page)):
        kind = KINDS[type(record)]
        if not isinstance(record.visibility, Visibility):
            raise Broken(f"a record of {kind} came without a level")
        if record.doubts and record.visibility != Visibility.PRIVATE:
            raise Broken(f"a record of {kind} is in doubt, and {record.visibility.word}")
        if kind in bench.manifest.visibility and not record.raw and kind != "groups":
            raise Broken(f"a record of {kind} came without what the system said of its level (`raw`)")


@check("reads")
def hidden_since(bench: Bench) -> None:
    """Where it can be asked about one output or person, it says of one that not everybody may see any more that it is
    hidden: neither that all is as before, nor that it is just gone."""
    bench.small()
    public = [(kind, each.key) for page in bench.pages() for kind, each in _public(page, bench.manifest.visibility)]
    things = [(kind, key) for kind, key in public if bench.confirmed(kind, key) is None]
    for level in ("internal", "private", "campus", ""):
        bench.tell(*(replace(each, level=level) for each in SMALL))
        answers = [bench.confirmed(kind, key) for kind, key in things]
        now = f"that are {level or 'without a level'} now, it says that"
        if answers.count(None):
            raise Broken(f"of {answers.count(None)} {now} all is as before")
        if lost := [each for each in answers if isinstance(each, Gone) and not each.hidden]:
            raise Broken(f"of {len(lost)} {now} they are gone, and not that they are hidden")


def _untold(bench: Bench, level: str) -> None:
    _odd(bench, level)
    bench.pull()
    bench.expect_the_world("after a pull of things without a level that is known")
    told, odd = len(bench.reasons()), len(bench.manifest.visibility & {"people", "outputs", "authorships"})
    if told < odd:
        raise Broken(f"{odd} records without a known level should be reported, and {told} are")


def _odd(bench: Bench, level: str) -> None:
    """One output, one person and one link have a level that is odd."""
    bench.tell(ANN, Person(number=2, name="Ivy Lighthouse", level=level))
    bench.tell(
        Work(number=1, title="Tide tables"),
        Work(number=2, title="Harbour walls", level=level),
        Work(number=3, title="Pilot books", authors={1: level}),
        Work(number=4, title="Harbour seals", authors={1: "public", 2: "public"}),
    )
    bench.wait(HOUR)


Told = Profile | Item | Authorship | Group
KINDS: dict[type[Told], str] = {Profile: "people", Item: "outputs", Authorship: "authorships", Group: "groups"}


def _public(page: Page, tells: frozenset[str]) -> Iterator[tuple[Kind, Item | Profile]]:
    """What everybody may see of a page, as far as the system tells that itself."""
    people: list[tuple[Kind, Item | Profile]] = [("person", each) for each in page.people if "people" in tells]
    outputs: list[tuple[Kind, Item | Profile]] = [("item", each) for each in page.items if "outputs" in tells]
    yield from (pair for pair in (*people, *outputs) if pair[1].visibility == Visibility.PUBLIC)


def _records(page: Page) -> tuple[Told, ...]:
    return (*page.people, *page.groups, *page.items, *page.authorships)


CHECKS: tuple[Check, ...] = (no_level, unknown_level, level_without_date, every_record, hidden_since)
