"""The first two steps of the guide, which write into the settings: who we are, and a system. What will be written is
shown first; a password is asked for last, and is on no page."""

from collections.abc import Mapping
from typing import Any, Protocol

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.faults import at_fields
from badges.console.room import Asked, Room
from config.settings import Institution
from sync.acts import Refused, connecting, errands, institution, settings_file
from sync.acts.connecting import Given
from sync.acts.kinds import Kind, kinds
from sync.store import AUDIENCES

PLAIN = ("url", "path", "username", "push", "field")


class PageOf(Protocol):
    """Writes the page of a step."""

    def __call__(self, asked: Asked, template: str, key: str, *, status: int = 200, **told: Any) -> Answer: ...


class BeginSettings:
    """`/console/begin/institution`, `/console/begin/restart` and `/console/begin/system`."""

    def __init__(self, desk: ConsoleDesk, page: PageOf, begun_as: Institution) -> None:
        self._desk, self._page, self._begun_as = desk, page, begun_as
        self.rooms = (
            Room(path="/begin/institution", role="admin", reads="", show=self.institution, take=self.say),
            Room(path="/begin/restart", role="admin", reads="", show=self.restart),
            Room(path="/begin/system", role="admin", reads="", show=self.system, take=self.connect),
        )

    def institution(self, asked: Asked) -> Answer:
        """Who we are, as the settings have it."""
        known = asked.office.settings.institution
        told = {key: getattr(known, key) or "" for key in institution.KEYS}
        if not institution.told(asked.office):
            told["name"] = "" if known.name == "University of Example" else told["name"]
            told["base_url"] = ""
        return self._institution(asked, told)

    def say(self, asked: Asked) -> Answer:
        """Show what would be written, or write it."""
        told = {key: asked.form.one(key) for key in institution.KEYS}
        if asked.form.one("do") == "again":
            return self._institution(asked, told)
        try:
            missing = [f"institution.{key}: is empty" for key in ("name", "base_url") if not told[key]]
            if missing:
                raise Refused("\n".join(missing), "wrong")
            lines = institution.shown(asked.office, told)
            if lines and asked.form.one("do") != "write":
                return self._confirm(asked, "institution", lines, told)
            if lines:
                institution.say(asked.office, told, seen=asked.form.one("seen"))
        except Refused as refused:
            return self._institution(asked, told, at_fields(refused, institution.KEYS), status=422)
        return self._desk.paper.went("/console/begin/restart")

    def restart(self, asked: Asked) -> Answer:
        """Wait until the pages are those of the new settings, then go on."""
        if asked.office.settings.institution != self._begun_as:
            return self._page(asked, "begin_restart.html", "institution", daemon=errands.daemon(asked.office))
        if asked.part:
            lead = (b"hx-redirect", f"{self._desk.paper.prefix}/console/begin/system".encode())
            return self._desk.answers.make("text", b"", cache=b"no-store", more=(lead,))
        return self._desk.paper.went("/console/begin/system")

    def system(self, asked: Asked) -> Answer:
        """The kinds there are, or the form of one, or of a connection that is there."""
        known = kinds()
        there = asked.office.settings.connections.get(asked.query.one("name"))
        if there is not None and there.kind in known:
            told = {key: str(getattr(there, key) or "") for key in PLAIN}
            told |= {f"assume.{level}": each.word for level, each in there.assume if each is not None}
            folder = f"{asked.office.settings.file.parent}/"
            told["path"] = told["path"].removeprefix(folder)
            return self._system(asked, known[there.kind], {**told, "name": there.name, "there": there.name})
        kind = known.get(asked.query.one("kind"))
        if kind is None:
            connections = [(name, each.kind) for name, each in asked.office.settings.connections.items()]
            return self._page(asked, "begin_kinds.html", "system", kinds=list(known.values()), connections=connections)
        free = kind.name if kind.name not in asked.office.settings.connections else ""
        first = {"name": free, "path": "import/" if kind.name == "files" else ""}
        return self._system(asked, kind, first | ({"push": "public"} if kind.writes and not kind.reads else {}))

    def connect(self, asked: Asked) -> Answer:
        """Show what would be written, or write it."""
        form = asked.form
        kind = kinds().get(form.one("kind"))
        if kind is None:
            raise Refused(f'kind: "{form.one("kind")[:40]}" is not installed', "wrong")
        told = {name: form.one(name) for name in form.fields if name in (*PLAIN, "name", "there") or _level(name, kind)}
        if form.one("do") == "again":
            return self._system(asked, kind, told)
        writes = form.one("do") == "write"
        given = Given(
            keys=_keys(kind, told), password=next(iter(form.fields.get("password", ())), "") if writes else ""
        )
        name, new = told.get("there") or told.get("name", ""), not told.get("there")
        account = bool(told.get("username"))
        try:
            if not name:
                raise Refused("connections..name: is empty", "wrong")
            secret = kind.token or account
            lines = connecting.shown(
                asked.office, name, given, new=new, password=bool(given.password) or (account and new)
            )
            again = not new and not connecting.moves(asked.office, name, given)
            needed = not again and (account or not new)
            beside: dict[str, Any] = {"secret": secret, "again": again, "needed": needed, "kind": kind}
            if not writes:
                return self._confirm(asked, "system", lines, {**told, "kind": kind.name}, **beside)
            if needed and not given.password:
                fault = {
                    "password": "is empty; " + ("it would go elsewhere now" if not new else "the account needs one")
                }
                return self._confirm(asked, "system", lines, {**told, "kind": kind.name}, fault, status=422, **beside)
            if new:
                connecting.add(asked.office, name, given, paused=kind.reads, seen=form.one("seen"))
            else:
                connecting.change(asked.office, name, given, seen=form.one("seen"))
        except Refused as refused:
            fields = (*PLAIN, "name", *(f"assume.{level}" for level in kind.assumes))
            return self._system(asked, kind, told, at_fields(refused, fields, tables=(name,)), status=422)
        return self._desk.paper.went("/console/begin/check")

    def _institution(
        self, asked: Asked, told: Mapping[str, str], faults: Mapping[str, str] | None = None, *, status: int = 200
    ) -> Answer:
        return self._page(asked, "begin_institution.html", "institution", told=told, faults=faults or {}, status=status)

    def _system(
        self,
        asked: Asked,
        kind: Kind,
        told: Mapping[str, str],
        faults: Mapping[str, str] | None = None,
        *,
        status: int = 200,
    ) -> Answer:
        return self._page(
            asked,
            "begin_system.html",
            "system",
            kind=kind,
            told=told,
            faults=faults or {},
            audiences=AUDIENCES,
            status=status,
        )

    def _confirm(
        self,
        asked: Asked,
        key: str,
        lines: list[str],
        told: Mapping[str, str],
        faults: Mapping[str, str] | None = None,
        *,
        status: int = 200,
        **more: Any,
    ) -> Answer:
        """What would be written into which file, and the button that does so."""
        beside = {"secret": False, "again": False, "needed": False, "kind": None, **more}
        return self._page(
            asked,
            "begin_confirm.html",
            key,
            lines=lines,
            told=told,
            faults=faults or {},
            file=asked.office.settings.file.name,
            seen=settings_file.digest(asked.office),
            status=status,
            **beside,
        )


def _level(name: str, kind: Kind) -> bool:
    return name.partition(".")[0] == "assume" and name.partition(".")[2] in kind.assumes


def _keys(kind: Kind, told: Mapping[str, str]) -> dict[str, str]:
    """The keys of a connection's table, from the fields of its form."""
    keys = {key: text for key, text in told.items() if key not in ("name", "there")}
    if not told.get("there"):
        keys = {"kind": kind.name, **{key: text for key, text in keys.items() if text}}
    return keys
