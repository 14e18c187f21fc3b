"""The sentence behind a line of the ledger, as readers see it: mentions, accounts, outlets and rules, nothing else.

Every text stands whole, so that it can be said in other languages; in English it is what it says here.
"""

from collections.abc import Mapping
from typing import NamedTuple


def marked(text: str) -> str:
    """A text that stands as data and is said later, so that translators find it."""
    return text


# Per unit kind of the rule set, which is what counts once; where it is told, and where not.
FIRST = {
    "source": marked("first mention in this source"),
    "outlet": marked("first mention by this outlet"),
    "blog": marked("first mention by this blog"),
    "policy_source": marked("first mention by this policy source"),
    "jurisdiction": marked("first mention in this jurisdiction"),
    "author": marked("first mention by this author"),
    "account": marked("first mention by this account"),
    "show": marked("first mention by this show"),
}
FIRST_NOT_TOLD = {
    "outlet": marked("first mention by an outlet that is not told"),
    "blog": marked("first mention by a blog that is not told"),
    "policy_source": marked("first mention by a policy source that is not told"),
    "jurisdiction": marked("first mention in a jurisdiction that is not told"),
    "author": marked("first mention by an author who is not told"),
    "account": marked("first mention by an account that is not told"),
    "show": marked("first mention by a show that is not told"),
}
LATER = {
    "source": marked("a later mention in this source"),
    "outlet": marked("a later mention by this outlet"),
    "blog": marked("a later mention by this blog"),
    "policy_source": marked("a later mention by this policy source"),
    "jurisdiction": marked("a later mention in this jurisdiction"),
    "author": marked("a later mention by this author"),
    "account": marked("a later mention by this account"),
    "show": marked("a later mention by this show"),
}
LATER_NOT_TOLD = {
    "outlet": marked("a later mention by an outlet that is not told"),
    "blog": marked("a later mention by a blog that is not told"),
    "policy_source": marked("a later mention by a policy source that is not told"),
    "jurisdiction": marked("a later mention in a jurisdiction that is not told"),
    "author": marked("a later mention by an author who is not told"),
    "account": marked("a later mention by an account that is not told"),
    "show": marked("a later mention by a show that is not told"),
}
NOT_TOLD = -1
NEVER_COUNTS = marked("this source never counts")
NO_WEIGHT = marked("no published weight for this source")
LEFT_OUT = {
    "sign of gaming": marked("left out by the rule set: a sign of gaming"),
    "same page": marked("same page as an earlier mention"),
    "never counts": NEVER_COUNTS,
    "no published weight": NO_WEIGHT,
}
# Why a score is another one than it was.
CHANGED = {
    "mentions": marked("mentions came, went or were corrected"),
    "counts": marked("numbers of mentions were told anew or taken back"),
    "accounts": marked("as many mentions as before, by accounts that weigh differently now"),
    "outlets": marked("as many mentions as before, in outlets that weigh differently now"),
    "accounts and outlets": marked("as many mentions as before, by accounts and in outlets that weigh differently now"),
    "rules": marked("counted by another rule set or version"),
}
# What a version is to the output that its attention counts for, by the relation that a record states.
VERSIONS = {
    "has_preprint": marked("preprint"),
    "is_preprint_of": marked("preprint"),
    "has_version": marked("version"),
    "is_version_of": marked("version"),
    "is_new_version_of": marked("earlier version"),
    "is_previous_version_of": marked("earlier version"),
    "has_translation": marked("translation"),
    "is_translation_of": marked("translation"),
    "all_versions": marked("identifier of all versions"),
    "is_identical_to": marked("another identifier of the same"),
}


class Clause(NamedTuple):
    """One part of a sentence, a text of its own; `values` are the numbers that `%(name)s` in it stands for."""

    text: str
    values: Mapping[str, int | float] = {}


def clauses(
    *,
    reason: str,
    unit_kind: str,
    unit: int,
    by: str,
    tier: int,
    factor: int,
    repost: int,
    carried: int,
    reach: float = 1,
) -> tuple[Clause, ...]:
    """Why a mention has its points.

    `reason`, `unit`, `tier`, `factor`, `repost`, `carried` are the ledger's columns; `unit_kind` and `by` are those of
    the source's line in the rule set; `reach` is what a blog's points were multiplied by. Of an account's factor
    nothing is told but that it applied."""
    if reason in LEFT_OUT:
        return (Clause(LEFT_OUT[reason]),)
    untold = unit == NOT_TOLD and unit_kind != "source"
    if reason == "later":
        return (Clause((LATER_NOT_TOLD if untold else LATER)[unit_kind]),)
    parts = [Clause((FIRST_NOT_TOLD if untold else FIRST)[unit_kind])]
    if by == "tier":
        parts.append(Clause(marked("tier %(tier)s"), {"tier": tier}) if tier else Clause(marked("tier unknown")))
    if by == "account" and factor != 1000:
        parts.append(Clause(marked("account factor applied")))
    if repost and carried:
        text = marked("repost, carries %(thousandths)s thousandths from rounding up")
        parts.append(Clause(text, {"thousandths": carried}))
    elif repost:
        parts.append(Clause(marked("repost")))
    if reach != 1:
        parts.append(Clause(marked("times the blog's reach of %(reach)s"), {"reach": reach}))
    return tuple(parts)


def tally_clause(*, beaten: bool, counts: bool, published: bool) -> Clause:
    """Why a number of which the single mentions are not known has its points."""
    if beaten:
        return Clause(marked("a count; the mentions of this source are known and stand in its place"))
    if not counts:
        return Clause(NEVER_COUNTS if published else NO_WEIGHT)
    return Clause(marked("a count: no single mention of this source is known"))


def english(told: tuple[Clause, ...]) -> str:
    """The sentence in English, as command line and JSON have it."""
    return "; ".join(
        each.text
        % {name: f"{number:g}" if isinstance(number, float) else number for name, number in each.values.items()}
        if each.values
        else each.text
        for each in told
    )
