"""What goes wrong on demand in a practice system, one way a name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from sandbox.institution import Institution

What = Literal[
    "slow", "status", "too many requests", "truncated", "repeated next", "wrong order", "empty feed", "login page",
    "error in body", "doctype", "wrong charset", "not xml", "rewrite", "hang up before", "hang up midway", "change",
    "hang up after", "forget",
]  # fmt: skip


@dataclass(slots=True)
class Strike:
    """When something goes wrong: at the nth request since the server began (`at`, 1 is the first), where the regular
    expression `address` is found in path and query, and with the `method`; with none of them, at the next request.
    `times` strikes at most, None for ever."""

    known: ClassVar[tuple[str, ...]] = ()

    what: str
    at: int | None = None
    address: str = ""
    times: int | None = 1
    method: str = ""

    def __post_init__(self) -> None:
        if self.what not in self.known:
            raise ValueError(f"there is no fault {self.what!r}; there are: {', '.join(self.known)}")

    def strikes(self, number: int, method: str, address: str) -> bool:
        """Whether it strikes at this request; counts the strike."""
        due = (
            self.times != 0
            and self.at in (None, number)
            and self.method in ("", method)
            and re.search(self.address, address) is not None
        )
        if due and self.times is not None:
            self.times -= 1
        return due


@dataclass(slots=True)
class Fault(Strike):
    """One thing that goes wrong: `Fault("status", at=3, status=504)`, `Fault("truncated", address="/users", times=2)`.

    `slow` waits `seconds`, then answers. `status` answers with an `api:error` of that `status`. `too many requests` is
    a 429 with `retry_after`, seconds or a date as HTTP writes it. `truncated` sends fewer bytes than it says. `login
    page` is 200 and HTML, `error in body` 200 and an `api:error`. `hang up midway` ends half-way, no length said;
    `hang up after` does what was asked, and says nothing; `forget` says that it was done, and it is not.
    `doctype`, `wrong charset` and `not xml` spoil the body; `rewrite` replaces what the regular expression `old` finds
    in it by `new`, as in an unknown word of privacy. `repeated next`, `wrong order` and `empty feed` spoil the paging.
    `change` calls `act` with the institution, then answers."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    seconds: float = 0.0
    retry_after: str = "1"
    old: str = ""
    new: str = ""
    act: Callable[[Institution], None] | None = None


CODES = {
    400: "argument fault",
    401: "invalid credentials",
    403: "unauthorised access",
    404: "resource not found",
    409: "concurrency conflict",
    410: "resource deleted",
    504: "database timeout",
}
"""The code of an `api:error` beside a status; everything else is a server fault."""

LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method='post' action='/sso'>"
    b"<input name='user'><input name='password' type='password'></form></body></html>"
)


def spoil(text: str, struck: Mapping[str, Fault]) -> bytes:
    """A body with other words, a document type, bytes of another charset than declared, or no XML at all."""
    if fault := struck.get("rewrite"):
        text = re.sub(fault.old, fault.new, text, flags=re.DOTALL)
    body = text.encode()
    head, _, rest = body.partition(b"\n")
    if "doctype" in struck:
        body = head + b'\n<!DOCTYPE feed [<!ENTITY lol "lol"><!ENTITY lots "&lol;&lol;&lol;&lol;">]>\n' + rest
    if "wrong charset" in struck:
        body = head + b"\n<!-- caf\xe9 na\xefve -->" + rest
    if "not xml" in struck:
        body = b"The service is being updated.\r\n"
    return body
