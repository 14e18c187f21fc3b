"""A body, decoded piece by piece: spooled to disk when it is large, refused above a limit, noticed when cut short."""

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile

import requests

from connectors.errors import NotUnderstood, TryLater
from connectors.http.answer import Trouble

ACCEPTED = "gzip"  # what the source is told that we decode
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger body waits on disk
CHUNK = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS
MAGIC = b"\x1f"
MEND = "lower per_page"  # where an answer is too large


def spooled(name: str, response: requests.Response, limit: int, mend: str = MEND) -> SpooledTemporaryFile[bytes]:
    """The whole body, standing at its beginning. Raises `Trouble` for one that is damaged, `NotUnderstood` for one that
    is too large or encoded in a way that was not asked for, and what `response.raw` raises."""
    size = 0
    with ExitStack() as stack:
        body = stack.enter_context(SpooledTemporaryFile[bytes](max_size=IN_MEMORY))
        for piece in pieces(name, response):
            size += len(piece)
            if size > limit:
                raise too_large(name, limit, mend)
            try:
                body.write(piece)
            except OSError as full:
                mend = "make room in the temporary folder"
                raise TryLater(f"{name}: the answer cannot be kept ({full.strerror}); {mend}") from None
        body.seek(0)
        stack.pop_all()  # complete: from here on the answer closes it
    return body


def pieces(name: str, response: requests.Response) -> Iterator[bytes]:
    """The body piece by piece, as it comes; raises as `spooled` does, but for its size."""
    return _decoded(name, _raw(response), response)


def too_large(name: str, limit: int, mend: str) -> NotUnderstood:
    """What is said of an answer above the limit."""
    return NotUnderstood(f"{name}: the answer is larger than {limit / 1024**2:.3g} MB; {mend}")


def _raw(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.raw.stream(CHUNK, decode_content=False)
    except ValueError:  # such as a chunk of a negative length
        raise Trouble("the answer is no HTTP") from None


def _decoded(name: str, chunks: Iterator[bytes], response: requests.Response) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return _unzipped(chunks)
    if encoding in ("", "identity"):
        return chunks
    mend = "is there a proxy in between that does so?"
    raise NotUnderstood(f"{name}: the answer is encoded in a way that was not asked for; {mend}")


def _unzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """In pieces of at most `CHUNK` bytes, however small what they come from. Neither requests nor urllib3 would notice
    an end that is missing."""
    unzip = zlib.decompressobj(GZIP)
    begun = False
    try:
        for chunk in chunks:
            begun, rest = True, chunk
            while rest:
                if unzip.eof:
                    if not rest.startswith(MAGIC):  # padding
                        return
                    unzip = zlib.decompressobj(GZIP)
                yield unzip.decompress(rest, CHUNK)
                rest = unzip.unconsumed_tail or unzip.unused_data
    except zlib.error:
        raise Trouble("the answer was damaged") from None
    if begun and not unzip.eof:
        raise Trouble("the answer broke off")
