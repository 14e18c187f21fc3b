"""Server-sent events, as the HTML standard has them (section 9.2): lines in, messages out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LARGEST = (
    4 * 1024 * 1024
)  # bytes of one message; the largest that are known, of pages with thousands of links, have one


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: its id, its kind, and what it says. `whole` False: it said more than is kept."""

    id: str
    kind: str
    data: bytes
    whole: bool = True


def messages(lines: Iterable[bytes]) -> Iterator[Message]:
    """Each message as it ends; one that the stream breaks off in is none. Comments, by which a server shows that it is
    still there, and messages that say nothing, are passed over."""
    fields: dict[str, str] = {}
    data: list[bytes] = []
    size, said = 0, False
    for line in lines:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not line:
            if said:
                text, whole = b"\n".join(data), size <= LARGEST
                yield Message(id=fields.get("id", ""), kind=fields.get("event", "message"), data=text, whole=whole)
            fields, data, size, said = {}, [], 0, False
        elif name == b"data":
            size, said = size + len(value) + 1, True
            if size <= LARGEST:
                data.append(value)
        elif name in (b"id", b"event"):
            fields[name.decode()] = value.decode(errors="replace")
