"""Articles as lines of the Global Knowledge Graph 2.1: 27 columns parted by tabs, nothing quoted, the last of them
almost XML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MENU = tuple(
    f"https://courier.example/{place}"
    for place in ("", "politics", "sport", "about;jsessionid=0A1", "subscribe?a=1&b=2")
)
EMPTY = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article. `links` are those of the whole page; `published` what the page says of itself. `collection` is 1
    for what has an address, 2 for broadcasts. `raw` stands in for the whole line."""

    url: str = ""
    links: tuple[str, ...] = ()
    title: str = ""
    published: datetime | str = ""
    seen: str = ""
    collection: int = 1
    latin: bool = False
    raw: bytes = b""


def of_no_interest(stamp: str) -> list[Row]:
    """What stands in every file: menus, a page without links, a broadcast, and one that is no UTF-8."""
    return [
        Row(url=f"https://courier.example/{stamp}/fair", links=MENU, title="Fair at the harbour &#x2019;till Sunday"),
        Row(url=f"https://news.example.org/{stamp}/rain"),
        Row(url="BBC Monitoring", links=("https://doi.org/10.5555/heard-on-the-radio",), collection=2),
        Row(url=f"https://kurier.example/{stamp}/z%C3%BCrich", links=MENU, title="Neues aus Zürich", latin=True),
    ]


def lines(rows: Iterable[Row], stamp: str, *, translated: bool) -> bytes:
    """A whole file."""
    kind = "T" if translated else ""
    return b"".join(row.raw or _line(row, f"{stamp}-{kind}{number}", stamp) for number, row in enumerate(rows))


def _line(row: Row, number: str, stamp: str) -> bytes:
    cells = [EMPTY] * 27
    encoding = "latin-1" if row.latin else "utf-8"
    host = row.url.partition("//")[2].partition("/")[0]
    told = {0: number, 1: row.seen or stamp, 2: str(row.collection), 3: host, 4: row.url, 7: "TAX_FNCACT;EDUCATION"}
    for place, text in told.items():
        cells[place] = text.encode(encoding, "xmlcharrefreplace")
    cells[15] = b"-1.2,3.4,4.6,8.0,21.1,0,417"
    cells[26] = _extras(row).encode(encoding, "xmlcharrefreplace")
    return b"\t".join(cells) + b"\n"


def _extras(row: Row) -> str:
    at = f"{row.published:%Y%m%d%H%M%S}" if isinstance(row.published, datetime) else row.published
    told = {
        "PAGE_LINKS": ";".join(row.links),
        "PAGE_AUTHORS": "Robin Example",
        "PAGE_TITLE": row.title,
        "PAGE_PRECISEPUBTIMESTAMP": at,
        "PAGE_ALTURL_AMP": f"{row.url}?amp=1" if row.links else "",
    }
    return "".join(f"<{name}>{text}</{name}>" for name, text in told.items() if text)
