"""The scope: what is chosen stands in the address, what it would do is worked out beside it, and only what was shown is
done."""

from collections.abc import Mapping

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.console.scope_choice import FIELDS, Chosen, chosen, values
from badges.console.scope_view import COLUMNS, KINDS, WAYS, differs, view
from badges.console.seen_by_form import note_seen
from badges.sheet import sheet
from sync import store
from sync.acts import Refused, scope
from sync.acts.meanwhile import in_short
from sync.acts.scope import Preview, Seen, Stale
from sync.store import AUDIENCES

LOOKS = "look at scope preview"
PATH = "/console/scope"
NEWEST = 5  # changes on the page of the editor
AT_ONCE = 200  # entries of a list on one page


class ScopeEditor:
    """`/console/scope`: the choice, what it would do, and doing it."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/scope", role="editor", reads="", show=self.show),
            Room(path="/scope", role="admin", reads="", take=self.take),
            Room(path="/scope/preview", role="editor", reads=LOOKS, show=self.preview),
            Room(path="/scope/list", role="editor", reads=LOOKS, show=self.list),
            Room(path="/scope/list.csv", role="editor", reads=LOOKS, show=self.csv),
        )

    def show(self, asked: Asked) -> Answer:
        """The choice, without what it would do, which takes longer and is asked for by the page itself."""
        picked, undoes = self._picked(asked)
        return self._page(asked, picked, undoes, status=422 if picked.errors else 200)

    def preview(self, asked: Asked) -> Answer:
        """What it would do: the part that the page asks for at each change, and a page of its own without scripts."""
        picked, undoes = self._picked(asked)
        if picked.scope is None:
            return self._page(asked, picked, undoes, status=422)
        return self._again(asked, picked, undoes)

    def take(self, asked: Asked) -> Answer:
        """Put it in force, or go back, if that does what was shown."""
        picked, undoes = self._picked(asked)
        if picked.scope is None:
            return self._page(asked, picked, undoes, status=422)
        why, seen = asked.form.one("why"), Seen.read(asked.form.one("seen"))
        changed: tuple[str, ...] = () if seen else ("The form did not say what you were shown.",)
        beside = chosen(asked.form, picked.scope, asked.office.settings)
        if beside.scope not in (None, picked.scope):
            picked, undoes, changed = beside, 0, ("What is chosen beside it is something else by now.",)
        if not why or changed or picked.scope is None:
            error = "" if why else "Say why, for those who come after you."
            return self._again(asked, picked, undoes, status=422, why=why, why_error=error, changed=changed)
        try:
            if undoes:
                done = scope.undo(asked.office, because=why, seen=seen, change=undoes)
            else:
                done = scope.apply(asked.office, picked.scope, because=why, seen=seen)
        except Stale as stale:
            wanted = stale.preview.scope if stale.preview else picked.scope
            picked = picked._replace(values=values(wanted), scope=wanted)
            return self._page(asked, picked, undoes, stale.preview, status=409, why=why, changed=stale.changed)
        except Refused as refused:
            return self._again(asked, picked, 0, status=409, why=why, changed=(f"{refused.message}.",))
        path = f"{PATH}/changes/{done.change.id}" if done.change else PATH
        if not asked.part:
            return self._desk.paper.went(path)
        lead = (b"hx-redirect", (self._desk.paper.prefix + path).encode())
        return self._desk.answers.make("text", b"", more=(lead,))

    def list(self, asked: Asked) -> Answer:
        """One list, whole, page by page; as a page it first comes without it, and asks for it."""
        picked, _ = self._picked(asked)
        audience, kind, way = (asked.query.one(name) for name in ("audience", "kind", "way"))
        if picked.scope is None or audience not in AUDIENCES or kind not in KINDS or way not in WAYS:
            raise Refused("there is no such list", "unknown")
        labels = None
        if asked.part or asked.query.one("now"):
            labels = scope.preview(asked.office, picked.scope).effect.seen[audience][kind][way]
        first = max(asked.query.number("from"), 0)
        return self._desk.paper.page(
            asked,
            "scope_list.html",
            query=picked.query,
            audience=audience,
            kind=kind,
            way=way,
            labels=labels,
            first=first,
            at_once=AT_ONCE,
        )

    def csv(self, asked: Asked) -> Answer:
        """All lists as a file."""
        picked, _ = self._picked(asked)
        if picked.scope is None:
            raise Refused("there is no such list", "unknown")
        rows = (
            (audience, kind, way, label)
            for audience, kinds in scope.preview(asked.office, picked.scope).effect.seen.items()
            for kind, ways in kinds.items()
            for way, labels in ways.items()
            for label in labels
        )
        file = (b"content-disposition", b'attachment; filename="scope-preview.csv"')
        text = sheet(("audience", "kind", "way", "what"), rows)
        return self._desk.answers.make("text", text.encode(), more=(file,))

    def _picked(self, asked: Asked) -> tuple[Chosen, int]:
        """What the address chooses, and the change that it undoes: 0 for none."""
        in_force = scope.show(asked.office)
        undoes = asked.query.number("undo")
        if undoes and not asked.query.one("status"):
            back = {name: (value,) for name, value in values(scope.undoable(asked.office, undoes).before).items()}
            return chosen(asked.query._replace(fields=back), in_force, asked.office.settings), undoes
        return chosen(asked.query, in_force, asked.office.settings), undoes

    def _again(
        self,
        asked: Asked,
        picked: Chosen,
        undoes: int,
        *,
        status: int = 200,
        why: str = "",
        why_error: str = "",
        changed: tuple[str, ...] = (),
    ) -> Answer:
        """The page with what would be done now."""
        found = scope.preview(asked.office, picked.scope) if picked.scope else None
        return self._page(asked, picked, undoes, found, status=status, why=why, why_error=why_error, changed=changed)

    def _page(
        self,
        asked: Asked,
        picked: Chosen,
        undoes: int,
        found: Preview | None = None,
        *,
        status: int = 200,
        why: str = "",
        why_error: str = "",
        changed: tuple[str, ...] = (),
    ) -> Answer:
        office = asked.office
        if found:
            note_seen(asked, LOOKS, "/scope")
        if undoes and not why and not why_error:
            why = f"undo of change {undoes}"
        with office.house.read() as db:
            awaited = [row.name for row in store.awaited(db)]
        newest = scope.history(office, most=NEWEST)
        here = f"{self._desk.paper.prefix}{PATH}?{_query(picked, undoes)}"
        return self._desk.paper.page(
            asked,
            "scope.html",
            status=status,
            headers=((b"hx-replace-url", here.encode()),) if asked.part else (),
            fields=FIELDS,
            picked=picked,
            query=_query(picked, undoes),
            undoes=undoes,
            view=view(found) if found else None,
            columns=COLUMNS,
            same=found is not None and found.scope == found.in_force,
            part=asked.part,
            may_apply=asked.visitor.may("admin"),
            why=why,
            why_error=why_error,
            changed=changed,
            awaited=awaited,
            changes=[(each, tuple(differs(each.before, each.after)), in_short(each.did)) for each in newest],
            undoable=newest[0].id if newest else 0,
            took=_took(newest[0].did if newest else {}),
        )


def _query(picked: Chosen, undoes: int) -> str:
    return picked.query + (f"&undo={undoes}" if undoes else "")


def _took(did: Mapping[str, object]) -> str:
    """How long it takes, by how long the last change took, as far as that was noted."""
    told = did.get("seconds")
    return (
        f"it took {max(round(told), 1)} s the last time" if isinstance(told, (int, float)) else "it takes some seconds"
    )
