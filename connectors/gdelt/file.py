"""The mentions of one file: of each article that links to what is looked for, one, unless the link is navigation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from connectors import sightings
from connectors.abroad.canonical import domain_of
from connectors.attention import Evidence, Mention
from connectors.errors import NotUnderstood
from connectors.gdelt.article import Article, OddLineError, article
from connectors.identifiers import Identifier, canonical_url
from connectors.records import EVIDENCE, Aside
from connectors.sightings import Tracked
from connectors.ties import ties

NAVIGATION = 5  # articles of one outlet in a quarter of an hour: a link on more of them stands on all its pages
MOST = 10_000  # mentions of one file; all articles of a quarter of an hour are fewer
MOST_ODD = 1000  # lines of one file that are not understood, and of which not a tenth is: the form has changed
REMEMBERED = 50_000  # links of one file that are looked at once, since most stand in the menus of their site
MOST_SILENT = 100_000  # articles of one file that link to nothing of ours, and may have done so before

SEEN = "the link stands on more articles of the outlet than one story has, as its menus do"


@dataclass(slots=True)
class File:
    """What was found in one: `count` is how many lines it has, `silent` the keys of articles that have links, and none
    to anything of ours."""

    name: str
    tracked: Tracked
    count: int = 0
    silent: set[str] = field(default_factory=set)
    asides: list[Aside] = field(default_factory=list)
    _found: dict[str, Mention] = field(default_factory=dict)
    _known: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def read(self, lines: Iterable[bytes]) -> None:
        """Raises `NotUnderstood` where the lines are of another form, or name more of ours than there can be."""
        for line in lines:
            self.count += 1
            try:
                told = article(line)
                if told is not None:
                    self._article(told)
            except OddLineError as odd:
                self._odd(line, str(odd))

    def mentions(self) -> list[Mention]:
        """All of them, without those ties that are an outlet's navigation; these are put with the asides."""
        on = Counter((domain_of(each.url), target) for each in self._found.values() for target in each.targets)
        menus = {tie for tie, articles in on.items() if articles > NAVIGATION}
        self.asides += [
            Aside(kind="link", reason=SEEN, place=domain, key=str(target), keyless=False, stored=True)
            for domain, target in sorted(menus)
        ]
        kept = (
            _naming(each, [seen for seen in each.evidence if (domain_of(each.url), seen.identifier) not in menus])
            for each in self._found.values()
        )
        return [each for each in kept if each.evidence]

    def _article(self, told: Article) -> None:
        links = told.links
        evidence, url = self._seen(links), canonical_url(told.url)
        if not evidence:
            if url and links and len(self.silent) < MOST_SILENT:
                self.silent.add(url)
            return
        if url is None:
            raise OddLineError("it has no address of the web")
        if self._of(url):  # the page of an output itself, which links to what it is
            return
        mention = Mention(
            key=url,
            source="news",
            url=url,
            title=told.title,
            occurred_at=told.at,
            targets=tuple(each.identifier for each in evidence),
            evidence=evidence,
            place=f"{self.name}:{self.count}",
        )
        self._found.setdefault(mention.key, mention)
        if len(self._found) > MOST:
            raise NotUnderstood(f"{self.name}: more than {MOST} articles in it link to outputs, which is not believed")

    def _seen(self, links: Iterable[str]) -> tuple[Evidence, ...]:
        """Of each identifier the first link that shows it."""
        once: dict[Identifier, Evidence] = {}
        for link in links:
            for each in self._of(link):
                once.setdefault(each.identifier, each)
        return tuple(once.values())

    def _of(self, link: str) -> tuple[Evidence, ...]:
        if link not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            digest = sha256(link.encode(errors="replace")).hexdigest()
            self._known[link] = ties(sightings.address(link), self.tracked, digest)
        return self._known[link]

    def _odd(self, line: bytes, reason: str) -> None:
        place = f"{self.name}:{self.count}"
        text = line[:EVIDENCE].decode("latin-1").replace("\x00", "")
        self.asides.append(Aside(kind="article", reason=reason, place=place, evidence=text, keyless=False))
        if len(self.asides) > max(MOST_ODD, self.count // 10):
            raise NotUnderstood(f"{self.name}: {reason}, and so have many others; has the form of the files changed?")


def _naming(mention: Mention, seen: list[Evidence]) -> Mention:
    """The mention, with no other ties than these."""
    if len(seen) == len(mention.evidence):
        return mention
    return replace(mention, targets=tuple(each.identifier for each in seen), evidence=tuple(seen))
