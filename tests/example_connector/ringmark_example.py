"""Example Repository: people and outputs with their levels, and a field of each output that takes a badge.

API:       JSON; /people; /outputs in pages, all or `since` a second; /outputs/ID, with its version as ETag
Auth:      HTTP basic
Deletions: told by `since`, as rows that say so; otherwise a row is just not there
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from config.visibility import Visibility
from connectors import (
    Authorship,
    ConnectorError,
    Done,
    Finding,
    Gone,
    Held,
    Identifier,
    Item,
    Manifest,
    NotUnderstood,
    Page,
    Person,
    Pulls,
    Pushes,
    Since,
)
from connectors.identifiers import normalise
from connectors.records import Kind

LAG = timedelta(minutes=2)  # rows may be seen this much later than they are stamped, and share their second with others
LISTED: frozenset[Kind] = frozenset({"person", "item", "authorship"})

Row = Mapping[str, Any]


class Example(Pulls, Pushes):
    """One Example Repository."""

    manifest: ClassVar = Manifest(
        kind="example",
        incremental=True,
        deletions="reported",
        people=True,
        person_status=True,
        visibility=frozenset({"people", "outputs", "authorships"}),
        write_back="public",
        finds_by=("doi",),
        page_limits=(("outputs", 100),),
    )

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, from a bookmark on where there is one; or what changed since a cursor, and a little before it."""
        self.client.begin()
        people, now = self.told("/people")
        mark = json.loads(since.bookmark or "{}")
        cursor = mark.get("cursor") or min(now, since.now).isoformat()
        yield Page(people=tuple(map(self.person, people["people"])))
        yield from self.outputs(mark.get("next") or self.first(since.cursor), cursor, full=since.cursor is None)

    def first(self, cursor: str | None) -> str:
        """The address of the first page."""
        asked = {"size": str(self.settings.per_page or 100)}
        if cursor:
            asked["since"] = (datetime.fromisoformat(cursor) - LAG).isoformat()
        return f"/outputs?{urlencode(asked)}"

    def outputs(self, following: str, cursor: str, *, full: bool) -> Iterator[Page]:
        """The pages from one on, and the end; incomplete where they go round in a circle, or not all came."""
        read = set[str]()
        while following:
            if following in read:
                yield Page(done=Done(incomplete="the next page is one that was read already"))
                return
            read.add(following)
            told, _ = self.told(following)
            following = told["next"]
            yield self.page(told["outputs"], json.dumps({"next": following, "cursor": cursor}) if following else None)
        missing = self.missing(told)
        why = f"{missing} outputs did not come that were told of" if missing else ""
        yield Page(done=Done(cursor=cursor, listed=LISTED if full else frozenset(), incomplete=why))

    def missing(self, last: Row) -> int:
        """How many outputs are missing after the last page."""
        return max(0, int(last["total"]) - int(last["from"]) - len(last["outputs"]))

    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        """One page; it says where to go on after it."""
        there = [row for row in rows if not row.get("deleted")]
        gone = [row for row in rows if row.get("deleted")]
        return Page(
            items=tuple(map(self.item, there)),
            authorships=tuple(self.authorship(row, author) for row in there for author in row["authors"]),
            gone=tuple(Gone(kind="item", key=row["id"]) for row in gone),
            bookmark=bookmark,
        )

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """An output can be asked for, and is there as long as everybody may see it, then hidden; a person who is not
        listed is gone."""
        if kind == "item":
            with self.client.get(f"/outputs/{quote(key, safe='')}") as answer:
                if answer.status == 200:
                    public = self.item(self.document(answer)).visibility == Visibility.PUBLIC
                    return None if public else Gone(kind=kind, key=key, hidden=True)
        return Gone(kind=kind, key=key)

    def person(self, row: Row) -> Person:
        """A row of people."""
        level, doubts = self.level(row)
        name, current = row["name"], row["current"]
        return Person(key=row["id"], name=name, visibility=level, current=current, raw=self.raw(row), doubts=doubts)

    def item(self, row: Row) -> Item:
        """A row of outputs."""
        level, doubts = self.level(row)
        found = normalise("doi", row["doi"])
        return Item(
            key=row["id"],
            title=row["title"],
            type="journal-article",
            visibility=level,
            identifiers=(found,) if found else (),
            raw=self.raw(row),
            doubts=doubts,
        )

    def authorship(self, row: Row, author: Row) -> Authorship:
        """A row of an output's authors."""
        level, doubts = self.level(author)
        key = f"{row['id']}-{author['person']}"
        return Authorship(
            key=key, item=row["id"], person=author["person"], visibility=level, raw=self.raw(author), doubts=doubts
        )

    def level(self, row: Row) -> tuple[Visibility, tuple[str, ...]]:
        """A level that is absent or unknown is private, and says so."""
        level = Visibility.read(row.get("level"))
        return (Visibility.PRIVATE, ("the level is not one that is known",)) if level is None else (level, ())

    def raw(self, row: Row) -> dict[str, str]:
        """What the row says of its level."""
        return {"level": str(row.get("level", "(absent)"))}

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The search finds every DOI that begins alike, so each row is looked at."""
        found = set[str]()
        for wanted in identifiers:
            told, _ = self.told(f"/outputs?{urlencode({'doi': wanted.value})}")
            found |= {row["id"] for row in told["outputs"] if self.carries(row, wanted)}
        return tuple(sorted(found))

    def carries(self, row: Row, wanted: Identifier) -> bool:
        """Whether a row has an identifier."""
        return normalise("doi", row["doi"]) == wanted

    def read(self, address: str, field: str) -> Held | None:
        """The values of the field, with the version of the output as guard."""
        with self.client.get(f"/outputs/{address}") as answer:
            if answer.status == 404:
                return None
            values = self.document(answer)["fields"].get(field, [])
            return Held(values=tuple(values), guard=answer.headers["ETag"])

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """The repository refuses a change of any version but the one that was read."""
        path, body = f"/outputs/{address}/{field}", json.dumps(list(values)).encode()
        headers = {"Content-Type": "application/json", "If-Match": before.guard}
        with self.client.change("PUT", path, permit=permit, body=body, headers=headers) as answer:
            if answer.status == 412:
                raise NotUnderstood(f"PUT {path}: somebody changed the output just now; the next push reads it again")
            if answer.status != 204:
                raise NotUnderstood(f"PUT {path}: status {answer.status}; may the account write this field?")

    def check(self) -> Iterator[Finding]:
        """Address and credentials, and what is told of people and outputs."""
        try:
            people, _ = self.told("/people")
            outputs, _ = self.told(self.first(None))
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
            return
        yield Finding(ok=True, what=f"{len(people['people'])} people and {outputs['total']} outputs are told of")

    def told(self, path: str) -> tuple[Row, datetime]:
        """A document, and the repository's own clock."""
        with self.client.get(path) as answer:
            if answer.status != 200 or answer.date is None:
                raise NotUnderstood(f"{answer.path}: no Example Repository answers here; set url to that of its API")
            return self.document(answer), answer.date

    def document(self, answer: Any) -> Row:
        """The JSON of an answer."""
        try:
            told: Row = json.load(answer.body)
        except ValueError:
            raise NotUnderstood(f"{answer.path}: JSON that is broken; is url the address of the API?") from None
        return told
