"""The list of policy sources that an administrator keeps: a CSV with a row for each sitemap.

Columns: `source` (what counts once), `type` (`policy` or `guideline`), `sitemap` (its address); and where wanted
`only` (what the path of a document must begin with), `name` and `country`, which are for whoever keeps the list.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from connectors.abroad.canonical import domain_of
from connectors.countries import COUNTRIES
from connectors.errors import NotUnderstood
from connectors.records import Aside
from connectors.sheet import kept
from connectors.texts import one_line
from connectors.urls import canonical_url

NEEDED = ("source", "type", "sitemap")
COLUMNS = (*NEEDED, "only", "name", "country")
LONGEST = 200  # characters of a key

Type = Literal["policy", "guideline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sitemap of a source. `domain` is where all its documents stand; `name` is short, and its own."""

    source: str
    type: Type
    sitemap: str
    only: str = ""

    @property
    def domain(self) -> str:
        return domain_of(self.sitemap)

    @property
    def name(self) -> str:
        return f"{self.type} {self.source} {sha256(self.sitemap.encode()).hexdigest()[:12]}"

    def has(self, address: str) -> bool:
        """Whether a document at an address is one of this source."""
        try:
            parts = urlsplit(address)
            return (
                parts.scheme in ("http", "https")
                and domain_of(address) == self.domain
                and parts.path.startswith(self.only)
            )
        except ValueError:
            return False

    def key(self, address: str) -> str:
        """The key of the mention that a document is."""
        return f"{self.type} {self.source} {address}"


def read(path: Path) -> tuple[list[Row], list[Aside]]:
    """The rows, and those that say nothing that can be used. Raises `NotUnderstood` for a file that is no such list."""
    return _rows(path, kept(path, "path"))


def _rows(path: Path, text: str) -> tuple[list[Row], list[Aside]]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, Row] = {}
    wrong: list[Aside] = []
    try:
        columns = [each.strip().casefold() for each in next(table, [])]
        _check(path, columns)
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            told = dict(zip(columns, map(one_line, cells), strict=False))
            reason = _wrong(told) if len(cells) == len(columns) else "another number of cells than columns"
            row = None if reason else _row(told)
            if row is not None and row.name not in rows:
                rows[row.name] = row
            else:
                reason = reason or "the sitemap stands in an earlier row"
                place = f"{path.name}:{table.line_num}"
                wrong.append(Aside(kind="policy source", reason=reason, place=place, keyless=False))
    except csv.Error as error:
        raise NotUnderstood(f"path {path}, line {table.line_num}: {error}") from None
    return list(rows.values()), wrong


def _check(path: Path, columns: list[str]) -> None:
    missing = [each for each in NEEDED if each not in columns]
    if missing or len(columns) != len(set(columns)) or not set(columns) <= set(COLUMNS):
        may = ", ".join(COLUMNS[len(NEEDED) :])
        raise NotUnderstood(f"path {path}: its first line must name {', '.join(NEEDED)}, and may name {may}, each once")


def _wrong(told: Mapping[str, str]) -> str:
    if not told["source"] or len(told["source"]) > LONGEST:
        return f"source is empty, or longer than {LONGEST} characters"
    if told["type"] not in ("policy", "guideline"):
        return "type is neither policy nor guideline"
    if canonical_url(told["sitemap"]) is None:
        return "sitemap is no address of the web"
    if told.get("only") and not told["only"].startswith("/"):
        return "only does not begin with /"
    if told.get("country") and told["country"].upper() not in COUNTRIES:
        return "country is no code of ISO 3166-1; write two letters, GB"
    return ""


def _row(told: Mapping[str, str]) -> Row:
    type_: Type = "guideline" if told["type"] == "guideline" else "policy"
    return Row(source=told["source"], type=type_, sitemap=told["sitemap"], only=told.get("only", ""))
