"""The pages of rule sets: what they say is what the rule set says, and everything has a name."""

import json
from collections.abc import Iterator

import pytest
from conftest import House
from served import Served, serving
from test_serve_pages import page

from badges.language import LANGUAGES
from badges.names import SCHEMES, SOURCES, UNITS, type_name
from badges.rules_page import SUMMARIES
from connectors.identifiers import SCHEMES as KNOWN_SCHEMES
from scoring import rules


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.mark.parametrize("name", rules.names())
def test_every_rule_set_that_comes_with_us_has_its_page(served: Served, name: str) -> None:
    known = rules.load(name)
    tree = page(served.get(f"/rules/{name}"))

    assert tree.xpath("string(//h1)") == f"Rule set {name}, version {known.version}"
    lines = {line.xpath("string(th)"): line.xpath("td/text()") for line in tree.xpath("(//table)[1]/tbody/tr")}
    for each in known.sources:
        told = lines[SOURCES[each.source]]
        assert told[0] == UNITS[each.unit]
        assert told[-1] == ("published" if each.published else "ours" if each.counts else "none is published")
        if each.counts and each.by in ("nothing", "account"):
            assert told[1].startswith(f"{each.millipoints / 1000:g}")
        assert (told[1] == "never counts") is not each.counts
    assert json.loads(served.get(f"/rules/{name}.json").body) == json.loads(json.dumps(known.as_json()))
    assert known.summary in SUMMARIES
    assert known.summary in tree.text_content()


def test_an_account_s_factor_is_shown_where_accounts_differ(served: Served) -> None:
    assert "1,000,000" in served.get("/rules/ringmark-2026").text
    assert "The account's factor" not in " ".join(served.get("/rules/published-2020").text.split())


def test_what_is_no_rule_set_is_like_any_page_that_is_not_there(served: Served) -> None:
    nothing = served.get("/nothing/here")

    for name in ("absent", "..%2fringmark", "ringmark-2026%2f", "%00", "x" * 5000, "absent.json", "%3Cscript%3E"):
        assert served.get(f"/rules/{name}").whole == nothing.whole, name


def test_everything_has_a_name_that_readers_know() -> None:
    assert (SOURCES.keys(), SCHEMES.keys()) == (rules.SOURCES.keys(), set(KNOWN_SCHEMES))
    assert set(rules.UNITS.values()) <= UNITS.keys()
    assert (type_name("journal-article"), type_name("digital-map"), type_name("")) == (
        "Journal article", "Digital map", "Output"
    )  # fmt: skip


def test_names_are_listed_as_a_sentence_has_them() -> None:
    names = ["News", "Blogs", "X"]

    assert [LANGUAGES[code].listed(names) for code in ("en", "de")] == ["News, Blogs and X", "News, Blogs und X"]
