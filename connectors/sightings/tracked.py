"""The set of everything that is looked for, small enough to be kept in memory whole."""

import secrets
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from copy import copy
from dataclasses import replace
from hashlib import blake2b
from typing import Self

from connectors.identifiers import Identifier
from connectors.sightings.sighting import Sighting


class Tracked(Container[Identifier]):
    """Of every identifier a keyed 64-bit hash, sorted: 8 bytes each, 32 MB for four million.

    Among four million a text that is none of them is taken for one by chance once in 4.6 million million look-ups (4e6
    of 2**64), and the key, which every set has of its own, keeps anybody from choosing such a text. A hit only says
    that asking the store is worth while: what ties a mention is the identifier itself.
    """

    def __init__(self, identifiers: Iterable[Identifier]) -> None:
        self._key = secrets.token_bytes(16)
        self._also: frozenset[Identifier] = frozenset()
        import numpy as np  # which few commands need

        self._hashes = array("Q", map(self._hash, identifiers))
        np.frombuffer(self._hashes, dtype=np.uint64).sort()

    def __len__(self) -> int:
        """How many were given; one that was given twice counts twice."""
        return len(self._hashes)

    def __contains__(self, identifier: object) -> bool:
        if not isinstance(identifier, Identifier):
            return False
        if identifier in self._also:
            return True
        wanted = self._hash(identifier)
        place = bisect_left(self._hashes, wanted)
        return place < len(self._hashes) and self._hashes[place] == wanted

    def beside(self, also: Iterable[Identifier]) -> Self:
        """The same set, and a few more."""
        other = copy(self)
        other._also = frozenset(also)
        return other

    def wanted(self, sightings: Iterable[Sighting]) -> Iterator[Sighting]:
        """Those of something that is looked for, under the very identifier that is."""
        for sighting in sightings:
            for identifier in variants(sighting.identifier):
                if identifier in self:
                    yield sighting if identifier is sighting.identifier else replace(sighting, identifier=identifier)
                    break

    def _hash(self, identifier: Identifier) -> int:
        text = f"{identifier.scheme}:{identifier.value}".encode(errors="surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=8, key=self._key).digest())


def variants(identifier: Identifier) -> Iterator[Identifier]:
    """The identifier, and of an address also those with and without `www.` and a closing slash.

    This is the one place where addresses count as the same that are not: `canonical_url` keeps them apart, since they
    may be two pages. Which of them an output has is what `wanted` hands on."""
    yield identifier
    if identifier.scheme != "url":
        return
    path, mark, query = identifier.value.removeprefix("https://").partition("?")
    other_host = path.removeprefix("www.") if path.startswith("www.") else f"www.{path}"
    for host in (path, other_host):
        for each in (host, _other_end(host)):
            if each and each is not path:
                yield Identifier("url", f"https://{each}{mark}{query}")


def _other_end(path: str) -> str:
    """With the closing slash or without; empty for the root, which has only one form."""
    if path.endswith("/"):
        shorter = path[:-1]
        return shorter if "/" in shorter else ""
    return f"{path}/"
