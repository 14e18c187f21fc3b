"""Records of a data provider as items.

No format of the protocol says who may see a record, so what the administrator assumes speaks; statements about files
are kept, and decide nothing. Nobody's name is read. A DOI counts where a format says that it is the output's own, or
where an identifier is a DOI and nothing beside it: not out of citations, nor out of relations to other works.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from config.visibility import Visibility
from connectors.identifiers import Identifier, complaint, normalise, parse
from connectors.oai.crosswalks import CROSSWALKS, NAMESPACES, SCHEMES, TYPES, Crosswalk
from connectors.oai_pmh.xml import OAI, Record
from connectors.published import issns, written
from connectors.records import Aside, Gone, Item, Version
from connectors.texts import one_line, readable_key
from connectors.xml import Element, evidence

WEAK = frozenset({"url", "isbn"})  # what a text may name beside the output: a file, the book that it is in
SHORT, FEW = 200, 8  # characters of a statement, and how many of a kind are kept
NO_DATE = re.compile("t[0-9]|/", re.IGNORECASE)  # with a time of day: when it was deposited; in a URI: an embargo
ALTERNATE = re.compile("info:eu-repo/semantics/altIdentifier/([a-z]+)/(.+)", re.IGNORECASE)
EMBARGO = re.compile("info:eu-repo/date/embargoEnd/", re.IGNORECASE)
ISSN = re.compile(r"(?:urn:)?[ep]?-?issn", re.IGNORECASE)


def item(record: Record, assume: Visibility | None) -> Iterator[Item | Gone | Aside]:
    """What a record becomes; nothing where it is of something else than an output, as CERIF has them."""
    key = readable_key(record.identifier)
    if not key:
        reason = "no identifier that can be read"
        yield Aside(kind="item", reason=reason, place=record.place, evidence=evidence(record.element))
        return
    if record.deleted:
        yield Gone(kind="item", key=key, hidden=True)
        return
    doubts = [] if not record.status else ["its header has a status that the protocol has not"]
    name, crosswalk = _known(record.metadata)
    if record.metadata is None or crosswalk is None:
        doubts.append(
            "it has no metadata" if record.metadata is None else "its metadata is of a format that is not read"
        )
        private = Visibility.PRIVATE
        yield Item(key=key, title="", type="other", visibility=private, unread=True, doubts=tuple(doubts))
    elif name in crosswalk.roots:
        yield from _read(key, record, record.metadata, crosswalk, assume, doubts)


def _read(
    key: str, record: Record, told: Element, crosswalk: Crosswalk, assume: Visibility | None, doubts: list[str]
) -> Iterator[Item | Aside]:
    type_ = _type(told, crosswalk)
    found, wrong = _identifiers(told, crosswalk, type_)
    dois = [each for each in found if each.scheme == "doi"]
    perhaps = set(filter(None, (normalise("doi", text) for text in _texts(told, crosswalk.perhaps))))
    others = dois[1:] if dois else perhaps if len(perhaps) == 1 else []
    level = Visibility.PRIVATE if assume is None else assume
    yield Item(
        key=key,
        title=_first(told, crosswalk.titles),
        type=type_,
        visibility=Visibility.PRIVATE if doubts else level,
        journal=_first(told, crosswalk.journals),
        issns=_issns(told, crosswalk),
        published=_published(told, crosswalk),
        identifiers=tuple(each for each in found if each.scheme != "doi" or each == dois[0]),
        other_dois=tuple(others),
        versions=_versions(told, crosswalk),
        raw={"assumed": "" if assume is None else assume.word, **_access(told, crosswalk)},
        doubts=tuple(doubts),
    )
    for reason in dict.fromkeys(wrong):
        yield Aside(kind="item", key=key, reason=reason, place=record.place, keyless=False, stored=True)


def _known(metadata: Element | None) -> tuple[str, Crosswalk | None]:
    """The local name of the metadata's root, and the crosswalk for it."""
    if metadata is None:
        return "", None
    namespace, _, name = str(metadata.tag).removeprefix("{").rpartition("}")
    for crosswalk in CROSSWALKS:
        if namespace in crosswalk.namespaces and name in (*crosswalk.roots, *crosswalk.others):
            return name, crosswalk
    return _by_schema(metadata, name) if namespace in ("", OAI.strip("{}")) else (name, None)


def _by_schema(metadata: Element, name: str) -> tuple[str, Crosswalk | None]:
    """A root without a namespace of its own, as the examples of RIOXX have it, says in its schema location what it is;
    it inherits that of what stands around it."""
    locations = metadata.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    for crosswalk in CROSSWALKS:
        if name in crosswalk.roots and set(locations) & set(crosswalk.namespaces):
            return name, crosswalk
    return name, None


