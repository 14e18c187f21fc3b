"""Rows of the `files` connector as records. All rows of one key vote together; the last one's text counts."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from config.visibility import Visibility
from connectors.identifiers import Identifier, complaint, normalise, orcid, parse
from connectors.published import issns, on
from connectors.records import EVIDENCE, RELATIONS, Aside, Authorship, Group, Item, Person, Version
from connectors.sheet import Row

SCHEMES = ("doi", "pmid", "pmcid", "arxiv", "handle", "isbn", "url")


def person(rows: Sequence[Row], asides: list[Aside]) -> Person:
    """The profile that the rows tell of."""
    last = _last(rows)
    key = last["person"]
    level, doubts = _visibility("people.csv", rows, empty=Visibility.PRIVATE)
    flags = {name: _flag("people.csv", rows, name, doubts) for name in ("current", "academic", "student")}
    bare = orcid(last["orcid"])
    if last["orcid"] and not bare:
        asides.append(_told("person", "people.csv", last, key, "orcid is no ORCID iD and was left out"))
    return Person(
        key=key,
        name=last["name"],
        visibility=Visibility.PRIVATE if doubts else level,
        orcid=bare,
        current=flags["current"],
        academic=flags["academic"],
        student=flags["student"],
        raw=_raw(rows, "visibility", "current", "academic", "student"),
        doubts=tuple(doubts),
        unread=bool(last.broken),
    )


def group(rows: Sequence[Row]) -> Group:
    """The department that the rows tell of; every parent that one of them names must let it show."""
    level, doubts = _visibility("groups.csv", rows, empty=Visibility.INTERNAL)
    parents = dict.fromkeys(name for row in rows for cell in row["parents"].split(";") if (name := cell.strip()))
    return Group(
        key=rows[-1]["group"],
        name=_last(rows)["name"],
        visibility=level,
        parents=tuple(parents),
        raw=_raw(rows, "visibility"),
        doubts=tuple(doubts),
    )


def item(rows: Sequence[Row], asides: list[Aside]) -> Item:
    """The output that the rows tell of."""
    last = _last(rows)
    key = last["output"]
    level, doubts = _visibility("outputs.csv", rows, empty=Visibility.PRIVATE)
    reasons: list[str] = []
    identifiers = [_identifier(scheme, last[scheme], reasons) for scheme in SCHEMES]
    published = _published(last["published"], reasons)
    versions = tuple(_versions(last["versions"], reasons))
    asides.extend(_told("item", "outputs.csv", last, key, reason) for reason in reasons)
    return Item(
        key=key,
        title=last["title"],
        type=last["type"],
        visibility=level,
        journal=last["journal"],
        issns=_issns(last["issn"], reasons),
        subjects=tuple(dict.fromkeys(filter(None, map(str.strip, last["subjects"].split(";"))))),
        published=published,
        identifiers=tuple(found for found in identifiers if found),
        versions=versions,
        raw=_raw(rows, "visibility"),
        doubts=tuple(doubts),
        unread=bool(last.broken),
    )


def authorship(rows: Sequence[Row], asides: list[Aside]) -> Authorship:
    """The link between an output and a person that the rows tell of."""
    last = _last(rows)
    key = pair(last["output"], last["person"])
    level, doubts = _visibility("authorships.csv", rows, empty=Visibility.PRIVATE)
    position = int(last["position"]) if re.fullmatch(r"[0-9]{1,6}", last["position"]) else 0
    if last["position"] and not position:
        asides.append(
            _told("authorship", "authorships.csv", last, key, "position is no number from 1 and was left out")
        )
    return Authorship(
        key=key,
        item=last["output"],
        person=last["person"],
        visibility=level,
        position=position,
        raw=_raw(rows, "visibility"),
        doubts=tuple(doubts),
        place=f"authorships.csv:{last.line}",
    )


def _last(rows: Sequence[Row]) -> Row:
    """The row whose text counts: the last that could be read, else the last."""
    return next((row for row in reversed(rows) if not row.broken), rows[-1])


def pair(output: str, person: str) -> str:
    """One key of two: blanks inside them are escaped, so that two pairs never share one."""
    return " ".join(part.replace("%", "%25").replace(" ", "%20") for part in (output, person))


def _visibility(file: str, rows: Sequence[Row], *, empty: Visibility) -> tuple[Visibility, list[str]]:
    """The least open of the rows' votes, and what was not understood in them."""
    doubts = []
    votes = []
    for row in rows:
        word = row["visibility"]
        vote = Visibility.read(word) if word else empty
        if not word and empty is Visibility.PRIVATE:
            doubts.append(f"{file}:{row.line}: visibility is not stated")
        if vote is None:
            doubts.append(f'{file}:{row.line}: visibility "{word[:40]}" is unknown')
        if row.broken:
            doubts.append(f"{file}:{row.line}: {row.broken}")
        votes.append(Visibility.PRIVATE if vote is None or row.broken else vote)
    return min(votes), doubts


