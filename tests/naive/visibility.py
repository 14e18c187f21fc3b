"""Who takes part and who sees: section 3 of the house in plain Python, slow and line by line.

It is fed with the very pages the store is fed with, keeps every record and every vote as an object, and works the
whole answer out anew each time it is asked. Nothing of `sync` is imported here.

A vote outlives its record: of one that is gone a `Vote` stands in its place, of one that was forgotten at the border a
`Vote` with marks, the keys and identifiers it would be known by.

Where the house leaves room, the model takes the reading that shows less:
- a vote that stays goes on joining what its record joined, and needs the item or profile that it speaks of;
- "less open than the rest" is asked at the moment of the deletion, of all other votes but hides and vetoes, and again
  at the closing time; where there is no rest, every vote below public stays; of a merged record it always stays;
- a record without a DOI that could belong to several outputs is an output of its own and votes on all of them;
- profiles of one source with one ORCID are one person too; where one was merged into another, they are one as well;
- a connection that is no longer in the settings only votes (it still asks for authors); a paused one stays as it was;
- `keep` looks at the level that was told, not at its closing time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from naive.records import (
    INTERNAL,
    PRIVATE,
    PUBLIC,
    Source,
    Told,
    Vote,
    all_marks,
    all_say,
    classes,
    doi,
    here_of,
    joining,
    less_open,
    marks,
    told_of,
    touches,
)

from config.scope import Scope

ADMITS = {"public": {PUBLIC}, "internal": {PUBLIC, INTERNAL}}
KINDS = {"people": "person", "groups": "group", "items": "item", "authorships": "authorship"}


@dataclass
class Hide:
    kind: str
    marks: frozenset


class House:
    def __init__(self, sources: Iterable[Source], scope: Scope) -> None:
        self.sources = {source.name: source for source in sources}
        self.scope = scope
        self.hides: list[Hide] = []

    # What happens -------------------------------------------------------------------------------------------------

    def pull(self, name, pages, now):
        source = self.sources[name]
        run: dict[tuple[str, str], Told] = {}
        for page in pages:
            for part, kind in KINDS.items():
                if source.people or kind == "item":
                    for record in getattr(page, part):
                        self._take(source, kind, record, run)
            if source.people:
                source.members |= {told.group: told.people for told in page.members}
            listed = {record.key for record in page.items}
            kept = {record.key for record in page.authorships}
            for key, each in source.of("authorship").items():
                if each.record.item in listed and key not in kept:
                    self._remove(source, "authorship", key, now)
            for gone in page.gone:
                if gone.hidden:
                    self._hide(source, gone.kind, gone.key, run)
                self._remove(source, gone.kind, gone.key, now, gone.into, gone.hidden)

    def _take(self, source, kind, record, run):
        """The record replaces its earlier version; what the same run said of it before votes too."""
        before = run.get((kind, record.key))
        levels = [record.visibility] + ([before.level] if before else [])
        closings = [at for at in (record.closes_at, before.closes if before else None) if at is not None]
        told = run[kind, record.key] = Told(source, record, min(levels), min(closings, default=None))
        source.told.pop((kind, record.key), None)
        source.vetoes.pop((kind, record.key), None)
        source.left.pop((kind, record.key), None)
        if told.level < source.keep:
            source.vetoes[kind, record.key] = self._veto(source, kind, told)
        else:
            source.told[kind, record.key] = told

    def _hide(self, source, kind, key, run):
        """What its source states to be hidden votes private, also where it is gone already, and in the rest of the run;
        what is forgotten below private is forgotten now."""
        for where in (source.told, source.left):
            if (told := where.get((kind, key))) and getattr(told, "into", None) is None:
                told.level, run[kind, key] = PRIVATE, told
                if source.keep > PRIVATE:
                    source.vetoes[kind, key] = self._veto(source, kind, told)
                    del where[kind, key]
                    for links in (source.told, source.left):
                        for link in [one for one, each in links.items() if getattr(each.record, kind, None) == key]:
                            del links[link]

    def _remove(self, source, kind, key, now, into=None, hidden=False):
        """Gone; its vote stays where it was less open than the rest or will be, and where it was merged or hidden
        always."""
        told = source.told.get((kind, key))
        if told is None:
            if into is not None and (veto := source.vetoes.get((kind, key))):
                veto.marks |= {("key", source.name, into)}
            return
        for link, each in list(source.of("authorship").items()):
            if kind in ("item", "person") and getattr(each.record, kind) == key:
                self._remove(source, "authorship", link, now)
        rest = self._beside(source, kind, told)
        needed = any(its == "authorship" and getattr(vote.record, kind, None) == key for its, _ in source.left
                     for vote in [source.left[its, _]])  # fmt: skip
        del source.told[kind, key]
        if kind != "group" and (into is not None or hidden or needed or less_open(told, rest, now)):
            source.left[kind, key] = Vote(source, told.record, told.level, told.closes, into)

    def _beside(self, source, kind, told):
        """The other votes, of records here or gone, on what this record votes on."""
        one = (source.name, told.record.key)
        if kind == "item":
            return [each for output in self.outputs() if one in output for each in output.values() if each is not told]
        if kind == "person":
            return [each for person in self.people() if one in person for each in person.values() if each is not told]
        for output in self.outputs():
            for person in self.people():
                links = self.links(output, person)
                if any(each is told for each in links):
                    return [each for each in links if each is not told]
        return []

    def _veto(self, source, kind, told):
        """Private from now on, known by keyed marks alone."""
        if kind != "authorship":
            return Vote(source, told.record, PRIVATE, None, marks=marks(source.name, kind, told.record))
        sides = []
        for side in ("item", "person"):
            key = getattr(told.record, side)
            known = source.told.get((side, key)) or source.vetoes.get((side, key))
            own = frozenset({("key", source.name, key)})
            sides.append(own | (marks(source.name, side, known.record) if known else own))
        return Vote(source, told.record, PRIVATE, None, None, *sides)

    def hide(self, kind, thing):
        """A local vote, which clings to everything the output or person is known by now."""
        self.hides.append(Hide(kind, all_marks("item" if kind == "output" else kind, thing)))

    def unhide(self, kind, thing):
        known = all_marks("item" if kind == "output" else kind, thing)
        self.hides = [hide for hide in self.hides if hide.kind != kind or not hide.marks & known]

    def forget(self, name):
        source = self.sources[name]
        source.told, source.members, source.vetoes, source.left = {}, {}, {}, {}

    def remove(self, name):
        """The connection is no longer in the settings."""
        self.sources[name].removed = True

    # What is one ---------------------------------------------------------------------------------------------------

    def _all(self, kind):
        """Records and the votes that records left, by (source, key)."""
        return {(s.name, key): each for s in self.sources.values() for where in (s.left, s.told)
                for (its, key), each in where.items() if its == kind}  # fmt: skip

    def outputs(self):
        """Items joined, votes of gone ones among them: each output is {(source, key): Told}."""
        return [output for output, _ in self.outputs_and_near()]

    def outputs_and_near(self):
        """[(output, votes of items that could belong to it, to others too, and of what was merged into its items)]."""
        items = self._all("item")
        found, near = [], {}
        for group in classes(items, lambda each: joining(each.record)):
            if len({doi(items[one].record) for one in group} - {None}) <= 1:
                found.append(group)
                continue
            # Items that differ in DOI are parted; those without one go where all their ways lead, or stay alone.
            loose = {one: items[one] for one in group if doi(items[one].record) is None}
            apart: dict[str, set] = {}
            for one in group - loose.keys():
                apart.setdefault(doi(items[one].record), set()).add(one)
            strong = {name: set(members) for name, members in apart.items()}
            for cluster in classes(loose, lambda each: joining(each.record)):
                around = set().union(*(joining(items[one].record) for one in cluster))
                reached = [name for name, members in strong.items()
                           if any(joining(items[one].record) & around for one in members)]  # fmt: skip
                if len(reached) == 1:
                    apart[reached[0]] |= cluster
                else:
                    found.append(cluster)
                    for name in reached:
                        near.setdefault(name, set()).update(cluster)
            found.extend(apart.values())
        both = []
        for group in found:
            name = next((doi(items[one].record) for one in group if doi(items[one].record)), None)
            merged = {one for one in items if self._survivors(one) & group}
            around = (near.get(name, set()) if name else set()) | merged
            both.append(({one: items[one] for one in group}, {one: items[one] for one in around - group}))
        return both

    def _survivors(self, one):
        """Every item that a gone one was merged into, on and on."""
        found = set()
        while one not in found:
            found.add(one)
            vote = self.sources[one[0]].left.get(("item", one[1]))
            if vote is None or vote.into is None:
                break
            one = (one[0], vote.into)
        return found

    def people(self):
        """Profiles joined by ORCID and by merges: each person is {(source, key): Told}."""
        profiles = self._all("person")

        def names(each):
            one = next(key for key, profile in profiles.items() if profile is each)
            into = each.into if isinstance(each, Vote) and each.into is not None else one[1]
            return {each.record.orcid, one, (one[0], into)} - {None}

        return [{one: profiles[one] for one in group} for group in classes(profiles, names)]

    def links(self, output, person):
        """Every authorship, of any source, here or gone, between an output and a person."""
        return [each for (name, _), each in self._all("authorship").items()
                if (name, each.record.item) in output and (name, each.record.person) in person]  # fmt: skip

    # How open it is: the least open vote wins ------------------------------------------------------------------------

    def _vetoes(self, kind):
        return [vote for s in self.sources.values() for (its, _), vote in s.vetoes.items() if its == kind]

    def output_level(self, output, now):
        known = all_marks("item", output)
        near = next(near for one, near in self.outputs_and_near() if one.keys() == output.keys())
        votes = [each.vote(now) for each in (output | near).values()]
        votes += [PRIVATE for vote in self._vetoes("item") if touches(vote.marks, known)]
        votes += [PRIVATE for hide in self.hides if hide.kind == "output" and hide.marks & known]
        return min(votes)

    def person_level(self, person, now):
        known = all_marks("person", person)
        votes = [each.vote(now) for each in person.values()]
        votes += [PRIVATE for vote in self._vetoes("person") if vote.marks & known]
        votes += [PRIVATE for hide in self.hides if hide.kind == "person" and hide.marks & known]
        return min(votes)

    def link_level(self, output, person, now):
        """None where no record links the two now."""
        near = next(near for one, near in self.outputs_and_near() if one.keys() == output.keys())
        on, by = all_marks("item", output) | {("key", *one) for one in near}, all_marks("person", person)
        here = self.links(here_of(output), here_of(person))
        if all(isinstance(each, Vote) for each in here):
            return None
        votes = [each.vote(now) for each in self.links(output | near, person)]
        votes += [PRIVATE for vote in self._vetoes("authorship") if touches(vote.marks, on) and vote.person_marks & by]
        return min(votes)

    def group_level(self, source, key, now):
        """The least of its own and of all its ancestors; an unknown one is private."""
        if source.removed:
            return PRIVATE
        line, new = set(), {key}
        while new:
            line |= new
            new = {up for one in new if ("group", one) in source.told
                   for up in source.told["group", one].record.parents} - line  # fmt: skip
        return min(source.told["group", one].vote(now) if ("group", one) in source.told else PRIVATE for one in line)

    # Who takes part --------------------------------------------------------------------------------------------------

    def person_in(self, person, now):
        least = self.scope.visibility.people
        flags = {name: all_say(person, name) for name in ("current", "academic", "student")}
        profile = {"all": True, "academic": flags["academic"],
                   "academic_or_student": flags["academic"] or flags["student"]}  # fmt: skip
        right = (self.scope.status == "all" or flags["current"]) and profile[self.scope.profile]
        return right and self.person_level(person, now) >= least

    def links_in(self, output, now):
        """[(person, level of the link)] of the authorships in scope."""
        found = []
        for person in self.people():
            level = self.link_level(output, person, now)
            if level is not None and self.person_in(person, now) and level >= self.scope.visibility.authorships:
                found.append((person, level))
        return found

    def output_in(self, output, now):
        if self.output_level(output, now) < self.scope.visibility.outputs:
            return False
        asks = any(self.sources[name].require_author for name, _ in told_of(output))
        return not asks or bool(self.links_in(output, now))

    # Who sees --------------------------------------------------------------------------------------------------------

    def named(self, audience, output, now):
        """The people an audience may see on an output that it may see."""
        return [person for person, level in self.links_in(output, now)
                if level in ADMITS[audience] and self.person_level(person, now) in ADMITS[audience]]  # fmt: skip

    def groups_of(self, audience, person, now):
        return {(source.name, group): source.told["group", group].record.name
                for source in self.sources.values() for group, people in source.members.items()
                if ("group", group) in source.told and self.group_level(source, group, now) in ADMITS[audience]
                and any((source.name, key) in here_of(person) for key in people)}  # fmt: skip

    def shown(self, audience, now):
        """{items of an output: what is said of it}, for every output that has a badge."""
        found = {}
        for output in self.outputs():
            if not (here := here_of(output)):
                continue
            level = self.output_level(output, now)
            if level in ADMITS[audience] and self.output_in(output, now):
                named = self.named(audience, output, now)
                groups = {name for person in named for name in self.groups_of(audience, person, now).values()}
                found[frozenset(here)] = {
                    "visibility": level.word,
                    "people": sorted(filter(None, (self.first(here_of(person), "name") for person in named))),
                    "groups": sorted(groups),
                    "title": self.first(here, "title"),
                    "doi": next(filter(None, (doi(each.record) for each in here.values())), ""),
                }
        return found

    def listed(self, audience, now):
        """What lists and previews speak of: ({items: label}, {person: name}, {group: name})."""
        outputs, people, groups = {}, {}, {}
        shown = self.shown(audience, now)
        for output in self.outputs():
            if (here := frozenset(here_of(output))) in shown:
                outputs[here] = shown[here]["doi"]
                for person in self.named(audience, output, now):
                    people[frozenset(person)] = self.first(here_of(person), "name")
                    groups |= self.groups_of(audience, person, now)
        return outputs, people, groups

    def first(self, thing, column):
        """A text from the first connection, in the order of the settings, that has one."""
        order = list(self.sources)
        told = sorted(thing.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1]))
        return next((getattr(each.record, column) for _, each in told if getattr(each.record, column)), "")
