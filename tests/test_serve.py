"""Badges over HTTP: what is right, what is alike, and that nothing outlives what allowed it."""

import json
import re
from collections.abc import Iterator

import pytest
import requests
from conftest import House
from hypothesis import given
from hypothesis import strategies as st
from served import Served, serving

from badges.draw import STYLES
from badges.wanted import from_path, from_query
from sandbox.outputs import COMBINATIONS, FIRST_OUTPUT

SHOWN = "10.5555/example.50040"
PRIVATE = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('private', 'public', False, True))}"
INTERNAL = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('internal', 'public', False, True))}"
FORMATS = ("svg", "png", "json")
TYPES = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png", "json": "application/json"}


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.fixture(scope="module")
def shown(scored: House) -> dict[str, object]:
    """What the command line says of one public output."""
    told = scored.json("badge", SHOWN)
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("style", STYLES)
def test_a_badge_is_found_by_identifier_and_by_public_id(
    served: Served, shown: dict[str, object], form: str, style: str
) -> None:
    by_path = [f"/badge/{which}.{form}?style={style}" for which in (f"doi/{SHOWN}", f"output/{shown['output']}")]
    by_query = [f"/badge.{form}?style={style}&id={which}" for which in (SHOWN, f"output:{shown['output']}")]

    replies = [served.get(path) for path in (*by_path, *by_query)]

    assert {(reply.status, reply.header("content-type")) for reply in replies} == {(200, TYPES[form])}
    assert len({reply.whole for reply in replies}) == 1


def test_picture_and_document_are_those_of_the_command_line(
    served: Served, scored: House, shown: dict[str, object]
) -> None:
    document = json.loads(served.get(f"/badge/doi/{SHOWN}.json").body)
    picture = served.get(f"/badge/doi/{SHOWN}.svg?style=medium").text

    assert document == {name: value for name, value in shown.items() if name != "context"}
    assert picture + "\n" == scored.ok("badge", SHOWN, "--style", "medium")


@pytest.mark.parametrize("form", FORMATS)
def test_unknown_hidden_and_malformed_are_the_same_bytes(served: Served, scored: House, form: str) -> None:
    hidden = scored.json("explain", INTERNAL, "--audience", "internal")["output"]
    paths = [
        f"doi/{doi}" for doi in ("10.5555/nowhere", PRIVATE, INTERNAL, "x" * 9000, f"10.5555/{'x' * 4000}", "%F0%9F")
    ]
    paths += [f"output/{number}" for number in (hidden, "1", "x", "9" * 40, "%C2%B2", "-1")]
    paths += ["nothing/1", "isbn/12", "/", "doi/", "%ff/1"]
    queries = ["", "?id=", f"?id={PRIVATE}", "?id=%ff%fe", f"?id={'9' * 9000}", f"?id=output:{hidden}"]

    replies = [served.get(f"/badge/{path}.{form}") for path in paths]
    replies += [served.get(f"/badge.{form}{query}") for query in queries]

    assert {reply.status for reply in replies} == {404}
    assert len({reply.whole for reply in replies}) == 1


BROKEN = {
    "../../etc/passwd": 404,
    "..%2f..%2fetc%2fpasswd": 404,
    "%00": 404,
    f"{SHOWN}%00": 404,
    f"{SHOWN}%0a": 200,  # white space around is none of it
    "%": 404,
    "%zz": 404,
    "%f": 404,
    "10.5555/%ff": 404,
    "10.5555/%ed%a0%80": 404,
    "%1b%5b31m": 404,
    "10.5555/%E2%80%AEexample": 404,
    "%F0%9F%90%9D": 404,
    SHOWN.upper(): 200,
    f"doi:{SHOWN}": 200,
    f"DOI:%20{SHOWN}": 200,
    f"https://doi.org/{SHOWN}": 200,
    f"https:%2F%2Fdx.doi.org%2F{SHOWN}": 200,
    SHOWN.replace("/", "%2f"): 200,
    SHOWN.replace("/", "%252F"): 200,
    f"{SHOWN}/": 200,
    f"{SHOWN}%20": 200,
    f"%20{SHOWN}": 200,
    f"{SHOWN};'--": 404,
    f"{SHOWN}%22%3E%3Cscript%3E": 404,
}


@pytest.mark.parametrize(("sent", "status"), BROKEN.items())
def test_broken_identifiers_find_the_output_if_they_mean_one(served: Served, sent: str, status: int) -> None:
    replies = [served.get(f"/badge/doi/{sent}.json"), served.get(f"/badge.json?id={sent}"), served.get(f"/doi/{sent}")]

    assert [reply.status for reply in replies] == [status] * 3


