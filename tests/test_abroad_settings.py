"""What an administrator sets of requests to strangers is what holds, and docs/abroad.md says what does."""

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from abroad_places import HOME, NEWS, lead, read
from http_places import answer, speaking

from config.errors import SettingsError
from config.load import load
from connectors.abroad import PORTS, abroad, hosts, networks, places, robots, visits
from connectors.errors import NotAllowed
from sandbox.web import Page, practice_web

PAGE = Path(__file__).parents[1].joinpath("docs", "abroad.md").read_text()
CONTACT = '[institution]\ncontact = "library@example.edu"\n'

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        file = tmp_path / "ringmark.toml"
        file.write_text(text)
        return file

    return write


@pytest.mark.parametrize(
    ("institution", "who"),
    [
        ('contact = "library@example.edu"', "mailto:library@example.edu"),
        ('contact = "https://example.edu/library"', "https://example.edu/library"),
        (
            'contact = "library@example.edu"\nbase_url = "https://ringmark.example.edu"',
            "+https://ringmark.example.edu; mailto:library@example.edu",
        ),
    ],
)
def test_hosts_are_told_whom_to_write_to(
    institution: str, who: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME]})
    with practice_web() as web:
        web.put("/", Page(b"fine"))
        ours = abroad(load(written(f"[institution]\n{institution}\n"), {}), at_home=[(HOME, web.port)])
        assert read(ours, web.url("/", NEWS)).body == b"fine"
        ours.close()

    assert {each.headers["User-Agent"] for each in web.requests} == {f"Ringmark/{version('ringmark')} ({who})"}


def test_nobody_is_asked_where_they_could_write_to_nobody(written: Written) -> None:
    with pytest.raises(NotAllowed, match=r"set institution\.contact"):
        abroad(load(written(""), {}))


def test_ports_and_what_must_never_be_asked_are_settings(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: ["8.8.8.8"]})
    more = '[abroad]\nports = [8443]\nnever = ["example.net", "8.8.0.0/16"]\n'
    ours = abroad(load(written(CONTACT + more), {}))

    for url, why in (
        (f"https://{NEWS}/", "port 443 is not asked"),
        ("https://a.example.net:8443/", "among those that"),
        (f"https://{NEWS}:8443/", "must never be asked"),
    ):
        with pytest.raises(NotAllowed, match=why):
            read(ours, url)


def test_the_environment_says_them_with_commas(written: Written) -> None:
    told = load(
        written(CONTACT), {"RINGMARK_ABROAD__PORTS": "443, 8443", "RINGMARK_ABROAD__NEVER": "a.example,10.0.0.0/8"}
    )

    assert (told.abroad.ports, told.abroad.never) == ((443, 8443), ("a.example", "10.0.0.0/8"))


def test_an_authority_is_looked_for_beside_the_file(written: Written, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x")

    assert load(written('[abroad]\nca_file = "ca.pem"\n'), {}).abroad.ca_file == tmp_path / "ca.pem"
    with pytest.raises(SettingsError, match=r"abroad\.ca_file: .*none\.pem is no file"):
        load(written('[abroad]\nca_file = "none.pem"\n'), {})


def test_the_proxy_is_a_setting(written: Written) -> None:
    with speaking(answer(b"", status="404 No"), answer(b"fine")) as proxy:
        more = f'[abroad]\nproxy = "{proxy.url.removesuffix("/api")}"\n'
        ours = abroad(load(written(CONTACT + more), {}))
        assert read(ours, f"http://{NEWS}/").body == b"fine"
        ours.close()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('proxy = "proxy.example.edu:3128"', r"abroad\.proxy: is no web address"),
        (
            'proxy = "http://user:word@proxy.example.edu:3128"',
            r"abroad\.proxy: holds a user name or password; a proxy that wants one",
        ),
        ('proxy = "http://proxy.example.edu:3128/path"', r"abroad\.proxy: .* has a path"),
        ("ports = []", "abroad.ports"),
        ("ports = [0]", "abroad.ports"),
        ("ports = [65536]", "abroad.ports"),
        ('never = ["https://example.org/"]', "neither a host nor a network"),
        ('never = ["10.0.0.1/8"]', "neither a host nor a network"),
        ('never = ["10.0.0"]', "neither a host nor a network"),
        ('loopback = "yes"', "loopback"),
    ],
)
def test_what_makes_no_sense_is_refused(line: str, says: str, written: Written) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        load(written(f"{CONTACT}[abroad]\n{line}\n"), {})

    assert "word@" not in str(caught.value)


def test_the_page_has_every_network_that_is_never_asked() -> None:
    told = set(re.findall(r"`([0-9a-f.:]+/\d+)`", PAGE))

    assert {str(each) for each in (*networks.NOT_PUBLIC_4, *networks.NOT_PUBLIC_6)} <= told
    assert {str(networks.PUBLIC_6), str(networks.TRANSLATED)} <= told


def test_the_page_has_every_name_that_is_never_asked() -> None:
    assert {f"`.{name}`" for name in places.OWN - {"localhost"}} | {"`localhost`"} <= set(
        re.findall(r"`[^`\n]+`", PAGE)
    )


def test_the_page_has_the_numbers() -> None:
    numbers = {
        "redirects": visits.REDIRECTS,
        "a page in all": 60,
        "without a byte": int(visits.SILENCE_SECONDS),
        "longest crawl delay": int(robots.LONGEST_DELAY),
        "robots.txt": robots.MOST // 1024,
        "failures": hosts.FAILURES,
        "first rest": int(hosts.REST // 60),
        "longest wait": int(hosts.LONGEST_WAIT),
    }
    told = {name: int(number) for name, number in re.findall(r"(?m)^\| ([a-z .]+) \| (\d+) ", PAGE)}

    assert numbers.items() <= told.items()
    assert PORTS == (80, 443)
