"""What people may ask for: to see all that is known of them, and to be erased; and what was done of that."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.console.seen_by_form import note_seen
from badges.console.streamed import download
from sync.acts import Refused, audit, requests
from sync.acts.requests import Erasure

LOOKS = {"person": "look at a person's data", "account": "look at an account's data"}
MOST = 50  # of what was done
JSON = "application/json"
Forget = Callable[..., Erasure]


class Requests:
    """`/console/requests`, and a page for each person and account that somebody asks about."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        rooms = [
            Room(path="/requests", role="admin", reads="look at requests", show=self.show, take=self.look),
            Room(path="/requests/allow", role="admin", reads="", take=self.allow),
        ]
        for kind in ("person", "account"):
            path = f"/requests/{kind}/{{id}}"
            rooms += [
                Room(path=path, role="admin", reads=LOOKS[kind], show=_of(kind, self.one)),
                Room(path=f"{path}/export", role="admin", reads="", take=_of(kind, self.export)),
                Room(path=f"{path}/forget", role="admin", reads=LOOKS[kind],
                     show=_of(kind, self.preview), take=_of(kind, self.forget)),
            ]  # fmt: skip
        self.rooms = tuple(rooms)

    def show(self, asked: Asked) -> Answer:
        """Where to look for somebody, and what was done."""
        return self._page(asked)

    def look(self, asked: Asked) -> Answer:
        """Who a text may mean: a form, so that no name stands in an address."""
        told = asked.form.one("who")
        if not told:
            return self._page(
                asked, errors={"who": "Write a name, an ORCID, person:ID, or SOURCE:ACCOUNT."}, status=422
            )
        people, accounts = requests.look(asked.office, told)
        return self._page(asked, who=told, people=people, accounts=accounts, found=True)

    def allow(self, asked: Asked) -> Answer:
        """Let somebody come back."""
        told, why = asked.form.one("subject"), asked.form.one("why")
        act = requests.allow_account if told.startswith("account:") else requests.allow_person
        try:
            act(asked.office, told, because=why)
        except Refused as refused:
            field = "allow_why" if refused.message.startswith("why") else "subject"
            errors = {field: refused.message}
            return self._page(asked, errors=errors, allow={"subject": told, "why": why}, status=422)
        return self._desk.paper.went("/console/requests")

    def one(self, asked: Asked, kind: str) -> Answer:
        """What is known, in short."""
        known = requests.known(asked.office, kind, asked.path["id"])
        return self._desk.paper.page(asked, "request.html", kind=kind, id=asked.path["id"], known=known)

    def export(self, asked: Asked, kind: str) -> Answer:
        """All that is known, as a file."""
        act = requests.export_person if kind == "person" else requests.export_account
        told = act(asked.office, requests.known(asked.office, kind, asked.path["id"]).told)
        body = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return download(self._desk.answers, f"{kind}-{asked.path['id']}.json", JSON, iter((body,)))

    def preview(self, asked: Asked, kind: str) -> Answer:
        """What erasing would do, and the form that does it."""
        return self._preview(asked, kind)

    def forget(self, asked: Asked, kind: str) -> Answer:
        """Erase."""
        why, seen = asked.form.one("why"), asked.form.one("seen")
        if not asked.form.one("sure"):
            return self._preview(asked, kind, why=why, errors={"sure": "Make sure of that first."}, status=422)
        known = requests.known(asked.office, kind, asked.path["id"])
        act: Forget = requests.forget_person if kind == "person" else requests.forget_account
        try:
            done = act(asked.office, known.told, because=why, seen=seen or "not looked at")
        except Refused as refused:
            if refused.why == "unknown":
                raise
            field = "why" if refused.message.startswith("why") else "changed"
            errors = {field: refused.message.removeprefix("why: ")}
            return self._preview(asked, kind, why=why, errors=errors, status=422 if field == "why" else 409)
        return self._desk.paper.went("/console/requests" + ("" if done.clean else "?log=full"))

    def _preview(
        self, asked: Asked, kind: str, *, why: str = "", errors: dict[str, str] | None = None, status: int = 200
    ) -> Answer:
        known = requests.known(asked.office, kind, asked.path["id"])
        note_seen(asked, LOOKS[kind], asked.path["id"])
        act: Forget = requests.forget_person if kind == "person" else requests.forget_account
        return self._desk.paper.page(
            asked,
            "request_forget.html",
            status=status,
            kind=kind,
            id=asked.path["id"],
            known=known,
            would=act(asked.office, known.told, because="", dry_run=True),
            why=why,
            errors=defaultdict(str, errors or {}),
        )

    def _page(self, asked: Asked, *, status: int = 200, **told: Any) -> Answer:
        done = [
            line for verb in requests.DONE for line in audit.listed(asked.office, audit.sought(verb=verb), most=MOST)
        ]
        done.sort(key=lambda line: -int(line["line"]))
        usual: dict[str, Any] = {
            "errors": {},
            "people": (),
            "accounts": (),
            "found": False,
            "who": "",
            "allow": {},
        } | told
        texts = {name: defaultdict(str, usual[name]) for name in ("errors", "allow")}
        return self._desk.paper.page(
            asked,
            "requests.html",
            status=status,
            **(usual | texts),
            done=done[:MOST],
            full=asked.query.one("log") == "full",
        )


def _of(kind: str, act: Callable[[Asked, str], Answer]) -> Callable[[Asked], Answer]:
    return lambda asked: act(asked, kind)
