"""Mentions that exercise one rule of the score each, on an output of their own that is public in every way.

`Institution.named[name]` is that output. A mention here has neither id, target nor address unless the rule is about
them; `sandbox.attention` fills those in. Times are minutes after `START`, unless the rule is about the time.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sandbox.model import Account, Mention, Outlet
from sandbox.names import BLOGS, OUTLETS, SHOWS

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

OUTLET = {row[0]: Outlet(id=row[0], name=row[1], tier=row[2], country=row[3], reach=row[4]) for row in OUTLETS}
BLOG = {key: Outlet(id=key, name=name, reach=reach) for key, name, reach in BLOGS}
SHOW = {key: Outlet(id=key, name=name) for key, name in SHOWS}
EACH_TIER = ("example-times", "world-sample", "demo-herald", "valley-news", "press-relay", "new-paper", "odd-paper")
"""Outlets of the tiers 1, 1, 2, 3, 4, of none, and of one that does not exist."""

REGULAR = Account(id="regular", name="A Regular Reader", followers=1_200, posts_per_month=14.5, domain_share=0.2)
SECOND = Account(id="second", name="A Second Reader", followers=800, posts_per_month=3.0, domain_share=0.0)
THIRD = Account(id="third", name="A Third Reader", followers=90, posts_per_month=1.0, domain_share=0.1)
FAMOUS = Account(id="famous", name="Somebody Famous", followers=4_000_000, posts_per_month=0.5, domain_share=0.0)
TIRELESS = Account(id="tireless", name="Posts All Day", followers=2_000, posts_per_month=900.0, domain_share=0.1)
PUBLISHER = Account(id="publisher", name="Journal Account", followers=9_000, posts_per_month=60.0, domain_share=0.98)
NOBODY = Account(id="nobody", name="New Here", followers=0, posts_per_month=0.1, domain_share=0.0)
SILENT = Account(id="silent", name="Tells No Numbers")


def at(minutes: float) -> str:
    """A time as sources tell it."""
    moment = START + timedelta(minutes=minutes)
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def told(source: str, minutes: float = 0, *, when: str = "", account: Account | None = None,
         outlet: Outlet | None = None, policy: str = "", jurisdiction: str = "", repost: bool = False,
         url: str = "", title: str = "", targets: tuple[str, ...] = (), mention: str = "") -> Mention:  # fmt: skip
    """One mention; `mention` is an id only where the rule is about it."""
    return Mention(
        id=mention, source=source, targets=targets, url=url, title=title, occurred_at=when or at(minutes),
        account=account, outlet=outlet, policy_source=policy, jurisdiction=jurisdiction, repost=repost,
    )  # fmt: skip


def _each(source: str, accounts: Iterable[Account], *, repost: bool = False) -> list[Mention]:
    return [told(source, n, account=account, repost=repost) for n, account in enumerate(accounts)]


def _outlets(source: str, outlets: Iterable[Outlet]) -> list[Mention]:
    return [told(source, n, outlet=outlet) for n, outlet in enumerate(outlets)]


def _sources(*sources: str) -> list[Mention]:
    return [told(source, n, account=REGULAR) for n, source in enumerate(sources)]


SCENARIOS: dict[str, list[Mention]] = {
    "news of every tier": _outlets("news", (OUTLET[key] for key in EACH_TIER)),
    "one outlet thrice": _outlets("news", [OUTLET["world-sample"]] * 3),
    "a tier told anew": _outlets(
        "news", [Outlet(id="moved", name="Was 1", tier=1), Outlet(id="moved", name="Is 3", tier=3)]
    ),
    "blogs of every reach": _outlets("blog", BLOG.values()),
    # the last one has a source name of its own, so the WHO counts once in each
    "policy twice": [
        told("policy", 0, policy="who"),
        told("policy", 5, policy="who"),
        told("policy", 9, policy="demo-institute"),
        told("guideline", 2, policy="who"),
    ],
    "patents twice": [
        told("patent", n, jurisdiction=office) for n, office in enumerate(("EP", "US", "EP", "ep", "JP"))
    ],
    "encyclopedias": [
        told("wikipedia", n, url=f"https://{lang}.wikipedia.example/wiki/Exempla")
        for n, lang in enumerate(("en", "de", "cy", "ar"))
    ],
    "syllabi": [told("syllabus", n, title=title) for n, title in enumerate(("Exempla 101", "Advanced Testing"))],
    "reviewers": [*_each("peer_review", (REGULAR, REGULAR, SECOND)), *_each("f1000", (SECOND, THIRD))],
    "posts on x": _each("x", (REGULAR, SECOND, REGULAR, THIRD)),
    "reposts only": _each("x", (REGULAR, SECOND, THIRD), repost=True),
    "repost before post": [told("x", 0, account=REGULAR, repost=True), told("x", 3, account=REGULAR)],
    "post and repost at once": [told("x", 0, account=REGULAR, repost=True), told("x", 0, account=REGULAR)],
    "two outlets' ties": [told("news", 0, outlet=OUTLET["valley-news"]), told("news", 0, outlet=OUTLET["valley-news"])],
    "a microsecond apart": [
        told("reddit", 2 / 60_000_000, account=SECOND),
        told("reddit", 1 / 60_000_000, account=SECOND),
    ],
    "accounts of every kind": _each("x", (REGULAR, FAMOUS, TIRELESS, PUBLISHER, NOBODY, SILENT)),
    "reposts elsewhere": [
        m for s in ("weibo", "bluesky", "mastodon") for m in _each(s, (SECOND, FAMOUS, SILENT), repost=True)
    ],
    "posts elsewhere": [m for s in ("weibo", "bluesky", "mastodon") for m in _each(s, (SECOND, PUBLISHER))],
    "forums": _sources("reddit", "youtube", "qna", "facebook", "pinterest", "hackernews"),
    "historic": _sources("linkedin", "gplus", "linkedin"),
    "podcasts": _outlets("podcast", (*SHOW.values(), SHOW["pod-sample"])),
    "never counted": _sources("mendeley", "citeulike", "readers", "misc"),
    "units not told": [
        told(source, n) for n, source in enumerate(("news", "news", "x", "x", "policy", "patent", "blog"))
    ],
    "still to come": [
        told("news", when="2099-01-01T00:00:00Z", outlet=OUTLET["example-times"]),
        told("x", account=REGULAR),
    ],
    "before publication": [told("blog", when="2001-05-01T12:00:00Z", outlet=BLOG["stacks"])],
    "bare dates": [
        told("news", when="2026-03-02", outlet=OUTLET["demo-herald"]),
        told("news", outlet=OUTLET["demo-herald"]),
    ],
    "taken back": [
        told("news", outlet=OUTLET["le-specimen"], mention="taken-back"),
        told("blog", outlet=BLOG["stacks"]),
        Mention(id="taken-back", deleted=True),
    ],
    "told twice": [
        told("news", outlet=OUTLET["release-hub"], mention="told-twice", title="First wording"),
        told("news", outlet=OUTLET["release-hub"], mention="told-twice", title="Second wording"),
    ],
    "one address twice": [
        told("news", 0, outlet=OUTLET["press-relay"], url="https://press-relay.example/a/1"),
        told("news", 7, outlet=OUTLET["wire-mirror"], url="https://press-relay.example/a/1?utm_source=mail#top"),
    ],
    "source nobody knows": [told("telepathy", account=REGULAR), told("news", outlet=OUTLET["harbour-post"])],
    "target nobody knows": [told("news", outlet=OUTLET["harbour-post"], targets=("doi:10.5555/nobody.knows.this",))],
    "no mention": [],
}


def with_identity(mention: Mention, name: str, number: int, targets: tuple[str, ...]) -> Mention:
    """Fill in id, target and address where the scenario left them open."""
    if mention.deleted:
        return mention
    slug = name.replace(" ", "-").replace("'", "")
    return replace(
        mention,
        id=mention.id or f"{slug}-{number}",
        targets=mention.targets or targets,
        url=mention.url or f"https://{mention.source}.example.net/{slug}/{number}",
    )
