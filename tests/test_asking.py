"""What services are asked about, when again, and what becomes of what they say: nothing opens by it."""

import pytest
import stores
from enriched_house import DAY, OPEN_A, OPEN_B, A, B, Enriched, asks, enriched

from config.visibility import Visibility
from connectors import Identifier
from sandbox.enrichers import Known, ServiceFault
from sync import store
from sync.store import Source
from sync.store.asking import Asking

C = "10.5555/c"
PRIVATE_C = f"c,Ropes,private,{C},,,,"
ANN = "1500-0000-0000-0018"  # of nobody

alex, orcid = asks("openalex"), asks("orcid", people=True)


def test_what_speaks_of_an_output_by_its_pubmed_number_counts_once_a_service_has_told_the_number(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001")]
    alex.said(who="pmid:7001")
    assert alex.score(A) == 0

    assert alex.ask() == [A]
    alex.house.ok("score")

    told = alex.house.json("explain", A)
    assert told["score"] == 3
    assert {"identifier": "pmid:7001", "relation": "is_identical_to", "output": None} in told["versions"]


def test_journal_and_subjects_are_filled_in_where_no_source_has_them_and_never_replace_what_one_says(alex):
    alex.works(OPEN_A, f"b,Quays,public,{B},,Own Journal,1234-5679,Own Subject")
    alex.service.works = [
        Known(doi=each, journal="Their Journal", issn="2049-3630", subject="Tides") for each in (A, B)
    ]
    alex.ask()

    rows = alex.rows("public")

    assert (rows[A]["journal"], rows[B]["journal"]) == ("Their Journal", "Own Journal")
    why = alex.house.json("why", B)
    assert [(each["connection"], each["journal"]) for each in why["learned"]] == [("service", "Their Journal")]
    assert alex.house.stored("SELECT issn FROM output ORDER BY id") == [("2049-3630",), ("1234-5679",)]
    named = alex.house.stored("SELECT name FROM output_subject ORDER BY output_id")
    assert named == [("Tides",), ("Own Subject",)]


def test_only_what_is_as_visible_as_ask_about_is_asked_about(house):
    rows = [f"{level},Work,{level},10.5555/{level},,,," for level in ("public", "internal", "private")]
    with enriched(house, "crossref", more='ask_about = "internal"') as inside:
        inside.works(*rows, OPEN_A)
        inside.house.ok("hide", f"doi:{A}", "--why", "x")

        assert inside.ask() == ["10.5555/internal", "10.5555/public"]


def test_nothing_is_asked_about_twice_within_a_month_and_what_is_unknown_ever_more_seldom(alex):
    alex.works(OPEN_A, OPEN_B)
    alex.service.works = [Known(doi=A)]

    asked = {}
    for day in range(0, 100, 1):
        alex.house.later = day * DAY
        for doi in alex.ask():
            asked.setdefault(doi, []).append(day)

    assert asked[A] == [0, 30, 60, 90]
    assert asked[B] == [0, 7, 21, 49]


def test_a_full_run_asks_again_about_what_is_known_alone(alex):
    alex.works(OPEN_A, OPEN_B)
    alex.service.works = [Known(doi=A)]
    alex.ask()
    alex.house.later = DAY

    assert alex.ask("--full") == [A]


def test_what_is_suddenly_unknown_stays_until_it_is_unknown_twice(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A, pmid="7001")]
    alex.said(who="pmid:7001")
    alex.ask()
    alex.service.works = []
    scores = []
    for day in (31, 33):
        alex.house.later = day * DAY
        assert alex.ask() == [A]
        alex.house.ok("score")
        scores.append(alex.score(A))

    assert scores == [3, 0]
    assert alex.kept() == (1, 0, 0)


def test_what_a_service_says_anew_takes_the_place_of_what_it_said(alex):
    alex.works(OPEN_A)
    alex.said(who="pmid:7001", oecd="pmid:7002", un="pmid:7002")
    for day, (pmid, score) in enumerate({"7001": 3, "7002": 6}.items()):
        alex.house.later = day * 31 * DAY
        alex.service.works = [Known(doi=A, pmid=pmid)]
        alex.ask()
        alex.house.ok("score")
        assert alex.score(A) == score


def test_a_record_of_a_source_that_has_the_number_decides_who_sees_what_is_said_under_it(alex):
    alex.works(OPEN_A, "m,Of the number,private,,7001,,,")
    alex.service.works = [Known(doi=A, pmid="7001")]
    alex.said(who="pmid:7001")
    alex.ask()
    assert (alex.rows("public").keys(), alex.score(A)) == ({A}, 0)

    alex.works(OPEN_A, "m,Of the number,public,,7001,,,")
    alex.house.ok("score")

    assert alex.score(A) == 3


