"""Which items are one output.

Items join by shared identifiers. No output ever has two DOIs: items whose DOIs differ are not joined by anything
weaker, and an item without a DOI that could belong to several stands alone, while its vote reaches all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from connectors.records import RELATIONS, Item
from sync.store import history, learned, pushed
from sync.store.database import Store
from sync.store.rows import change_in, many, new_rows, rows_in
from sync.store.touched import Touched
from sync.store.union import Union

WHOLE_BOOKS = frozenset({"book", "edited-book", "monograph", "scholarly-edition"})


def counts(item: Item, identifier: Identifier) -> int:
    """1 where an identifier joins and matches; an ISBN stands for the whole book, not for what is in it."""
    return int(identifier.scheme != "isbn" or item.type in WHOLE_BOOKS)


def put(db: Database, items: Mapping[int, Item]) -> None:
    """Store the identifiers of items, by item id, in place of those they had, and what they state of versions: of
    several relations to the same the first, and none of an item to itself."""
    told = {
        row: {**dict.fromkeys(item.other_dois, 0), **{i: counts(item, i) for i in item.identifiers}}
        for row, item in items.items()
    }
    versions = {
        row: {each.identifier: each.relation for each in reversed(item.versions) if each.identifier not in told[row]}
        for row, item in items.items()
    }
    ids = identifier_ids(db, {i for named in told.values() for i in named} | {i for v in versions.values() for i in v})
    before = rows_in(db, NAMED_BY, told)
    for table in ("item_identifier", "item_version"):
        change_in(db, f"DELETE FROM {table} WHERE item_id IN :values", told)
    many(
        db,
        "INSERT INTO item_identifier (item_id, identifier_id, counts) VALUES (:item, :identifier, :counts)",
        [{"item": row, "identifier": ids[i], "counts": c} for row, each in told.items() for i, c in each.items()],
    )
    many(
        db,
        "INSERT INTO item_version (item_id, identifier_id, relation, counts_here) "
        "VALUES (:item, :identifier, :relation, :here)",
        [
            {"item": row, "identifier": ids[i], "relation": relation, "here": int(RELATIONS[relation])}
            for row, each in versions.items()
            for i, relation in each.items()
        ],
    )
    prune(db, [row.identifier_id for row in before])


def prune(db: Database, ids: Iterable[int]) -> None:
    """Forget identifiers that nothing has any more; a forgotten record must not be readable by its DOI."""
    named = set(ids)
    change_in(db, _UNUSED, named | learned.release(db, named))


def identifier_ids(db: Database, wanted: set[Identifier]) -> dict[Identifier, int]:
    """The row keys of identifiers, made where they are new."""
    many(
        db,
        "INSERT INTO identifier (scheme, value) VALUES (:scheme, :value) ON CONFLICT DO NOTHING",
        [{"scheme": i.scheme, "value": i.value} for i in sorted(wanted, key=attrgetter("scheme", "value"))],
    )
    by_scheme: dict[str, dict[str, Identifier]] = defaultdict(dict)
    for identifier in wanted:
        by_scheme[identifier.scheme][identifier.value] = identifier
    asked = "SELECT id, value FROM identifier WHERE scheme = :scheme AND value IN :values"
    return {
        named[row.value]: row.id
        for scheme, named in by_scheme.items()
        for row in rows_in(db, asked, named, scheme=scheme)
    }


def unknown(store: Store, wanted: set[Identifier]) -> set[str]:
    """Those of the identifiers that no live item has, as `scheme:value`."""
    with store.read() as db:
        known = {
            Identifier(scheme, row.value)
            for scheme in {identifier.scheme for identifier in wanted}
            for row in rows_in(db, _KNOWN, {i.value for i in wanted if i.scheme == scheme}, scheme=scheme)
        }
    return {str(identifier) for identifier in wanted - known}


def rejoin(db: Database, touched: Touched) -> None:
    """Work out again which outputs the touched items, and all they are linked with, belong to."""
    items = _reach(db, touched.items)
    groups = _Groups()
    for item in items.values():
        groups.add(item)
    outputs = {row.output_id for row in items.values()} - {0}
    homes = _homes(db, groups.outputs(), outputs)
    moves = [{"id": id_, "home": home} for id_, home in homes.items() if items[id_].output_id != home]
    many(db, "UPDATE item SET output_id = :home WHERE id = :id", moves)
    touched.outputs |= _reaching(db, groups, homes)
    touched.outputs |= outputs | set(homes.values())
    touched.identified |= outputs | set(homes.values())
    _follow(db, outputs - set(homes.values()), items, homes)


def _homes(db: Database, joined: "list[list[_Node]]", outputs: set[int]) -> dict[int, int]:
    """The output of each item. An output that parts stays with its DOI, else with its oldest item."""
    doi_of = {row.output_id: row.doi for row in rows_in(db, _DOI_OF, outputs)}
    free, homes = set(outputs), dict[int, int]()

    def claims(members: "list[_Node]", home: int) -> bool:
        return home in free and any(node.doi and node.doi == doi_of.get(home) for node in members)

    def settle_in(members: "list[_Node]", home: int) -> None:
        free.discard(home)
        homes.update({node.id: home for node in members})

    rest = []
    for members in sorted(joined, key=lambda members: min(node.id for node in members)):
        home = next((home for home in sorted({node.output_id for node in members}) if claims(members, home)), 0)
        settle_in(members, home) if home else rest.append(members)
    homeless = []
    for members in rest:
        home = min({node.output_id for node in members} & free, default=0)
        settle_in(members, home) if home else homeless.append(members)
    for members, home in zip(homeless, new_rows(db, "output", _NEW_OUTPUT, len(homeless)), strict=True):
        settle_in(members, home)
    return homes


class _Groups:
    """Items on their way into outputs."""

    def __init__(self) -> None:
        self.items: dict[int, _Node] = {}
        self.by_identifier: dict[int, list[int]] = defaultdict(list)
        self.uncertain: dict[int, set[int]] = {}  # item without a DOI -> items of every output it could belong to

    def add(self, item: "_Node") -> None:
        self.items[item.id] = item
        for identifier in item.identifiers:
            self.by_identifier[identifier].append(item.id)

    def outputs(self) -> "list[list[_Node]]":
        """Lists of items that are one output: by DOI first, then those without one that touch a single DOI."""
        union = Union()
        for item in self.items.values():
            union.link(("item", item.id), ("doi", item.doi) if item.doi else ("item", item.id))
        for sharing in self.by_identifier.values():
            loose = [id_ for id_ in sharing if not self.items[id_].doi]
            for id_ in loose[1:]:
                union.link(("item", loose[0]), ("item", id_))
        for members in union.sets("item"):
            if self.items[members[0]].doi:
                continue
            near = self._neighbours(members)
            homes = {self.items[id_].doi for id_ in near}
            if len(homes) == 1:
                union.link(("item", members[0]), ("doi", homes.pop()))
            elif homes:
                self.uncertain |= dict.fromkeys(members, near)
        self._bury(union)
        return [[self.items[id_] for id_ in members] for members in union.sets("item")]

    def _bury(self, union: Union) -> None:
        """What was merged away and lives nowhere else lies with its survivor, and its history too."""
        by_key = {(item.connection_id, item.key): item.id for item in self.items.values()}
        for members in union.sets("item"):
            for item in (self.items[id_] for id_ in members):
                survivor = by_key.get((item.connection_id, item.into_key)) if item.into_key else None
                if survivor is not None and not any(self.items[id_].state for id_ in members):
                    union.link(("item", item.id), ("item", survivor))

    def _neighbours(self, members: Iterable[int]) -> set[int]:
        """The items with a DOI that share an identifier with any of the members."""
        shared = {identifier for id_ in members for identifier in self.items[id_].identifiers}
        return {id_ for identifier in shared for id_ in self.by_identifier[identifier] if self.items[id_].doi}


@dataclass(slots=True)
class _Node:
    """An item as joining sees it: `doi` is the row key of the DOI that counts, 0 for none."""

    id: int
    connection_id: int
    key: str
    output_id: int
    into_key: str
    state: int
    doi: int = 0
    identifiers: set[int] = field(default_factory=set)


def _reach(db: Database, ids: set[int]) -> dict[int, _Node]:
    """The items, and all that are linked with them by identifiers, outputs or merges, however far."""
    found: dict[int, _Node] = {}
    wanted = set(ids)
    while wanted:
        new = {row.id: _Node(*row) for row in rows_in(db, _ITEMS, wanted)}
        for row in rows_in(db, _IDENTIFIERS, new):
            new[row.item_id].identifiers.add(row.identifier_id)
            if row.scheme == "doi":
                new[row.item_id].doi = row.identifier_id
        found |= new
        shared = {identifier for node in new.values() for identifier in node.identifiers}
        near = {row.item_id for row in rows_in(db, _SHARING, shared)}
        near |= {row.id for row in rows_in(db, _SAME_OUTPUT, {node.output_id for node in new.values()} - {0})}
        near |= {row.item_id for row in rows_in(db, _VOTING, {node.output_id for node in new.values()} - {0})}
        near |= {row.id for sql in (_SURVIVORS, _MERGED) for row in rows_in(db, sql, new)}
        wanted = near - found.keys()
    return found


def _reaching(db: Database, groups: _Groups, homes: Mapping[int, int]) -> set[int]:
    """Store the votes that reach outputs their item is no part of; the outputs that they reached before."""
    by_key = {(node.connection_id, node.key): node.id for node in groups.items.values()}
    votes = {(homes[near], id_) for id_, all_near in groups.uncertain.items() for near in all_near}
    for node in groups.items.values():
        survivors = _survivors(node, by_key, groups.items)
        votes |= {(homes[survivor], node.id) for survivor in survivors if homes[survivor] != homes[node.id]}
    before = {
        row.output_id for row in rows_in(db, "SELECT output_id FROM output_vote WHERE item_id IN :values", groups.items)
    }
    change_in(db, "DELETE FROM output_vote WHERE item_id IN :values", groups.items)
    many(
        db,
        "INSERT INTO output_vote (output_id, item_id) VALUES (:output, :item)",
        [{"output": output, "item": item} for output, item in sorted(votes)],
    )
    return before


def _survivors(node: _Node, by_key: Mapping[tuple[int, str], int], items: Mapping[int, _Node]) -> set[int]:
    """All that an item was merged into, one after the other; a circle ends where it began."""
    found: set[int] = set()
    while node.into_key and (node.connection_id, node.into_key) in by_key:
        survivor = by_key[node.connection_id, node.into_key]
        if survivor in found:
            break
        found.add(survivor)
        node = items[survivor]
    return found


def _follow(db: Database, left: set[int], items: Mapping[int, _Node], homes: Mapping[int, int]) -> None:
    """The history of an output that was joined into another goes along, and so do its badges elsewhere."""
    moves: dict[int, set[int]] = defaultdict(set)
    for node in items.values():
        if node.output_id in left:
            moves[node.output_id].add(homes[node.id])
    history.follow(db, {old: max(new) for old, new in moves.items()})
    joined = {old: min(new) for old, new in moves.items() if len(new) == 1}
    named = "SELECT id, public_id FROM output WHERE id IN :values"
    public = {row.id: row.public_id for row in rows_in(db, named, {*joined, *joined.values()})}
    pushed.follow(db, {public[old]: public[new] for old, new in joined.items()})


NAMED_BY = """
SELECT identifier_id FROM item_identifier WHERE item_id IN :values
UNION SELECT identifier_id FROM item_version WHERE item_id IN :values
"""
_DOI_OF = """
SELECT o.id AS output_id, d.id AS doi FROM output o JOIN identifier d ON d.scheme = 'doi' AND d.value = o.doi
WHERE o.id IN :values
"""
_UNUSED = """
DELETE FROM identifier WHERE id IN :values
  AND NOT EXISTS (SELECT 1 FROM item_identifier n WHERE n.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM item_version v WHERE v.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM learned_version l WHERE l.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM mention_target t WHERE t.identifier_id = identifier.id)
  AND NOT EXISTS (SELECT 1 FROM tally y WHERE y.identifier_id = identifier.id)
