"""Invented departments and people, in every combination of flags."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

from sandbox.identifiers import orcid
from sandbox.model import Group, Person, Privacy, Stamps
from sandbox.names import FIRST_NAMES, GROUPS, LAST_NAMES, TITLES

YESTERDAY = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
"""Nothing in a fresh example is younger, so that a delta from today finds only what a test has changed."""

FLAGS: tuple[tuple[Privacy, bool, bool, bool], ...] = tuple(
    product(("public", "internal"), (True, False), (True, False), (True, False))
)
"""Privacy, current, academic, student: person n has the combination n modulo 16, so the first is open in every way."""

FIRST_PERSON = 1001
ORCID_STATUS = ("verified", "verified", "unverified", "pending")


def groups() -> Iterator[Group]:
    """Twelve departments; 1 is the whole organisation."""
    ids = {key: n for n, (key, *_) in enumerate(GROUPS, start=1)}
    for key, name, parents, privacy in GROUPS:
        yield Group(
            id=ids[key],
            name=name,
            description=f"{name}, as an example",
            parents=tuple(ids[parent] for parent in parents),
            privacy=privacy,
        )


def people(count: int, rng: random.Random) -> Iterator[Person]:
    """`count` invented people. Every fifth has no ORCID; of the others some are only claimed, not confirmed.

    Leave dates are misleading on purpose: some who left are current, some who stay are not."""
    leaves = [n for n, (key, *_) in enumerate(GROUPS, start=1) if not any(key in row[2] for row in GROUPS)]
    for n in range(count):
        privacy, current, academic, student = FLAGS[n % len(FLAGS)]
        first = FIRST_NAMES[n % len(FIRST_NAMES)]
        last = LAST_NAMES[(n * 7 + n // len(LAST_NAMES)) % len(LAST_NAMES)]
        own = rng.sample(leaves, 2 if n % 6 == 5 else 1)
        yield Person(
            id=FIRST_PERSON + n,
            proprietary_id=f"E{20_000 + n}",
            username=f"ex{n:05d}",
            title=TITLES[n % len(TITLES)],
            first_name=first,
            last_name=last,
            known_as=first.split()[0][:3] if n % 9 == 4 else "",
            orcid="" if n % 5 == 3 else orcid(n),
            orcid_status=ORCID_STATUS[n % len(ORCID_STATUS)],
            privacy=privacy,
            current=current,
            academic=academic,
            student=student,
            arrived=date(2005 + n % 18, 1 + n % 12, 1),
            left=date(2019 + n % 12, 9, 30) if n % 7 in (2, 3) else None,
            groups=tuple(sorted(own if n % 11 else [*own, 2])),
            stamps=stamps(rng),
        )


def stamps(rng: random.Random) -> Stamps:
    """Three times in order, with fractions of a second of any length, as servers tell them."""
    created, modified, affected = sorted(_moment(rng) for _ in range(3))
    return Stamps(created=created, modified=modified, affected=affected)


def _moment(rng: random.Random) -> datetime:
    moment = YESTERDAY - timedelta(seconds=rng.randrange(60, 9 * 365 * 86_400))
    digits = rng.randrange(7)
    return moment + timedelta(microseconds=rng.randrange(10**digits) * 10 ** (6 - digits))
