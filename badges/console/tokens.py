"""Tokens for scripts: making one, which shows it once, and taking one back."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.wanted import number
from sync.acts import Refused, tokens

SCOPES = (  # what each may, in the order of the command line
    ("internal", "internal", "what members may see: /internal/api"),
    ("status", "status", "how the house stands: connections, runs, alarms"),
    ("audit", "audit", "the audit log"),
)
DAYS = (("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("366", "a year"))


class Tokens:
    """`/console/tokens`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/tokens", role="admin", reads="look at tokens", show=self.show, take=self.add),
            Room(path="/tokens/{name}/revoke", role="admin", reads="", take=self.revoke),
        )

    def show(self, asked: Asked) -> Answer:
        """The tokens in force."""
        return self._page(asked)

    def add(self, asked: Asked) -> Answer:
        """Make one. It is answered with the page itself, since it is shown this once and stored nowhere."""
        name, days = asked.form.one("name"), number(asked.form.one("days"))
        try:
            word = tokens.add(asked.office, name, tokens.scopes(asked.form.fields.get("may", ())), days)
        except Refused as refused:
            field, _, words = refused.message.partition(": ")
            field, words = (field, words) if field in ("name", "may", "days") else ("name", refused.message)
            return self._page(asked, status=422, wrong={field: words})
        return self._page(asked, status=201, made=name, word=word)

    def revoke(self, asked: Asked) -> Answer:
        """Take one back, at once."""
        tokens.revoke(asked.office, asked.path["name"])
        return self._desk.paper.went("/console/tokens")

    def _page(
        self,
        asked: Asked,
        *,
        status: int = 200,
        made: str = "",
        word: str = "",
        wrong: dict[str, str] | None = None,
    ) -> Answer:
        sent = asked.form if wrong else None
        return self._desk.paper.page(
            asked,
            "tokens.html",
            status=status,
            tokens=tokens.listed(asked.office),
            scopes=SCOPES,
            spans=DAYS,
            made=made,
            word=word,
            wrong=wrong or {},
            name=sent.one("name") if sent else "",
            may=tuple(sent.fields.get("may", ())) if sent else (),
            days=sent.one("days") if sent else "90",
        )
