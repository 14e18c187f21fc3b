"""What a request to the practice Elements asks for: its parameters, checked as strictly as the real one checks them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal
from urllib.parse import quote, unquote_plus

from sandbox.elements.wire import Wire

Detail = Literal["ref", "full"]
MOST = {"full": 25, "ref": 1_000}
"""The largest page at each detail, since v4.6."""
USUAL_PAGE = 25
LISTING = frozenset({"per-page", "detail"})
OBJECTS = LISTING | {"modified-since", "created-since", "ids", "groups", "group-membership", "order-by"}
KNOWN: dict[str, frozenset[str]] = {
    "publications": OBJECTS | {"types", "ever-approved", "query"},
    "users": OBJECTS | {"username", "proprietary-id"},
    "user publications": LISTING | {"types", "modified-since"},
    "object relationships": LISTING | {"types", "modified-since"},
    "relationships": LISTING | {"types", "modified-since", "ids"},
    "deleted": LISTING | {"deleted-since"},
    "groups": LISTING | {"ids"},
    "one": frozenset({"detail"}),
    "plain": frozenset(),
}
"""The parameters of each kind of listing; paging and `affected-since` depend on the version."""

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,7})?(Z|[+-]\d\d:?\d\d)?)?")


class ElementsError(Exception):
    """An answer that is an `api:error`: HTTP status, code of the schema, and what was wrong."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def fault(message: str) -> ElementsError:
    """The refusal of a parameter."""
    return ElementsError(400, "argument fault", message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The parameters of one request as they were told, in their order, without the empty ones."""

    wire: Wire
    told: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, wire: Wire, text: str) -> "Query":
        """From the part of an address after `?`; a `+` that is not written `%2B` is a blank."""
        pairs = (part.partition("=") for part in text.split("&") if part)
        return cls(wire=wire, told=tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs))

    def check(self, listing: str) -> None:
        """Refuse what this listing does not know, or is told twice."""
        known = KNOWN[listing]
        if "per-page" in known:
            known |= {"page"} if self.wire.numbered else {"after-id"}
        if "created-since" in known and self.wire.affected:
            known |= {"affected-since"}
        names = [name for name, _ in self.told]
        for name in names:
            if name not in known:
                raise fault(f"The parameter '{name}' is not recognised by this resource.")
            if names.count(name) > 1:
                raise fault(f"The parameter '{name}' may be supplied only once.")

    def get(self, name: str) -> str:
        """The value of a parameter, empty when it was not told."""
        return dict(self.told).get(name, "")

    def has(self, name: str) -> bool:
        """Whether a parameter was told at all."""
        return name in dict(self.told)

    def detail(self, usual: Detail = "ref") -> Detail:
        """`ref` or `full`."""
        match self.get("detail") or usual:
            case "ref":
                return "ref"
            case "full":
                return "full"
            case other:
                raise fault(f"The value '{other}' of the parameter 'detail' must be 'ref' or 'full'.")

    def per_page(self) -> int:
        """The size of a page; more than the detail allows is refused."""
        detail = self.detail()
        number = self.number("per-page", USUAL_PAGE)
        if not 1 <= number <= MOST[detail]:
            raise fault(f"The value of 'per-page' must lie between 1 and {MOST[detail]} when 'detail' is '{detail}'.")
        return number

    def number(self, name: str, usual: int) -> int:
        """A whole number."""
        text = self.get(name) if self.has(name) else str(usual)
        if not re.fullmatch(r"\d{1,9}", text):
            raise fault(f"The value '{text}' of the parameter '{name}' is not a number.")
        return int(text)

    def numbers(self, name: str) -> frozenset[int]:
        """A comma-separated list of whole numbers."""
        parts = self.get(name).split(",")
        if not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
            raise fault(f"The value '{self.get(name)}' of the parameter '{name}' is not a list of numbers.")
        return frozenset(map(int, parts))

    def true(self, name: str) -> bool | None:
        """A boolean, None when it was not told."""
        match self.get(name) if self.has(name) else None:
            case None:
                return None
            case "true":
                return True
            case "false":
                return False
            case other:
                raise fault(f"The value '{other}' of the parameter '{name}' is not a boolean.")

    def moment(self, name: str) -> datetime | None:
        """A date or a time with its offset; a time without offset is taken as UTC. None when it was not told."""
        if not self.has(name):
            return None
        found = MOMENT.fullmatch(self.get(name))
        try:
            if not found:
                raise ValueError
            day, clock, fraction, offset = found.groups()
            if clock is None:
                return datetime.combine(date.fromisoformat(day), time(), UTC)
            zone = (offset or "Z").replace("Z", "+00:00")
            return datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{zone}")
        except ValueError:
            raise fault(f"The value '{self.get(name)}' of the parameter '{name}' is not a date.") from None

    def href(self, address: str, **changes: object) -> str:
        """The same question at another page; `_` in names stands for `-`, None drops a parameter."""
        renamed = {name.replace("_", "-"): value for name, value in changes.items()}
        pairs = [(name, value) for name, value in self.told if name not in renamed]
        pairs += [(name, str(value)) for name, value in renamed.items() if value is not None]
        text = "&".join(f"{quote(name)}={quote(value, safe=',')}" for name, value in pairs)
        return f"{address}?{text}" if text else address

    def unpaged(self) -> tuple[tuple[str, str], ...]:
        """What decides which things are listed, not how or where in the list."""
        return tuple(sorted(p for p in self.told if p[0] not in {"page", "after-id", "per-page", "detail"}))
