"""The card: what a badge says, as JSON."""

import json

from badges.card import card
from connectors.identifiers import Identifier
from sync.store.badges import Part, Shown


def test_the_card_is_the_agreed_document():
    shown = Shown(
        audience="public",
        output=4711,
        closes_at=1,
        visibility=2,
        title="On museum visits",
        type="journal-article",
        journal="",
        journal_id=0,
        issn="",
        published="2026",
        day=20454,
        precision=1,
        doi="10.5555/x",
        score=14,
        millipoints=13550,
        basis="mentions",
        rules="published-2020",
        version="1",
        scored_at=0,
        identifiers=(Identifier("doi", "10.5555/x"),),
        versions=(),
        people=((1, "Ada Abernook"),),
        groups=(),
        subjects=(),
        breakdown=(Part(source=1, mentions=3, units=2, millipoints=12000),),
    )
    document = card(shown, page="https://ringmark.example.edu/outputs/4711")

    assert json.loads(json.dumps(document)) == {
        "output": "4711",
        "title": "On museum visits",
        "identifiers": ["doi:10.5555/x"],
        "score": 14,
        "millipoints": 13550,
        "basis": "mentions",
        "rules": {"name": "published-2020", "version": "1"},
        "breakdown": [{"source": "news", "mentions": 3, "units": 2, "millipoints": 12000, "basis": "mentions"}],
        "links": {"page": "https://ringmark.example.edu/outputs/4711"},
    }
