"""The example institution: the same each time, every combination in it, and files as INTERFACES section 4 has them."""

import csv
import json
from itertools import product
from pathlib import Path

import pytest

from sandbox.identifiers import orcid
from sandbox.institution import example
from sandbox.model import Mention

SOURCES = {
    "news", "blog", "policy", "guideline", "patent", "wikipedia", "syllabus", "peer_review", "f1000", "x", "weibo",
    "bluesky", "mastodon", "reddit", "youtube", "qna", "facebook", "pinterest", "hackernews", "linkedin", "gplus",
    "podcast", "mendeley", "citeulike", "readers", "misc",
}  # fmt: skip
COLUMNS = {
    "people.csv": "person,name,orcid,visibility,current,academic,student",
    "groups.csv": "group,name,parents,visibility",
    "memberships.csv": "person,group",
    "outputs.csv": "output,title,type,journal,issn,published,visibility,doi,pmid,pmcid,arxiv,handle,isbn,url",
    "authorships.csv": "output,person,visibility,position",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    example().write_files(folder)
    return folder


def test_the_same_seed_gives_the_same_files_and_another_seed_gives_others(folder, tmp_path):
    example(seed=1).write_files(tmp_path / "again")
    example(seed=2).write_files(tmp_path / "other")

    assert contents(tmp_path / "again") == contents(folder)
    assert contents(tmp_path / "other") != contents(folder)


def test_the_default_has_the_promised_size():
    institution = example()

    assert (len(institution.outputs), len(institution.people), len(institution.groups)) == (400, 60, 12)
    assert len(institution.mentions) == 3_000
    assert len({m.account.id for m in institution.mentions if m.account}) >= 150


def test_every_combination_of_a_persons_flags_exists():
    found = {(p.privacy, p.current, p.academic, p.student) for p in example().people.values()}

    assert found == set(product(("public", "internal"), (True, False), (True, False), (True, False)))


def test_every_combination_of_levels_exists_with_one_wholly_open_author():
    institution = example()
    found = {
        (o.privacy, link.privacy, any(r.confidential for r in o.records), o.ever_approved)
        for o in institution.outputs.values()
        for link in institution.of_output(o.id)
        if len(institution.of_output(o.id)) == 1 and link.person == 1001
    }
    author = institution.people[1001]

    levels = ("public", "internal", "private")
    assert found == set(product(levels, levels, (True, False), (True, False)))
    assert (author.privacy, author.current, author.academic) == ("public", True, True)


def test_departments_have_three_levels_and_one_with_two_parents():
    groups = example().groups
    parents = {g.id: g.parents for g in groups.values()}

    assert parents[1] == ()
    assert [n for n, above in parents.items() if len(above) == 2] == [12]
    assert {g.privacy for g in groups.values()} == {"public", "internal", None}
    assert all(parents[parents[parents[n][0]][0]] == () for n in range(5, 13))


def test_every_source_of_the_score_is_mentioned_and_one_that_nobody_knows():
    assert {m.source for m in example().mentions if not m.deleted} == SOURCES | {"telepathy"}


def test_dois_are_under_the_test_prefix_only():
    dois = {r.doi for o in example().outputs.values() for r in o.records if r.doi}

    assert {doi for doi in dois if "10.5555/" not in doi} == {"doi:123.50055"}


def test_an_orcid_has_its_check_digit():
    digits = orcid(7).replace("-", "")
    total = sum(int(digit) * 2 ** (15 - place) for place, digit in enumerate(digits[:-1]))

    assert digits[-1] == "0123456789X"[(12 - total % 11) % 11]


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_a_file_has_its_columns(folder, name, columns):
    assert (folder / name).read_text(encoding="utf-8").splitlines()[0] == columns


def test_every_link_in_the_files_leads_somewhere(folder):
    people = {row["person"] for row in rows(folder / "people.csv")}
    groups = {row["group"] for row in rows(folder / "groups.csv")}
    outputs = {row["output"] for row in rows(folder / "outputs.csv")}

    assert {row["person"] for row in rows(folder / "memberships.csv")} <= people
    assert {row["group"] for row in rows(folder / "memberships.csv")} <= groups
    assert {row["person"] for row in rows(folder / "authorships.csv")} <= people
    assert {row["output"] for row in rows(folder / "authorships.csv")} <= outputs


def test_a_confidential_record_makes_its_row_private(folder):
    confidential = {str(o.id) for o in example().outputs.values() if any(r.confidential for r in o.records)}
    found = [row["visibility"] for row in rows(folder / "outputs.csv") if row["output"] in confidential]

    assert found
    assert set(found) == {"private"}


def test_what_was_never_approved_is_not_in_the_files(folder):
    never = {str(o.id) for o in example().outputs.values() if not o.ever_approved}

    assert never
    assert never.isdisjoint(row["output"] for row in rows(folder / "outputs.csv"))


def test_a_title_with_line_breaks_survives_its_csv(folder):
    number = str(example().named["newlines"])
    titles = {row["output"]: row["title"] for row in rows(folder / "outputs.csv")}

    assert titles[number] == "A title that was\n      pasted from a PDF,\n\twith its line breaks"


def test_every_mention_has_what_is_required(folder):
    lines = [json.loads(line) for line in (folder / "mentions.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if not line.get("deleted")]

    assert [line for line in told if not {"id", "source", "occurred_at"} <= line.keys()] == []
    assert [line for line in told if not line.get("output") and not line.get("url")] == []
    assert [line for line in lines if line.get("deleted")] == [{"id": "taken-back", "deleted": True}]


def test_mentions_can_be_added_and_taken_back(tmp_path):
    institution = example(outputs=1, people=1, mentions=0)
    institution.add_mention(Mention(id="m1", source="news", url="https://a.example", occurred_at="2026-03-01"))
    institution.take_back("m1")
    institution.write_mentions(tmp_path / "mentions.jsonl")

    assert [json.loads(line) for line in (tmp_path / "mentions.jsonl").read_text(encoding="utf-8").splitlines()] == [
        {"id": "m1", "source": "news", "url": "https://a.example", "occurred_at": "2026-03-01"},
        {"id": "m1", "deleted": True},
    ]


def test_every_rule_of_the_score_has_an_output_of_its_own_that_anybody_may_see():
    institution = example()
    outputs = [institution.outputs[number] for number in institution.named.values()]

    assert len(outputs) == len(set(institution.named.values())) == 61
    assert {(o.privacy, o.ever_approved) for o in outputs} == {("public", True)}
    assert {a.privacy for o in outputs for a in institution.of_output(o.id)} == {"public"}


def test_a_bigger_institution_can_be_asked_for():
    institution = example(outputs=2_000, people=200, mentions=0)

    assert (len(institution.outputs), len(institution.people), institution.mentions) == (2_000, 200, [])


def test_members_of_a_group_are_found_in_a_circle_of_groups():
    institution = example(outputs=1, mentions=0)
    institution.change_group(1, parents=(12,))

    assert institution.members([12], explicit=False) == institution.members([1], explicit=False)