@pytest.mark.parametrize(
    "raw", [b"/badge/doi/\xff.svg", b"/badge/doi/\x00.svg", b"/badge/doi/a b.svg", b"*", b"//", b"?"]
)
def test_what_is_no_http_is_refused_by_its_protocol(served: Served, raw: bytes) -> None:
    assert served.get(raw).status in (400, 404)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Outputs whose DOIs look like anything but one."""
    house = House(tmp_path_factory.mktemp("odd"))
    folder = house.folder / "import"
    folder.mkdir()
    header = "person,name,visibility,current\np1,Ada Abernook,public,true\n"
    (folder / "people.csv").write_text(header)
    dois = "".join(f'o{n},Work {n},book,public,"{doi}"\n' for n, doi in enumerate(ODD))
    (folder / "outputs.csv").write_text("output,title,type,visibility,doi\n" + dois)
    (folder / "authorships.csv").write_text(
        "output,person,visibility\n" + "".join(f"o{n},p1,public\n" for n in range(len(ODD)))
    )
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    with serving(house.folder) as found:
        yield found


SICI = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"
ODD = {
    "10.5555/picture.svg": "10.5555/picture.svg",
    "10.5555/picture.svg.json": "10.5555/picture.svg.json",
    SICI: SICI.upper().replace("<", "%3C").replace(">", "%3E"),
    "10.5555/what?is=this": "10.5555/what%3Fis=this",
    "10.5555/a+b": "10.5555/a+b",
    "10.5555/ünï": "10.5555/%C3%BCn%C3%AF",
    "10.5555/50%25": "10.5555/50%2525",
}


@pytest.mark.parametrize(("doi", "sent"), ODD.items())
def test_odd_dois_are_found_where_they_are_encoded(odd: Served, doi: str, sent: str) -> None:
    replies = [odd.get(f"/badge/doi/{sent}.json"), odd.get(f"/badge.json?id={sent}")]

    assert {reply.status for reply in replies} == {200}
    assert {tuple(json.loads(reply.body)["identifiers"]) for reply in replies} == {(f"doi:{doi}",)}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("identifier", [SHOWN, PRIVATE, "10.5555/nowhere", "%ff"])
@pytest.mark.parametrize("style", ["pie", "%ff", "ring%00", "RING"])
def test_an_unknown_style_is_one_sentence_whatever_the_identifier(
    served: Served, form: str, identifier: str, style: str
) -> None:
    reply = served.get(f"/badge/doi/{identifier}.{form}?style={style}")

    assert reply.status == 400
    assert "choose one of ring, medium, large" in reply.text
    assert reply.whole == served.get(f"/badge/doi/x.{form}?style=other").whole


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("identifier", [SHOWN, "10.5555/nowhere"])
def test_headers_are_the_promised_ones_and_no_more(served: Served, form: str, identifier: str) -> None:
    reply = served.get(f"/badge/doi/{identifier}.{form}", cookie="session=1", origin="https://repository.example.org")

    names = {name for name, _ in reply.headers}
    assert reply.header("cache-control") == "public, max-age=300"
    assert reply.header("x-content-type-options") == "nosniff"
    assert reply.header("cross-origin-resource-policy") == "cross-origin"
    assert reply.header("content-security-policy").startswith("default-src 'none'")
    assert reply.header("access-control-allow-origin") == ("*" if form == "json" else "")
    assert ("etag" in names) == (reply.status == 200)
    assert not names & {"server", "set-cookie", "vary", "x-powered-by", "strict-transport-security"}


@pytest.mark.parametrize("path", [f"/badge/doi/{SHOWN}.svg", f"/doi/{SHOWN}", "/"])
def test_cookies_and_host_change_nothing(served: Served, path: str) -> None:
    plain = served.get(path)

    replies = [
        served.get(path, cookie="audience=internal; session=abc"),
        served.get(path, host="evil.example.net", x_forwarded_host="evil.example.net", x_forwarded_proto="https"),
        served.get(path, authorization="Bearer x"),
    ]

    assert {reply.whole for reply in replies} == {plain.whole}
    assert b"evil" not in plain.body


@pytest.mark.parametrize("path", [f"/badge/doi/{SHOWN}.{form}" for form in FORMATS] + [f"/doi/{SHOWN}", "/"])
def test_what_is_known_already_is_not_sent_again(served: Served, path: str) -> None:
    first = served.get(path)
    etag = first.header("etag")

    again = [served.get(path, if_none_match=told) for told in (etag, f'W/{etag}, "x"', "*")]

    assert {(reply.status, reply.body) for reply in again} == {(304, b"")}
    assert {reply.header("etag") for reply in again} == {etag}
    assert served.get(path, if_none_match='"other"').body == first.body


@pytest.mark.parametrize("path", [f"/badge/doi/{SHOWN}.svg", "/badge/doi/x.json", f"/doi/{SHOWN}", "/", "/health"])
def test_head_is_the_same_without_the_body(served: Served, path: str) -> None:
    get, head = served.get(path), served.get(path, method="HEAD")

    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize("path", [f"/badge/doi/{SHOWN}.svg", "/badge/doi/x.json", f"/doi/{SHOWN}", "/", "/health"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_nothing_is_taken(served: Served, path: str, method: str) -> None:
    reply = served.get(path, method=method)

    if path.endswith(".json") and method == "OPTIONS":
        assert (reply.status, reply.header("access-control-allow-origin"), reply.body) == (204, "*", b"")
    else:
        assert reply.status == 405
        assert reply.header("allow").startswith("GET, HEAD")


def test_a_client_as_people_use_it_gets_its_badge(served: Served) -> None:
    with requests.Session() as session:
        replies = [session.get(f"{served.public}/badge/doi/{SHOWN}.json", timeout=30) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200] * 3
    assert re.fullmatch(r'"[0-9a-f]{24}"', replies[0].headers["etag"])


@given(st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9._()/-]*[0-9]", fullmatch=True))
def test_the_short_way_to_read_a_doi_ends_where_the_long_one_does(doi: str) -> None:
    assert from_path(b"doi", doi.encode()) == from_query(b"id=" + doi.encode())
