"""Every local vote in force, and those that have ended and wait for the sources to be read again."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from sync.acts import hides
from sync.store import FOREVER
from sync.store.lookup import names


class Hides:
    """`/console/hides`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (Room(path="/hides", role="editor", reads="look at hides", show=self.show),)

    def show(self, asked: Asked) -> Answer:
        """All of them; what has ended comes first."""
        found = hides.listed(asked.office)
        with asked.office.house.read() as db:
            named = names(db, {label for each in found for label in each.on})
        ended, lasting = [each for each in found if each.over], [each for each in found if not each.over]
        return self._desk.paper.page(asked, "hides.html", ended=ended, lasting=lasting, names=named, never=FOREVER)
