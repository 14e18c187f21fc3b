"""Whatever a server sends in place of a record, it is understood, refused, or one private record; nothing else."""

from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile

import pytest
from eprints_source import BASE, EP3, PUBLIC, SHOWN
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from config.settings import Connection
from connectors.eprints.items import item
from connectors.eprints.rest import Rest, Unreadable
from connectors.errors import NotUnderstood
from connectors.http import Answer

RECORD = (
    f"<?xml version='1.0' encoding='utf-8'?>\n<eprints xmlns='{EP3}'><eprint id='https://pubs.example.edu/id/eprint/7'>"
)
WHOLE = f"{RECORD}<eprintid>7</eprintid>{SHOWN}<title>Tides</title></eprint></eprints>".encode()
XML = "text/xml; charset=UTF-8"
CONNECTION = Connection(name="pubs", kind="eprints", url=BASE)  # type: ignore[arg-type]


class Said:
    """A client whose every answer is one body; the front page of REST is there."""

    def __init__(self, body: bytes, kind: str = XML, status: int = 200) -> None:
        self.body, self.kind, self.status = body, kind, status

    def get(self, url: str, **_: object) -> Answer:
        body: SpooledTemporaryFile[bytes] = SpooledTemporaryFile()  # noqa: SIM115 - who asks closes it
        body.write(self.body)
        body.seek(0)
        told = {"Content-Type": self.kind} if self.kind else {}
        date = datetime(2026, 3, 1, tzinfo=UTC)
        status = 200 if url == "/rest/" else self.status
        return Answer(status=status, headers=told, url=url, path=url, body=body, date=date)


def record(body: bytes, kind: str = XML, status: int = 200) -> etree._Element | None:
    return Rest(CONNECTION, Said(body, kind, status)).record("7")  # type: ignore[arg-type]


def test_a_whole_record_is_read() -> None:
    told = record(WHOLE)

    assert told is not None
    assert item("7", told, ()).visibility == PUBLIC


BROKEN = {
    "half of one": WHOLE[: len(WHOLE) // 2],
    "NUL in it": WHOLE.replace(b"Tides", b"Ti\x00des"),
    "a control character": WHOLE.replace(b"Tides", b"Ti\x0bdes"),
    "half a character": WHOLE.replace(b"Tides", b"&#xD800;"),
    "another charset": WHOLE.replace(b"Tides", b"Mar\xe9es"),
    "no record": f"<eprints xmlns='{EP3}'/>".encode(),
    "two records": WHOLE.replace(b"</eprint></", b"</eprint><eprint/></"),
    "too large": WHOLE.replace(b"Tides", b"x" * 17 * 1024**2),
    "too deep": WHOLE.replace(b"Tides", b"<a>" * 500 + b"</a>" * 500),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_with_one_record_is_said_of_it_alone(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        record(body)
    assert "Tides" not in str(refused.value)


ODD = {
    "nothing": (b"", XML, 200),
    "a login page": (b"<!DOCTYPE html><html><form/></html>", XML, 200),
    "HTML as such": (b"<html/>", "text/html", 200),
    "no type": (WHOLE, "", 200),
    "JSON": (b"{}", "application/json", 200),
    "a DOCTYPE": (WHOLE.replace(b"\n", b'<!DOCTYPE eprints [<!ENTITY a "b">]>', 1), XML, 200),
    "other XML": (b"<feed/>", XML, 200),
    "no namespace": (WHOLE.replace(EP3.encode(), b"urn:other"), XML, 200),
    "a redirect": (b"", XML, 304),
}


@pytest.mark.parametrize(("body", "kind", "status"), ODD.values(), ids=ODD.keys())
def test_what_is_no_record_at_all_is_not_understood(body: bytes, kind: str, status: int) -> None:
    with pytest.raises(NotUnderstood) as refused:
        record(body, kind, status)
    assert not isinstance(refused.value, Unreadable)


@pytest.mark.parametrize("status", [404, 410])
def test_no_record_is_none(status: int) -> None:
    assert record(b"", "text/html", status) is None


@given(st.data())
def test_a_record_with_bytes_that_were_changed_is_never_more_than_it_was(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    length = data.draw(st.integers(0, 40))
    body = WHOLE[:at] + data.draw(st.binary(max_size=20)) + WHOLE[at + length :]
    try:
        told = record(body)
    except NotUnderstood:
        return
    assert told is not None
    found = item("7", told, ())
    if found.visibility == PUBLIC:
        assert b"archive" in body
        assert b"show" in body


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@example(b"\xff\xfe<\x00e\x00")
@example(b"<?xml version='1.0' encoding='utf-7'?><eprints/>")
def test_anything_else_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        record(body)
