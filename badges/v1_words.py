"""The words of the Details Page API v1, and what they are here: data alone. docs/api.md tells readers the same."""

from collections.abc import Mapping
from typing import Literal

from scoring.rules import SOURCES

DAYS: Mapping[str, int | None] = {  # their timeframes in days; None for ever
    **{f"{number}d": number for number in range(1, 7)},
    "1w": 7,
    "1m": 30,
    "3m": 91,
    "6m": 182,
    "1y": 365,
    "at": None,
}

SCHEMES: Mapping[str, str] = {  # /v1/{scheme}/{id}; `output` is the public id
    "doi": "doi",
    "handle": "handle",
    "pmid": "pmid",
    "arxiv": "arxiv",
    "ads": "ads",
    "ssrn": "ssrn",
    "repec": "repec",
    "isbn": "isbn",
    "id": "output",
    "nct_id": "nct",
    "urn": "urn",
    "uri": "url",
}

ONE: Mapping[str, str] = {  # fields that hold one identifier, by our schemes; of several the first
    "pmid": "pmid",
    "pmcid": "pmc",
    "arxiv": "arxiv_id",
    "ads": "ads_id",
    "nct": "nct_id",
    "repec": "repec_id",
    "ssrn": "ssrn",
    "urn": "urn",
    "url": "uri",
}
MANY: Mapping[str, str] = {"isbn": "isbns", "handle": "handles"}

TYPES: Mapping[str, str] = {  # ours: theirs; what is not here is said in our own word
    "journal-article": "article",
    "book": "book",
    "scholarly-edition": "book",
    "chapter": "chapter",
    "clinical-trial": "clinical trial record",
    "conference": "conference paper",
    "dataset": "dataset",
    "fileset": "dataset",
    "thesis-dissertation": "thesis",
}

COUNTS: Mapping[str, str] = {  # cited_by_..._count, by our sources; those they have no word for are in the sums alone
    "news": "msm",
    "blog": "feeds",
    "policy": "policies",
    "guideline": "guidelines",
    "patent": "patents",
    "wikipedia": "wikipedia",
    "syllabus": "syllabi",
    "peer_review": "peer_review_sites",
    "f1000": "rh",
    "x": "tweeters",
    "weibo": "weibo",
    "bluesky": "bluesky",
    "reddit": "rdts",
    "youtube": "videos",
    "qna": "qna",
    "facebook": "fbwalls",
    "pinterest": "pinners",
    "linkedin": "linkedin",
    "gplus": "gplus",
    "podcast": "podcasts",
}
NAMED_READERS = ("mendeley", "citeulike")  # readers{...}
READERS = (*NAMED_READERS, "readers")  # readers_count; they are shown, and are no mentions

CITED_IN: Mapping[str, str] = {  # a source in a query, under each of the names they have or had for it
    **{theirs: ours for ours, theirs in COUNTS.items()},
    **{each: each for each in SOURCES if each not in READERS},
    "blogs": "blog",
    "twitter": "x",
    "video": "youtube",
    "forum": "qna",
    "qs": "qna",
    "q&a": "qna",
    "googleplus": "gplus",
    "peer_reviews": "peer_review",
    "peerreview": "peer_review",
    "syllabi": "syllabus",
}

Crowd = Literal["all", "journal", "similar_age", "similar_age_journal"]
POPULATIONS: Mapping[Crowd, tuple[str, str]] = {  # their name, and in words
    "all": ("all", "public outputs of this installation"),
    "journal": ("journal", "public outputs of this installation in the same journal"),
    "similar_age": ("similar_age_3m", "public outputs of this installation published within six weeks of it"),
    "similar_age_journal": (
        "similar_age_journal_3m",
        "public outputs of this installation in the same journal, published within six weeks of it",
    ),
}
