"""No page, redirect or name leads into a network that is not everybody's."""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from abroad_places import HOME, NEWS, a_clock, a_reader, lead, read, reader
from hypothesis import given
from hypothesis import strategies as st

from connectors.abroad import Abroad, door
from connectors.abroad.networks import TRANSLATED, is_public
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from sandbox.web import Page, PracticeWeb, moved, practice_web

INSIDE = (
    "0.0.0.0",  # noqa: S104  nothing is bound to it
    "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "ff0e::1", "100::1", "3fff::1", "4000::1",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")
clock, abroad = a_clock(), a_reader()


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put("/", Page(b"secret of the house"))
        yield web


@pytest.fixture
def stranger() -> Iterator[Abroad]:
    """As it is in a house: nothing on this machine may be asked."""
    made = Abroad("Ringmark/9", pace=0)
    yield made
    made.close()


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Where connections were opened to; none is."""
    told: list[object] = []

    def connect(_: socket.socket, where: object) -> None:
        told.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return told


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_none_of_everybodys(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_whatever_is_asked_python_too_calls_global(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        held = getattr(address, "ipv4_mapped", None) or address
        if isinstance(held, IPv4Address) or held not in TRANSLATED:
            assert held.is_global
        assert not held.is_multicast


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_of_an_address_inside_is_not_asked(
    address: str, stranger: Abroad, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"trap.example.org": [address]})

    for scheme in ("http", "https"):
        with pytest.raises(NotAllowed, match=r"trap\.example\.org: it lies in a network that is not public"):
            read(stranger, f"{scheme}://trap.example.org/")

    assert dialled == []


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_name_of_an_address_outside_is_asked_there_and_nowhere_else(
    address: str, stranger: Abroad, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = lead(monkeypatch, {NEWS: [address]})

    with pytest.raises(TryLater, match="no connection"):
        read(stranger, f"https://{NEWS}/")

    assert (dialled, looked_up) == ([(address, 443)], [NEWS])


def test_one_address_inside_spoils_all_others(
    stranger: Abroad, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"trap.example.org": ["8.8.8.8", "10.0.0.1"]})

    with pytest.raises(NotAllowed):
        read(stranger, "https://trap.example.org/")

    assert dialled == []


def test_a_name_is_looked_up_once_for_a_connection_so_that_it_cannot_mean_another_address_then(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebinding server: the first answer may be asked, every later one is a trap."""
    answers = iter([[HOME], ["127.0.0.2"], ["127.0.0.2"]])
    monkeypatch.setattr(door, "resolve", lambda *_: next(answers))

    with reader(web) as abroad:
        assert read(abroad, web.url("/", "rebind.example.org")).status == 200  # robots.txt and page, on one connection
        assert next(answers) == ["127.0.0.2"]


def test_a_name_that_means_another_address_later_is_judged_again(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.put("/last", Page(headers={"Connection": "close"}))
    answers = [[HOME], ["127.0.0.2"]]
    monkeypatch.setattr(door, "resolve", lambda *_: answers.pop(0))

    with reader(web) as abroad:
        read(abroad, web.url("/last", "rebind.example.org"))
        with pytest.raises(NotAllowed, match="not public"):
            read(abroad, web.url("/", "rebind.example.org"))


def test_the_system_is_asked_for_names_once_and_no_other_code_asks_it(
    web: PracticeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HOME, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with reader(web) as abroad:
        assert read(abroad, web.url("/", NEWS)).status == 200

    assert asked == [NEWS]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0/",
        "http://017700000001/", "http://0177.0.0.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:7f00:1]/",
        "http://[::ffff:127.0.0.1]/", "http://8.8.8.8/", "http://134744072/", "http://[2606:4700::1111]/",
        "http://localhost/", "http://LOCALHOST./", "http://x.localhost/", "http://printer/", "http://printer.local/",
        "http://wiki.internal/", "http://nas.home.arpa/", "http://1.0.0.127.in-addr.arpa/", "http://x.onion/",
        "http://good@169.254.169.254/", "http://good.example.org@169.254.169.254/", "http://good:word@news.example.org/",
        "http://news.example.org:22/", "http://news.example.org:8080/", "https://news.example.org:6379/",
    ],
)  # fmt: skip
def test_what_names_no_host_of_everybodys_is_not_even_looked_up(
    url: str, stranger: Abroad, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = lead(monkeypatch, {})

    with pytest.raises((NotAllowed, NotUnderstood)) as caught:
        read(stranger, url)

    assert (dialled, looked_up) == ([], [])
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["\uff11\uff12\uff17.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "ⓛocalhost", "loc\u00adalhost", "2130706433。"]
)
def test_nor_is_what_becomes_one_when_it_is_read_as_other_letters(
    host: str, stranger: Abroad, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = lead(monkeypatch, {})

    with pytest.raises((NotAllowed, NotUnderstood)):
        read(stranger, f"http://{host}/")

    assert (dialled, looked_up) == ([], [])


def test_a_name_in_other_letters_is_looked_up_as_the_dns_writes_it(
    web: PracticeWeb, abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = lead(monkeypatch, {"xn--zeitung-mnchen-osb.example.org": [HOME]})

    assert read(abroad, web.url("/", "Zeitung-München.example.org")).status == 200
    assert set(looked_up) == {"xn--zeitung-mnchen-osb.example.org"}


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/", "http://inside.example.org/", "http://inside.example.org:{port}/",
        "//[::1]:{port}/", "http://localhost:{port}/", "http://good@127.0.0.1:{port}/", "ftp://news.example.org/", "file:///etc/passwd",
        "http://2130706433:{port}/", "http://news.example.org:22/", "data:text/html,x", "http://[", "gopher://127.0.0.1/",
    ],
)  # fmt: skip
def test_no_redirect_leads_inside(
    target: str, web: PracticeWeb, abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME], "inside.example.org": ["10.0.0.1"]})
    with practice_web() as other:
        web.put("/out", moved(target.format(port=web.port, other=other.port)))
        with pytest.raises((NotAllowed, NotUnderstood)):
            read(abroad, web.url("/out", NEWS))

        assert other.requests == []
    assert web.visited() == [f"{NEWS}/robots.txt", f"{NEWS}/out"]


