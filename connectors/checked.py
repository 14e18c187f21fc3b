"""How records check themselves as they are made. Each raises `ValueError` or `TypeError`, naming record and field."""

from datetime import UTC, datetime

from config.visibility import Visibility

TEXTS = ("name", "title", "type", "journal", "published", "url", "source", "policy_source", "jurisdiction", "country")


def check(record: object, **texts: str | None) -> None:
    """Each of these must say something; what is a text or a level by its name must be one."""
    for name, value in texts.items():
        if not isinstance(value, str) or not value or "\x00" in value:
            raise ValueError(f"{type(record).__name__}.{name} must be a non-empty string without NUL")
    for name in TEXTS:
        if not isinstance(getattr(record, name, ""), str):
            raise TypeError(f"{type(record).__name__}.{name} must be a string")
    visibility = getattr(record, "visibility", Visibility.PRIVATE)
    if not isinstance(visibility, Visibility):
        raise TypeError(f"{type(record).__name__}.visibility must be a Visibility")


def check_numbers(record: object, **most: int) -> None:
    """Each is a whole number from 0 to its most, or None."""
    for name, limit in most.items():
        value = getattr(record, name)
        if value is not None and (type(value) is not int or not 0 <= value <= limit):
            raise ValueError(f"{type(record).__name__}.{name} must be a whole number from 0 to {limit}, or None")


def check_time(record: object, name: str, value: datetime | None) -> None:
    """It is aware, and in UTC, or None."""
    if value is not None and value.utcoffset() != UTC.utcoffset(None):
        raise ValueError(f"{type(record).__name__}.{name} must be an aware time in UTC")
