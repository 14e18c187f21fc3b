"""Recorded pages of policy sites, read as documents: what they are is no citation, and nothing is made up."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from connectors import NotUnderstood
from connectors.abroad import Abroad, Fetched
from connectors.policy import document
from connectors.policy.document import Document
from connectors.policy.listing import Row

RECORDED = Path("attention") / "policy"


class Everything:
    """All that a document could name is looked for."""

    def __contains__(self, _: object) -> bool:
        return True


def read(folder: Path, name: str, address: str) -> Document:
    """A recorded page, as if it stood at an address; the files that it links to are not there."""
    body = (folder / RECORDED / name).read_bytes()
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page = Fetched(status=200, url=address, hops=(), headers=headers, body=body)

    def fetch(asked: str, **_: Any) -> Fetched:
        if asked != address:
            raise NotUnderstood("it was not recorded")
        return page

    row = Row(source="A", type="policy", sitemap=address)
    found = document.read(cast(Abroad, SimpleNamespace(fetch=fetch)), address, row, Everything())
    assert found is not None
    return found


def schemes(found: Document) -> set[str]:
    return {each.identifier.scheme for each in found.evidence}


def test_a_page_of_a_repository_does_not_cite_its_own_handle(shared_data: Path) -> None:
    found = read(shared_data, "2.html", "https://apps.who.int/iris/handle/10665/279983")

    assert found.title.startswith("Air pollution control")
    assert not any("10665/279983" in str(each.identifier) for each in found.evidence)


@pytest.mark.parametrize("name", ["1.html", "base_tests_mock_sites_gov_2.html", "base_tests_mock_sites_nice_1.html"])
def test_a_listing_without_identifiers_names_nothing_but_addresses(shared_data: Path, name: str) -> None:
    assert schemes(read(shared_data, name, "https://www.example.org/search")) <= {"url"}
