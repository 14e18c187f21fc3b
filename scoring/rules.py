"""Rule sets: the named, versioned weights and modifiers that decide what a mention is worth. Data, never code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scoring.checks import faults
from scoring.signs import checks

# Stores keep these numbers: add at the end, never renumber, never use one again.
SOURCES: Mapping[str, int] = {
    "news": 1,
    "blog": 2,
    "policy": 3,
    "guideline": 4,
    "patent": 5,
    "wikipedia": 6,
    "syllabus": 7,
    "peer_review": 8,
    "f1000": 9,
    "x": 10,
    "weibo": 11,
    "bluesky": 12,
    "mastodon": 13,
    "reddit": 14,
    "youtube": 15,
    "qna": 16,
    "facebook": 17,
    "pinterest": 18,
    "hackernews": 19,
    "linkedin": 20,
    "gplus": 21,
    "podcast": 22,
    "mendeley": 23,
    "citeulike": 24,
    "readers": 25,
    "misc": 26,
}

# What a store keeps as a mention's unit, per source: "source" is the whole source, which needs no unit of its own.
UNITS: Mapping[str, str] = {
    **dict.fromkeys(SOURCES, "author"),
    "news": "outlet",
    "blog": "blog",
    "policy": "policy_source",
    "guideline": "policy_source",
    "patent": "jurisdiction",
    "wikipedia": "source",
    "syllabus": "source",
    **dict.fromkeys(("x", "weibo", "bluesky", "mastodon"), "account"),
    "podcast": "show",
}


class RuleSetError(ValueError):
    """A rule set cannot be used: mend the file at the places named, one to a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source's line. `millipoints` are an original's, `repost` a repost's, both before tier, reach or factor; of a
    source by tier they are those of tier 1. `published`: its weight, be it 0, is somebody's published one."""

    source: str
    unit: str
    millipoints: int
    repost: int
    by: str
    round_reposts: bool
    counts: bool
    published: bool

    @property
    def static(self) -> bool:
        """The whole source counts once, however many its mentions."""
        return self.unit == "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `start` (included) up to the next step's start, the curve is `milli` thousandths."""

    start: int
    milli: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Both included, in thousandths."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All constants of a score. `tiers` are the points of outlet tiers 1 to 4; `neutral` (thousandths) stands for what
    was not told: reach, promiscuity, bias of an account, blog_reach of a blog. `counts`: what each unit of a source
    brings, by its number from 1 on, where only their number is known; `fitted`: on what, where it was. `exclude`: signs
    of gaming (`signs.py`) for which a mention counts for nothing."""

    name: str
    version: str
    summary: str
    sources: tuple[Source, ...]
    tiers: tuple[int, int, int, int]
    unknown_tier: int
    neutral: Mapping[str, int]
    curves: Mapping[str, tuple[Step, ...]]
    clamp: Bounds
    blog_reach: Bounds
    counts: Mapping[str, tuple[Step, ...]]
    fitted: str
    exclude: tuple[str, ...] = ()

    def source(self, name: str) -> Source:
        """The line of one source; KeyError for a name that is not in `SOURCES`."""
        for source in self.sources:
            if source.source == name:
                return source
        raise KeyError(name)

    def as_json(self) -> dict[str, object]:
        """Every constant, so that an outsider can work a score out again: what `rules show --json` prints."""
        return {
            "name": self.name,
            "version": self.version,
            "summary": self.summary,
            "sources": [
                {
                    "source": source.source,
                    "unit": source.unit,
                    "millipoints": source.millipoints,
                    "repost": source.repost,
                    "static": source.static,
                    "published": source.published,
                    "counts": source.counts,
                    "by": source.by,
                    "round_reposts": source.round_reposts,
                }
                for source in self.sources
            ],
            "tiers": {str(tier): points for tier, points in enumerate(self.tiers, 1)},
            "unknown_tier": self.unknown_tier,
            "neutral": dict(self.neutral),
            "curves": _steps_as_json(self.curves),
            "clamp": {"least": self.clamp.least, "most": self.clamp.most},
            "blog_reach": {"least": self.blog_reach.least, "most": self.blog_reach.most},
            "counts": _steps_as_json(self.counts),
            "fitted": self.fitted,
            "exclude": list(self.exclude),
        }


def _steps_as_json(told: Mapping[str, tuple[Step, ...]]) -> dict[str, list[dict[str, int]]]:
    return {name: [{"from": step.start, "milli": step.milli} for step in steps] for name, steps in told.items()}


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The rule sets shipped, then those in an administrator's folder, each sorted."""
    shipped = sorted(_shipped())
    added = {path.stem for path in folder.glob("*.toml")} if folder else set()
    return (*shipped, *sorted(added.difference(shipped)))


