"""What a change has touched: everything the joint tables and the badges must be worked out again for."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Touched:
    """Row keys, gathered while records are taken in, and settled in one go before the transaction ends."""

    profiles: set[int] = field(default_factory=set)  # person_record
    items: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    outputs: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)  # connections whose groups or memberships changed
    identified: set[int] = field(default_factory=set)  # outputs whose identifiers may have changed
    mentions: set[int] = field(default_factory=set)
    retied: set[int] = field(default_factory=set)  # mentions that are tied already, or share a page with one that is
    learned: set[int] = field(default_factory=set)  # outputs of which services that were asked say something else now
    spoken: set[int] = field(default_factory=set)  # outputs mentioned by somebody of whom something new was told
