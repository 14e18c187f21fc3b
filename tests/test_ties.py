"""Mentions are tied to outputs in whatever order the two arrive."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import stores

from config.visibility import Visibility
from connectors.attention import Mention
from connectors.identifiers import Identifier
from connectors.records import Item, Page
from sync import store

DOI = Identifier("doi", "10.5555/new")
ITEM = Item(key="o", title="New", type="other", visibility=Visibility.PUBLIC, identifiers=(DOI,), raw={})
MENTION = Mention(
    key="m",
    source="policy",
    targets=(DOI,),
    url="https://policy.example.com/m",
    title="",
    occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    policy_source="who",
)


@pytest.mark.parametrize(
    "pages",
    [
        (Page(items=(ITEM,), mentions=(MENTION,)),),
        (Page(items=(ITEM,)), Page(mentions=(MENTION,))),
        (Page(mentions=(MENTION,)), Page(items=(ITEM,))),
    ],
    ids=["together", "the output first", "the mention first"],
)
def test_a_mention_is_tied_once(tmp_path: Path, pages: tuple[Page, ...]) -> None:
    home = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    source = store.local(home, step="import", now=1)

    for page in pages:
        store.apply(home, source, page, now=2)

    with home.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM mark").scalar() == 1
    home.engine.dispose()