def _flag(file: str, rows: Sequence[Row], name: str, doubts: list[str]) -> bool | None:
    """Whether all rows say yes: an empty cell says no. None where the file has no such column, and states nothing."""
    stated = [(row, row[name].lower()) for row in rows if name in row.cells]
    doubts.extend(
        f'{file}:{row.line}: {name} "{word[:40]}" is neither true nor false'
        for row, word in stated
        if word not in ("true", "false", "")
    )
    return all(word == "true" for _, word in stated) if stated else None


def _identifier(scheme: str, cell: str, reasons: list[str]) -> Identifier | None:
    if not cell:
        return None
    found = normalise(scheme, cell)
    if scheme == "doi" and (wrong := complaint(cell, found)):
        reasons.append(wrong)
    elif not found:
        reasons.append(f"{scheme} is not shaped like one and was left out")
    return found


def _versions(cell: str, reasons: list[str]) -> Iterator[Version]:
    """`RELATION IDENTIFIER`, several parted by semicolons; what is neither is left out, and told."""
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        relation, _, named = part.partition(" ")
        found = parse(named) if relation in RELATIONS else None
        if found:
            yield Version(relation, found)
        elif relation in RELATIONS:
            reasons.append(f'versions: what "{relation}" names is no identifier, and was left out')
        else:
            reasons.append(f'versions: "{relation[:40]}" is none of {", ".join(RELATIONS)}, and was left out')


def _issns(cell: str, reasons: list[str]) -> tuple[str, ...]:
    parts = [part for part in re.split("[;,]", cell) if part.strip()]
    if not all(issns([part]) for part in parts):
        reasons.append("issn is not shaped like one and was left out")
    return issns(parts)


def _published(cell: str, reasons: list[str]) -> str:
    """The date, or the part of it that can be: `2026-02` of `2026-02-31`."""
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ].*)?)?)?", cell)
    if not parts:
        whole = _day(cell)
        if cell and not whole:
            reasons.append("published is no date and was left out")
        return whole
    told = [part for part in parts.groups() if part]
    kept = on(*map(int, told))
    if not kept:
        reasons.append("published is no date and was left out")
    elif len(kept) < len("-".join(told)):
        reasons.append(f"published is no day of the calendar; kept as {kept}")
    return kept


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _raw(rows: Sequence[Row], *columns: str) -> dict[str, str]:
    """The privacy inputs as told; where several rows speak, each with its line."""
    if len(rows) == 1:
        return {name: rows[0][name] for name in columns if name in rows[0].cells}
    return {f"{name} (line {row.line})": row[name] for row in rows for name in columns if name in row.cells}


def _told(kind: str, file: str, row: Row, key: str, reason: str) -> Aside:
    evidence = ",".join(row.cells.values())[:EVIDENCE]
    place = f"{file}:{row.line}"
    return Aside(kind=kind, reason=reason, place=place, evidence=evidence, key=key, keyless=False, stored=True)
