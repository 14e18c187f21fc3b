"""When, where and by whom an output was spoken of, in the words, charts and tables that its page needs."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from badges.card import NAMES
from badges.charts.bars import bar
from badges.charts.patterns import square
from badges.charts.scales import top
from badges.charts.timeline import timeline
from badges.charts.world import steps, world
from badges.families import FAMILIES, family
from badges.language import Language, marked
from scoring.rules import UNITS
from sync.store import BANDS, Per, Period, Speaking

OFFICES = {  # patent offices of many countries, which no map has
    "AP": marked("African Regional Intellectual Property Organization"),
    "EA": marked("Eurasian Patent Organization"),
    "EP": marked("European Patent Office"),
    "EU": marked("European Union"),
    "GC": marked("Patent Office of the Gulf Cooperation Council"),
    "OA": marked("African Intellectual Property Organization"),
    "WO": marked("World Intellectual Property Organization"),
}
KINDS = {  # who speaks in the sources of a family
    "news": marked("News outlets"),
    "blogs": marked("Blogs"),
    "policy": marked("Policy bodies"),
    "patents": marked("Patent offices"),
    "encyclopedia": marked("Encyclopedias"),
    "education": marked("Courses"),
    "review": marked("Reviewers"),
    "social": marked("Accounts on social media"),
    "forums": marked("Accounts in forums and on video sites"),
    "podcasts": marked("Podcasts"),
    "other": marked("Others"),
}
PER = {
    "day": marked("Each bar is a day."),
    "week": marked("Each bar is a week."),
    "month": marked("Each bar is a month."),
    "quarter": marked("Each bar is a quarter of a year."),
    "year": marked("Each bar is a year."),
    "decade": marked("Each bar is ten years."),
    "century": marked("Each bar is a hundred years."),
}
SKELETONS = {"day": "yMMMd", "month": "yMMM", "quarter": "yQQQ", "year": "y"}  # of dates, which a locale orders


def speaking(told: Speaking, language: Language) -> dict[str, Any] | None:
    """What `speaking.html` shows; None where nobody is known to have spoken."""
    if not told.mentions:
        return None
    return {"when": _when(told, language), "where": _where(told, language), "who": _who(told, language)}


def _when(told: Speaking, language: Language) -> dict[str, Any]:
    counted: Counter[tuple[int, str]] = Counter()
    for cell in told.cells:
        counted[cell.period, family(NAMES[cell.source]).name] += cell.mentions
    here = [each for each in FAMILIES if any(counted[place, each.name] for place in range(len(told.periods)))]
    bars = [[counted[place, each.name] for each in here] for place in range(len(told.periods))]
    sums = [sum(each) for each in bars]
    labels = [period_name(told.per, each, language) for each in told.periods]
    highest = max(range(len(sums)), key=sums.__getitem__)
    first, last = (language.date(day.isoformat()) for day in told.days)
    words = [
        language.count("%(n)s mention, on %(first)s.", "%(n)s mentions, the first on %(first)s, the last on %(last)s.",
                       told.mentions, first=first, last=last),
        language.count("The highest bar, %(period)s, is %(n)s mention.",
                       "The highest bar, %(period)s, is %(n)s mentions.", sums[highest], period=labels[highest]),
    ]  # fmt: skip
    return {
        "sentence": " ".join(words[: 1 + (len(sums) > 1)]),
        "per": language.say(PER[told.per]),
        "picture": timeline(here, bars, mirrored=language.direction == "rtl"),
        "top": top(max(sums)),
        "ends": (labels[0], labels[-1]) if len(labels) > 1 else (labels[0],),
        "key": [
            (square(each.name), language.say(each.label), sum(bar[place] for bar in bars))
            for place, each in enumerate(here)
        ],
        "rows": [
            {"period": label, "parts": bar, "mentions": mentions}
            for label, bar, mentions in zip(labels, bars, sums, strict=True)
            if mentions
        ],
    }


def _where(told: Speaking, language: Language) -> dict[str, Any]:
    places: Counter[str] = Counter()
    for cell in told.cells:
        places[cell.place] += cell.mentions
    unknown = places.pop("", 0)
    offices = {code: places.pop(code) for code in OFFICES if code in places}
    known = told.mentions - unknown
    named = [(place_name(code, language), many) for code, many in places.items()]
    named.sort(key=lambda each: (-each[1], each[0]))
    others = sorted((language.say(OFFICES[code]), many) for code, many in offices.items())
    words = [
        language.count("It is known of %(n)s out of %(all)s mentions where it comes from.",
                       "It is known of %(n)s out of %(all)s mentions where they come from.",
                       known, all=language.number(told.mentions)),
        *([language.say("The most frequent country is %(country)s, with %(many)s.", country=named[0][0],
                        many=language.number(named[0][1]))] if len(named) > 1 else []),
    ]  # fmt: skip
    most = max(places.values(), default=0)
    return {
        "sentence": " ".join(words),
        "picture": world(places) if places else "",
        "key": [(square(each.fill), _span(each.low, each.high, language)) for each in steps(most)],
        "countries": named,
        "offices": others,
        "unknown": unknown,
    }


def _who(told: Speaking, language: Language) -> dict[str, Any]:
    kinds: dict[str, list[int]] = {}
    for kind in sorted(told.kinds, key=lambda each: (each.source, each.tier or math.inf)):
        sums = kinds.setdefault(_kind(NAMES[kind.source], kind.tier, language), [0, 0])
        sums[:] = sums[0] + kind.speakers, sums[1] + kind.mentions
    most = max(mentions for _, mentions in kinds.values())
    reposting = [kind for kind in told.kinds if UNITS[NAMES[kind.source]] == "account"]
    reposts, posts = sum(kind.reposts for kind in reposting), sum(kind.mentions for kind in reposting)
    top_kind = max(kinds, key=lambda label: kinds[label][1])
    return {
        "sentence": language.say("Most come from one kind of speaker: %(kind)s, %(many)s of %(all)s.", kind=top_kind,
                                 many=language.number(most), all=language.number(told.mentions)),
        "reposts": language.count("Of %(posts)s posts that others can repost, %(n)s is a repost.",
                                  "Of %(posts)s posts that others can repost, %(n)s are reposts.",
                                  reposts, posts=language.number(posts)) if posts else "",
        "kinds": [
            {"name": label, "speakers": speakers, "mentions": mentions, "bar": bar(mentions, most)}
            for label, (speakers, mentions) in kinds.items()
        ],
        "outlets": _with_bars([(each.name, each.mentions) for each in told.outlets]),
        "others": told.others,
        "accounts": _accounts(told, language) if told.accounts.different else None,
    }  # fmt: skip


def _accounts(told: Speaking, language: Language) -> dict[str, Any]:
    accounts = told.accounts
    ends = [below - 1 for below in BANDS[1:]]
    labels = [_span(low, high, language) for low, high in zip(BANDS, ends, strict=False)]
    labels.append(language.say("%(n)s and more", n=language.number(BANDS[-1])))
    return {
        "different": accounts.different,
        "telling": accounts.different - accounts.silent,
        "silent": accounts.silent,
        "reach": accounts.reach,
        "rows": _with_bars(list(zip(labels, accounts.bands, strict=False)), [accounts.silent]),
    }


def _kind(source: str, tier: int, language: Language) -> str:
    if source == "news":
        if not tier:
            return language.say("News outlets of unknown tier")
        return language.say("News outlets of tier %(tier)s", tier=tier)
    return language.say(KINDS[family(source).name])


def _with_bars(named: Sequence[tuple[str, int]], beside: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Rows with a bar each, on one scale with what stands beside them."""
    most = max([*(many for _, many in named), *beside], default=0)
    return [{"name": name, "mentions": many, "bar": bar(many, most)} for name, many in named]


def _span(low: int, high: int, language: Language) -> str:
    if low == high:
        return language.number(low)
    return language.say("%(low)s to %(high)s", low=language.number(low), high=language.number(high))


def period_name(per: Per, period: Period, language: Language) -> str:
    """A period as readers of a language call it."""
    if per == "week":
        return language.say("week of %(date)s", date=_written(period.begin, "day", language))
    if per in SKELETONS:
        return _written(period.begin, per, language)
    return f"{period.begin.year}\u2013{period.end.year}"


def _written(day: date, per: str, language: Language) -> str:
    pattern = language.locale.datetime_skeletons[SKELETONS[per]]
    return str(format_date(day, str(pattern), locale=language.locale))


def place_name(code: str, language: Language) -> str:
    """A country as readers of a language call it."""
    return str(language.locale.territories.get(code, code))
