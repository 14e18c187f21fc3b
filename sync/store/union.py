"""Disjoint sets, for everything that joins."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Node = tuple[str, Any]


@dataclass(slots=True)
class Union:
    """Disjoint sets of named nodes."""

    parent: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        root = node
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[node] != root:
            self.parent[node], node = root, self.parent[node]
        return root

    def link(self, one: Node, other: Node) -> None:
        self.parent[self.find(one)] = self.find(other)

    def sets(self, kind: str) -> list[list[Any]]:
        """The sets, as lists of the nodes of one kind."""
        found: dict[Node, list[Any]] = defaultdict(list)
        for node in list(self.parent):
            if node[0] == kind:
                found[self.find(node)].append(node[1])
        return list(found.values())
