"""What the tests of badges on other sites stand on, once for each of their modules."""

from collections.abc import Iterator

import pytest
from conftest import House
from embed_house import Sites, sites
from playwright.sync_api import Browser, Page
from served import Served, serving


@pytest.fixture(scope="module")
def served(embedding: House) -> Iterator[Served]:
    """The house, open to the sites."""
    with serving(embedding.folder) as found:
        yield found


@pytest.fixture(scope="module")
def other() -> Iterator[Sites]:
    """The sites, at another origin."""
    with sites() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader who was never there before."""
    with browser.new_context(viewport={"width": 900, "height": 700}) as context:
        yield context.new_page()
