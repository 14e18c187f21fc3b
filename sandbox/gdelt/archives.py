"""A file in its archive, as it should be and as it should not."""

import io
import zipfile

SAME = (2026, 1, 1, 0, 0, 0)  # so that the same file is the same bytes


def packed(name: str, content: bytes, *more: tuple[str, bytes]) -> bytes:
    """An archive with one file, or with more."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, told in ((name, content), *more):
            archive.writestr(_member(each), told)
    return body.getvalue()


def spoiled(name: str, content: bytes, struck: frozenset[str]) -> bytes:
    """What is sent instead; empty where nothing of this is struck."""
    body = packed(name, content)
    if "bomb" in struck:
        return packed(name, b"\0" * 5_000_000)
    if "two files" in struck:
        return packed(name, content, ("more.csv", b"1\n"))
    if "long list" in struck:
        return packed(name, content, *((f"{number}.csv", b"") for number in range(2000)))
    if "no file" in struck:
        return body[-22:-14] + b"\0" * 14
    if "path in name" in struck:
        return packed(f"../../{name}", content)
    if "other name" in struck:
        return packed("export.csv", content)
    if "locked" in struck:
        return _flagged(body)
    if "damaged" in struck:
        middle = body.index(name.encode()) + len(name) + 4
        return body[:middle] + bytes(each ^ 0x55 for each in body[middle : middle + 20]) + body[middle + 20 :]
    if "other bytes" in struck:
        return packed(name, content + b"\n")
    return b""


def _member(name: str) -> zipfile.ZipInfo:
    told = zipfile.ZipInfo(name, SAME)
    told.compress_type = zipfile.ZIP_DEFLATED
    return told


def _flagged(body: bytes) -> bytes:
    """As if it were locked with a password: a bit in both places that describe it."""
    told = bytearray(body)
    told[6] |= 1
    told[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(told)
