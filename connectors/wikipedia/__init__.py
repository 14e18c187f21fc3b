"""Wikipedia: articles that cite outputs, in every language, as their links come and go.

API:       EventStreams (server-sent events: `page-links-change`, `page-delete`, `page-move`), and of the article that a
           link of ours came to or went from the text and the links by the action API of its wiki
Auth:      none; who asks, and whom to write to, goes along
Deletions: the stream tells of links that were removed, and of articles that were deleted or moved away; the article is
           read each time, and what it says then counts
Terms:     texts are CC BY-SA 4.0; of an article its title, its address and one line with the identifier are kept, and
           nobody who has edited it. Wikimedia asks for a User-Agent with a contact, one request after another, `maxlag`
           and obedience to `Retry-After`
Costs:     nothing
"""

from collections.abc import Iterator
from typing import ClassVar

from config.settings import Connection
from connectors.attention import Mention
from connectors.base import Ear, Finding, Listens, Manifest, Since
from connectors.errors import ConnectorError
from connectors.records import Page
from connectors.wikipedia.wikis import domain_of, is_wikipedia


class Wikipedia(Listens):
    """The stream of all Wikipedias, of which those of `sets` are read, and the wikis themselves."""

    manifest: ClassVar = Manifest(kind="wikipedia", looks_again=True, pace=0.5, at_once=1)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """What is no Wikipedia."""
        for each in settings.sets:
            if not is_wikipedia(each):
                yield "sets", f'"{each}" is no Wikipedia; write such as "enwiki"'

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        """A full run goes through the links of the wikis of `sets` first; then, and always, the stream is read from
        where the last run ended up to the moment this one began."""
        from connectors.wikipedia.listening import Listening  # with parsers, which few commands need

        yield from Listening(self.settings, self.client, since, ear).pages()

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:
        """The article as it is now."""
        from connectors.wikipedia.reading import Reading

        return Reading(self.settings, self.client, ear).again(key, url)

    def check(self) -> Iterator[Finding]:
        """Whether the stream tells something, and the wikis answer."""
        from connectors.wikipedia.reading import wiki
        from connectors.wikipedia.stream import Stream

        try:
            yield Stream(self.client).finding()
            for database in self.settings.sets or ("enwiki",):
                name = wiki(self.client, domain_of(database), self.settings.url or "").name()
                yield Finding(ok=True, what=f"{database} answers: {name}")
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error), mend="is url https://stream.wikimedia.org?")
        if not self.settings.sets:
            what = "all Wikipedias are heard; what they cited before, a full run finds only where sets names wikis"
            yield Finding(ok=True, what=what)
