"""What was not understood: by connection and reason, each record with its evidence, and reading its source again."""

from urllib.parse import urlencode

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.wanted import number
from sync import store
from sync.acts import Refused, asides, errands

MOST = 100  # records of a page
SHOWN = 2_000  # characters of evidence; the rest is in a file


class SetAside:
    """`/console/setaside`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/setaside", role="editor", reads="look at set-aside records", show=self.all),
            Room(path="/setaside/replay", role="editor", reads="", take=self.replay),
            Room(path="/setaside/{id}", role="editor", reads="look at set-aside record", show=self.one),
            Room(path="/setaside/{id}/evidence", role="editor", reads="look at set-aside record", show=self.evidence),
        )

    def all(self, asked: Asked) -> Answer:
        """What is open: by reason, or the records of one."""
        connection, reason = asked.query.one("connection"), asked.query.one("reason")
        after = asked.query.number("after")
        with asked.office.house.read() as db:
            groups = store.set_aside_by_reason(db)
            listed = connection or reason
            found = store.set_aside_some(db, connection, reason, after=after, most=MOST + 1) if listed else []
        rows = found[:MOST]
        return self._desk.paper.page(
            asked,
            "setaside.html",
            groups=[(each, urlencode({"connection": each.connection, "reason": each.reason})) for each in groups],
            what=asides.WHAT,
            connection=connection,
            reason=reason,
            rows=rows,
            more=urlencode({"connection": connection, "reason": reason, "after": rows[-1].id}) if found[MOST:] else "",
            replayed=sorted({each.connection for each in groups} & asked.office.settings.connections.keys()),
            daemon=errands.daemon(asked.office),
            readable=readable,
        )

    def one(self, asked: Asked) -> Answer:
        """One record."""
        row = asides.one(asked.office, number(asked.path["id"]))
        told = readable(row.evidence)
        return self._desk.paper.page(
            asked,
            "aside.html",
            row=row,
            what=asides.WHAT[row.stored],
            resolved=row.resolved_at if row.resolved_at < store.FOREVER else 0,
            evidence=told[:SHOWN],
            rest=len(told) - SHOWN,
            configured=row.connection in asked.office.settings.connections,
            daemon=errands.daemon(asked.office),
            readable=readable,
        )

    def evidence(self, asked: Asked) -> Answer:
        """All of the evidence, as a file that nothing runs."""
        row = asides.one(asked.office, number(asked.path["id"]))
        if not row.evidence:
            raise Refused(f"{row.id}: there is no evidence, or no more", "unknown")
        kept = (b"content-disposition", b'attachment; filename="setaside-%d.txt"' % row.id)
        return self._desk.answers.make("text", row.evidence.encode(errors="replace"), more=(kept,))

    def replay(self, asked: Asked) -> Answer:
        """Read a connection again, in full."""
        name = asked.form.one("connection")
        asides.replay(asked.office, name)
        return self._desk.paper.went(f"/console/connections/{name}")


def readable(text: str) -> str:
    """A text in which whatever is no letter that can be seen is written out, so that nothing turns its direction, hides
    in it or is taken for something else."""
    return "".join(each if each.isprintable() or each in "\n\t" else f"\\u{ord(each):04x}" for each in text)
