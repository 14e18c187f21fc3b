"""The feed of the mentions of one output, for everybody (Atom, RFC 4287)."""

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.atom import Entry, feed
from badges.desk import Desk
from badges.language import ENGLISH, Language, chosen, marked
from badges.mentions import Noticed, noticed
from badges.views import plain
from badges.wanted import number
from sync import store

MOST = 100  # mentions, the newest
COUNTED = marked("%(when)s; counts in the score")
NOT_COUNTED = marked("%(when)s; does not count in the score")


class MentionFeed:
    """`/outputs/{output}/mentions.atom`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (Route("/outputs/{output}/mentions.atom", self.mentions, name="mention_feed"),)

    async def mentions(self, request: Request) -> Answer:
        """The newest mentions. It may be kept elsewhere, so its language is that of its address alone."""
        language = chosen({"query_string": request.scope["query_string"], "headers": ()})
        output, missing = number(request.path_params["output"]), self._desk.paper.missing(chosen(request.scope))
        return await self._desk.readers.answered(lambda: self._feed(output, language) or missing)

    def _feed(self, output: int, language: Language) -> Answer | None:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            shown = store.find(db, "public", output, now=now)
            if shown is None:
                return None
            found = noticed(db, shown, self._desk.rules(shown.rules), most=MOST, now=now)
        page = f"{self._desk.paper.address}/outputs/{output}"
        told = feed(
            id_=page,
            title=language.say("Mentions of %(title)s", title=plain(shown.title) or language.say("Untitled")),
            page=page,
            here=f"{page}/mentions.atom{'' if language.code == ENGLISH else f'?lang={language.code}'}",
            author=self._desk.paper.name,
            updated=max((each.known_at for each in found), default=shown.scored_at),
            entries=[self._entry(each, page, language) for each in found],
        )
        return self._desk.answers.make("atom", told)

    def _entry(self, each: Noticed, page: str, language: Language) -> Entry:
        when = language.date(store.stamp(each.occurred_at))
        source = language.say(each.source)
        words = COUNTED if each.counted else NOT_COUNTED
        return Entry(
            id=f"{self._desk.paper.address}/mentions/{each.mention}",
            title=f"{source}: {each.text}" if each.text else source,
            at=each.known_at,
            link=each.link or page,
            summary=language.say(words, when=when),
        )