def test_a_number_that_two_outputs_are_said_to_have_counts_for_neither_until_one_is_corrected(alex):
    alex.works(OPEN_A, OPEN_B)
    alex.said(who="pmid:7001")
    alex.service.works = [Known(doi=A, pmid="7001"), Known(doi=B, pmid="7001")]
    alex.ask()
    alex.house.ok("score")
    assert (alex.score(A), alex.score(B)) == (0, 0)

    alex.service.works = [Known(doi=A, pmid="7001"), Known(doi=B, pmid="7002")]
    alex.ask("--full")
    alex.house.ok("score")

    assert (alex.score(A), alex.score(B)) == (3, 0)


def test_a_preprint_that_crossref_names_counts_for_its_article_for_whoever_sees_both(house):
    with enriched(house, "crossref") as ref:
        ref.works(OPEN_A, f"p,Preprint,internal,{B},,,,")
        ref.service.works = [Known(doi=A, relations=(("has-preprint", B),))]
        ref.said(who=f"doi:{B}")
        ref.ask()
        ref.house.ok("score")

        assert (ref.score(A), ref.score(A, "internal")) == (0, 3)
        (version,) = ref.house.json("why", A)["versions"]
        assert (version["stated_by"], version["record"], version["for"]) == ("service", A, "insiders")


def test_a_service_joins_nothing(alex):
    alex.works(OPEN_A, OPEN_B, "m,Of the number,public,,7001,,,")
    alex.service.works = [Known(doi=A, pmid="7001"), Known(doi=B, pmid="7001")]
    before = alex.house.stored("SELECT count(*) FROM output")
    alex.ask()

    assert alex.house.stored("SELECT count(*) FROM output") == before == [(3,)]
    assert alex.house.stored("SELECT count(*) FROM item") == [(3,)]


def test_answers_that_are_not_understood_one_after_the_other_end_the_run(alex):
    alex.works(*(f"{n},Work {n},public,10.5555/{n},,,," for n in range(40)))
    alex.service.faults.append(ServiceFault("not json", times=None))

    ran = alex.house.run("pull", "service")

    assert ran.code == 1
    assert "broken" in ran.out + ran.err
    assert len(alex.service.requests) < 20
    alex.service.faults.clear()
    assert len(alex.ask()) == 36  # those that were asked about one by one wait for tomorrow


def test_a_login_page_in_front_of_a_service_is_no_answer(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A)]
    alex.service.faults.append(ServiceFault("login page", times=None))
    alex.house.run("pull", "service")

    assert alex.kept()[1:] == (0, 0)
    (asked,) = alex.house.stored("SELECT outcome, misses FROM asked")
    assert asked == ("error", 1)


def test_what_was_not_understood_is_asked_about_after_a_day_and_then_ever_later_as_the_run_says(alex):
    alex.works(OPEN_A)
    alex.service.faults.append(ServiceFault("login page", times=None))
    days = []
    for day in range(8):
        alex.house.later = day * DAY
        if alex.ask():
            days.append(day)

    assert days == [0, 1, 3, 7]
    said = alex.house.stored("SELECT DISTINCT why FROM run WHERE why <> ''")
    assert said == [("1 answers were not understood; asked for again in a day, then ever later",)]


def test_the_status_says_how_much_was_learned_and_the_schedule_is_that_of_any_other(alex):
    alex.works(OPEN_A)
    alex.service.works = [Known(doi=A)]
    alex.ask()

    told = {each["name"]: each for each in alex.house.json("status")["connections"]}["service"]

    assert (told["kind"], told["items"], told["people"], told["last_run"]["outcome"]) == ("openalex", 1, 0, "done")
    assert alex.house.json("check", "--connect")


def test_a_hide_with_an_end_does_not_wait_for_services(alex):
    alex.works(OPEN_A)
    alex.house.ok("hide", f"doi:{A}", "--why", "x", "--until", "2026-12-03")
    alex.house.later = 7 * DAY
    alex.service.faults.append(ServiceFault("status", times=None))
    alex.house.run("pull", "local")

    assert alex.rows("public").keys() == {A}


