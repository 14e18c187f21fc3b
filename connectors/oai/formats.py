"""Which of the formats that a provider offers is harvested."""

from config.settings import Connection
from connectors.errors import NotUnderstood
from connectors.oai.crosswalks import CROSSWALKS, Crosswalk
from connectors.oai_pmh.provider import Format, Provider
from connectors.oai_pmh.xml import Refused

EVERYBODY = "oai_dc"  # which the protocol asks of all (2.5)


def chosen(provider: Provider, settings: Connection) -> str:
    """The prefix of the first format of the settings that is offered, or of the richest one where they are silent; one
    alone is taken as it is.

    Raises `NotUnderstood` where none of the settings' is offered, and what asking raises: another format for a while
    would have everything read anew, twice."""
    if len(settings.formats) == 1:
        return settings.formats[0]
    try:
        offered = provider.formats()
    except Refused:  # which is how some say that they have no more than everybody has
        return settings.formats[0] if settings.formats else EVERYBODY
    prefixes = {each.prefix for each in offered}
    if not settings.formats:
        ranked = (each.prefix for crosswalk in CROSSWALKS for each in offered if speaks(each, crosswalk))
        return next(ranked, EVERYBODY)
    found = next((prefix for prefix in settings.formats if prefix in prefixes), "")
    if not found:
        known = ", ".join(sorted(prefixes))
        raise NotUnderstood(f"connections.{settings.name}.formats: the source offers only {known}; name one of them")
    return found


def speaks(offered: Format, crosswalk: Crosswalk) -> bool:
    """Whether a format is that of a crosswalk: by its namespace, since prefixes are anybody's."""
    return offered.namespace in crosswalk.namespaces