def _identifiers(told: Element, crosswalk: Crosswalk, type_: str) -> tuple[list[Identifier], list[str]]:
    """All of the output's own, the DOI that counts before other DOIs; and what is wrong with some."""
    found, wrong = list[Identifier | None](), list[str]()
    for element in _elements(told, crosswalk.of_record):
        kind = element.get("coar_type")
        if kind is None or TYPES.get(_word(kind)) == type_:  # an article of a dataset is another work
            found.append(normalise("doi", _text(element)))
    found += [parse(text) for text in _texts(told, crosswalk.dois)]
    for element in _elements(told, crosswalk.identifiers):
        scheme, text = _scheme(element, crosswalk), _text(element)
        if scheme == "doi":
            found.append(normalise("doi", text))
            wrong += filter(None, [complaint(text, found[-1])])
        elif scheme is not None:
            found.append(normalise(scheme, text) if scheme else _named(text))
    found += [_alternate(text) for text in _texts(told, crosswalk.perhaps)]
    return list(dict.fromkeys(each for each in found if each and each.scheme != "url")), wrong


def _scheme(element: Element, crosswalk: Crosswalk) -> str | None:
    """Of which scheme an identifier is; empty where its own text has to say it, None for one that is not ours."""
    local = str(element.tag).rpartition("}")[2].lower()
    words = (element.get(name, "").strip().lower() for name in crosswalk.schemes)
    word = local if local in SCHEMES else next(filter(None, words), "")
    return "" if word in ("", "uri", "url") else SCHEMES.get(word)


def _named(text: str) -> Identifier | None:
    """An identifier that says itself what it is: a DOI, or one with a prefix or the address of a resolver."""
    found = parse(text)
    return None if found is None or found.scheme in WEAK else found


def _alternate(text: str) -> Identifier | None:
    """What OpenAIRE 3 writes among relations, of the output itself."""
    alternate = ALTERNATE.fullmatch(text)
    return normalise(SCHEMES.get(alternate[1].lower(), ""), alternate[2]) if alternate else None


def _type(told: Element, crosswalk: Crosswalk) -> str:
    words = map(_word, _texts(told, crosswalk.types))
    return next((TYPES[word] for word in words if word in TYPES), "other")


def _word(text: str) -> str:
    """A type without what stands around it: `article` of `info:eu-repo/semantics/article`."""
    word = text.strip().lower()
    return word.rstrip("/").rpartition("/")[2] if re.match("https?:|info:", word) else word


def _published(told: Element, crosswalk: Crosswalk) -> str:
    dates = (text for text in _texts(told, crosswalk.dates) if not NO_DATE.search(text))
    return next(filter(None, map(written, dates)), "")


def _issns(told: Element, crosswalk: Crosswalk) -> tuple[str, ...]:
    """Those of their own place, where eight digits alone may be anything, and what calls itself one among the
    identifiers."""
    own = (text for text in _texts(told, crosswalk.issns) if "-" in text)
    named = (text for text in _texts(told, crosswalk.identifiers) if ISSN.match(text))
    return issns((*own, *named))


def _versions(told: Element, crosswalk: Crosswalk) -> tuple[Version, ...]:
    named = ((word, _named(text)) for word, path in crosswalk.versions.items() for text in _texts(told, (path,)))
    return tuple(dict.fromkeys(Version(word, found) for word, found in named if found))


def _access(told: Element, crosswalk: Crosswalk) -> dict[str, str]:
    """What is said of who may see what, in short."""
    raw = {}
    for name, paths in crosswalk.access.items():
        raw[name] = _short(_texts(told, paths))
    raw["embargo"] = raw.get("embargo") or _short(text for text in _texts(told, crosswalk.dates) if EMBARGO.match(text))
    return {name: text for name, text in raw.items() if text}


def _short(texts: Iterable[str]) -> str:
    return " | ".join(text[:SHORT] for text in islice(dict.fromkeys(texts), FEW))


def _first(told: Element, paths: tuple[str, ...]) -> str:
    return next(iter(_texts(told, paths)), "")


def _texts(told: Element, paths: tuple[str, ...]) -> list[str]:
    """What stands at the paths, each on one line, in the order of the paths."""
    texts = []
    for path in paths:
        place, _, attribute = path.partition("/@")
        for element in _elements(told, (place,)):
            texts.append(one_line(element.get(attribute, "")) if attribute else _text(element))
    return [text for text in texts if text]


def _elements(told: Element, paths: tuple[str, ...]) -> Iterator[Element]:
    for path in paths:
        yield from told.iterfind(_expanded(path), NAMESPACES)


@cache
def _expanded(path: str) -> str:
    return path.replace("*:", "{*}")


def _text(element: Element) -> str:
    return one_line("".join(map(str, element.itertext())))
