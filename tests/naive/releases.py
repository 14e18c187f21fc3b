"""Votes that stay and their release, beside the store and its model."""

from naive.both import AUDIENCES, Both

from sync.store import stays
from sync.store.stays import Mark


class Releasing(Both):
    """Both, with one more thing that may happen to them."""

    def release(self, which):
        """The vote at a place among all that stay, with what was merged into it; refused while its source still tells
        links of it."""
        staying = sorted(self._staying())
        if not staying:
            return
        marks = self._with_merged(staying[which % len(staying)])
        try:
            trial = stays.release(self.home, marks, (), now=self.clock(), dry_run=True).seen
        except stays.NotReleased:
            assert any(self._links_told(mark) for mark in marks)
            return
        assert not any(self._links_told(mark) for mark in marks)
        done = stays.release(self.home, marks, (), now=self.now, dry_run=False).seen
        assert counted(done) == counted(trial)
        assert not any(
            kind["vanish"] for kinds in done.values() for kind in kinds.values() if kind is not kinds["outputs"]
        )
        for mark in marks:
            self._forget(mark)

    def _staying(self):
        """The votes that stay by the store and by the model."""
        return self.listed() & self._left()

    def agree(self):
        """Whether both have the very same votes that stay, and show the very same. Of several equal ones that went one
        after the other each may keep another, and then one may be more closed than the other from there on."""
        alike = all(self.exported(each) == self.model.shown(each, self.moment) for each in AUDIENCES)
        return alike and self.listed() == self._left()

    def listed(self):
        """The votes that stay by the store."""
        with self.home.read() as db:
            return {vote.mark for kind in stays.KINDS for vote in stays.listed(db, kind, most=1000)}

    def _left(self):
        found = set()
        for source in self.model.sources.values():
            where = [source.left, source.told] if source.removed else [source.left]
            found |= {Mark(source.name, kind, key) for each in where for kind, key in each if kind != "group"}
        return found

    def _with_merged(self, mark):
        left = self.model.sources[mark.connection].left
        marks, new = [], [mark]
        while new:
            marks += new
            into = {each.key for each in new}
            new = [Mark(mark.connection, mark.kind, key) for (kind, key), vote in left.items()
                   if kind == mark.kind and vote.into in into and key not in {each.key for each in marks}]  # fmt: skip
        return marks

    def _links_told(self, mark):
        source = self.model.sources[mark.connection]
        return (
            not source.removed
            and mark.kind != "authorship"
            and any(getattr(each.record, mark.kind) == mark.key for each in source.of("authorship").values())
        )

    def _forget(self, mark):
        """A vote, and the votes of links that spoke by way of it."""
        source = self.model.sources[mark.connection]
        for where in (source.left, source.told):
            where.pop((mark.kind, mark.key), None)
            hanging = [one for one, each in where.items() if mark.kind != "authorship" and one[0] == "authorship"
                       and getattr(each.record, mark.kind) == mark.key]  # fmt: skip
            for one in hanging:
                del where[one]
        if mark.kind == "person":
            source.members = {group: tuple(key for key in people if key != mark.key)
                              for group, people in source.members.items()}  # fmt: skip


def counted(seen):
    """How much appears and vanishes: an output that is parted from another has a new id each time."""
    return {
        (audience, kind, way): len(labels)
        for audience, kinds in seen.items()
        for kind, ways in kinds.items()
        for way, labels in ways.items()
    }
