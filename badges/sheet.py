"""Tables as CSV (RFC 4180), which a spreadsheet may open without running anything that somebody else has written."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

DANGEROUS = ("=", "+", "-", "@")  # a spreadsheet would run what begins with one of these


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its head."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: object) -> str:
    """A value as a cell: lists joined by `; `, yes and no as words, nothing as nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    told = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{told}" if told.startswith(DANGEROUS) else told
