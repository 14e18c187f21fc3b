"""What short stories about visibility are told with: to the store and its plain model, side by side.

Their tests have their fixture from here: `both = two_houses()`.
"""

from datetime import timedelta

import pytest
from naive.both import Both
from naive.worlds import BEGAN, PRIVATE, PUBLIC

from config.scope import Least, Scope
from connectors.identifiers import Identifier
from connectors.records import Authorship, Done, Item, Page, Person

ORCID = "0000-0002-1825-0097"
SOON, PAST = BEGAN + timedelta(days=2), BEGAN - timedelta(days=1)
OPEN, PICKY = (True, False, PRIVATE), (True, True, PRIVATE)  # people, require_author, keep
FORGETFUL = (True, False, PUBLIC)


def person(key, level=PUBLIC, orcid=ORCID, **more):
    return Person(key=key, name=key, visibility=level, orcid=orcid, current=True, **more)


def item(source, key, level=PUBLIC, *names, **more):
    known = [Identifier("url", f"https://{source}.example.edu/{key}")]
    known += [Identifier(*name.split(":")) for name in names or ("doi:10.5555/a",)]
    return Item(key=key, title=key, type="book", visibility=level, identifiers=tuple(known), **more)


def link(key, item, person, level=PUBLIC, **more):
    return Authorship(key=key, item=item, person=person, visibility=level, **more)


def scope(**least):
    return Scope(visibility=Least(**least))


def two_houses():
    """A fixture, which makes the store and its model: `both(alpha=OPEN)`, with the default scope."""

    @pytest.fixture
    def both(tmp_path):
        def make(**sources):
            made.append(Both(tmp_path, [(name, *facts) for name, facts in sources.items()], Scope()))
            return made[0]

        made = []
        yield make
        made[0].home.engine.dispose()

    return both


def pull(house, name, *pages, absent=(), listed=frozenset()):
    """One run of a source; then nothing shows that may not, and after a score everything that may."""
    house.tell(name, [*pages, Page(done=Done(cursor="x", listed=listed))], absent)
    look(house)


def look(house):
    house.compare(False)
    house.score()
    house.compare(True)


def seen(house, audience="public"):
    return {frozenset(one): row["people"] for one, row in house.exported(audience).items()}
