"""Counts: where they count, what beats them, whom they show, and that they follow the identifiers they came under."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from served import serving

SETTINGS = """
[score]
rules = "published-2020"  # a story is 8 points when counted, a post 1

[connections.local]
kind = "files"
path = "import"
people = false
"""
ASSUMED = '[imports.assume]\noutputs = "{}"\n'
HEADER = "DOI,PubMed ID,Title,Output Type,News mentions,X mentions,Number of Mendeley readers"
OPEN, CLOSED, NEW = "10.5555/open", "10.5555/closed", "10.5555/new"


@pytest.fixture
def filled(house: House) -> House:
    """Two outputs, one of which nobody sees."""
    house.write(SETTINGS)
    (house.folder / "import").mkdir()
    outputs(house, f"o1,Open,book,public,{OPEN},")
    house.ok("sync")
    return house


def outputs(house: House, *rows: str) -> None:
    """The other one stays, or the brake would hold."""
    closed = f"o2,Closed,book,private,{CLOSED},"
    text = "\n".join(["output,title,type,visibility,doi,pmid", *rows, closed, ""])
    (house.folder / "import" / "outputs.csv").write_text(text)


def told(house: House, *rows: str, header: str = HEADER, words: tuple[str, ...] = ()) -> Any:
    """Import an export with these rows, and score what comes of it."""
    (house.folder / "export.csv").write_text("\n".join([header, *rows, ""]))
    done = house.json("import", str(house.folder / "export.csv"), "--format", "counts", *words)
    house.ok("score")
    return done


def counted(doi: str, news: object, x: object = 0, pmid: str = "") -> str:
    return f"{doi},{pmid},Counted,Article,{news},{x},30"


def mentioned(house: House, **more: object) -> None:
    """One story about the open output."""
    file = house.folder / "mentions.jsonl"
    mention = {
        "id": "m", "source": "news", "output": [f"doi:{OPEN}"], "url": "https://news.example/1",
        "occurred_at": "2026-01-01", "outlet": {"id": "news", "tier": 1},
    }  # fmt: skip
    file.write_text(json.dumps({**mention, **more}) + "\n")
    house.ok("import", str(file))
    house.ok("score")


def points(house: House, doi: str = OPEN) -> int:
    return next(row["millipoints"] for row in house.rows() if row["doi"] == doi)


def explained(house: House) -> Any:
    return house.json("explain", OPEN)


def test_a_score_from_counts_says_so_wherever_it_is_shown(filled: House) -> None:
    told(filled, counted(OPEN, 2, 10))

    ledger = explained(filled)
    assert (ledger["basis"], ledger["millipoints"]) == ("counts", 26_000)
    assert [(part["source"], part["mentions"], part["basis"]) for part in ledger["breakdown"]] == [
        ("news", 2, "counts"), ("x", 10, "counts"), ("mendeley", 30, "counts")
    ]  # fmt: skip
    assert sum(line["millipoints"] for line in ledger["ledger"]) == ledger["millipoints"]
    assert {line["mention"] for line in ledger["ledger"]} == {None}
    assert "from counts, not from single mentions: news, x" in filled.ok("explain", OPEN)
    assert "from counts" in filled.ok("badge", OPEN)
    assert [part["basis"] for part in filled.json("badge", OPEN)["breakdown"]] == ["counts"] * 3
    (row,) = filled.rows()
    assert (row["basis"], row["score"], row["news"], row["from_counts"]) == ("counts", 26, 16_000, ["news", "x"])
    assert filled.json("score", "--rules", "counts-2018")["outputs"][0]["basis"] == "counts"
    with serving(filled.folder) as served:
        assert (
            "comes from counts, not from single mentions, in these sources: News and X."
            in served.get(f"/doi/{OPEN}").text
        )
        assert "(score from counts)" in served.get("/").text
        assert served.get(f"/badge/doi/{OPEN}.json").text.count('"basis":"counts"') == 4
        assert "from counts" in served.get(f"/badge/doi/{OPEN}.svg").text


def test_mentions_beat_a_count_source_by_source_and_the_ledger_says_so(filled: House) -> None:
    told(filled, counted(OPEN, 40, 10))
    mentioned(filled)

    ledger = explained(filled)

    assert ledger["basis"] == "counts"
    assert {part["source"]: (part["millipoints"], part["basis"]) for part in ledger["breakdown"]} == {
        "news": (8000, "mentions"), "x": (10_000, "counts"), "mendeley": (0, "counts")
    }  # fmt: skip
    (beaten,) = [line for line in ledger["ledger"] if line["source"] == "news" and line["mention"] is None]
    assert (beaten["counted"], beaten["millipoints"]) == (False, 0)
    assert beaten["why"] == "a count; the mentions of this source are known and stand in its place"
    assert sum(line["millipoints"] for line in ledger["ledger"]) == ledger["millipoints"] == points(filled)


def test_a_mention_that_is_taken_back_lets_the_count_stand_again(filled: House) -> None:
    told(filled, counted(OPEN, 2))
    mentioned(filled)
    assert points(filled) == 8000

    mentioned(filled, deleted=True)

    assert points(filled) == 16_000


def test_a_count_of_readers_alone_makes_no_score_from_counts_out_of_mentions(filled: House) -> None:
    told(filled, counted(OPEN, 0, 0))
    assert explained(filled)["basis"] == "counts"

    mentioned(filled)

    assert explained(filled)["basis"] == "mentions"
    assert filled.rows()[0]["basis"] == "mentions"


def test_a_count_told_again_replaces_and_nought_takes_it_back(filled: House) -> None:
    assert told(filled, counted(OPEN, 2, 10))["changed"] == 1
    assert told(filled, counted(OPEN, 2, 10))["changed"] == 0

    told(filled, f"{OPEN},5", header="DOI,News mentions")
    assert points(filled) == 5 * 8000 + 10_000

    told(filled, counted(OPEN, 0, 1))
    assert points(filled) == 1000


def test_counts_wait_for_an_output_that_is_not_known(filled: House) -> None:
    done = told(filled, counted(NEW, 1), counted(OPEN, 1), counted(CLOSED, 1))
    assert (done["unknown_outputs"], done["added"]) == ([f"doi:{NEW}"], 0)
    assert filled.dois() == {OPEN}

    outputs(filled, f"o1,Open,book,public,{OPEN},", f"o3,New,book,public,{NEW},")
    filled.ok("sync")

    assert points(filled, NEW) == 8000


def test_of_counts_of_outputs_that_turn_out_to_be_one_the_highest_holds_until_they_part(filled: House) -> None:
    told(filled, counted(OPEN, 2), counted("", 3, pmid="77"))
    assert points(filled) == 16_000

    outputs(filled, f"o1,Open,book,public,{OPEN},77")
    filled.ok("sync")
    assert points(filled) == 24_000

    outputs(filled, f"o1,Open,book,public,{OPEN},")
    filled.ok("sync")
    assert points(filled) == 16_000


def test_what_was_not_known_at_a_time_does_not_count_then(filled: House) -> None:
    told(filled, counted(OPEN, 2))

    (row,) = [row for row in filled.json("score", "--as-of", "2026-01-01")["outputs"] if row["doi"] == OPEN]

    assert (row["millipoints"], row["basis"]) == (0, "none")


def test_counts_show_nothing_of_what_is_hidden(filled: House) -> None:
    done = told(filled, counted(CLOSED, 5))

    assert done["unknown_outputs"] == []
    assert filled.run("explain", CLOSED).err == filled.run("explain", "10.5555/nowhere").err
    assert filled.dois() == filled.dois("internal") == {OPEN}


def test_an_added_output_is_private_until_the_settings_assume_something_else(filled: House) -> None:
    done = told(filled, counted(NEW, 1), words=("--add-outputs",))
    assert (done["added"], done["unknown_outputs"]) == (1, [])
    assert filled.dois("internal") == {OPEN}
    (imports,) = [each for each in filled.json("status")["connections"] if each["name"] == "(import)"]
    assert imports["assume"] == {"outputs": "private"}

    filled.write(ASSUMED.format("public") + SETTINGS)
    filled.ok("score")

    assert filled.dois() == {OPEN, NEW}


def test_tightening_what_is_assumed_closes_at_once(filled: House) -> None:
    filled.write(ASSUMED.format("public") + SETTINGS)
    told(filled, counted(NEW, 1), words=("--add-outputs",))
    assert filled.dois() == {OPEN, NEW}

    filled.write(ASSUMED.format("internal") + SETTINGS)

    assert filled.dois() == {OPEN}
    filled.ok("score")
    assert (filled.dois(), filled.dois("internal")) == ({OPEN}, {OPEN, NEW})


def test_an_added_output_that_another_system_knows_shows_as_the_less_open_of_both_says(filled: House) -> None:
    filled.write(ASSUMED.format("public") + SETTINGS)
    told(filled, counted(NEW, 1), words=("--add-outputs",))

    outputs(filled, f"o1,Open,book,public,{OPEN},", f"o3,New,book,internal,{NEW},")
    filled.ok("sync")
    told(filled, counted(NEW, 1), words=("--add-outputs",))

    assert (filled.dois(), filled.dois("internal")) == ({OPEN}, {OPEN, NEW})


def test_what_another_system_knows_is_not_added(filled: House) -> None:
    told(filled, counted(OPEN, 1), counted(CLOSED, 1), words=("--add-outputs",))

    assert filled.json("connection", "list")["connections"][-1]["items"] == 0


def test_mentions_can_bring_their_outputs_too(filled: House) -> None:
    filled.write(ASSUMED.format("public") + SETTINGS)
    file = filled.folder / "mentions.jsonl"
    mention = {"id": "m", "source": "wikipedia", "output": [f"doi:{NEW}"], "occurred_at": "2026-01-01"}
    file.write_text(json.dumps(mention))

    assert filled.json("import", str(file), "--add-outputs")["added"] == 1
    filled.ok("score")

    assert points(filled, NEW) == 3000


def test_bad_rows_are_set_aside_with_file_and_line_and_unknown_columns_are_named(filled: House) -> None:
    header = HEADER.replace("News", "Threads mentions,News")

    done = told(filled, f"{OPEN},,T,Article,1,many,1,1", f"{OPEN},,T,Article,1,2,-1,1", header=header)

    assert (done["seen"], done["set_aside"], done["unknown_columns"]) == (2, 2, ["Threads mentions"])
    told_of = [(each["place"], each["reason"]) for each in filled.json("setaside", "list")["set_aside"]]
    assert told_of == [("export.csv:2", "News mentions is no count"), ("export.csv:3", "X mentions is no count")]
    assert points(filled) == 0


def test_a_full_record_brings_mentions_and_counts_into_one_score(filled: House) -> None:
    record = {
        "altmetric_id": 7, "citation": {"doi": OPEN}, "score": 99, "counts": {"blogs": {"unique_users_count": 2}},
        "posts": {"twitter": [{"tweet_id": "1", "url": "http://twitter.com/a/statuses/1", "posted_on": "2014-01-01",
                               "author": {"id_on_source": "a", "followers": 10**9}}]},
    }  # fmt: skip
    file = filled.folder / "details.json"
    file.write_text(json.dumps(record))

    done = filled.json("import", str(file), "--format", "altmetric")
    filled.ok("score")

    assert (done["seen"], done["set_aside"]) == (1, 0)
    ledger = explained(filled)
    assert {part["source"]: (part["millipoints"], part["basis"]) for part in ledger["breakdown"]} == {
        "x": (1000, "mentions"), "blog": (10_000, "counts")
    }  # fmt: skip


def test_forgetting_the_imports_forgets_their_counts(filled: House) -> None:
    told(filled, counted(OPEN, 2))

    filled.ok("connection", "forget", "(import)")
    filled.ok("score")

    assert (points(filled), explained(filled)["basis"]) == (0, "none")
    assert filled.stored("SELECT count(*) FROM tally") == [(0,)]


@pytest.mark.parametrize(
    ("format_", "text", "code", "words"),
    [
        ("counts", "Name,Age\n", 1, "export.csv: has no column of an identifier"),
        ("counts", "", 1, "export.csv: has no column of an identifier"),
        ("spreadsheet", "DOI,News mentions\n", 2, '--format: "spreadsheet" is none of mentions, counts, altmetric'),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    filled: House, format_: str, text: str, code: int, words: str
) -> None:
    file = filled.folder / "export.csv"
    file.write_text(text)

    ran = filled.run("import", str(file), "--format", format_)

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(words)
    assert ran.err.count("\n") == 1


def test_a_real_export_can_be_imported_and_scored(house: House, shared_data: Path) -> None:
    house.write(ASSUMED.format("internal"))
    file = shared_data / "scores" / "explorer-2018" / "Altmetric_2018-02-26.csv"

    done = house.json("import", str(file), "--format", "counts", "--add-outputs")
    house.ok("score")

    assert (done["seen"], done["set_aside"], done["unknown_columns"]) == (8034, 2, [])
    assert house.dois() == set()
    assert len(house.rows("internal")) == done["added"]
