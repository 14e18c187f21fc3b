"""What services have said goes: with the outputs that it is about, with the connection that asked, and at a restore."""

import pytest
from enriched_house import DAY, OPEN_A, OPEN_B, A, B, asks

from sandbox.enrichers import Known

alex = asks("openalex")


def test_what_was_learned_goes_with_the_last_record_of_its_output(alex):
    alex.works(OPEN_A, OPEN_B)
    alex.service.works = [Known(doi=A, pmid="7001"), Known(doi=B, pmid="7002")]
    alex.ask()
    assert alex.kept()[:2] == (2, 2)

    alex.works(OPEN_A)

    assert alex.kept()[:2] == (1, 1)
    assert alex.house.stored("SELECT 1 FROM identifier WHERE value IN (?, '7002')", B) == []


def test_nothing_of_it_stays_where_only_a_vote_stays(alex):
    alex.works(OPEN_A, f"b,Quays,internal,{B},,,,")
    alex.house.write(alex.house.file.read_text() + 'ask_about = "internal"\n')
    alex.service.works = [Known(doi=B, pmid="7002", journal="Told")]
    alex.ask()

    alex.works(OPEN_A)

    assert alex.house.stored("SELECT count(*) FROM item WHERE state = 0") == [(1,)]
    assert alex.kept()[1:] == (0, 0)
    assert alex.house.stored("SELECT journal FROM output ORDER BY id") == [("",), ("",)]


def test_a_doi_that_was_corrected_takes_what_was_learned_of_it_away(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001", journal="Told")]
    alex.ask()

    alex.works(f"a,Tides,public,{B},,,,")

    assert alex.kept() == (0, 0, 0)
    assert alex.rows("public")[B]["journal"] in ("", None)


def test_a_connection_that_is_taken_out_of_the_settings_says_nothing_more_and_forgetting_it_deletes_all(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001")]
    alex.said(who="pmid:7001")
    alex.ask()
    alex.house.write(alex.local)
    alex.house.ok("score")
    assert alex.score(A) == 0

    alex.house.ok("connection", "forget", "service")

    assert alex.kept() == (0, 0, 0)


def test_what_was_learned_by_the_record_of_a_source_that_is_taken_out_goes_at_once(alex):
    with_two = '[connections.two]\nkind = "files"\npath = "two"\nfull = "manual"\npeople = false\n'
    (alex.house.folder / "two").mkdir()
    (alex.house.folder / "two" / "outputs.csv").write_text(
        f"output,title,visibility,doi,pmid\nx,Tides,public,{A},7001\n"
    )
    before = alex.house.file.read_text()
    alex.house.write(with_two + before)
    alex.works("a,Tides,public,,7001,,,")
    alex.house.ok("pull", "two")
    alex.service.works = [Known(doi=A, pmid="7001", journal="Told")]
    alex.ask()
    assert alex.house.stored("SELECT journal FROM output") == [("Told",)]

    alex.house.write(before)
    alex.house.ok("score")

    assert alex.house.stored("SELECT live, journal FROM output") == [(1, "")]
    assert alex.kept() == (0, 0, 0)


@pytest.mark.parametrize("forget", [True, False], ids=["forgotten", "taken out of the settings"])
def test_what_a_connection_that_is_gone_had_filled_in_goes_and_badges_stay(alex, forget):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001", journal="Told", subject="Tides")]
    alex.said(who="pmid:7001")
    alex.ask()
    assert (alex.rows("public")[A]["journal"], alex.score(A)) == ("Told", 3)

    if forget:
        alex.house.ok("connection", "forget", "service")
    else:
        alex.house.write(alex.local)
        alex.house.ok("status")

    assert alex.house.stored("SELECT journal FROM output") == [("",)]
    assert alex.house.stored("SELECT name FROM output_subject") == []
    assert alex.score(A) == 3  # until the next score
    assert (alex.rows("public")[A]["journal"] or "", alex.score(A)) == ("", 0)


def test_what_was_hidden_after_it_was_asked_about_is_neither_shown_nor_asked_about(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001")]
    alex.said(who="pmid:7001")
    alex.ask()
    alex.house.ok("hide", f"doi:{A}", "--why", "x")
    alex.house.later = 31 * DAY

    assert (alex.ask(), alex.rows("public"), alex.score(A)) == ([], {}, None)


def test_a_restored_store_asks_everything_again_and_shows_nothing_by_what_it_had_learned(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001", journal="Told")]
    alex.ask()
    backup = str(alex.house.folder / "night.backup")
    alex.house.ok("backup", backup)
    alex.house.ok("restore", backup)
    assert alex.kept() == (0, 0, 0)
    assert alex.ask() == []  # nothing may be asked about before its level was read

    alex.house.ok("pull", "local", "--full")

    assert alex.ask() == [A]
    assert alex.rows("public")[A]["journal"] == "Told"
