"""The file of Reliance on Science, as it is published and as it is not: in its layouts, plain and gzip.

    write(folder / "_pcs_oa.csv", [Cites(patent="us-10494607-b2", doi="10.5555/x")], OPENALEX)

Since 2023 the file names papers by OpenAlex alone (`OPENALEX`); before that it had DOIs and PMIDs (`WITH_DOI`), its
patents without the kind of document. `JOINED` is the newer one with two columns that somebody has added.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

OPENALEX = ("reftype", "confscore", "oaid", "patent", "uspto", "wherefound", "self")
USPTO_ONLY = ("reftype", "confscore", "oaid", "patent", "wherefound")
WITH_DOI = ("reftype", "confscore", "magid", "patent", "uspto", "wherefound", "doi", "pmid")
JOINED = (*USPTO_ONLY, "doi", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cites:
    """One row."""

    patent: str
    doi: str = ""
    pmid: str = ""
    reftype: str = "app"
    confscore: str = "10"
    wherefound: str = "frontonly"
    date: str = ""
    oaid: str = "3066"
    self: str = ""

    @property
    def magid(self) -> str:
        """Works that were there before have the same number."""
        return self.oaid

    @property
    def uspto(self) -> str:
        """Whether it is a patent of the United States."""
        return "1" if self.patent.lower().startswith("us-") else "0"


def text(rows: Iterable[Cites], columns: Sequence[str]) -> str:
    """A whole file: parted by tabs where it is of the layout with DOIs, which was published so."""
    mark = "\t" if "magid" in columns else ","
    told = ([getattr(row, column) for column in columns] for row in rows)
    lines = (mark.join(_cell(each, mark) for each in cells) for cells in (columns, *told))
    return "".join(f"{line}\n" for line in lines)


def write(path: Path, rows: Iterable[Cites], columns: Sequence[str] = JOINED) -> None:
    """Replace the file in one step; packed where its name says so."""
    body = text(rows, columns).encode()
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)
    beside.replace(path)


def _cell(told: str, mark: str) -> str:
    return f'"{told}"' if mark == "," and mark in told else told
