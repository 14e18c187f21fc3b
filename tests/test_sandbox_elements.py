"""The practice Elements against the published schema, the real samples and the facts; never against our own parser."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from lxml import etree

from sandbox.elements import practice_elements
from sandbox.elements.wire import stamp
from sandbox.institution import example

SAMPLES = Path(__file__).parents[1].parent / "shared" / "data" / "elements"
SCHEMA = SAMPLES / "v4.6" / "elements-api-v4.6.xsd"
API = "{http://www.symplectic.co.uk/publications/api}"
NS = {"api": API.strip("{}"), "atom": "http://www.w3.org/2005/Atom"}
VERSIONS = ("4.6", "5.5", "6.13")
LISTINGS = (
    "publications", "publications?detail=full", "users", "users?detail=full", "relationships",
    "users/1001/publications", "users/1001/relationships?detail=full", "publications/50120/relationships",
)  # fmt: skip
IN_THE_FACTS = {
    # paths of a publication that no sample shows, but section 2, 3.2 or 3.3 of the facts does
    "object/merge-history", "object/merge-history/merge", "object/merge-history/merge/merged-object",
    "object/merge-history/merge/merged-into-object", "object/privacy-level", "object/repository-items",
    "object/repository-items/repository-item", "object/repository-items/repository-item/public-url",
    "object/repository-items/repository-item/content-file-count", "object/records/record/verification-status",
}  # fmt: skip


@pytest.fixture(scope="module")
def unchanged():
    """An institution that no test changes."""
    return example(outputs=150, mentions=0)


@pytest.fixture
def institution():
    return example(outputs=150, people=20, mentions=0)


def ask(server, path, timeout=10, **changes):
    options = {"auth": (server.username, server.password)} | changes
    return requests.get(f"{server.url}/{path}", timeout=timeout, **options)


def read(server, path):
    answer = ask(server, path)
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


def refusal(server, path, **changes):
    answer = ask(server, path, **changes)
    return answer.status_code, etree.fromstring(answer.content).find(f".//{API}error").get("code")


def told(root):
    """What is listed, out of its envelope."""
    return root.xpath("atom:entry/api:* | api:result-list/api:result/api:* | api:result/api:*", namespaces=NS)


def ids(root):
    return [int(thing.get("id")) for thing in told(root)]


def place(root, position):
    return "".join(root.xpath(f"api:pagination/api:page[@position='{position}']/@href", namespaces=NS))


def walk(server, path):
    """Ids on all pages of a listing, by `next` alone."""
    found, url = [], f"{server.url}/{path}"
    while url:
        root = etree.fromstring(requests.get(url, auth=(server.username, server.password), timeout=10).content)
        found += ids(root)
        url = place(root, "next")
    return found


def paths(thing, before=""):
    own = f"{before}{etree.QName(thing).localname}"
    yield own
    for child in thing.iterchildren(tag=etree.Element):
        yield from paths(child, f"{own}/")


def privacy(thing):
    """The privacy elements of a thing, by name."""
    names = ("is-public", "is-visible", "privacy-level", "effective-privacy-level")
    return {child.tag.removeprefix(API): child.text for child in thing if child.tag.removeprefix(API) in names}


@pytest.mark.skipif(not SCHEMA.exists(), reason="shared data is not here: the v4.6 schema")
@pytest.mark.parametrize(
    "path",
    [
        *LISTINGS, "publications/50001", "users/1001", "relationships/700001", "groups", "groups/12", "my-account",
        "relationship/types", "publication/sources", "journals/9999-0024", "deleted/publications", "deleted/users",
    ],
)  # fmt: skip
def test_what_v46_tells_is_valid_against_the_official_schema(institution, path):
    institution.merge_outputs(50_122, 50_120)
    institution.delete_person(1_005)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    with practice_elements(institution, "4.6") as server:
        root = read(server, path)

    things = [*told(root), *root.findall("api:pagination", NS), root.find("api:schema-version", NS)]
    assert len(things) > 1
    for thing in things:
        schema.assertValid(etree.fromstring(etree.tostring(thing)))


@pytest.mark.skipif(not SCHEMA.exists(), reason="shared data is not here: the v4.6 schema")
def test_an_error_of_v46_is_valid_against_the_official_schema(unchanged):
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    with practice_elements(unchanged, "4.6") as server:
        error = told(etree.fromstring(ask(server, "publications?colour=red").content))[0]

    schema.assertValid(etree.fromstring(etree.tostring(error)))


@pytest.mark.skipif(not SAMPLES.exists(), reason="shared data is not here: real samples")
@pytest.mark.parametrize("version", ["5.5", "6.13"])
def test_a_publication_has_no_element_that_the_real_ones_and_the_facts_do_not_have(institution, version):
    institution.merge_outputs(50_122, 50_120)
    real = {
        path
        for file in sorted(SAMPLES.glob("v*/*publication*.xml"))
        for thing in etree.parse(file).iter(f"{API}object")
        for path in paths(thing)
    }
    with practice_elements(institution, version) as server:
        ours = {path for number in walk(server, "publications?per-page=1000")
                for path in paths(told(read(server, f"publications/{number}"))[0])}  # fmt: skip

    assert ours - real - IN_THE_FACTS == set()
    assert "object/records/record/native/field/people/person/links/link" in ours


@pytest.mark.parametrize(
    ("version", "root", "single"),
    [
        ("4.6", "{http://www.w3.org/2005/Atom}feed", "atom:entry"),
        ("5.5", "{http://www.w3.org/2005/Atom}feed", "atom:entry"),
        ("6.13", f"{API}response", "api:result"),
    ],
)
def test_each_version_has_its_own_envelope_and_says_which_it_is(unchanged, version, root, single):
    with practice_elements(unchanged, version) as server:
        answer = read(server, "users/1001")

    assert answer.tag == root
    assert len(answer.xpath(f"{single}/api:object", namespaces=NS)) == 1
    assert answer.xpath("string(api:schema-version | api:version/@schema-version)", namespaces=NS) == version


@pytest.mark.parametrize(
    ("version", "newer", "person", "output", "link"),
    [
        ("4.6", False, {}, {}, {"is-visible": "true"}),
        ("5.5", False, {"is-public": "true"}, {"is-public": "false"}, {"is-visible": "true"}),
        ("5.5", True, {"is-public": "true", "privacy-level": "Public"},
         {"is-public": "false", "privacy-level": "Internal"},
         {"is-visible": "true", "privacy-level": "Public", "effective-privacy-level": "Internal"}),
        ("6.13", False, {"privacy-level": "Public"}, {"privacy-level": "Internal"},
         {"privacy-level": "Public", "effective-privacy-level": "Internal"}),
    ],
)  # fmt: skip
def test_privacy_is_written_as_each_version_writes_it(institution, version, newer, person, output, link):
    institution.change_output(50_060, privacy="internal")
    number = institution.of_output(50_060)[0].id
    with practice_elements(institution, version, newer_product=newer) as server:
        found = [privacy(told(read(server, path))[0])
                 for path in ("users/1001", "publications/50060", f"relationships/{number}")]  # fmt: skip

    assert found == [person, output, link]


def test_the_effective_level_is_the_most_restrictive_of_the_link_and_both_ends(institution):
    link = institution.of_output(50_060)[0].id
    with practice_elements(institution) as server:
        found = []
        for change in (
            lambda: institution.change_person(1_001, privacy="internal"),
            lambda: institution.change_output(50_060, privacy="private"),
            lambda: institution.change_output(50_060, privacy="public"),
            lambda: institution.change_authorship(link, privacy="private"),
        ):
            change()
            found.append(privacy(told(read(server, f"relationships/{link}"))[0])["effective-privacy-level"])

    assert found == ["Internal", "Private", "Internal", "Private"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", LISTINGS)
def test_paging_reaches_everything_exactly_once(unchanged, version, path):
    with practice_elements(unchanged, version) as server:
        whole = walk(server, path)
        small = walk(server, f"{path}{'&' if '?' in path else '?'}per-page=7")

    assert whole
    assert sorted(small) == sorted(set(whole)) == sorted(whole)


def test_listings_hold_all_there_is(unchanged):
    with practice_elements(unchanged) as server:
        assert walk(server, "publications?per-page=1000") == sorted(unchanged.outputs)
        assert walk(server, "users?per-page=1000") == sorted(unchanged.people)
        assert walk(server, "relationships?per-page=1000") == sorted(unchanged.authorships)
        assert walk(server, "groups?per-page=5") == sorted(unchanged.groups)


def test_v46_has_numbered_pages_the_last_modified_first_and_a_wrong_atom_link(unchanged):
    with practice_elements(unchanged, "4.6") as server:
        root = read(server, "publications?per-page=60&page=3")
        newest = read(server, "publications?per-page=1")
        ordered = read(server, "publications?per-page=1&order-by=id")
    pages = {page.get("position"): page.get("number") for page in root.iterfind(".//api:page", NS)}

    assert pages == {"this": "3", "first": "1", "previous": "2", "last": "3"}
    assert root.find("atom:link[@rel='next']", NS).get("href").endswith("page=3")
    assert ids(newest) == [max(unchanged.outputs.values(), key=lambda o: o.stamps.affected).id]
    assert ids(ordered) == [50_001]


def test_v55_pages_by_token_without_numbers(unchanged):
    with practice_elements(unchanged, "5.5") as server:
        root = read(server, "publications?per-page=60")
    pages = [(page.get("position"), page.get("number")) for page in root.iterfind(".//api:page", NS)]

    assert pages == [("this", None), ("next", None)]
    assert "after-id=50060" in place(root, "next")


def test_v613_tells_where_to_continue_even_after_the_end(unchanged):
    with practice_elements(unchanged) as server:
        last = read(server, "publications?per-page=60&after-id=50120")
        empty = etree.fromstring(ask(server, place(last, "continue-from").removeprefix(server.url + "/")).content)

    assert place(last, "next") == ""
    assert (ids(empty), empty.find("api:pagination", NS).get("results-count")) == ([], "0")
    assert place(empty, "continue-from") == place(last, "continue-from")


@pytest.mark.parametrize("version", VERSIONS)
def test_addresses_begin_with_the_configured_base(unchanged, version):
    with practice_elements(unchanged, version, configured_base="https://elements.example.edu:8091/api/") as server:
        root = read(server, "publications?per-page=2")

    assert place(root, "next").startswith("https://elements.example.edu:8091/api/publications?per-page=2&")
    assert told(root)[0].get("href").startswith("https://elements.example.edu:8091/api/publications/")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "path",
    ["publications?per-page=26&detail=full", "users?per-page=1001", "publications?per-page=0", "publications?size=3",
     "publications?detail=most", "publications?types=poem", "publications?ids=a", "users?modified-since=yesterday",
     "users?modified-since=2026-01-01T10:00:00+01:00", "publications?per-page=5&per-page=5", "users/1001?page=1",
     "relationships?order-by=id", "users?groups=1&group-membership=some", "publications?ever-approved=yes"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(unchanged, version, path):
    with practice_elements(unchanged, version) as server:
        assert refusal(server, path) == (400, "argument fault")


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ("4.6", "publications?after-id=1"),
        ("4.6", "users?affected-since=2026-01-01"),
        ("5.5", "relationships?affected-since=2026-01-01"),
        ("6.13", "users?page=2"),
    ],
)
def test_parameters_of_other_versions_are_refused(unchanged, version, path):
    with practice_elements(unchanged, version) as server:
        assert refusal(server, path) == (400, "argument fault")


@pytest.mark.parametrize(
    "moment",
    ["2023-03-01", "2023-03-01T00:00:00Z", "2023-03-01T00:00:00.000Z", "2023-03-01T01:00:00%2B01:00",
     "2023-03-01T00%3A00%3A00%2B0000", "2023-02-28T19:00:00-05:00", "2023-03-01T00:00:00.0000000Z"],
)  # fmt: skip
def test_every_form_of_a_date_that_clients_send_is_understood(unchanged, moment):
    since = datetime(2023, 3, 1, tzinfo=UTC)
    with practice_elements(unchanged) as server:
        found = walk(server, f"publications?per-page=1000&modified-since={moment}")

    assert found == [n for n, o in sorted(unchanged.outputs.items()) if o.stamps.modified >= since]
    assert 0 < len(found) < len(unchanged.outputs)


def test_objects_can_be_chosen_by_id_type_group_name_and_approval(unchanged):
    types = {n: o.type for n, o in unchanged.outputs.items()}
    editorships = {link.id for link in unchanged.authorships.values() if link.type == "publication-user-editorship"}
    members = [p.id for p in unchanged.people.values() if 12 in p.groups]
    with practice_elements(unchanged) as server:
        assert walk(server, "publications?ids=50003,50001,7") == [50_001, 50_003]
        books = [number for number, kind in types.items() if kind in ("book", "conference")]
        assert walk(server, "publications?types=book,conference") == books
        assert walk(server, "publications?types=2,4") == walk(server, "publications?types=book,conference")
        assert walk(server, "publications?ever-approved=true&per-page=1000") == [
            n for n, o in unchanged.outputs.items() if o.ever_approved
        ]
        assert walk(server, "users?groups=12&group-membership=explicit") == members
        assert walk(server, "users?groups=2&group-membership=explicit") != walk(server, "users?groups=2")
        assert walk(server, "users?groups=1") == sorted(unchanged.people)
        assert walk(server, "users?username=ex00003") == walk(server, "users?proprietary-id=E20003") == [1_004]
        assert ids(read(server, "users/pid-E20003")) == ids(read(server, "users/username-ex00003")) == [1_004]
        assert set(walk(server, "relationships?types=9")) == editorships != set()


def test_users_publications_leave_out_what_was_never_approved_and_the_user(unchanged):
    with practice_elements(unchanged) as server:
        root = read(server, "users/1001/publications?per-page=25&detail=full")

    assert {side.get("category") for side in root.iterfind(".//api:related", NS)} == {"publication"}
    assert {side.get("direction") for side in root.iterfind(".//api:related", NS)} == {"from"}
    assert {e.text for e in root.iterfind(".//api:related/api:object/api:ever-approved", NS)} == {"true"}


@pytest.mark.parametrize(
    ("moment", "text"),
    [(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
     (datetime(2026, 7, 2, 3, 4, 5, 50_000, tzinfo=UTC), "2026-07-02T04:04:05.05+01:00"),
     (datetime(2026, 1, 2, 3, 4, 5, 395_901, tzinfo=UTC), "2026-01-02T03:04:05.3959011+00:00")],
)  # fmt: skip
def test_times_are_local_with_as_many_digits_as_they_need(moment, text):
    assert stamp(moment) == text


def test_the_date_header_is_never_before_the_last_change(institution):
    institution.clock = lambda: datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
    institution.change_person(1_001, current=False)
    institution.clock = lambda: datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    with practice_elements(institution) as server:
        date = parsedate_to_datetime(ask(server, "my-account").headers["Date"])

    assert date - datetime(2031, 5, 1, 12, 0, tzinfo=UTC) < timedelta(seconds=1)