def load(name: str, folder: Path | None = None) -> RuleSet:
    """The rule set of that name, from `folder` when it is not one of ours; the shipped ones cannot be replaced, since a
    score always carries the name. Raises `RuleSetError`, also for a name that is nowhere."""
    return _ours(name) if name in _shipped() else parsed(name, text(name, folder))


@cache
def _ours(name: str) -> RuleSet:
    """One of those that are shipped, which do not change while we run."""
    return parsed(name, text(name))


def text(name: str, folder: Path | None = None) -> str:
    """The file of a rule set as it is written. Raises `RuleSetError`."""
    if name not in names(folder):
        raise RuleSetError(f"no rule set is called {name!r}; there are: {', '.join(names(folder))}")
    place = _shipped().get(name) or (folder or Path()) / f"{name}.toml"
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RuleSetError(f"rule set {name}: not TOML: {error}") from error
    except OSError as error:
        raise RuleSetError(f"rule set {name}: {place} cannot be read: {error.strerror}") from error


def made(name: str, document: Mapping[str, Any]) -> RuleSet:
    """The rule set that a document says, such as `tomllib` reads. Raises `RuleSetError` with every fault."""
    found = list(faults(document, UNITS, checks()))
    if document.get("name") != name:
        found.append("name must be the file's own")
    if found:
        raise RuleSetError("\n".join(f"rule set {name}: {' '.join(fault.split())}" for fault in found))
    return _ruleset(document)


def parsed(name: str, told: str) -> RuleSet:
    """The rule set that a text says in TOML. Raises `RuleSetError`."""
    try:
        return made(name, tomllib.loads(told))
    except tomllib.TOMLDecodeError as error:
        raise RuleSetError(f"rule set {name}: not TOML: {error}") from error


def ours(name: str) -> bool:
    """Whether a name is that of a rule set that comes with us."""
    return name in _shipped()


def unusable(folder: Path) -> dict[str, list[str]]:
    """What is wrong with the files of an administrator's folder, by the names they would have."""
    found = {}
    for name in sorted(path.stem for path in folder.glob("*.toml")):
        try:
            if name in _shipped():
                raise RuleSetError(f"rule set {name}: the name is one of ours; give file and rule set another")
            load(name, folder)
        except RuleSetError as error:
            found[name] = str(error).splitlines()
    return found


def _shipped() -> dict[str, Traversable]:
    folder = files("scoring") / "rulesets"
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}


def _ruleset(document: Mapping[str, Any]) -> RuleSet:
    tiers = document["tiers"]
    sources = tuple(_source(name, document["sources"][name]) for name in SOURCES)
    counts = document.get("counts", {})
    return RuleSet(
        name=document["name"],
        version=document["version"],
        summary=document.get("summary", ""),
        sources=sources,
        tiers=(tiers["1"], tiers["2"], tiers["3"], tiers["4"]),
        unknown_tier=document["unknown_tier"],
        neutral=document["neutral"],
        curves={name: _steps(steps) for name, steps in document["curves"].items()},
        clamp=Bounds(**document["clamp"]),
        blog_reach=Bounds(**document["blog_reach"]),
        counts={each.source: _steps(counts.get(each.source) or _plain_steps(each)) for each in sources},
        fitted=document.get("fitted", ""),
        exclude=tuple(document.get("exclude", ())),
    )


def _steps(steps: list[dict[str, int]]) -> tuple[Step, ...]:
    return tuple(Step(start=step["from"], milli=step["milli"]) for step in steps)


def _plain_steps(source: Source) -> list[dict[str, int]]:
    """What a unit brings where the rule set says nothing of counts: an original's points, before any factor."""
    once = [{"from": 2, "milli": 0}] if source.static else []
    return [{"from": 1, "milli": source.millipoints}, *once]


def _source(name: str, line: Mapping[str, Any]) -> Source:
    millipoints = line.get("millipoints", 0)
    return Source(
        source=name,
        unit=line["unit"],
        millipoints=millipoints,
        repost=line.get("repost", millipoints),
        by=line.get("by", "nothing"),
        round_reposts=line.get("round_reposts", False),
        counts=line.get("counts", True),
        published=line.get("published", True),
    )
