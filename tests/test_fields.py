"""Where an output stands within its fields: what a source states, in the same year, and one number for several."""

import json
import random

import pytest
import stores
from conftest import House
from elements_words import told_item

from config.visibility import Visibility
from connectors.records import Item, Page
from sync import store

SETTINGS = '[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n'
FIELDS = ("History", "Physics", "history of Art")
YEARS = ("2024", "2025-03", "2025-12-31")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[dict[str, object]]]:
    """Two hundred works in some of three fields, a quarter of them for members only, and what was said of them."""
    house, dice = House(tmp_path_factory.mktemp("fields")), random.Random(7)
    works = [
        {
            "doi": f"10.5555/{n}",
            "fields": dice.sample(FIELDS, dice.choice((0, 1, 1, 2, 3))),
            "published": dice.choice((*YEARS, "")),
            "visibility": dice.choice(("public", "public", "public", "internal")),
            "score": dice.choice((0, 0, 1, 2, 3)),
        }
        for n in range(200)
    ]
    (house.folder / "import").mkdir()
    rows = [f"{w['doi']},{w['doi']},{w['visibility']},{w['published']},{';'.join(w['fields'])}" for w in works]
    text = "\n".join(("output,doi,visibility,published,subjects", *rows))
    (house.folder / "import" / "outputs.csv").write_text(text + "\n")
    lines = [
        {"id": f"{w['doi']} {k}", "source": "policy", "policy_source": f"p{k}", "output": f"doi:{w['doi']}",
         "url": f"https://policy.example.org/{w['doi']}/{k}", "occurred_at": "2026-01-01"}
        for w in works for k in range(w["score"])
    ]  # fmt: skip
    (house.folder / "import" / "mentions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.write(SETTINGS).ok("sync")
    return house, works


def place(peers, own, field, year):
    """By counting: peers are the public works of a field and year, the work itself among them."""
    scores = [peer["score"] for peer in peers if field in peer["fields"] and peer["published"][:4] == year]
    inserted = own["visibility"] != "public"
    scores += [own["score"]] if inserted else []
    higher = sum(score > own["score"] for score in scores)
    share = 100 * (len(scores) - higher) / len(scores)
    percentile = int(share * 10 + 0.5 + 1e-9) / 10 if len(scores) >= 30 else None
    also = {"inserted": True} if inserted else {}
    return {
        "subject": field,
        "year": int(year),
        "count": len(scores),
        "rank": 1 + higher,
        "percentile": percentile,
        **also,
    }


def test_every_place_within_a_field_is_what_counting_tells(crowd):
    house, works = crowd
    public = [work for work in works if work["visibility"] == "public"]
    for work in works[:20]:
        told = house.json("explain", work["doi"], "--audience", "internal")["context"]
        year = work["published"][:4]
        expected = [place(public, work, field, year) for field in sorted(work["fields"])] if year else []
        assert told["subjects"] == expected
        shares = [each["percentile"] for each in expected if each["percentile"] is not None]
        mean = int(sum(shares) / len(shares) * 10 + 0.5 + 1e-9) / 10 if shares else None
        assert told["field_percentile"] == mean


def test_some_of_them_have_a_percentile_and_some_are_too_few(crowd):
    house, works = crowd
    told = [house.json("explain", work["doi"], "--audience", "internal")["context"] for work in works[:10]]
    assert {each["percentile"] is None for context in told for each in context["subjects"]} == {True, False}


def test_two_names_that_differ_in_capitals_are_one_field(house):
    (house.folder / "import").mkdir()
    rows = "a,10.5555/a,public,2025,History\nb,10.5555/b,public,2025,HISTORY;history\n"
    (house.folder / "import" / "outputs.csv").write_text(f"output,doi,visibility,published,subjects\n{rows}")
    house.write(SETTINGS).ok("sync")

    (field,) = house.json("explain", "10.5555/b")["context"]["subjects"]
    assert field["count"] == 2


def test_a_field_with_an_odd_mark_in_its_name_is_still_one(tmp_path):
    home = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    odd = Item(key="a", title="A", type="other", visibility=Visibility.PUBLIC, subjects=("Art\u2028History",))
    store.apply(home, store.local(home, step="import", now=1), Page(items=(odd,)), now=2)
    with home.read() as db:
        assert db.exec_driver_sql("SELECT name FROM output_subject").scalars().all() == ["Art\u2028History"]
    home.engine.dispose()


def test_a_field_that_is_no_longer_stated_is_gone(house):
    (house.folder / "import").mkdir()
    for fields in ("History", ""):
        text = f"output,doi,visibility,published,subjects\na,10.5555/a,public,2025,{fields}\n"
        (house.folder / "import" / "outputs.csv").write_text(text)
        house.write(SETTINGS).ok("sync")
    assert house.json("explain", "10.5555/a")["context"]["subjects"] == []
    assert house.stored("SELECT count(*) FROM output_subject") == [(0,)]


LABELS = """<all-labels type="keyword-list"><keywords>
<keyword scheme="mesh" origin="record-data">Humans</keyword>
<keyword scheme="science-metrix" origin="issn-inferred">Ecology</keyword>
<keyword scheme="FOR" origin="issn-inferred">3103  Ecology</keyword>
<keyword scheme="for" origin="object-data">3103 Ecology</keyword>
<keyword scheme="for" origin="object-data">4104 Environmental management</keyword>
<keyword scheme="for"/></keywords></all-labels>"""


@pytest.mark.parametrize(
    ("schemes", "fields"),
    [
        (("for", "science-metrix"), ("3103 Ecology", "4104 Environmental management")),
        (("science-metrix",), ("Ecology",)),
        (("lcsh", "mesh"), ("Humans",)),
        ((), ()),
    ],
)
def test_fields_are_the_labels_of_the_first_classification_that_elements_has_any_of(schemes, fields):
    assert told_item(LABELS, subjects=schemes).subjects == fields