def test_a_robots_txt_leads_inside_as_little(web: PracticeWeb, abroad: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: [HOME], "inside.example.org": ["127.0.0.1", "10.0.0.1"]})
    web.put("/robots.txt", moved(web.url("/robots.txt", "inside.example.org")), host=NEWS)

    with pytest.raises(NotAllowed, match=r"inside\.example\.org: it lies in a network that is not public"):
        read(abroad, web.url("/", NEWS))


def test_an_address_at_home_opens_no_other_port_and_no_other_address(
    web: PracticeWeb, abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {"two.example.org": ["127.0.0.2"], "eighty.example.org": [HOME], "out.example.org": ["8.8.8.8"]})

    for url in (web.url("/", "two.example.org"), "http://eighty.example.org/", web.url("/", "out.example.org")):
        with pytest.raises(NotAllowed, match="not public"):
            read(abroad, url)


def test_nothing_at_home_is_asked_unless_it_is_named(web: PracticeWeb, stranger: Abroad) -> None:
    with pytest.raises(NotAllowed):
        read(stranger, web.url("/"))

    assert web.requests == []


@pytest.mark.parametrize(
    ("never", "host"),
    [("example.net", "example.net"), ("Example.net", "www.a.EXAMPLE.net"), ("8.8.8.0/24", NEWS), ("8.8.8.8", NEWS)],
)
def test_what_must_never_be_asked_is_not(
    never: str, host: str, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: ["8.8.8.8"]})

    with pytest.raises(NotAllowed, match="never"):
        read(Abroad("Ringmark/9", never=[never]), f"https://{host}/")

    assert dialled == []


def test_a_name_that_merely_ends_alike_is_another(dialled: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {"notexample.net": ["8.8.8.8"]})

    with pytest.raises(TryLater):
        read(Abroad("Ringmark/9", never=["example.net"]), "https://notexample.net/")

    assert dialled == [("8.8.8.8", 443)]


def test_a_name_that_nobody_has_is_asked_later(stranger: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {})

    with pytest.raises(TryLater, match="the name of its host is not found"):
        read(stranger, "https://nobody.example.org/")


def test_the_next_address_is_tried_where_one_does_not_answer(web: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: ["::1", HOME]})

    with reader(web, at_home=[("::1", web.port), (HOME, web.port)]) as abroad:
        assert read(abroad, web.url("/", NEWS)).status == 200


@given(st.text(max_size=60) | st.from_regex(r"https?://[!-~]{0,40}", fullmatch=True))
def test_no_address_makes_anything_but_a_plain_refusal(url: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        lead(patch, {})
        with pytest.raises(ConnectorError):
            read(Abroad("Ringmark/9", pace=0, sleep=lambda _: None), url)


@pytest.mark.parametrize("address", ["198.51.99.7", "::ffff:198.51.99.7", "64:ff9b::198.51.99.7"])
def test_a_network_that_is_never_asked_is_not_asked_by_an_address_that_holds_one_of_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [address]})
    opened = door.Door(ports=(80,), at_home=(), never=(ip_network("198.51.99.0/24"),))

    with pytest.raises(NotAllowed):
        opened.open(NEWS, 80, 1)
