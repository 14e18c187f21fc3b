"""What a rule set says, for whoever reads a score: which sources count, once per what, for how much, and who says so.

Told are the rule sets that come with Ringmark, and those that a badge carries which everybody may see."""

from collections.abc import Callable
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.desk import Desk
from badges.language import Language, chosen, marked
from badges.names import UNITS
from badges.views import source_name
from scoring.rules import RuleSet, RuleSetError, Source, Step, names
from sync import store

SUMMARIES = (  # of the rule sets that come with Ringmark, as they stand there
    marked("for counts alone, as fitted on exports of 2018; mentions as in published-2020"),
    marked("published weights of 2020; every account counts alike"),
    marked("published weights of 2021; X counts 0.25 flat"),
    marked("published weights, account factor, stated values where nothing is published"),
)
CURVES = {  # what of an account each part of its factor goes by
    "reach": marked("Followers"),
    "promiscuity": marked("Posts about outputs in a month"),
    "bias": marked("Share of its posts that lead to one journal"),
}


class RulesPage:
    """The pages of rule sets."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/rules", self.all, name="all_rules"),
            Route("/rules/{name}.json", self.constants, name="rules_constants"),
            Route("/rules/{name}", self.rules, name="rules"),
        )

    async def all(self, request: Request) -> Answer:
        """The rule sets that come with Ringmark, and which of them badges here are counted by."""
        language = chosen(request.scope)
        return await self._desk.readers.answered(lambda: self._list(language))

    async def rules(self, request: Request) -> Answer:
        """A rule set as tables."""
        return await self._found(request, self._page)

    async def constants(self, request: Request) -> Answer:
        """Every constant of a rule set, as `rules show --json` prints them."""
        return await self._found(request, lambda rules, _: self._desk.answers.make("json", to_json(rules.as_json())))

    async def _found(self, request: Request, told: Callable[[RuleSet, Language], Answer]) -> Answer:
        name, language = str(request.path_params["name"]), chosen(request.scope)

        def read() -> Answer:
            rules = self._known(name)
            return told(rules, language) if rules else self._desk.paper.missing(language)

        return await self._desk.readers.answered(read)

    def _known(self, name: str) -> RuleSet | None:
        if name not in names():
            with self._desk.house.read() as db:
                if not store.scored_by(db, "public", name, now=self._desk.clock()):
                    return None
        try:
            return self._desk.rules(name)
        except RuleSetError:
            return None

    def _list(self, language: Language) -> Answer:
        with self._desk.house.read() as db:
            used = {name for name in names() if store.scored_by(db, "public", name, now=self._desk.clock())}
        told = [(name, self._desk.rules(name).summary, name in used) for name in names()]
        sets = [
            {"name": name, "summary": language.say(text) if text else "", "used": here} for name, text, here in told
        ]
        return self._desk.paper.page(language, "rules_list.html", sets=sets)

    def _page(self, rules: RuleSet, language: Language) -> Answer:
        return self._desk.paper.page(
            language,
            "rules.html",
            rules=rules,
            summary=language.say(rules.summary) if rules.summary else "",
            sources=[_source(each, rules, language) for each in sorted(rules.sources, key=_most)],
            tiers=[language.number(milli / 1000) for milli in rules.tiers],
            curves=[_curve(name, rules, language) for name in CURVES] if _by_account(rules) else [],
            bounds=[language.number(milli / 1000) for milli in (rules.clamp.least, rules.clamp.most)],
            reposts=any(each.round_reposts for each in rules.sources),
            counted=[_steps(each, rules.counts[each.source], language) for each in rules.sources if each.counts],
        )


def _most(source: Source) -> int:
    return -source.millipoints


def _by_account(rules: RuleSet) -> bool:
    """Whether accounts differ in what they count."""
    steps = (step.milli for name in CURVES for step in rules.curves[name])
    return any(each.by == "account" for each in rules.sources) and set(steps) != {1000}


def _source(each: Source, rules: RuleSet, language: Language) -> dict[str, Any]:
    """A line of the table; `weight` says whose the number is."""
    points, repost = (language.number(milli / 1000) for milli in (each.millipoints, each.repost))
    if not each.counts:
        points = language.say("never counts")
    elif each.by == "tier":
        least, most = (language.number(milli / 1000) for milli in (min(rules.tiers), max(rules.tiers)))
        points = language.say("%(least)s to %(most)s, by the outlet's tier", least=least, most=most)
    elif each.by == "reach":
        points = language.say("%(points)s, times the blog's reach", points=points)
    elif each.by == "account":
        points = language.say("%(points)s, times the account's factor", points=points)
    if each.published:
        weight = language.say("published")
    else:
        weight = language.say("ours") if each.counts else language.say("none is published")
    return {
        "name": language.say(source_name(each.source)),
        "unit": language.say(UNITS[each.unit]),
        "points": points,
        "repost": repost if each.counts and each.repost != each.millipoints else "",
        "weight": weight,
    }


def _curve(name: str, rules: RuleSet, language: Language) -> dict[str, Any]:
    """One part of an account's factor: from which number on, and by how much."""

    def start(step: Step) -> str:
        if name == "bias":
            return language.percent(step.start / 1000)
        return language.number(step.start if name == "reach" else step.start / 1000)

    return {
        "name": language.say(CURVES[name]),
        "steps": [(start(step), language.number(step.milli / 1000)) for step in rules.curves[name]],
        "neutral": language.number(rules.neutral[name] / 1000),
    }


def _steps(each: Source, steps: tuple[Step, ...], language: Language) -> dict[str, Any]:
    return {
        "name": language.say(source_name(each.source)),
        "steps": [(language.number(step.start), language.number(step.milli / 1000)) for step in steps],
    }
