"""What docs/privacy.md promises is what the code does."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from sync.tables import metadata

PAGE = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text()
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
ROW = re.compile(r"\| [^|]+ \| (\d+) (minute|hour|day)s? \| `([\w.]+)\.([A-Z_]+)` \|")
ROWS = [match.groups() for match in ROW.finditer(PAGE)]
ENFORCED = {
    ("sync.store.asides", "EVIDENCE_FOR"),
    ("sync.store.errands", "KEPT"),
    ("sync.store.reports", "CLOSED_FOR"),
    ("sync.store.sessions", "KEPT"),
    ("sync.store.sessions", "LASTS"),
    ("sync.store.sessions", "LINK_LASTS"),
    ("sync.store.tidy", "RUNS_FOR"),
    ("sync.store.watching", "TOKENS_FOR"),
    ("sync.store.watching", "UNCONFIRMED_FOR"),
}


@pytest.mark.parametrize(("number", "unit", "module", "name"), ROWS)
def test_a_number_of_days_stands_in_the_page_as_in_the_code(number: str, unit: str, module: str, name: str) -> None:
    assert getattr(import_module(module), name) == int(number) * UNITS[unit] * 1_000_000


def test_every_number_that_the_code_enforces_stands_in_the_page() -> None:
    assert {(module, name) for _, _, module, name in ROWS} == ENFORCED


def test_the_numbers_in_the_first_table_are_those_of_the_second() -> None:
    linked = re.findall(r"\[(\d+ \w+)\]\(#what-goes-by-itself\)", PAGE)

    assert set(linked) <= {f"{number} {unit}s" for number, unit, _, _ in ROWS}
    assert len(linked) == 3


def test_every_table_of_the_store_that_can_hold_a_person_is_spoken_of_by_what_erases_them() -> None:
    """A new table with words in it needs a decision: does erasing somebody reach it?"""
    known = {name for line in DECIDED.split("\n") for name in line.partition("#")[0].split()}
    worded = {
        table.name for table in metadata().sorted_tables if any(str(column.type) == "TEXT" for column in table.columns)
    }

    assert worded - known == set()


DECIDED = """
person person_record member authorship_record badge_person badge_text hide hide_target set_aside report  # erased
account account_said mention evidence page unit refusal ruling  # erased
veto erased  # hashes
note  # where a connector was, and when: addresses of feeds and pages, nothing of people
audit  # numbers
watcher watch watch_token session sign_in_link sign_in_used token  # readers and users, who go in their own way
meta lease alarm errand scope_change run connection pushed dirty  # no people in it
asked learned learned_version  # no people: who was asked about goes with the person
group_record item identifier item_version output output_subject journal subject  # works
outlet outlet_said outlet_domain  # outlets
score score_version score_change badge badge_change badge_identifier badge_group badge_subject  # works
badge_source badge_version sees  # works
"""
