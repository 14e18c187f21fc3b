"""What a practice EPrints holds: eprints with their fields, and how they are written as EP3 XML and as Dublin Core."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape

from sandbox.markup import clean

EP3 = "http://eprints.org/ep2/data/2.0"
ARRIVED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""When every eprint was deposited."""

FIELDS: Mapping[str, bool] = {
    **dict.fromkeys(
        (
            "abstract", "commentary", "creators", "date", "date_type", "divisions", "documents", "full_text_status",
            "id_number", "isbn", "ispublished", "issn", "official_url", "publication", "refereed", "related_url",
            "subjects", "succeeds", "sword_depositor", "title", "type",
        ),
        False,
    ),
    "attention_badge": True,
    "attention_score": True,
    "metadata_visibility": True,
}  # fmt: skip
"""The fields of the eprint dataset, and whether each is volatile: a change of one that is moves neither `lastmod` nor
`rev_number`. The two of attention a site adds itself. That `metadata_visibility` is one is so in the released source
(EPrints/DataObj/EPrint.pm), and means that hiding a record tells no date."""

MULTIPLE = frozenset({"creators", "divisions", "documents", "related_url", "subjects"})

Status = Literal["inbox", "buffer", "archive", "deletion"]
Value: TypeAlias = "str | Mapping[str, Value] | tuple[Value, ...]"
"""A text, the parts of a compound, or the items of a field that may have several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EPrint:
    """One eprint. `lived`: it was in the archive at some time; `owner` deposited it. Fields that are not set are absent
    from every export."""

    id: int
    fields: Mapping[str, Value] = field(repr=False)
    status: Status = "archive"
    lived: bool = True
    owner: str = "1"
    lastmod: datetime = ARRIVED
    rev_number: int = 1

    def text(self, name: str) -> str:
        """What a field holds that has one text; empty where it is not set."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""


def made(number: int, **fields: Value) -> EPrint:
    """An article of the archive that is shown, unless its fields say something else."""
    usual: dict[str, Value] = {
        "type": "article",
        "metadata_visibility": "show",
        "creators": ({"name": {"family": "Quill", "given": "Ada"}},),
        "ispublished": "pub",
        "date": "2020",
        "date_type": "published",
        "full_text_status": "none",
        "publication": "Annals of Example",
        "refereed": "TRUE",
    }
    return EPrint(id=number, fields={**usual, **fields})


def ep3(eprint: EPrint, base: str) -> str:
    """The XML of one eprint, as the REST interface and the export of that name tell it."""
    stamp = f"{eprint.lastmod:%Y-%m-%d %H:%M:%S}"
    system: dict[str, Value] = {
        "eprintid": str(eprint.id),
        "rev_number": str(eprint.rev_number),
        "eprint_status": eprint.status,
        "userid": eprint.owner,
        "dir": f"disk0/00/00/{eprint.id // 100:02}/{eprint.id % 100:02}",
        "datestamp": f"{ARRIVED:%Y-%m-%d %H:%M:%S}",
        "lastmod": stamp,
        "status_changed": stamp,
    }
    inner = "".join(_element(name, value, "    ") for name, value in {**system, **eprint.fields}.items() if value)
    head = f"<eprints xmlns='{EP3}'>\n  <eprint id='{escape(base)}/id/eprint/{eprint.id}'>"
    return f"<?xml version='1.0' encoding='utf-8'?>\n{head}\n{inner}  </eprint>\n</eprints>\n"


def dublin_core(eprint: EPrint, base: str) -> Iterator[tuple[str, str]]:
    """Its elements: a DOI stands bare in two of them, and one is a citation in words."""
    title, date, doi = (eprint.text(name) for name in ("title", "date", "id_number"))
    journal, page = eprint.text("publication"), eprint.text("official_url")
    yield "relation", f"{base}/id/eprint/{eprint.id}/"
    yield "title", title
    yield "date", date
    yield "type", eprint.text("type").capitalize()
    yield "type", "PeerReviewed" if eprint.text("refereed") == "TRUE" else "NonPeerReviewed"
    yield "identifier", f"  ({date}) {title}.  {journal}.       "
    yield "relation", page
    yield "relation", doi
    yield "identifier", doi


def _element(name: str, value: Value, indent: str) -> str:
    if isinstance(value, str):
        return f"{indent}<{name}>{escape(clean(value))}</{name}>\n"
    parts = value.items() if isinstance(value, Mapping) else [("item", each) for each in value]
    inner = "".join(_element(part, each, f"{indent}  ") for part, each in parts)
    return f"{indent}<{name}>\n{inner}{indent}</{name}>\n"
