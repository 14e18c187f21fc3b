"""Lists of outputs as data: rows of a table, a JSON document, a feed of changed scores."""

from collections.abc import Iterable

from pydantic_core import to_json

from badges import atom
from badges.card import card
from badges.language import Language
from badges.sheet import sheet
from badges.views import plain, points
from sync.store import Changed, Facets, List, Shown

COLUMNS = (
    *("output", "title", "type", "journal", "published", "doi", "people", "groups"),
    *("score", "millipoints", "basis", "rules", "page"),
)


def rows(outputs: Iterable[Shown], address: str) -> bytes:
    """Outputs as CSV; `address` is where we are reached."""
    return sheet(COLUMNS, (_row(each, address) for each in outputs)).encode()


def document(part: List, count: int, facets: Facets, *, name: str, following: str, address: str) -> bytes:
    """Outputs as JSON, with how many there are in all and by facet; `following` is the path of the next part."""
    told = {
        "name": name,
        "count": count,
        "outputs": [_entry(each, address) for each in part.outputs],
        "facets": {
            facet: [{"value": each.value, "label": each.label, "count": each.count} for each in choices]
            for facet, choices in facets.items()
        },
        "next": f"{address}{following}" if following else None,
    }
    return to_json(told)


def feed(
    changes: Iterable[Changed], title: str, page: str, here: str, *, address: str, author: str, language: Language
) -> bytes:
    """The changes as a feed, the newest first; `page` and `here` are paths."""
    told = list(changes)
    return atom.feed(
        id_=f"{address}{here}",
        title=title,
        page=f"{address}{page}",
        here=f"{address}{here}",
        author=author,
        updated=told[0].at if told else 0,
        entries=(_change(each, address, language) for each in told),
    )


def _row(shown: Shown, address: str) -> tuple[object, ...]:
    names = sorted(name for _, name in shown.people if name), sorted(name for _, name in shown.groups if name)
    return (
        *(str(shown.output), " ".join(shown.title.split()), shown.type, shown.journal, shown.published, shown.doi),
        *names,
        *(shown.score, shown.millipoints, shown.basis, shown.rules, f"{address}/outputs/{shown.output}"),
    )


def _entry(shown: Shown, address: str) -> dict[str, object]:
    return {
        **card(shown, page=f"{address}/outputs/{shown.output}"),
        "type": shown.type,
        "journal": {"id": str(shown.journal_id), "name": shown.journal} if shown.journal_id else None,
        "published": shown.published,
        "people": [name for _, name in shown.people],
        "groups": [{"id": str(id_), "name": name} for id_, name in shown.groups],
    }


def _change(each: Changed, address: str, language: Language) -> atom.Entry:
    link = f"{address}/outputs/{each.output}"
    moved = {"before": points(each.before), "after": points(each.after)}
    return atom.Entry(
        id=f"{link}#{each.at}",
        title=plain(each.title) or language.say("Untitled"),
        at=each.at,
        link=link,
        summary=language.say("The attention went from %(before)s to %(after)s points.", **moved),
    )
