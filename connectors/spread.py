"""How the flags of some records are spread: what `check --connect` says of any system that is read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from connectors.base import Finding
from connectors.records import Authorship, Item, Person

FLAGS = ("current", "academic", "student")


def spread(what: str, records: Sequence[Person | Item | Authorship], *, who: str) -> Iterator[Finding]:
    """One line for the records that were read first, one for each doubt about them. `who` can mend it there."""
    if not records:
        yield Finding(ok=False, what=f"no {what} at all", mend="has the account the right to read them?")
        return
    parts = [_counted(record.visibility.word for record in records)]
    people = [record for record in records if isinstance(record, Person)]
    for flag in FLAGS if people else ():
        parts.append(f"{flag}: {_counted(_WORDS[getattr(person, flag)] for person in people)}")
    yield Finding(ok=True, what=f"the first {len(records)} {what}: {'; '.join(parts)}")
    untold = [flag for flag in FLAGS if people and all(getattr(person, flag) is None for person in people)]
    if set(untold) - {"student"}:
        told = f"whether they are {' or '.join(untold)} is not told"
        yield Finding(ok=True, what=f"{told}; without people_map nobody is in a scope that asks for it")
    doubts = Counter(doubt for record in records for doubt in record.doubts)
    for doubt, count in doubts.most_common():
        mend = f"they count as private; ask {who}"
        yield Finding(ok=False, what=f"{count} of the first {len(records)} {what}: {doubt}", mend=mend)


_WORDS = {True: "yes", False: "no", None: "not told"}


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items()))