"""
_KNOWN = """
SELECT DISTINCT d.value FROM identifier d
JOIN item_identifier n ON n.identifier_id = d.id AND n.counts = 1 JOIN item i ON i.id = n.item_id AND i.state = 1
WHERE d.scheme = :scheme AND d.value IN :values
"""
_NEW_OUTPUT = """
INSERT INTO output (id, public_id, visibility, closes_at, live, requires_author, title, type, journal, issn, published,
                    day, precision, doi)
VALUES (:id, :public, 0, 0, 0, 1, '', '', '', '', '', 0, 0, '')
"""
_ITEMS = "SELECT id, connection_id, key, output_id, into_key, state FROM item WHERE id IN :values"
_IDENTIFIERS = """
SELECT ii.item_id, ii.identifier_id, i.scheme FROM item_identifier ii JOIN identifier i ON i.id = ii.identifier_id
WHERE ii.counts = 1 AND ii.item_id IN :values
"""
_SHARING = "SELECT item_id FROM item_identifier WHERE counts = 1 AND identifier_id IN :values"
_SAME_OUTPUT = "SELECT id FROM item WHERE output_id IN :values"
_VOTING = "SELECT item_id FROM output_vote WHERE output_id IN :values"
_SURVIVORS = """
SELECT other.id FROM item JOIN item other ON other.connection_id = item.connection_id AND other.key = item.into_key
WHERE item.into_key <> '' AND item.id IN :values
"""
_MERGED = """
SELECT other.id FROM item JOIN item other ON other.connection_id = item.connection_id AND other.into_key = item.key
WHERE other.into_key <> '' AND item.id IN :values
"""
