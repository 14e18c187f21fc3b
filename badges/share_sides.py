"""What the sides of a comparison are called, as an audience knows them, and those that can be chosen from."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection as Database

from badges.language import Language
from badges.names import type_name
from badges.share_asked import Kind
from badges.views import plain, source_name
from sync import store
from sync.store import Audience, Facet, Search, Shelf
from sync.store.facets import counts

FACET_OF: Mapping[Kind, Facet] = {"groups": "group", "journals": "journal"}


def name(db: Database, audience: Audience, kind: Kind, wanted: Search, language: Language, *, now: int) -> str | None:
    """The name of a group or journal, None where the audience sees nothing of it; a search in words."""
    if facet := FACET_OF.get(kind):
        told = store.named(db, audience, facet, wanted.group or wanted.journal, now=now)
        return None if told is None else plain(told) or language.say("Untitled")
    return ", ".join(_parts(db, audience, wanted, language, now))


def choices(db: Database, audience: Audience, kind: Kind, *, most: int, now: int) -> list[Shelf]:
    """The groups or journals with the most outputs; of searches there are as many as there are words."""
    facet = FACET_OF.get(kind)
    if facet is None:
        return []
    told = sorted(counts(db, audience, facet, now=now).items(), key=lambda each: (-each[1], each[0]))[:most]
    return [Shelf(int(id_), plain(store.named(db, audience, facet, int(id_), now=now) or ""), n) for id_, n in told]


def _parts(db: Database, audience: Audience, search: Search, language: Language, now: int) -> Iterator[str]:
    say = language.say
    if search.text:
        yield say("\u201c%(text)s\u201d", text=plain(search.text))
    if search.identifier:
        yield plain(str(search.identifier))
    for type_ in search.types:
        yield say("of the type %(type)s", type=say(type_name(plain(type_))))
    if search.journal:
        told = name(db, audience, "journals", Search(journal=search.journal), language, now=now)
        yield say("in %(journal)s", journal=told) if told else say("in an unknown journal")
    if search.group:
        told = name(db, audience, "groups", Search(group=search.group), language, now=now)
        yield say("of %(group)s", group=told) if told else say("of an unknown group")
    for source in search.sources:
        yield say("noticed by the source %(source)s", source=say(source_name(source)))
    if search.since:
        yield say("published from %(date)s", date=language.date(search.since))
    if search.until:
        yield say("published until %(date)s", date=language.date(search.until))
    if search.mentioned:
        yield say("mentioned at least once")
    if search.least:
        yield say("with a score of at least %(score)s", score=language.number(search.least))
