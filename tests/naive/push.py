"""What stands in repositories after a push: sections 3 and 5 of the house in plain Python, line by line.

It knows the outputs as they were told, and looks at the items of the repositories themselves; it keeps no ledger. What
a field must hold after a push is worked out from what it held before, from who may see what, and from when we last
wrote there. Nothing of `sync` is imported here.

Where the house leaves room, the model lets either be: an item that was once looked for in vain, or whose field somebody
edited, may be looked at again later (`patient`); what somebody took out of a field may stay out until the score changes
(`disturbed`).
"""

import re
from dataclasses import dataclass, field

from connectors.identifiers import Identifier

DAY = 86_400 * 1_000_000
EVERY = 7 * DAY
LONGEST = 100 * DAY  # longer than anything is left alone
DOUBT = 2 * DAY  # longer than what failed is left alone
BASE = "https://ringmark.example.edu"
BADGE = re.compile(rf"{re.escape(BASE)}/badge/output/(\d+)\.svg")
EXACT = re.compile(rf"{BADGE.pattern} (\d+) \d{{4}}-\d\d-\d\d")


@dataclass
class Told:
    """One output as the source tells it now. `policies` is how many policy sources mention it, 3 points each."""

    key: str
    level: str = "public"
    doi: str = ""
    handle: str = ""
    author: str = ""
    policies: int = 0

    @property
    def url(self):
        return f"https://alpha.example.edu/{self.key}"

    @property
    def marks(self):
        return {self.url, self.doi, self.handle} - {""}


@dataclass
class Reader:
    """What the public may see."""

    requires_author: bool
    current_only: bool = False
    outputs: dict = field(default_factory=dict)
    hides: list = field(default_factory=list)

    def works(self):
        """Outputs that share a DOI are one."""
        named = {}
        for told in self.outputs.values():
            named.setdefault(told.doi or told.key, []).append(told)
        return [Work(told) for told in named.values()]

    def shown(self):
        return [work for work in self.works() if self.shows(work)]

    def shows(self, work):
        authors = {told.author for told in work.told} - {""}
        if self.current_only:
            authors -= {"former"}
        if any(told.level != "public" for told in work.told) or any(hidden & work.marks for hidden in self.hides):
            return False
        return bool(authors) or not self.requires_author


class Work:
    """Records that are one output."""

    def __init__(self, told):
        self.told = told
        self.keys = {each.key for each in told}
        self.marks = set().union(*(each.marks for each in told))
        self.doi = told[0].doi
        self.handles = sorted({each.handle for each in told} - {""})
        self.score = 3 * sum(each.policies for each in told)

    @property
    def url(self):
        return Identifier("url", self.told[0].url)

    def carried_by(self, item):
        return item.handle in self.handles or (self.doi != "" and self.doi in item.texts("dc.identifier.doi"))

    def item(self, items):
        """The one item that it is found at: by the first of its identifiers that exactly one carries."""
        open_ = [item for item in items if item.in_archive and not item.withdrawn]
        for scheme, value in (("doi", self.doi), *(("handle", handle) for handle in self.handles)):
            if value:
                found = [i for i in open_ if value in (i.texts("dc.identifier.doi") if scheme == "doi" else i.handle)]
                if len(found) == 1:
                    return found[0].uuid
        return None


@dataclass
class Repository:
    """What is known of one repository from outside."""

    field: str
    written: dict = field(default_factory=dict)  # (uuid, field) -> when a badge of ours was last put there
    patient: dict = field(default_factory=dict)  # uuid or key of an output -> until when it may be left alone
    disturbed: set = field(default_factory=set)  # (uuid, field) that somebody edited since ours was last seen there

    def leaves_alone(self, work, uuid, now):
        return any(self.patient.get(name, 0) > now for name in (uuid, *work.keys))

    def saw(self, shown, items, before, after, now, failed):
        """Remember what a push, clean or `failed`, leaves for later."""
        for number, work in shown.items():
            uuid = work.item(items.values())
            if uuid is None:
                self.patient.update(dict.fromkeys(work.keys, now + LONGEST))
            elif set(numbers(after[uuid, self.field])) - {number}:  # another output's badge is somebody else's value
                self.patient.update(dict.fromkeys(work.keys, now + EVERY + DOUBT))
        for place, texts in after.items():
            if failed:
                self.patient[place[0]] = max(self.patient.get(place[0], 0), now + DOUBT)
            if any(not EXACT.fullmatch(text) for text in before[place]):
                self.patient[place[0]] = now + EVERY + DOUBT
            elif texts:
                self.disturbed.discard(place)


def wrong_after(repository, shown, items, before, after, now):
    """What is wrong with the fields of a repository after a push in which nothing failed; empty when all is well.

    `shown` are the works that show, by public id; `before` and `after` the texts by (uuid, field)."""
    at = {number: work.item(items.values()) for number, work in shown.items()}
    for (uuid, name), texts in before.items():  # what stands somewhere already is not looked for elsewhere
        at |= dict.fromkeys(_staying(repository, shown, items[uuid], name, texts), uuid)
    wrong = []
    for place, texts in before.items():
        allowed = _allowed(repository, shown, at, items, place, texts, now)
        if plain(after[place]) not in allowed:
            wrong.append(f"{place} held {texts}, holds {after[place]}, may hold {allowed}")
    return wrong


def plain(texts):
    """Texts with our badges as number and score: when a score was found is no difference."""
    return tuple(_badge(*map(int, exact.groups())) if (exact := EXACT.fullmatch(text)) else text for text in texts)


def _allowed(repository, shown, at, items, place, texts, now):
    """Every way in which a field may stand after a clean push."""
    item = items[place[0]]
    kept = tuple(text for text in texts if _may_stay(repository, shown, item, place[1], text))
    if place[1] != repository.field or not all(EXACT.fullmatch(text) for text in kept):
        return [plain(kept)]  # nothing is written to another field, and over nobody's edit
    claims = {number: work for number, work in shown.items() if at[number] == item.uuid}
    wanted = [(_badge(number, work.score),) for number, work in claims.items()]
    if any(shown[number].item(items.values()) != item.uuid for number in numbers(kept)):
        return [*wanted, plain(kept), ()]  # it was found by what no longer leads here, or not here alone
    if plain(kept) in wanted:
        return [plain(kept)]  # equal means no write
    if kept and repository.written.get(place, 0) + EVERY > now:
        return [plain(kept)]
    alone = all(repository.leaves_alone(work, item.uuid, now) for work in claims.values())
    if not claims or alone or place in repository.disturbed:
        wanted.append(plain(kept))
    if place in repository.disturbed:  # an item that was found stays known, also where a search finds it no more
        wanted += [(_badge(number, work.score),) for number, work in shown.items() if work.carried_by(item)]
    return wanted


def _staying(repository, shown, item, name, texts):
    """The badges in a field that are where they belong."""
    return [number for text in texts if _may_stay(repository, shown, item, name, text) for number in numbers([text])]


def _may_stay(repository, shown, item, name, text):
    """Whether a value may stand where it stands: everything that tells of no badge of ours may."""
    found = BADGE.search(text)
    work = shown.get(int(found[1])) if found else None
    return found is None or (name == repository.field and work is not None and work.carried_by(item))


def numbers(texts):
    """The public ids in texts."""
    return [int(found[1]) for text in texts if (found := BADGE.search(text))]


def _badge(number, score):
    return f"{BASE}/badge/output/{number}.svg {score}"
