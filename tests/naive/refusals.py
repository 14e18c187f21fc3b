"""What of all that was told of outputs stands, as docs/mentions.md has it, without a thought for speed."""

from dataclasses import dataclass, field


@dataclass
class Told:
    """Mentions by connection and key, each as address, identifiers, and whether it was taken back; refusals as
    connection, key and address; and which identifiers are one output."""

    mentions: dict = field(default_factory=dict)
    refusals: list = field(default_factory=list)
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
            if not taken and has & set(targets) and not self.refused(name)
        }
