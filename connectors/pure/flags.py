"""How open Pure says something is. What is absent or unknown is private and doubted; the least open word wins.

The visibility of content is one of four words. Beside it the workflow says whether somebody has validated it; what
steps there are is configured by each institution, so a step that is not known is none that opens.
"""

from collections.abc import Mapping

from config.visibility import Visibility
from connectors.documents import Document, within
from connectors.pure.dialect import Dialect
from connectors.pure.values import shown

LEVELS = {
    "FREE": Visibility.PUBLIC,
    "CAMPUS": Visibility.INTERNAL,
    "BACKEND": Visibility.PRIVATE,
    "CONFIDENTIAL": Visibility.PRIVATE,
}
VALIDATED = frozenset({"approved", "validated"})
UNDER_WAY = frozenset({"entryInProgress", "forApproval", "forRevalidation", "forValidation", "inReview"})


def level(told: Document, raw: dict[str, str], doubts: list[str]) -> Visibility:
    """What the content's own visibility says."""
    key = within(told.get("visibility"), "key")
    if key is None:
        doubts.append("nothing tells how visible it is")
        return Visibility.PRIVATE
    raw["visibility"] = shown(key)
    if not isinstance(key, str) or key not in LEVELS:
        doubts.append("the visibility is none that we know")
        return Visibility.PRIVATE
    return LEVELS[key]


def validated(told: Document, dialect: Dialect, raw: dict[str, str], doubts: list[str], *, needed: bool) -> Visibility:
    """What the workflow says. Where it is not `needed`, nothing told opens: people seldom have one."""
    step = within(told.get("workflow"), dialect.step)
    if step is None and told.get("workflow") is None and not needed:
        return Visibility.PUBLIC
    if step is None:
        doubts.append("nothing tells whether it was validated")
        return Visibility.PRIVATE
    raw["workflow"] = shown(step)
    if isinstance(step, str) and step in VALIDATED:
        return Visibility.PUBLIC
    if not isinstance(step, str) or step not in UNDER_WAY:
        doubts.append("the workflow step is none that we know")
    return Visibility.PRIVATE


def confidential(told: Document, raw: dict[str, str], doubts: list[str]) -> Visibility:
    """What the legacy API's own flag says, where it is there."""
    flag = told.get("confidential")
    if flag is None:
        return Visibility.PUBLIC
    raw["confidential"] = shown(flag)
    if type(flag) is not bool:
        doubts.append("confidential is neither true nor false")
    return Visibility.PUBLIC if flag is False else Visibility.PRIVATE


def linked(
    contributor: Document, dialect: Dialect, assumed: Visibility | None
) -> tuple[Visibility, Mapping[str, str], tuple[str, ...]]:
    """How open the link of a contributor is, with what was told and what is doubted.

    `associationHidden` is the person's own wish, `hidden` stands for a collaboration that is named instead. The legacy
    API tells the former only where it is set at all, so there `assumed` speaks for what is absent."""
    raw, doubts = dict[str, str](), list[str]()
    votes = []
    for name in ("associationHidden", "hidden"):
        flag = contributor.get(name)
        if flag is None:
            continue
        raw[name] = shown(flag)
        votes.append(Visibility.PUBLIC if flag is False else Visibility.PRIVATE)
        if type(flag) is not bool:
            doubts.append(f"{name} is neither true nor false")
    if "associationHidden" not in raw:
        if dialect.tells_hidden:
            doubts.append("nothing tells whether the link is hidden")
        votes.append(assumed or Visibility.PRIVATE)
    return Visibility.PRIVATE if doubts else min(votes), raw, tuple(doubts)
