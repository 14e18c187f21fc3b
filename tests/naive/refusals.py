"""What of all that was told of outputs stands, as docs/mentions.md has it, without a thought for speed."""

from dataclasses import dataclass, field


@dataclass
class Told:
    """Mentions by connection and key, each as address, identifiers, and whether it was taken back; refusals as
    connection, key and address, of ties with an identifier behind that; and which identifiers are one output."""

    mentions: dict = field(default_factory=dict)
    refusals: list = field(default_factory=list)
    ties: list = field(default_factory=list)
    joined: list = field(default_factory=list)

    def refused(self, name):
        """Whether a mention is refused."""
        url = self.mentions[name][0]
        return any((*name,) == refusal[:2] or url == refusal[2] for refusal in self.refusals)

    def refuse(self, name):
        if name in self.mentions and not self.refused(name):
            self.refusals.append((*name, self.mentions[name][0]))

    def accept(self, name):
        if name in self.mentions:
            url = self.mentions[name][0]
            self.refusals = [each for each in self.refusals if (*name,) != each[:2] and url != each[2]]

    def tie_refused(self, name, identifier):
        """Whether a mention is not one of an identifier."""
        url = self.mentions[name][0]
        return any(((*name,) == tie[:2] or url == tie[2]) and tie[3] == identifier for tie in self.ties)

    def refuse_tie(self, name, identifier):
        if name in self.mentions:
            new = [each for each in self.output(identifier) if not self.tie_refused(name, each)]
            self.ties += [(*name, self.mentions[name][0], each) for each in new]

    def accept_tie(self, name, identifier):
        if name in self.mentions:
            url, has = self.mentions[name][0], self.output(identifier)
            self.ties = [tie for tie in self.ties if ((*name,) != tie[:2] and url != tie[2]) or tie[3] not in has]

    def output(self, identifier):
        """All identifiers of an output."""
        found, before = {identifier}, set()
        while found != before:
            before = set(found)
            for pair in self.joined:
                found |= set(pair) if found & set(pair) else set()
        return found

    def standing(self, identifier):
        """The mentions that stand behind an output: connection, key and address."""
        has = self.output(identifier)
        return {
            (*name, url)
            for name, (url, targets, taken) in self.mentions.items()
            if not taken
            and not self.refused(name)
            and any(each in has and not self.tie_refused(name, each) for each in targets)
        }
