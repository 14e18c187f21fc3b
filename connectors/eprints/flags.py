"""How open an EPrints says a record is: its status, and whether its metadata are shown.

`no_search` is what EPrints sets itself on a version that another one succeeds: the page is there for who knows its
address, and no search or view leads to it. Everything of ours would lead to it, so it is private. It is said of that
version alone: the next one has the same DOI as a rule, and is shown. Who may read the files (`full_text_status`,
`security` and `date_embargo` of documents) says nothing of the record.
"""

from collections.abc import Mapping

from config.visibility import Visibility

STATUS, SHOWN = "eprint_status", "metadata_visibility"
SUCCEEDED = "no_search"
OUT = frozenset({"buffer", "deletion", "inbox"})
"""The statuses of what is not in the archive, or not any more."""

WORDS: Mapping[str, Mapping[str, Visibility]] = {
    STATUS: {
        "archive": Visibility.PUBLIC,
        **dict.fromkeys(sorted(OUT), Visibility.PRIVATE),
    },
    SHOWN: {
        "show": Visibility.PUBLIC,
        SUCCEEDED: Visibility.PRIVATE,
        "hide": Visibility.PRIVATE,
    },
}
TOLD = (STATUS, SHOWN, "full_text_status")
"""What is kept to explain the decision; the last one decides nothing."""


def succeeded(told: Mapping[str, str]) -> bool:
    """Whether all that closes a record is that another version succeeds it, which says nothing of the work."""
    return told.get(SHOWN) == SUCCEEDED and told.get(STATUS) not in OUT


def judge(told: Mapping[str, str]) -> tuple[Visibility, tuple[str, ...]]:
    """The less open of both, and what was not understood, which makes it private."""
    votes, doubts = [], []
    for name, words in WORDS.items():
        vote = words.get(told.get(name, ""))
        if vote is None:
            doubts.append(f"{name} is {'not a word that we know' if name in told else 'not told'}")
        else:
            votes.append(vote)
    return (Visibility.PRIVATE if doubts else min(votes)), tuple(doubts)
