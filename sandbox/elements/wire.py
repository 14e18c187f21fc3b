"""The three wire formats of the practice Elements, and how each writes a privacy level and a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.markup import text
from sandbox.model import Privacy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One API specification as one product release serves it.

    `numbered`: pages have numbers instead of a token. `flags`: `is-public` on users and publications. `visible`:
    `is-visible` on relationships. `levels`: privacy levels, and students. `affected`: knows `affected-since`."""

    version: str
    product: str
    prefix: str
    atom: bool = True
    numbered: bool = False
    flags: bool = False
    visible: bool = True
    levels: bool = False
    affected: bool = True


WIRES = {
    "4.6": Wire(version="4.6", product="4.7", prefix="/elements-api/v4.6", numbered=True, affected=False),
    "5.5": Wire(version="5.5", product="5.16", prefix="/secure-api/v5.5", flags=True),
    "6.13": Wire(version="6.13", product="6.13", prefix="/secure-api/v6.13", atom=False, visible=False, levels=True),
}
NEWER = {**WIRES, "5.5": Wire(version="5.5", product="6.12", prefix="/secure-api/v5.5", flags=True, levels=True)}
"""The same endpoints on a newer product, where v5.5 tells old flags and new levels side by side."""


def privacy(wire: Wire, level: Privacy) -> str:
    """The privacy of a user or a publication; nothing in v4.6."""
    flag = text("is-public", level == "public") if wire.flags else ""
    return flag + (text("privacy-level", level.capitalize()) if wire.levels else "")


def visibility(wire: Wire, level: Privacy, effective: Privacy) -> str:
    """The privacy of a relationship. `effective` is the most restrictive of the relationship and both its ends."""
    flag = text("is-visible", level == "public") if wire.visible else ""
    if not wire.levels:
        return flag
    return flag + text("privacy-level", level.capitalize()) + text("effective-privacy-level", effective.capitalize())


def stamp(moment: datetime) -> str:
    """Local time with its offset and 0 to 7 digits of a second, without trailing zeros, as real answers have it.

    Summer time is taken to be April to October, so that no time zone database is needed."""
    local = moment.astimezone(timezone(timedelta(hours=1 if 4 <= moment.month <= 10 else 0)))
    seventh = local.microsecond % 10
    fraction = f"{local.microsecond:06d}{seventh}".rstrip("0") if local.microsecond else ""
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%dT%H:%M:%S}{'.' if fraction else ''}{fraction}{offset[:3]}:{offset[3:]}"
