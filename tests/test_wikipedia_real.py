"""Titles and addresses of real articles, as recorded by others: an address is made of a title as Wikipedia makes it."""

import json

import pytest
from conftest import SHARED_DATA

from connectors.urls import canonical_url
from connectors.wikipedia.changes import Place
from connectors.wikipedia.citations import address_of

RECORDED = SHARED_DATA / "attention" / "wikipedia" / "wikipedia.json"


def test_the_addresses_of_real_articles_are_those_that_are_made_of_their_titles() -> None:
    if not RECORDED.is_file():
        pytest.skip("shared data is not here")
    told = json.loads(RECORDED.read_text())
    real = [(language, each["title"], each["url"]) for language, pages in told.items() for each in pages]
    articles = [each for each in real if ":" not in each[1] and f"//{each[0]}.wikipedia.org/" in each[2]]

    wrong = [
        (title, url)
        for language, title, url in articles
        if canonical_url(address_of(Place(database="x", domain=f"{language}.wikipedia.org", page=1), title))
        != canonical_url(url)
    ]

    assert len(articles) > 400
    assert wrong == []
