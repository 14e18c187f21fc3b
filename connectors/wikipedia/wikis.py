"""Which Wikipedias there are: each by the name of its database, as `enwiki`, at a domain of its own."""

import re

from config.values import is_loopback
from connectors.errors import NotUnderstood

DATABASE = re.compile(r"([a-z][a-z0-9_]{1,30})wiki")
DOMAIN = re.compile(r"([a-z][a-z0-9-]{1,30})\.wikipedia\.org")
OTHERS = frozenset({  # whose databases or domains are called so, and which are no encyclopedias
    "commons", "data", "incubator", "mediawiki", "meta", "nostalgia", "outreach", "sources", "species", "test", "test2",
    "wikidata", "wikimania", "www",
})  # fmt: skip
RENAMED = {"be_x_old": "be-tarask"}  # whose database kept its old name; all others differ by the hyphen alone


def is_wikipedia(database: str) -> bool:
    """Whether this names the database of a Wikipedia."""
    found = DATABASE.fullmatch(database)
    return found is not None and found[1] not in OTHERS


def is_domain(domain: str) -> bool:
    """Whether an encyclopedia is there."""
    found = DOMAIN.fullmatch(domain)
    return found is not None and found[1] not in OTHERS


def domain_of(database: str) -> str:
    """Where a Wikipedia is."""
    language = database.removesuffix("wiki")
    return f"{RENAMED.get(language, language.replace('_', '-'))}.wikipedia.org"


def place_of(domain: str, stream: str) -> str:
    """Where the programs of a domain are asked: there, and over https. Where the stream is on this machine, for
    practice, so are they, below its address: what is practised with asks nobody else."""
    if not is_domain(domain):
        raise NotUnderstood("the domain of a page is that of no Wikipedia")
    return f"{stream}/{domain}" if is_loopback(stream) else f"https://{domain}"
