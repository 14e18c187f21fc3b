"""The sentences of the ledger: in English what they always said, and in other languages whole."""

import re
from itertools import product

import pytest

from badges.language import Language
from badges.ledger_page import said
from scoring.words import CHANGED, VERSIONS, Clause, clauses, english, tally_clause

THIS = {
    "outlet": "this outlet",
    "blog": "this blog",
    "policy_source": "this policy source",
    "jurisdiction": "this jurisdiction",
    "author": "this author",
    "account": "this account",
    "show": "this show",
}
REASONS = ("first", "later", "sign of gaming", "same page", "never counts", "no published weight")


def model(line: dict[str, object]) -> str:
    """The sentence as it was put together when there was one language."""
    fixed = {"sign of gaming": "left out by the rule set: a sign of gaming",
             "same page": "same page as an earlier mention",
             "never counts": "this source never counts",
             "no published weight": "no published weight for this source"}  # fmt: skip
    reason, kind = str(line["reason"]), str(line["unit_kind"])
    if reason in fixed:
        return fixed[reason]
    article = "an" if kind in ("outlet", "author", "account") else "a"
    who = "who" if kind == "author" else "that"
    unit = f"{article} {kind.replace('_', ' ')} {who} is not told" if line["unit"] == -1 else THIS.get(kind, "")
    by = "in this source" if kind == "source" else f"{'in' if kind == 'jurisdiction' else 'by'} {unit}"
    if reason == "later":
        return f"a later mention {by}"
    parts = [f"first mention {by}"]
    if line["by"] == "tier":
        parts.append(f"tier {line['tier']}" if line["tier"] else "tier unknown")
    if line["by"] == "account" and line["factor"] != 1000:
        parts.append("account factor applied")
    if line["repost"]:
        carried = line["carried"]
        parts.append(f"repost, carries {carried} thousandths from rounding up" if carried else "repost")
    if line["reach"] != 1:
        parts.append(f"times the blog's reach of {line['reach']:g}")
    return "; ".join(parts)


def lines() -> list[dict[str, object]]:
    """Every line that a ledger can have, and more."""
    names = ("reason", "unit_kind", "unit", "by", "tier", "factor", "repost", "carried", "reach")
    values = (
        REASONS,
        (*THIS, "source"),
        (-1, 1),
        ("tier", "account", "reach", "nothing"),
        (0, 3),
        (1000, 486),
        (0, 1),
        (0, 300),
        (1, 1.26, 2.0),
    )
    return [dict(zip(names, each, strict=True)) for each in product(*values)]


def test_the_english_sentences_are_what_they_were() -> None:
    assert {model(line) for line in lines() if english(clauses(**line)) != model(line)} == set()  # type: ignore[arg-type]


@pytest.fixture
def foreign() -> Language:
    """A language in which every text that is in the catalogue stands in brackets."""
    language = Language("de")
    language.gettext = lambda text: f"<{text}>"  # type: ignore[assignment, misc]
    return language


def test_every_sentence_can_be_said_in_another_language(foreign: Language) -> None:
    told = [said(clauses(**line), foreign) for line in lines()]  # type: ignore[arg-type]
    told += [
        said((tally_clause(beaten=a, counts=b, published=c),), foreign) for a, b, c in product((True, False), repeat=3)
    ]

    assert [each for each in told if not re.fullmatch("<[^<>]+>(; <[^<>]+>)*", each)] == []
    assert any("<times the blog's reach of 1,26>" in each for each in told)


def test_a_number_in_a_sentence_is_written_as_its_language_has_it() -> None:
    assert said((Clause("by %(n)s", {"n": 1234.5}),), Language("de")) == "by 1.234,5"
    assert english((Clause("by %(n)s", {"n": 1234.5}), Clause("100 %"))) == "by 1234.5; 100 %"


def test_no_reason_speaks_of_anything_but_mentions_accounts_outlets_and_rules() -> None:
    words = " ".join((*CHANGED.values(), *VERSIONS.values()))

    assert not [word for word in ("scope", "visib", "merge", "private", "hidden") if word in words]
