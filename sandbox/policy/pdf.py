"""A small PDF (ISO 32000), put together by hand: pages of lines, links, and what it says of itself."""

import zlib
from collections.abc import Iterable, Mapping, Sequence

HEIGHT = 800
LINE = 14


def pdf(
    pages: Iterable[Sequence[str]],
    *,
    links: Mapping[int, Sequence[str]] | None = None,
    info: Mapping[str, str] | None = None,
    xmp: str = "",
) -> bytes:
    """`links` are addresses by the number of a page, from 1; `info` is such as `{"Title": "A report"}`, and `xmp` the
    XML of its metadata."""
    pages = list(pages)
    objects: dict[int, bytes] = {3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"}
    kids = []
    for number, lines in enumerate(pages, 1):
        content, page = _next(objects), _next(objects) + 1
        objects[content] = _stream(_text(lines), packed=True)
        notes = []
        objects[page] = b""
        for address in (links or {}).get(number, ()):
            note = _next(objects)
            action = f"<< /S /URI /URI ({_escaped(address)}) >>"
            objects[note] = f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A {action} >>".encode()
            notes.append(f"{note} 0 R")
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 {HEIGHT}] /Contents {content} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> /Annots [{' '.join(notes)}] >>"
        ).encode()
        kids.append(f"{page} 0 R")
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    metadata = ""
    if xmp:
        number = _next(objects)
        objects[number] = _stream(xmp.encode(), more="/Type /Metadata /Subtype /XML ")
        metadata = f"/Metadata {number} 0 R "
    objects[1] = f"<< /Type /Catalog /Pages 2 0 R {metadata}>>".encode()
    number = _next(objects)
    objects[number] = (
        "<< " + " ".join(f"/{name} ({_escaped(told)})" for name, told in (info or {}).items()) + " >>"
    ).encode()
    return _file(objects, info=number)


def bomb(megabytes: int) -> bytes:
    """A page of which some KB become as many megabytes."""
    made = zlib.compress(b"(x) Tj " * (megabytes * 1024 * 1024 // 7), 9)
    stream = f"<< /Length {len(made)} /Filter /FlateDecode >>\nstream\n".encode() + made + b"\nendstream"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 {HEIGHT}] /Contents 4 0 R >>".encode()
    return _file({
        1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", 3: page, 4: stream,
    }, info=0)  # fmt: skip


def _next(objects: Mapping[int, bytes]) -> int:
    return max(max(objects), 3) + 1


def _text(lines: Sequence[str]) -> bytes:
    shown = "".join(f"({_escaped(line)}) Tj 0 -{LINE} Td\n" for line in lines)
    return f"BT /F1 11 Tf 40 {HEIGHT - 40} Td\n{shown}ET".encode("cp1252")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _stream(data: bytes, *, packed: bool = False, more: str = "") -> bytes:
    made = zlib.compress(data) if packed else data
    coding = "/Filter /FlateDecode " if packed else ""
    return f"<< {more}{coding}/Length {len(made)} >>\nstream\n".encode() + made + b"\nendstream"


def _file(objects: Mapping[int, bytes], *, info: int) -> bytes:
    body, places = b"%PDF-1.4\n", {}
    for number in sorted(objects):
        places[number] = len(body)
        body += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start, size = len(body), max(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{places[number]:010} 00000 n \n".encode() for number in range(1, size))
    about = f"/Info {info} 0 R " if info else ""
    return body + f"trailer\n<< /Size {size} /Root 1 0 R {about}>>\nstartxref\n{start}\n%%EOF\n".encode()
