"""What ties each line of the audit log to the one before it: a hash over both, so that a line that was changed, taken
out or put in is found. It needs no key, so that whoever has a copy of the log can check it."""

from hashlib import sha256

from sync.store.rows import as_json

BEGINNING = ""  # what the first line is tied to


def tie(before: str, at: int, actor: str, verb: str, subject: str, detail: str) -> str:
    """The hash of a line, in 64 hexadecimal digits; `before` is that of the line before it."""
    return sha256(f"{before}\n{as_json([at, actor, verb, subject, detail])}".encode()).hexdigest()
