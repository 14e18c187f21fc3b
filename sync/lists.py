"""The lists of outlets and accounts that administrators keep as CSV: what a file says, and which rows are wrong.

Every cell but the key may be empty, which says nothing; a row that says nothing at all takes back what was said before.
A row of which one cell is wrong is left out whole, and the others go on.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from importlib import resources
from io import TextIOWrapper
from pathlib import Path
from typing import TypeVar

from connectors.attention import MOST_FOLLOWERS, MOST_POSTS, MOST_REACH
from connectors.countries import COUNTRIES
from connectors.sheet import Row, Sheet, Table, UnreadableTableError
from connectors.texts import one_line
from scoring.rules import SOURCES
from sync.export import placed
from sync.store import AccountFacts, OutletFacts

T = TypeVar("T")

OUTLETS = ("outlet", "name", "domains", "country", "language", "tier", "reach", "active")
ACCOUNTS = ("source", "account", "name", "followers", "posts_per_month", "domain_share")

_WHOLE = re.compile(r"\d{1,18}")
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,18})?")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_RUNS = re.compile(r"'*[=+\-@]")  # what a spreadsheet would run, and what looks like it was kept from that
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that was left out: where it stands, and why."""

    place: str
    reason: str


class WrongCellError(ValueError):
    """Why a row says nothing that can be kept."""


def outlets(file: Path, others: Callable[[str], str]) -> tuple[list[OutletFacts], list[Wrong]]:
    """What a file says of outlets. `others(domain)` is the outlet that has a domain already by an administrator's word,
    or empty. Raises `UnreadableTableError` for a file that is no such table at all."""
    rows, wrong = _read(file, "outlet", OUTLETS[:1], OUTLETS[1:], _outlet)
    while clashes := _clashes(rows, others):
        wrong += clashes.values()
        rows = [row for row in rows if row[0] not in clashes]  # after which others may clash with what stays
    return [each for _, each in rows], wrong


def accounts(file: Path) -> tuple[list[AccountFacts], list[Wrong]]:
    """The same of accounts."""
    rows, wrong = _read(file, "account", ACCOUNTS[:2], ACCOUNTS[2:], _account)
    return [each for _, each in rows], wrong


def outlet_with(said: OutletFacts, cells: Mapping[str, str], others: Callable[[str], str]) -> OutletFacts:
    """What was said of an outlet with some cells changed, as in a list. Raises `WrongCellError`."""
    before = dict(zip(OUTLETS, outlet_cells(said), strict=True))
    told = _outlet(Row(0, before | {name: one_line(cells[name]) for name in OUTLETS[1:] if name in cells}))
    for domain in told.domains:
        if others(domain) not in ("", told.outlet):
            raise WrongCellError(f"the domain {domain} is that of {others(domain)} already")
    return told


def mark_of(said: OutletFacts) -> str:
    """A short text that is another one whenever something else is said of an outlet."""
    return blake2b("\x1f".join(outlet_cells(said)).encode(), digest_size=8).hexdigest()


@cache
def shipped() -> tuple[OutletFacts, ...]:
    """The list of outlets that comes with Ringmark."""
    with resources.as_file(resources.files("scoring") / "outlets.csv") as file:
        told, wrong = outlets(file, lambda _: "")
    if wrong:
        raise ValueError(f"{wrong[0].place}: {wrong[0].reason}")
    return tuple(told)


def write_outlets(told: Iterable[OutletFacts], target: str) -> int:
    """Write outlets as `outlets` reads them; how many."""
    return _write(OUTLETS, ([*outlet_cells(each)] for each in told), target)


def write_accounts(told: Iterable[AccountFacts], target: str) -> int:
    """Write accounts as `accounts` reads them; how many."""
    return _write(ACCOUNTS, ([*_account_cells(each)] for each in told), target)


def _outlet(row: Row) -> OutletFacts:
    domains = {domain for domain in (each.strip().lower() for each in row["domains"].split(";")) if domain}
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise WrongCellError(f'"{domain[:80]}" is no domain; write example.org, without scheme and path')
    country, language, active = row["country"].upper(), row["language"].lower(), row["active"].lower()
    if country and country not in COUNTRIES:
        raise WrongCellError(f'country "{country[:20]}" is no code of ISO 3166-1; write two letters, GB')
    if language and not _LANGUAGE.fullmatch(language):
        raise WrongCellError(f'language "{language[:20]}" is no code of ISO 639; write two letters, en')
    if active not in ("", "true", "false"):
        raise WrongCellError(f'active "{active[:20]}" is neither true nor false')
    return OutletFacts(
        outlet=row["outlet"],
        name=row["name"],
        domains=tuple(sorted(domains)),
        country=country,
        language=language,
        tier=_whole(row, "tier", 1, 4),
        reach=_milli(row, "reach", MOST_REACH),
        active=-1 if not active else int(active == "true"),
    )


