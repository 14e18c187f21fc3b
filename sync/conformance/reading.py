"""Checks of what is read, while nothing goes wrong."""

from dataclasses import replace
from typing import Any

from sync.conformance.bench import Bench
from sync.conformance.check import Broken, Check, check, expect
from sync.conformance.place import HOUR
from sync.conformance.world import ANN, IVY, Work
from sync.store import AUDIENCES, Audience

LATE = 60  # seconds by which a row may become visible after its stamp
TWO = (ANN, Work(number=1, title="Tide tables"), Work(number=2, title="Harbour walls"))


@check("reads")
def first_pull(bench: Bench) -> None:
    """A first pull shows each audience what the system's own levels allow, and nothing else."""
    bench.small()
    bench.pull()
    bench.expect_the_world("after a first pull")


@check("reads")
def second_pull(bench: Bench) -> None:
    """A pull after which nothing has changed finds nothing new, nothing changed, nothing gone."""
    bench.small()
    bench.pull()
    for full in (False, True):
        bench.wait(HOUR)
        counted = bench.pull(full=full).counted
        found = (counted.changed, counted.deleted, counted.aside, counted.doubted)
        expect(found, (0, 0, 0, 0), "changed, gone, set aside and doubted in a second pull")


@check("reads", "dates")
def full_and_incremental(bench: Bench) -> None:
    """Pulls of what changed, from nothing on, lead to the same as one pull of everything."""
    bench.small()
    bench.pull()
    bench.wait(HOUR)
    bench.tell(replace(IVY, level="public"), replace(ANN, name="Ann Harbour-Master"), Work(number=11, title="Buoys"))
    bench.change(2, title="Harbour walls, second edition", authors={1: "public"})
    bench.change(9, level="internal")
    if bench.manifest.deletions == "reported":  # what is not told, only a full pull finds: see `deletions`
        bench.remove(1)
    bench.wait(HOUR)
    bench.pull()
    bench.expect_the_world("after a pull of what changed")
    other = bench.fresh()
    other.pull(full=True)
    for audience in AUDIENCES:
        wanted, found = (_without_ids(each, audience) for each in (other, bench))
        expect(found, wanted, f"what the audience {audience} sees after pulls of what changed, and after a full one")


@check("reads", "dates")
def ties(bench: Bench) -> None:
    """What changed in the second in which the last pull began is read by the next one, before and after it."""
    bench.tell(*TWO)
    bench.pull()
    bench.change(1, level="private")
    bench.pull()
    bench.expect_the_world("after two changes in one second, with a pull between them")


@check("reads", "dates")
def late_rows(bench: Bench) -> None:
    """What is stamped up to a minute before the last pull, and can be seen only after it, is read by the next one."""
    bench.tell(*TWO)
    bench.wait(HOUR)
    bench.pull()
    bench.wait(1)
    with bench.behind(LATE):
        bench.change(1, level="private")
    bench.pull()
    bench.expect_the_world(f"after a change that was stamped {LATE} seconds late")


@check("reads")
def deletions(bench: Bench) -> None:
    """What is deleted in the system is gone after the next pull (a full one, where deletions are not told), and back
    when it is back."""
    bench.small()
    bench.pull()
    untold = bench.manifest.deletions != "reported"
    bench.remove(9)
    bench.wait(HOUR)
    bench.pull(full=untold)
    bench.expect_the_world("after an output was deleted")
    bench.tell(Work(number=9, title="Harbour seals, again"))
    bench.wait(HOUR)
    bench.pull(full=untold)
    bench.expect_the_world("after an output that was deleted came back")


@check("reads")
def order_of_pages(bench: Bench) -> None:
    """People and groups come before outputs, an output's authorships in its own page, mentions last, then the end."""
    bench.small()
    pages = bench.pages()
    outputs = [at for at, page in enumerate(pages) if page.items]
    people = [at for at, page in enumerate(pages) if page.people or page.groups]
    mentions = [at for at, page in enumerate(pages) if page.mentions]
    if not outputs:
        raise Broken("no page with outputs came")
    if people and people[-1] > outputs[0]:
        raise Broken("people or groups came after the first outputs")
    if mentions and mentions[0] < outputs[-1]:
        raise Broken("mentions came before the last outputs")
    for page in pages:
        stray = {link.item for link in page.authorships} - {item.key for item in page.items}
        if stray & {item.key for other in pages for item in other.items}:
            raise Broken("an authorship came in another page than its output")
    expect([at for at, page in enumerate(pages) if page.done], [len(pages) - 1], "the pages that say they are the end")


@check("reads", "shuffled", "repeated")
def unsorted_rows(bench: Bench) -> None:
    """Rows in any order, and rows that come twice, lead to the same, and have the same keys."""
    bench.small()
    bench.pull()
    for fault in ("shuffled", "repeated"):
        bench.fault(fault)
        bench.wait(HOUR)
        counted = bench.pull(full=True).counted
        expect(counted.deleted, 0, f"records that are gone when rows are {fault}")
        bench.expect_the_world(f"when rows are {fault}")
        bench.practice.mend()


@check("reads", "requests")
def only_reading(bench: Bench) -> None:
    """Reading changes nothing in the system: no request asks it to."""
    bench.small()
    bench.pull()
    bench.wait(HOUR)
    bench.pull(full=True)
    bench.findings()
    expect(bench.practice.changes(), 0, "requests that ask to change something, in two pulls and a check")


def _without_ids(bench: Bench, audience: Audience) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "output"} for row in bench.rows(audience)]


CHECKS: tuple[Check, ...] = (
    first_pull,
    second_pull,
    full_and_incremental,
    ties,
    late_rows,
    deletions,
    order_of_pages,
    unsorted_rows,
    only_reading,
)
