"""Where an output stands among others, in whole sentences that each tell the size of what it was compared with."""

from collections.abc import Iterator

from badges.language import Language, marked
from badges.views import plain
from scoring.context import Context, Place

# For each population: with a percentile, and where it is too small for one.
ALL = (
    marked(
        "Rank %(rank)s of %(count)s public outputs of this installation; its score is at or above that of %(share)s of "
        "them."
    ),
    marked("Rank %(rank)s of %(count)s public outputs of this installation."),
)
JOURNAL = (
    marked(
        "Rank %(rank)s of the %(count)s among them in the same journal; its score is at or above that of %(share)s of "
        "them."
    ),
    marked("Rank %(rank)s of the %(count)s among them in the same journal."),
)
SIMILAR_AGE = (
    marked(
        "Rank %(rank)s of the %(count)s among them published within six weeks of it; its score is at or above that of "
        "%(share)s of them."
    ),
    marked("Rank %(rank)s of the %(count)s among them published within six weeks of it."),
)
SIMILAR_AGE_JOURNAL = (
    marked(
        "Rank %(rank)s of the %(count)s among them in the same journal and within six weeks of it; its score is at or "
        "above that of %(share)s of them."
    ),
    marked("Rank %(rank)s of the %(count)s among them in the same journal and within six weeks of it."),
)
TYPE = (
    marked(
        "Rank %(rank)s of the %(count)s among them of the same type; its score is at or above that of %(share)s of "
        "them."
    ),
    marked("Rank %(rank)s of the %(count)s among them of the same type."),
)
GROUP = (
    marked(
        "Rank %(rank)s of the %(count)s among them of %(group)s; its score is at or above that of %(share)s of them."
    ),
    marked("Rank %(rank)s of the %(count)s among them of %(group)s."),
)
SUBJECT = (
    marked(
        "Rank %(rank)s of the %(count)s among them in %(subject)s and of %(year)s; its score is at or above that of "
        "%(share)s of them."
    ),
    marked("Rank %(rank)s of the %(count)s among them in %(subject)s and of %(year)s."),
)
FIELDS = marked("Over its fields and its year, its score is at or above that of %(share)s of them.")


def standing(place: Context, language: Language) -> tuple[str, ...]:
    """A sentence for each population that has others in it."""
    return tuple(_sentences(place, language))


def _sentences(place: Context, language: Language) -> Iterator[str]:
    told: list[tuple[Place | None, tuple[str, str], dict[str, str]]] = [
        (place.all, ALL, {}),
        (place.journal, JOURNAL, {}),
        (place.similar_age, SIMILAR_AGE, {}),
        (place.similar_age_journal, SIMILAR_AGE_JOURNAL, {}),
        (place.type, TYPE, {}),
        *((each.place, GROUP, {"group": plain(each.name)}) for each in place.groups),
        *((each.place, SUBJECT, {"subject": plain(each.name), "year": str(each.year)}) for each in place.subjects),
    ]
    for each, (whole, short), named in told:
        if each is None or each.count < 2:
            continue
        numbers = {"rank": language.number(each.rank), "count": language.number(each.count)}
        if each.percentile is None:
            yield language.say(short, **numbers, **named)
        else:
            yield language.say(whole, **numbers, **named, share=language.percent(each.percentile / 100))
    if place.field_percentile is not None and len(place.subjects) > 1:  # where it says more than one field does
        yield language.say(FIELDS, share=language.percent(place.field_percentile / 100))
