"""The first page: how the house stands, and what waits for somebody."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room


class Overview:
    """`/console`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (Room(path="", role="editor", reads="", show=self.show),)

    def show(self, asked: Asked) -> Answer:
        """How the house stands."""
        return self._desk.paper.page(asked, "overview.html")
