"""Invented mentions: first the scenarios, then many at random, with the skew of real attention."""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from sandbox.model import Account, Mention, Output
from sandbox.names import JURISDICTIONS, POLICY_SOURCES, SYLLABI, WIKIPEDIAS
from sandbox.people import YESTERDAY
from sandbox.scenarios import BLOG, OUTLET, SCENARIOS, SHOW, with_identity

ACCOUNTS = 150
SHARES = {
    "x": 40, "news": 16, "bluesky": 8, "mendeley": 6, "blog": 5, "mastodon": 4, "reddit": 3, "wikipedia": 3,
    "policy": 2, "facebook": 2, "youtube": 2, "patent": 2, "weibo": 1, "podcast": 1, "peer_review": 1, "f1000": 1,
    "guideline": 1, "syllabus": 1, "qna": 1, "pinterest": 1, "hackernews": 1, "linkedin": 1, "gplus": 1,
    "citeulike": 1, "readers": 1, "misc": 1,
}  # fmt: skip
"""How often each source speaks, relative to the others. Every source of the score's table is here."""

REPOSTED = frozenset({"x", "weibo", "bluesky", "mastodon"})


def scripted(named: Mapping[str, int], outputs: Mapping[int, Output]) -> Iterator[Mention]:
    """The scenarios' mentions, on the outputs that carry their names; scenarios without an output are left out."""
    for name, mentions in SCENARIOS.items():
        if name in named:
            targets = identifiers(outputs[named[name]])[:1]
            for number, mention in enumerate(mentions, start=1):
                yield with_identity(mention, name, number, targets)


def random_mentions(
    outputs: Sequence[Output], count: int, rng: random.Random, spare: Collection[int]
) -> Iterator[Mention]:
    """`count` mentions of outputs that are not in `spare`: a few outputs get most, many get none.

    Now and then a mention names two outputs, tells only an address, or only a day."""
    chosen = [o for o in outputs if o.id not in spare and identifiers(o)]
    if not chosen:
        return
    rng.shuffle(chosen)
    accounts = [account(n) for n in range(ACCOUNTS)]
    sources = rng.choices(list(SHARES), weights=list(SHARES.values()), k=count)
    for number, source in enumerate(sources, start=1):
        output = chosen[int(len(chosen) * rng.random() ** 2)]
        names = identifiers(output)
        targets: tuple[str, ...] = (names[number % len(names)],)
        if number % 97 == 0:
            targets += identifiers(chosen[number % len(chosen)])[:1]
        yield _mention(number, source, targets, accounts, rng)


def account(number: int) -> Account:
    """One of the accounts: followers over seven powers of ten, rates and shares from none to all; some tell nothing."""
    return Account(
        id=f"account-{number}",
        name=f"Example Account {number}",
        followers=None if number % 13 == 5 else 3 * 10 ** (number % 7) + number,
        posts_per_month=None if number % 11 == 7 else (number % 10) ** 3 / 8,
        domain_share=None if number % 17 == 3 else (number % 21) / 20,
    )


def identifiers(output: Output) -> tuple[str, ...]:
    """What a mention may call an output, best first. Only what a source holds in plain shape, so no oddities."""
    found: dict[str, None] = {}
    for scheme in ("doi", "pmid", "arxiv", "handle", "isbn"):
        for record in output.records:
            if value := getattr(record, scheme):
                found[f"{scheme}:{value.lower()}"] = None
    return tuple(found)


def _mention(
    number: int, source: str, targets: tuple[str, ...], accounts: Sequence[Account], rng: random.Random
) -> Mention:
    moment = YESTERDAY - timedelta(seconds=int(6 * 365 * 86_400 * rng.random() ** 2))
    when = moment.date().isoformat() if number % 41 == 0 else moment.isoformat().replace("+00:00", "Z")
    outlet = who = None
    policy = jurisdiction = title = ""
    address = f"https://{source}.example.net/{number}"
    match source:
        case "news":
            outlet = rng.choice(list(OUTLET.values()))
        case "blog":
            outlet = rng.choice(list(BLOG.values()))
        case "podcast":
            outlet = rng.choice(list(SHOW.values()))
        case "policy" | "guideline":
            policy = rng.choice(POLICY_SOURCES)
        case "patent":
            jurisdiction = rng.choice(JURISDICTIONS)
        case "wikipedia":
            address = f"https://{rng.choice(WIKIPEDIAS)}.wikipedia.example/wiki/Exempla_{number}"
        case "syllabus":
            title = rng.choice(SYLLABI)
        case _:
            who = rng.choice(accounts)
    return Mention(
        id=f"m{number}",
        source=source,
        targets=() if number % 89 == 0 else targets,
        url=f"https://doi.org/{targets[0][4:]}" if number % 89 == 0 and targets[0].startswith("doi:") else address,
        title=title or f"About {targets[0]}",
        occurred_at=when,
        account=who,
        outlet=outlet,
        policy_source=policy,
        jurisdiction=jurisdiction,
        repost=source in REPOSTED and rng.random() < 0.4,
    )
