"""The practice Elements while things change and go wrong: feeds of changes and deletions, rights, faults on demand."""

import io
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from lxml import etree
from test_sandbox_elements import NS, VERSIONS, ask, ids, place, read, refusal, told, walk

from sandbox.elements import practice_elements
from sandbox.faults import Fault
from sandbox.institution import example

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
SINCE = "2026-07-01T12:00:00Z"


@pytest.fixture
def institution():
    institution = example(outputs=150, people=20, mentions=0)
    institution.clock = lambda: NOON
    return institution


def changed(server, parameter):
    """Outputs and people that a feed of changes tells of."""
    return walk(server, f"publications?{parameter}={SINCE}") + walk(server, f"users?{parameter}={SINCE}")


def test_a_fresh_institution_has_no_changes(institution):
    with practice_elements(institution) as server:
        assert changed(server, "modified-since") == changed(server, "affected-since") == []


@pytest.mark.parametrize("version", ["5.5", "6.13"])
def test_a_changed_link_affects_both_ends_and_modifies_neither(institution, version):
    link = institution.of_output(50_060)[0]
    institution.change_authorship(link.id, privacy="private")
    with practice_elements(institution, version) as server:
        assert changed(server, "modified-since") == []
        assert changed(server, "affected-since") == [50_060, 1_001]
        assert walk(server, f"relationships?modified-since={SINCE}") == [link.id]


@pytest.mark.parametrize("version", ["5.5", "6.13"])
def test_a_changed_output_is_modified_and_its_people_are_affected(institution, version):
    institution.change_output(50_060, privacy="private")
    with practice_elements(institution, version) as server:
        assert changed(server, "modified-since") == [50_060]
        assert changed(server, "affected-since") == [50_060, 1_001]
        assert walk(server, f"relationships?modified-since={SINCE}") == []


def test_in_v46_modified_means_affected(institution):
    institution.change_output(50_060, privacy="private")
    with practice_elements(institution, "4.6") as server:
        assert changed(server, "modified-since") == [50_060, 1_001]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_new_is_told_as_created(institution, version):
    institution.add_output(example(outputs=151, people=20, mentions=0).outputs[50_151])
    with practice_elements(institution, version) as server:
        assert changed(server, "created-since") == [50_151]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_deleted_is_gone_and_told_with_its_links(institution, version):
    links = [link.id for link in institution.of_output(50_060)]
    institution.delete_output(50_060)
    institution.delete_person(1_005)
    with practice_elements(institution, version) as server:
        assert 50_060 not in walk(server, "publications?per-page=1000")
        assert refusal(server, "publications/50060") == (410, "resource deleted")
        assert refusal(server, "publications/7") == (404, "resource not found")
        assert ids(read(server, f"deleted/publications?deleted-since={SINCE}")) == [50_060]
        assert ids(read(server, "deleted/publications?deleted-since=2026-07-02")) == []
        assert told(read(server, "deleted/users"))[0].get("username") == "ex00004"
        gone = told(read(server, "relationships/deleted?per-page=1000"))
    assert {int(thing.get("id")) for thing in gone} >= set(links)
    assert {(thing.tag.rpartition("}")[2], thing.get("type")) for thing in gone} == {("deleted-relationship", None)}


@pytest.mark.parametrize(("version", "wrong"), [("4.6", True), ("5.5", False), ("6.13", False)])
def test_before_54_the_feed_of_deleted_links_leads_astray(institution, version, wrong):
    institution.delete_person(1_001)
    with practice_elements(institution, version) as server:
        link = place(read(server, "relationships/deleted?per-page=1"), "next")

    assert ("/relationships/pending/deleted?" in link) is wrong


@pytest.mark.parametrize("version", VERSIONS)
def test_a_merge_is_told_by_the_survivor_and_by_the_feed_of_deletions(institution, version):
    people = {link.person for number in (50_120, 50_122, 50_123) for link in institution.of_output(number)}
    institution.merge_outputs(50_123, 50_122)
    institution.merge_outputs(50_122, 50_120)
    with practice_elements(institution, version) as server:
        survivor = told(read(server, "publications/50120"))[0]
        assert ids(read(server, "deleted/publications")) == [50_123, 50_122]
    merges = [(m.find("api:merged-object", NS).get("id"), m.find("api:merged-into-object", NS).get("id"))
              for m in survivor.iterfind(".//api:merge", NS)]  # fmt: skip

    assert merges == [("50123", "50122"), ("50122", "50120")]
    assert {link.person for link in institution.of_output(50_120)} == people


def test_merged_people_bring_their_links_along_and_doubles_are_deleted(institution):
    outputs = {link.output for number in (1_002, 1_003) for link in institution.of_person(number)}
    institution.merge_people(1_003, 1_002)

    assert sorted(link.output for link in institution.of_person(1_002)) == sorted(outputs)
    assert 1_003 not in institution.people


