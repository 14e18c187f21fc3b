"""A small invented house, and how attention is shared in it, counted without a thought for speed."""

import json
import random
from datetime import UTC, datetime, timedelta

LEVELS = ("public", "public", "public", "internal", "private")
ADMITTED = {"public": {"public"}, "internal": {"public", "internal"}}
SOURCES = ("news", "blog", "x", "policy")
WORDS = ("tides", "bees", "glaciers", "trains")
START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 1000  # some of which have not come yet


class World:
    """Groups, people, outputs and what was said of them; everything has a level of its own."""

    def __init__(self, seed):
        chance = self.chance = random.Random(seed)
        self.groups = {f"g{n}": chance.choice(LEVELS) for n in range(5)}
        self.people = {
            f"p{n}": (chance.choice(LEVELS), set(chance.sample(sorted(self.groups), chance.randrange(3))))
            for n in range(8)
        }
        self.outputs = {
            f"o{n}": (
                chance.choice(LEVELS),
                f"Journal {n % 4}",
                f"On {chance.choice(WORDS)} and {chance.choice(WORDS)}",
            )
            for n in range(30)
        }
        self.links = {
            (output, person): chance.choice(LEVELS)
            for output in self.outputs
            for person in chance.sample(sorted(self.people), 2)
        }
        self.groups["g0"], self.people["p0"] = "internal", ("public", {"g0", "g1"})  # one that members alone see
        self.outputs["o0"] = ("public", *self.outputs["o0"][1:])
        self.links["o0", "p0"] = "public"
        self.mentions = [self._mention(n) for n in range(400)]
        self.taken = set(chance.sample(range(400), 40))

    def _mention(self, n):
        chance = self.chance
        return {
            "id": f"m{n}",
            "source": chance.choice(SOURCES),
            "output": [
                f"doi:10.5555/{key}" for key in chance.sample(sorted(self.outputs), chance.choice((1, 1, 1, 2)))
            ],
            "url": f"https://page.example.org/{chance.randrange(250)}" if chance.random() < 0.9 else "",
            "occurred_at": (START + timedelta(seconds=chance.randrange(DAYS * 86_400))).isoformat(),
        }

    def write(self, folder):
        """As the files connector reads it; mentions that are taken back stand in a file of their own."""
        rows = {
            "groups": ["group,name,visibility"],
            "people": ["person,name,visibility"],
            "memberships": ["person,group"],
            "outputs": ["output,title,journal,visibility,doi"],
            "authorships": ["output,person,visibility"],
        }
        rows["groups"] += [f"{group},Group {group},{level}" for group, level in self.groups.items()]
        for who, (level, groups) in self.people.items():
            rows["people"].append(f"{who},Tides {who},{level}")
            rows["memberships"] += [f"{who},{group}" for group in sorted(groups)]
        for key, (level, journal, title) in self.outputs.items():
            rows["outputs"].append(f"{key},{title},{journal},{level},10.5555/{key}")
        rows["authorships"] += [f"{output},{who},{level}" for (output, who), level in self.links.items()]
        (folder / "import").mkdir()
        for name, lines in rows.items():
            (folder / "import" / f"{name}.csv").write_text("\n".join(lines) + "\n")
        (folder / "told.jsonl").write_text("".join(json.dumps(each) + "\n" for each in self.mentions))
        back = [{"id": f"m{n}", "deleted": True} for n in sorted(self.taken)]
        (folder / "back.jsonl").write_text("".join(json.dumps(each) + "\n" for each in back))

    def seen(self, audience):
        """The outputs that an audience sees."""
        return {key for key, (level, *_) in self.outputs.items() if level in ADMITTED[audience]}

    def of_group(self, audience, group):
        """Those of a group: one of its people has to be named for each."""
        admitted = ADMITTED[audience]
        return {
            output
            for (output, person), level in self.links.items()
            if {level, self.people[person][0], self.groups[group]} <= admitted
            and group in self.people[person][1]
            and output in self.seen(audience)
        }

    def of_journal(self, audience, name):
        return {key for key in self.seen(audience) if self.outputs[key][1] == name}

    def saying(self, audience, word):
        """Those with a word in their title; what people are called plays no part."""
        return {key for key in self.seen(audience) if word in self.outputs[key][2].lower().split()}

    def heard(self, outputs, measure, sources, begins, until, now):
        """What was heard of some outputs: {what counts once: (its first time, source)}."""
        found = {}
        for n, each in enumerate(self.mentions):
            at = datetime.fromisoformat(each["occurred_at"])
            if n in self.taken or at > now or (sources and each["source"] not in sources):
                continue
            for target in each["output"]:
                output = target.removeprefix("doi:10.5555/")
                if output in outputs:
                    act = (each["source"], each["url"] or each["id"])
                    what = act if measure == "mentions" else (*act, output)
                    found[what] = min(found.get(what, at), at)
        return {what: at for what, at in found.items() if begins <= at < until}


def counted(acts, measure):
    """How many they are: acts, or the outputs that they are about."""
    return len(acts) if measure == "mentions" else len({act[-1] for act in acts})
