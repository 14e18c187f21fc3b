"""What counts for whom by way of versions, as the documentation has it, without a thought for speed."""

from connectors.records import RELATIONS

LEVELS = {"public": 2, "internal": 1}  # the least that an audience sees


class Works:
    """Outputs with one DOI each, what they state of others, and who spoke of which DOI."""

    def __init__(self):
        self.level, self.stated = {}, {}
        self.ghosts, self.hidden = set(), set()
        self.least = 1
        self.mentions = {}

    def tell(self, work, level, stated):
        self.level[work], self.stated[work] = level, stated

    def gone(self, work):
        if self.level.pop(work, 2) < 2:
            self.ghosts.add(work)  # its vote stays
        self.stated.pop(work, None)

    def shows(self, work, audience):
        """Whether an audience sees an output that is known."""
        if work in self.hidden or work not in self.level:
            return False
        level = min(self.level[work], 0 if work in self.ghosts else 2)
        return level >= max(self.least, LEVELS[audience])

    def counts(self, work, audience):
        """Whether what speaks of a DOI may be seen: as an output, or because nobody told of one."""
        if work in self.level or work in self.ghosts:
            return self.shows(work, audience)
        return work not in self.hidden

    def versions(self, work, audience):
        """All DOIs that count for an output, its own included."""
        found, wanted = set(), [work]
        while wanted:
            one = wanted.pop()
            if one in found or not (one == work or self.counts(one, audience)):
                continue
            found.add(one)
            wanted += [other for other in self.stated.get(one, {}) if RELATIONS[self.stated[one][other]]]
            wanted += [
                other
                for other, stated in self.stated.items()
                if one in self.level and not RELATIONS[stated.get(one, "has_version")]
            ]
        return found

    def score(self, work, audience):
        """The mentions of an output as an audience is told of them."""
        known = self.versions(work, audience)
        return {mention for mention, targets in self.mentions.items() if known & set(targets)}