def test_the_contact_goes_to_services_and_to_nobody_else(house):
    with enriched(house, "crossref") as ref:
        contact = '[institution]\ncontact = "office@example.edu"\nbase_url = "https://ringmark.example.edu"\n'
        ref.house.write(contact + ref.house.file.read_text())
        ref.works(OPEN_A)
        ref.ask()

        agents = {each.headers["User-Agent"].partition(" ")[2] for each in ref.service.requests}
        assert agents == {"(+https://ringmark.example.edu; mailto:office@example.edu)"}


def tell(orcid: Enriched, level: str = "public", *rows: str) -> None:
    orcid.works(*(rows or (OPEN_A,)), people=(f"p,Ann Quill,{ANN},{level}",), links=("a,p,public", "b,p,public"))


def test_what_somebody_lists_at_orcid_adds_names_to_outputs_that_are_here_and_nothing_else(orcid):
    orcid.service.works = [
        Known(doi=A, pmid="7001", people=(ANN,)),
        Known(doi=B, pmid="7002", people=(ANN,)),  # not here
        Known(doi=C, pmid="7003", people=(ANN,)),  # here, and private
    ]
    tell(orcid, "public", OPEN_A, PRIVATE_C)
    assert orcid.ask() == [ANN]
    orcid.said(who="pmid:7001", oecd="pmid:7003")

    assert orcid.score(A) == 3
    assert orcid.kept() == (1, 1, 1)
    assert orcid.house.stored("SELECT value FROM identifier WHERE scheme = 'doi' ORDER BY value") == [(A,), (C,)]
    assert {row["doi"]: row["people"] for row in orcid.house.rows("public")} == {A: ["Ann Quill"]}


def test_what_came_back_is_learned_anew_by_the_same_answer(orcid):
    orcid.service.works = [Known(doi=A, pmid="7001", people=(ANN,)), Known(doi=B, pmid="7002", people=(ANN,))]
    tell(orcid, "public", OPEN_A, OPEN_B)
    orcid.ask()
    tell(orcid, "public", OPEN_A)
    assert orcid.kept() == (1, 1, 1)
    tell(orcid, "public", OPEN_A, OPEN_B)

    orcid.ask("--full")

    assert orcid.kept() == (1, 2, 2)


def test_what_is_left_of_an_answer_goes_too_once_nothing_comes_twice(orcid):
    orcid.service.works = [Known(doi=A, pmid="7001", people=(ANN,)), Known(doi=B, pmid="7002", people=(ANN,))]
    tell(orcid, "public", OPEN_A, OPEN_B)
    orcid.ask()
    tell(orcid, "public", OPEN_A)
    orcid.service.works = []

    kept = []
    for day in (31, 33):
        orcid.house.later = day * DAY
        assert orcid.ask() == [ANN]
        kept.append(orcid.kept())

    assert kept == [(1, 1, 1), (1, 0, 0)]


def test_a_row_that_was_given_to_another_doi_meanwhile_is_not_asked_about_by_its_old_name(alex):
    alex.works(OPEN_A)
    home = store.open_store(stores.url(alex.house.folder), key_file=alex.house.folder / "ringmark.key")
    asking = Asking(source=Source(2, "service", False, Visibility.PRIVATE, 1, 1, None, 1), by="doi", least=2)
    (question,), _ = store.asking.due(home, asking, 0, now=store.now())
    other = question._replace(about=Identifier("doi", B))

    assert store.asking.permitted(home, asking, [question, other], now=store.now()) == {question}
    home.engine.dispose()


@pytest.mark.parametrize("level", ["internal", "private"])
def test_orcid_is_not_asked_about_somebody_who_is_not_public(orcid, level):
    orcid.service.works = [Known(doi=A, pmid="7001", people=(ANN,))]
    tell(orcid, level)

    assert orcid.ask() == []


def test_that_somebody_was_asked_about_goes_with_them(orcid):
    orcid.service.works = [Known(doi=A, pmid="7001", people=(ANN,))]
    tell(orcid)
    orcid.ask()
    assert orcid.kept() == (1, 1, 1)

    orcid.house.ok(
        "person", "forget", f"person:{orcid.house.stored('SELECT public_id FROM person')[0][0]}", "--why", "x"
    )

    assert orcid.kept() == (0, 0, 0)


def test_no_message_says_whose_list_it_was(orcid):
    tell(orcid)
    orcid.service.faults.append(ServiceFault("status", status=500, times=None))

    ran = orcid.house.run("pull", "service")

    assert ran.code == 1
    assert ANN not in ran.out + ran.err + str(orcid.house.stored("SELECT why FROM run"))
    assert "/{orcid}/works" in ran.out + ran.err
