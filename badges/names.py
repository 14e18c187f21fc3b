"""What sources, schemes, types of outputs and units are called: English texts, to be said in a language."""

from collections.abc import Mapping

from badges.language import marked

SOURCES: Mapping[str, str] = {
    "news": marked("News"),
    "blog": marked("Blogs"),
    "policy": marked("Policy documents"),
    "guideline": marked("Guidelines"),
    "patent": marked("Patents"),
    "wikipedia": marked("Wikipedia"),
    "syllabus": marked("Syllabi"),
    "peer_review": marked("Peer review"),
    "f1000": marked("F1000"),
    "x": marked("X"),
    "weibo": marked("Weibo"),
    "bluesky": marked("Bluesky"),
    "mastodon": marked("Mastodon"),
    "reddit": marked("Reddit"),
    "youtube": marked("YouTube"),
    "qna": marked("Questions and answers"),
    "facebook": marked("Facebook"),
    "pinterest": marked("Pinterest"),
    "hackernews": marked("Hacker News"),
    "linkedin": marked("LinkedIn"),
    "gplus": marked("Google+"),
    "podcast": marked("Podcasts"),
    "mendeley": marked("Mendeley"),
    "citeulike": marked("CiteULike"),
    "readers": marked("Readers"),
    "misc": marked("Other sources"),
}
SCHEMES: Mapping[str, str] = {
    "doi": marked("DOI"),
    "pmid": marked("PubMed"),
    "pmcid": marked("PubMed Central"),
    "arxiv": marked("arXiv"),
    "handle": marked("Handle"),
    "isbn": marked("ISBN"),
    "urn": marked("URN"),
    "nct": marked("ClinicalTrials.gov"),
    "ssrn": marked("SSRN"),
    "repec": marked("RePEc"),
    "ads": marked("ADS"),
    "url": marked("Web page"),
}
# Sources tell types in words of their own; those that are not here are shown as they are told.
TYPES: Mapping[str, str] = {
    "artefact": marked("Artefact"),
    "book": marked("Book"),
    "chapter": marked("Chapter"),
    "composition": marked("Composition"),
    "conference": marked("Conference paper"),
    "dataset": marked("Dataset"),
    "design": marked("Design"),
    "exhibition": marked("Exhibition"),
    "figure": marked("Figure"),
    "internet-publication": marked("Internet publication"),
    "journal-article": marked("Journal article"),
    "media": marked("Media"),
    "other": marked("Output"),
    "patent": marked("Patent"),
    "performance": marked("Performance"),
    "poster": marked("Poster"),
    "preprint": marked("Preprint"),
    "presentation": marked("Presentation"),
    "report": marked("Report"),
    "scholarly-edition": marked("Scholarly edition"),
    "software": marked("Software"),
    "thesis-dissertation": marked("Thesis"),
    "working-paper": marked("Working paper"),
}
# What counts once, as the unit kinds of rule sets have it.
UNITS: Mapping[str, str] = {
    "source": marked("the whole source"),
    "outlet": marked("outlet"),
    "blog": marked("blog"),
    "policy_source": marked("policy source"),
    "jurisdiction": marked("jurisdiction"),
    "author": marked("author"),
    "account": marked("account"),
    "show": marked("show"),
}


def type_name(told: str) -> str:
    """What a type is called; empty is any output."""
    return TYPES.get(told) or told.replace("-", " ").capitalize() or TYPES["other"]
