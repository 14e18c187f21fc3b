"""What a practice Figshare says, in the shapes of its contract (OpenAPI 2.0 of July 2026)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.figshare.holdings import ABSENT, INSTITUTION, OPEN, Account, Article, Holdings

API, SITE = "https://api.figshare.com/v2", "https://example.figshare.com"
QUOTA = 20_000_000_000
TYPES = {"dataset": 3, "journal contribution": 6, "thesis": 8, "software": 9, "preprint": 12}

Body = dict[str, Any]


def listed(article: Article) -> Body:
    """A row of the institution's list (`Article`): it has no word for who may see it, and tells a draft's title."""
    return {**_row(article), **article.draft}


def public(holdings: Holdings, article: Article) -> Body:
    """What everybody is told (`ArticleComplete`): the version published last, whatever its owner does since."""
    told = {
        **_row(article),
        "citation": "",
        "confidential_reason": "",
        "size": 1024,
        "funding": "",
        "funding_list": [],
        "tags": [],
        "keywords": [],
        "version": article.version,
        "is_metadata_record": False,
        "metadata_reason": "",
        "description": "",
        "has_linked_file": False,
        "categories": [_category("Oceanography")],
        "license": {"value": 1, "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        "embargo_title": "",
        "embargo_reason": "",
        "embargo_date": None,
        "embargo_options": [],
        "references": [],
        "related_materials": [],
        "figshare_url": _page(article),
        "download_disabled": False,
        "files": [],
        "folder_structure": {},
        "authors": [_author(holdings, user) for user in article.authors],
        "custom_fields": [],
        **OPEN,
        **article.told,
    }
    return _told(told)


def versions(article: Article) -> list[Body]:
    """The versions that everybody is shown (`ArticleVersions`), the newest first."""
    numbers = [number for number in range(article.version, 0, -1) if number not in article.lost]
    return [{"version": number, "url": f"{API}/articles/{article.id}/versions/{number}"} for number in numbers]


def short(account: Account) -> Body:
    """A row of the list of accounts (`ShortAccount`)."""
    return _told(
        {
            "id": account.id,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "institution_id": INSTITUTION,
            "email": account.email,
            "active": int(account.active),
            "institution_user_id": f"u{account.id}",
            "quota": QUOTA,
            "used_quota": 0,
            "user_id": account.user,
            "orcid_id": account.orcid,
            "symplectic_user_id": f"s{account.id}",
            **account.told,
        }
    )


def full(account: Account) -> Body:
    """One account (`Account`)."""
    more = {
        "used_quota_private": 0,
        "used_quota_public": 0,
        "created_date": "2025-09-01T08:00:00",
        "modified_date": "2025-09-01T08:00:00",
        "group_id": 1,
        "pending_quota_request": False,
        "maximum_file_size": QUOTA,
    }
    return {**short(account), **more}


def user(account: Account) -> Body:
    """The profile of an account (`User`)."""
    return _told(
        {
            "id": account.user,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "name": f"{account.first_name} {account.last_name}",
            "is_active": account.active,
            "url_name": f"{account.first_name}_{account.last_name}",
            "is_public": account.public,
            "job_title": "",
            "orcid_id": account.orcid,
            **account.profile,
        }
    )


def institution() -> Body:
    """Whose token it is (`Institution`)."""
    return {"id": INSTITUTION, "name": "University of Example", "domain": "example.edu"}


def error(status: int, message: str) -> Body:
    """An `ErrorMessage`."""
    return {"code": status, "message": message}


def stamp(moment: datetime) -> str:
    """A time, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _row(article: Article) -> Body:
    date = stamp(article.first_published) if article.published else None
    doi = article.versioned_doi if article.published else article.doi
    return {
        "id": article.id,
        "title": article.title,
        "doi": doi,
        "handle": "",
        "url": f"{API}/articles/{article.id}",
        "url_public_html": _page(article),
        "url_public_api": f"{API}/articles/{article.id}",
        "url_private_html": f"https://figshare.com/account/articles/{article.id}",
        "url_private_api": f"{API}/account/articles/{article.id}",
        "timeline": {"firstOnline": date[:10]} if date else {},
        "thumb": "",
        "defined_type": TYPES[article.type],
        "defined_type_name": article.type,
        "resource_doi": "",
        "resource_title": "",
        "created_date": stamp(article.first_published),
        "modified_date": stamp(article.modified),
        "published_date": date,
        "group_id": 1,
    }


def _author(holdings: Holdings, number: int) -> Body:
    first, last = holdings.name_of(number)
    return {
        "id": number,
        "full_name": f"{first} {last}",
        "first_name": first,
        "last_name": last,
        "is_active": True,
        "url_name": f"{first}_{last}".replace(" ", "_"),
        "orcid_id": "",
    }


def _category(title: str) -> Body:
    return {"id": 25, "title": title, "parent_id": 24, "path": "/24/25", "source_id": "370803", "taxonomy_id": 100}


def _page(article: Article) -> str:
    return f"{SITE}/articles/{article.type.replace(' ', '_')}/{article.title.replace(' ', '_')}/{article.id}"


def _told(body: Mapping[str, Any]) -> Body:
    return {name: value for name, value in body.items() if value is not ABSENT}
