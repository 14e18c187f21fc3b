"""The action API of a practice wiki, after the documentation of `info`, `revisions`, `extlinks` and `exturlusage`."""

from collections.abc import Mapping
from typing import Any

from sandbox.wikipedia.encyclopedia import Article, Encyclopedia, Revision

Asked = Mapping[str, str]


def answer(wikis: Encyclopedia, domain: str, asked: Asked, rows: int, *, behind: bool = False) -> dict[str, Any]:
    """One question; at most so many rows of a list. `behind`: by a copy that has not the latest revision yet."""
    if asked.get("action") != "query" or asked.get("formatversion") != "2":
        return {"error": {"code": "badvalue", "info": "Unrecognized value"}}
    if asked.get("meta") == "siteinfo":
        return {"batchcomplete": True, "query": {"general": {"sitename": "Wikipedia"}}}
    here = [each for each in wikis.articles.values() if each.domain == domain]
    if asked.get("list") == "exturlusage":
        return _linking(here, asked, rows)
    if "revids" in asked:
        number = int(asked["revids"])
        found = [each for each in here if any(one.id == number for one in each.revisions)]
    else:
        number = 0
        found = [each for each in here if each.page == int(asked.get("pageids", "0"))]
    if not found or found[0].deleted or not found[0].revisions:
        return {
            "batchcomplete": True,
            "query": {"pages": [{"pageid": int(asked.get("pageids", "0")), "missing": True}]},
        }
    return _page(found[0], asked, rows, number, behind=behind)


def _page(article: Article, asked: Asked, rows: int, number: int, *, behind: bool) -> dict[str, Any]:
    props = asked.get("prop", "").split("|")
    page: dict[str, Any] = {"pageid": article.page, "ns": article.namespace, "title": article.title}
    more: dict[str, str] = {}
    if "revisions" in props and "elcontinue" not in asked:
        wanted = [each for each in article.revisions if each.id == number] or article.revisions[-1:]
        if behind and len(article.revisions) > 1:
            wanted = article.revisions[-2:-1]
        if asked.get("rvdir") == "newer":
            first = int(asked.get("rvcontinue", "0"))
            wanted = article.revisions[first : first + rows]
            if first + rows < len(article.revisions):
                more = {"rvcontinue": str(first + rows), "continue": "||"}
        page["revisions"] = [_revision(each, asked.get("rvprop", "ids")) for each in wanted]
    if "extlinks" in props:
        first = int(asked.get("elcontinue", "0"))
        page["extlinks"] = [{"url": each} for each in article.links[first : first + rows]]
        if first + rows < len(article.links):
            more = {"elcontinue": str(first + rows), "continue": "||revisions"}
    return {**({"continue": more} if more else {"batchcomplete": True}), "query": {"pages": [page]}}


def _revision(revision: Revision, props: str) -> dict[str, Any]:
    told: dict[str, Any] = {"revid": revision.id, "parentid": revision.id - 1}
    if "timestamp" in props:
        told["timestamp"] = revision.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "content" in props:
        told["slots"] = {"main": {"contentmodel": "wikitext", "contentformat": "text/x-wiki", "content": revision.text}}
    return told


def _linking(here: list[Article], asked: Asked, rows: int) -> dict[str, Any]:
    begin = f"{asked.get('euprotocol', 'http')}://{asked.get('euquery', '')}/"
    found = [
        {"pageid": each.page, "ns": each.namespace, "title": each.title, "url": link}
        for each in here
        if not each.deleted and each.namespace == 0
        for link in each.links
        if link.startswith(begin)
    ]
    first = int(asked.get("eucontinue", "0"))
    told: dict[str, Any] = {"query": {"exturlusage": found[first : first + rows]}}
    if first + rows < len(found):
        return {"continue": {"eucontinue": str(first + rows), "continue": "-||"}, **told}
    return {"batchcomplete": True, **told}