@pytest.mark.parametrize("version", VERSIONS)
def test_wrong_credentials_and_missing_rights_are_refused_in_the_words_of_the_schema(institution, version):
    with practice_elements(institution, version) as server:
        assert refusal(server, "users", auth=None) == (401, "invalid credentials")
        assert refusal(server, "users", auth=("ringmark", "wrong")) == (401, "invalid credentials")
        written = requests.put(f"{server.url}/publications/1", b"<x/>", auth=("ringmark", "practice"), timeout=10)
        assert written.status_code == 403
        server.allowed = False
        assert refusal(server, "users") == (403, "unauthorised access")


def test_a_gateway_asks_for_its_header_instead(institution):
    with practice_elements(institution, gateway_header=("Subscription-Key", "k1")) as server:
        assert ask(server, "users").status_code == 401
        assert ask(server, "users", auth=None, headers={"Subscription-Key": "k1"}).status_code == 200


def test_requests_are_remembered(institution):
    with practice_elements(institution) as server:
        ask(server, "users?per-page=3")
        ask(server, "nowhere")

    assert [(r.method, r.path, r.query, r.status) for r in server.requests] == [
        ("GET", "/secure-api/v6.13/users", "per-page=3", 200),
        ("GET", "/secure-api/v6.13/nowhere", "", 404),
    ]


def test_an_address_outside_the_application_is_answered_without_xml(institution):
    with practice_elements(institution) as server:
        answer = requests.get(f"{server.origin}/elsewhere", timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("status", "code"), [(409, "concurrency conflict"), (500, "server fault"), (504, "database timeout")]
)
def test_a_fault_strikes_as_often_as_it_was_told(institution, version, status, code):
    with practice_elements(institution, version) as server:
        server.faults.append(Fault("status", address="/users", times=2, status=status))

        assert ask(server, "my-account").status_code == 200
        assert [refusal(server, "users") for _ in range(2)] == [(status, code)] * 2
        assert ask(server, "users").status_code == 200


def test_a_fault_can_strike_at_one_request_or_for_ever(institution):
    with practice_elements(institution) as server:
        server.faults += [Fault("status", at=2), Fault("status", address="relationships", times=None, status=504)]

        assert [ask(server, "users").status_code for _ in range(3)] == [200, 500, 200]
        assert [ask(server, "relationships").status_code for _ in range(3)] == [504, 504, 504]


@pytest.mark.parametrize("after", ["3", "Wed, 01 Jul 2026 12:00:03 GMT"])
def test_too_many_requests_says_when_to_come_back(institution, after):
    with practice_elements(institution) as server:
        server.faults.append(Fault("too many requests", retry_after=after))
        answer = ask(server, "users")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, after)


@pytest.mark.parametrize("what", ["truncated", "hang up midway", "hang up before"])
def test_a_broken_answer_breaks_and_the_next_one_is_whole(institution, what):
    with practice_elements(institution) as server:
        server.faults.append(Fault(what))

        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            ask(server, "users")
        assert ask(server, "users").status_code == 200


def test_a_truncated_answer_says_more_bytes_than_it_has(institution):
    with practice_elements(institution) as server:
        server.faults.append(Fault("truncated"))
        with requests.get(f"{server.url}/users", auth=("ringmark", "practice"), stream=True, timeout=10) as answer:
            said = int(answer.headers["Content-Length"])
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                io.BytesIO(answer.content)

    assert said > 1_000


@pytest.mark.parametrize("version", VERSIONS)
def test_a_spoilt_body_is_what_it_says(institution, version):
    with practice_elements(institution, version) as server:
        server.faults += [Fault(what, at=n) for n, what in enumerate(
            ("login page", "error in body", "doctype", "wrong charset", "not xml", "empty feed"), start=1)]  # fmt: skip
        answers = [ask(server, "publications?per-page=5") for _ in range(6)]
    login, error, doctype, charset, text, empty = (answer.content for answer in answers)

    assert {answer.status_code for answer in answers} == {200}
    assert login.startswith(b"<!DOCTYPE html>")
    assert etree.fromstring(error).find(".//api:error", NS).get("code") == "server fault"
    assert b"<!DOCTYPE feed [<!ENTITY" in doctype
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(charset)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(text)
    assert (told(etree.fromstring(empty)), place(etree.fromstring(empty), "next")) == ([], "")


@pytest.mark.parametrize("version", VERSIONS)
def test_paging_can_go_wrong(institution, version):
    with practice_elements(institution, version) as server:
        right = ids(read(server, "users?per-page=5"))
        server.faults += [Fault("repeated next", at=2), Fault("wrong order", at=3)]
        repeated = read(server, "users?per-page=5")
        unordered = read(server, "users?per-page=5")

    assert place(repeated, "next") == place(repeated, "this")
    assert ids(unordered) == right[::-1]