def _clashes(rows: list[tuple[str, OutletFacts]], others: Callable[[str], str]) -> dict[str, Wrong]:
    """By place, the rows with a domain that another row has, or that an outlet has which is in no row."""
    told = {each.outlet for _, each in rows}
    owners: dict[str, str] = {}
    found: dict[str, Wrong] = {}
    for place, each in rows:
        for domain in each.domains:
            owner = owners.setdefault(domain, each.outlet)
            if owner == each.outlet and others(domain) not in told:
                owner = others(domain) or owner
            if owner != each.outlet:
                found.setdefault(place, Wrong(place, f"the domain {domain} is that of {owner} already"))
    return found


def outlet_cells(each: OutletFacts) -> Iterator[str]:
    """What is said of an outlet, as a list has it."""
    yield from (each.outlet, each.name, ";".join(each.domains), each.country, each.language)
    yield "" if each.tier < 1 else str(each.tier)
    yield _decimal(each.reach)
    yield "" if each.active < 0 else str(bool(each.active)).lower()


def _account(row: Row) -> AccountFacts:
    if row["source"] not in SOURCES:
        raise WrongCellError(f'unknown source "{row["source"][:40]}"')
    return AccountFacts(
        source=row["source"],
        account=row["account"],
        name=row["name"],
        followers=_whole(row, "followers", 0, MOST_FOLLOWERS),
        posts=_milli(row, "posts_per_month", MOST_POSTS),
        share=_milli(row, "domain_share", 1),
    )


def _account_cells(each: AccountFacts) -> Iterator[str]:
    yield from (each.source, each.account, each.name)
    yield "" if each.followers < 0 else str(each.followers)
    yield from (_decimal(each.posts), _decimal(each.share))


def _read(
    file: Path, kind: str, keys: tuple[str, ...], columns: tuple[str, ...], read: Callable[[Row], T]
) -> tuple[list[tuple[str, T]], list[Wrong]]:
    """Every row with its place; those that are wrong, or stand there twice."""
    rows: list[tuple[str, T]] = []
    wrong: list[Wrong] = []
    seen: dict[tuple[str, ...], int] = {}
    with Sheet(file, Table(file=file.name, kind=kind, keys=keys, columns=columns)) as sheet:
        if sheet.unknown:
            known = ", ".join((*keys, *columns))
            raise UnreadableTableError(f"{file.name} has an unknown column {sheet.unknown[0]}; known are {known}")
        for row in sheet.rows():
            if not isinstance(row, Row):
                wrong.append(Wrong(row.place, row.reason))
                continue
            row = Row(row.line, {name: _unguarded(told) for name, told in row.cells.items()})
            place, key = f"{file.name}:{row.line}", tuple(row[name] for name in keys)
            try:
                if key in seen:
                    raise WrongCellError(f"the same {kind} stands in line {seen[key]}")
                seen[key] = row.line
                rows.append((place, read(row)))
            except WrongCellError as error:
                wrong.append(Wrong(place, str(error)))
    return rows, wrong


def _write(header: tuple[str, ...], rows: Iterable[list[str]], target: str) -> int:
    with placed(Path(target)) as file, TextIOWrapper(file, encoding="utf-8", newline="") as text:
        sheet = csv.writer(text, lineterminator="\r\n")
        sheet.writerow(header)
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the answer
            sheet.writerow([_guarded(each) for each in row])
    return count


def _guarded(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if _RUNS.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def _whole(row: Row, name: str, least: int, most: int) -> int:
    told = row[name]
    if told and not (_WHOLE.fullmatch(told) and least <= int(told) <= most):
        raise WrongCellError(f'{name} "{told[:20]}" is no whole number within {least} and {most}')
    return int(told) if told else -1


def _milli(row: Row, name: str, most: int) -> int:
    """Thousandths, rounded down."""
    told = row[name]
    if told and not (_NUMBER.fullmatch(told) and Decimal(told) <= most):
        raise WrongCellError(f'{name} "{told[:20]}" is no number within 0 and {most}')
    return int(Decimal(told) * 1000) if told else -1


def _decimal(milli: int) -> str:
    return "" if milli < 0 else f"{Decimal(milli) / 1000:f}"
