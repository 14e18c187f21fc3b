"""The institution as a folder of CSV and JSONL, for systems that read files instead of an API."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.model import Mention, Output, PartialDate, Person, Record

if TYPE_CHECKING:
    from sandbox.institution import Institution

MOST_TRUSTED = ("manual", "dspace", "crossref", "pubmed", "dimensions", "wos", "scopus", "arxiv")


def write_files(institution: "Institution", folder: Path) -> None:
    """Write people, groups, memberships, outputs, authorships and mentions; existing files are replaced.

    Only what was ever approved is a research output for such a folder. A confidential record makes its row private,
    as a careful exporting script would."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sorted(institution.people.values(), key=lambda p: p.id)
    outputs = [o for _, o in sorted(institution.outputs.items()) if o.ever_approved]
    known = {o.id for o in outputs}
    _table(
        folder / "people.csv",
        "person,name,orcid,visibility,current,academic,student",
        ((p.id, _name(p), _orcid(p), p.privacy, _flag(p.current), _flag(p.academic), _flag(p.student)) for p in people),
    )
    _table(
        folder / "groups.csv",
        "group,name,parents,visibility",
        ((g.id, g.name, ";".join(map(str, g.parents)), g.privacy or "") for g in institution.groups.values()),
    )
    _table(folder / "memberships.csv", "person,group", ((p.id, group) for p in people for group in p.groups))
    _table(
        folder / "outputs.csv",
        "output,title,type,journal,issn,published,visibility,doi,pmid,pmcid,arxiv,handle,isbn,url",
        (_output(o) for o in outputs),
    )
    _table(
        folder / "authorships.csv",
        "output,person,visibility,position",
        (
            (a.output, a.person, a.privacy, a.position)
            for _, a in sorted(institution.authorships.items())
            if a.output in known
        ),
    )
    write_mentions(institution.mentions, folder / "mentions.jsonl")


def write_mentions(mentions: Iterable[Mention], path: Path) -> None:
    """Write one JSON object a line, in the order they became known; what was not told is left out."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for mention in mentions:
            file.write(json.dumps(_mention(mention), ensure_ascii=False) + "\n")


def _table(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _name(person: Person) -> str:
    return f"{person.known_as or person.first_name} {person.last_name}"


def _orcid(person: Person) -> str:
    return person.orcid if person.orcid_status == "verified" else ""


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _output(output: Output) -> tuple[object, ...]:
    records = sorted(output.records, key=_trust)
    journal = next((r.journal for r in records if r.journal), None)
    confidential = any(r.confidential for r in records)
    return (
        output.id,
        _first(records, "title"),
        output.type,
        journal.name if journal else "",
        journal.issn if journal else "",
        _iso(next((r.published for r in records if r.published), None)),
        "private" if confidential else output.privacy,
        *(_first(records, name) for name in ("doi", "pmid", "pmcid", "arxiv", "handle", "isbn")),
        "",
    )


def _trust(record: Record) -> tuple[bool, int]:
    return not record.preferred, MOST_TRUSTED.index(record.source)


def _first(records: list[Record], name: str) -> str:
    return next((str(getattr(r, name)) for r in records if getattr(r, name)), "")


def _iso(published: PartialDate | None) -> str:
    return "-".join(f"{part:02d}" for part in published or () if part is not None)


def _mention(mention: Mention) -> dict[str, object]:
    account, outlet = mention.account, mention.outlet
    line: dict[str, object] = {
        "id": mention.id,
        "source": mention.source,
        "output": list(mention.targets),
        "url": mention.url,
        "title": mention.title,
        "occurred_at": mention.occurred_at,
        "author": account and _told({name: getattr(account, name) for name in account.__slots__}),
        "outlet": outlet and _told({name: getattr(outlet, name) for name in outlet.__slots__}),
        "policy_source": mention.policy_source,
        "jurisdiction": mention.jurisdiction,
        "repost": mention.repost or None,
        "deleted": mention.deleted or None,
    }
    return _told(line)


def _told(line: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in line.items() if value is not None and value != "" and value != []}