@pytest.mark.parametrize("version", ["5.5", "6.13"])
def test_things_can_change_between_two_pages(institution, version):
    with practice_elements(institution, version) as server:
        server.faults.append(Fault("change", at=2, act=lambda told: told.delete_output(50_002)))
        found = walk(server, "publications?per-page=60")

    assert found == list(range(50_001, 50_151))
    assert 50_002 not in institution.outputs


def test_a_deletion_between_two_numbered_pages_hides_another_object(institution):
    with practice_elements(institution, "4.6") as server:
        server.faults.append(Fault("change", at=2, act=lambda told: told.delete_output(50_002)))
        found = walk(server, "publications?per-page=60&order-by=id")

    assert sorted(set(range(50_001, 50_151)) - set(found)) == [50_061]


def test_a_slow_answer_does_not_hold_up_the_end(institution):
    with practice_elements(institution) as server:
        server.faults.append(Fault("slow", seconds=300))
        with pytest.raises(requests.Timeout):
            ask(server, "users", timeout=0.2)


def test_a_fault_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="there is no fault 'gremlins'"):
        Fault("gremlins")


def test_it_runs_by_hand_until_it_is_told_to_end():
    command = [sys.executable, "-m", "sandbox", "elements", "--outputs", "5", "--people", "3", "--version", "5.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url, *_ = process.stdout.readline().split()
        answer = requests.get(f"{url}/users", auth=("ringmark", "practice"), timeout=10)
        process.send_signal(signal.SIGTERM)

    assert (answer.status_code, process.returncode) == (200, 0)
    assert len(told(etree.fromstring(answer.content))) == 3


@pytest.mark.parametrize(
    ("version", "path", "name"),
    [
        ("4.6", "groups", "user-group"),
        ("5.5", "groups", "user-group"),
        ("6.13", "groups?per-page=20", "object"),
        ("6.13", "legacy-groups", "user-group"),
    ],
)
def test_groups_are_a_directed_graph_in_every_version(institution, version, path, name):
    with practice_elements(institution, version) as server:
        groups = told(read(server, path))
    parents = {int(g.get("id")): tuple(int(p.get("id")) for p in g.iterfind(".//api:parent", NS)) for g in groups}
    children = {(int(g.get("id")), int(c.get("id"))) for g in groups for c in g.iterfind(".//api:child", NS)}

    assert {group.tag.rpartition("}")[2] for group in groups} == {name}
    assert parents == {number: group.parents for number, group in institution.groups.items()}
    assert children == {(above, number) for number, group in institution.groups.items() for above in group.parents}


def test_a_groups_effective_level_is_that_of_the_least_open_above_it(institution):
    with practice_elements(institution) as server:
        levels = {
            int(g.get("id")): (
                g.findtext("api:privacy-level", "", NS),
                g.findtext("api:effective-privacy-level", "", NS),
            )
            for g in told(read(server, "groups"))
        }

    assert (levels[1], levels[5]) == (("Public", "Public"), ("Public", "Public"))
    assert (levels[6], levels[8]) == (("Internal", "Internal"), ("Public", "Internal"))
    assert levels[4] == ("", "")


def test_words_nobody_knows_can_be_put_anywhere(institution):
    institution.change_person(1_002, privacy="secret")
    with practice_elements(institution) as server:
        server.faults.append(Fault("rewrite", at=2, old="<api:is-current-staff>.*?</api:is-current-staff>", new=""))
        levels = [person.findtext("api:privacy-level", namespaces=NS) for person in told(read(server, "users"))]
        rewritten = read(server, "users")

    assert levels[:3] == ["Public", "Secret", "Public"]
    assert rewritten.findall(".//api:is-current-staff", NS) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_link_can_lead_to_a_publication_that_is_in_no_listing(institution, version):
    link = institution.of_output(50_060)[0]
    institution.link(replace(link, id=799_999, output=59_999))
    with practice_elements(institution, version) as server:
        told_of = told(read(server, "relationships/799999"))[0]

    assert [side.find("api:object", NS) is None for side in told_of.iterfind("api:related", NS)] == [True, False]


@pytest.mark.parametrize(("version", "student"), [("4.6", None), ("5.5", None), ("6.13", "true")])
@pytest.mark.parametrize("detail", ["ref", "full"])
def test_a_users_flags_are_told_at_every_detail(institution, version, student, detail):
    institution.change_person(1_001, academic=False, student=True)
    with practice_elements(institution, version) as server:
        person = told(read(server, f"users?ids=1001&detail={detail}"))[0]
    flags = [
        person.findtext(f"api:{name}", namespaces=NS) for name in ("is-current-staff", "is-academic", "is-student")
    ]

    assert flags == ["true", "false", student]
