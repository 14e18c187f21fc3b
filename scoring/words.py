"""The sentence behind a line of the ledger, as readers see it: mentions, accounts, outlets and rules, nothing else."""

# Per unit kind of the rule set: what counts once.
UNIT_WORDS = {
    "outlet": "this outlet",
    "blog": "this blog",
    "policy_source": "this policy source",
    "jurisdiction": "this jurisdiction",
    "author": "this author",
    "account": "this account",
    "show": "this show",
}
NOT_TOLD_WORDS = {
    "outlet": "an outlet that is not told",
    "blog": "a blog that is not told",
    "policy_source": "a policy source that is not told",
    "jurisdiction": "a jurisdiction that is not told",
    "author": "an author who is not told",
    "account": "an account that is not told",
    "show": "a show that is not told",
}
NOT_TOLD = -1
# Why a score is another one than it was.
CHANGED = {
    "mentions": "mentions came, went or were corrected",
    "counts": "numbers of mentions were told anew or taken back",
    "accounts": "as many mentions as before, by accounts that weigh differently now",
    "outlets": "as many mentions as before, in outlets that weigh differently now",
    "accounts and outlets": "as many mentions as before, by accounts and in outlets that weigh differently now",
    "rules": "counted by another rule set or version",
}


# What a version is to the output that its attention counts for, by the relation that a record states.
VERSIONS = {
    "has_preprint": "preprint",
    "is_preprint_of": "preprint",
    "has_version": "version",
    "is_version_of": "version",
    "is_new_version_of": "earlier version",
    "is_previous_version_of": "earlier version",
    "has_translation": "translation",
    "is_translation_of": "translation",
    "all_versions": "identifier of all versions",
}


def sentence(
    *, reason: str, unit_kind: str, unit: int, by: str, tier: int, factor: int, repost: int, carried: int
) -> str:
    """Why a mention has its points.

    `reason`, `unit`, `tier`, `factor`, `repost`, `carried` are the ledger's columns; `unit_kind` and `by` are those of
    the source's line in the rule set. Of an account's factor nothing is told but that it applied."""
    match reason:
        case "sign of gaming":
            return "left out by the rule set: a sign of gaming"
        case "same page":
            return "same page as an earlier mention"
        case "never counts":
            return "this source never counts"
        case "no published weight":
            return "no published weight for this source"
        case "later":
            return f"a later mention {_by_whom(unit_kind, unit)}"
    parts = [f"first mention {_by_whom(unit_kind, unit)}"]
    if by == "tier":
        parts.append(f"tier {tier}" if tier else "tier unknown")
    if by == "account" and factor != 1000:
        parts.append("account factor applied")
    if repost:
        parts.append(f"repost, carries {carried} thousandths from rounding up" if carried else "repost")
    return "; ".join(parts)


def tally_sentence(*, beaten: bool, counts: bool, published: bool) -> str:
    """Why a number of which the single mentions are not known has its points."""
    if beaten:
        return "a count; the mentions of this source are known and stand in its place"
    if not counts:
        return "this source never counts" if published else "no published weight for this source"
    return "a count: no single mention of this source is known"


def _by_whom(unit_kind: str, unit: int) -> str:
    if unit_kind == "source":
        return "in this source"
    preposition = "in" if unit_kind == "jurisdiction" else "by"
    return f"{preposition} {(NOT_TOLD_WORDS if unit == NOT_TOLD else UNIT_WORDS)[unit_kind]}"
