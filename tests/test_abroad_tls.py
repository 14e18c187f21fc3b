"""The connection goes to a checked address, the certificate is still that of the name; a proxy is one's own choice."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from abroad_places import AGENT, HOME, NEWS, lead, read, reader
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from http_places import answer, speaking

from connectors.abroad import Abroad
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from sandbox.web import Page, PracticeWeb, moved, practice_web


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of news.example.org, which is also the authority to trust; with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NEWS)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NEWS)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "news.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@contextmanager
def secure_web(certificate: Path) -> Iterator[tuple[PracticeWeb, list[str | None]]]:
    """A practice web that speaks TLS, and the names it was called by."""
    called: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: called.append(name)
    with practice_web() as web:
        web.scheme = "https"
        web.socket = context.wrap_socket(web.socket, server_side=True, do_handshake_on_connect=False)
        web.put("/", Page(b"fine"))
        yield web, called


def test_a_name_is_called_and_its_certificate_checked_though_the_connection_goes_to_an_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME]})

    with secure_web(certificate) as (web, called), reader(web, ca_file=certificate) as abroad:
        assert read(abroad, web.url("/", f"{NEWS}.")).body == b"fine"

    assert set(called) == {NEWS}


@pytest.mark.parametrize("case", ["another name", "another authority"])
def test_whose_certificate_is_not_its_own_is_not_read(
    case: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, {NEWS: [HOME], "other.example.org": [HOME]})
    host, authority = ("other.example.org", certificate) if case == "another name" else (NEWS, None)

    with secure_web(certificate) as (web, _), reader(web, ca_file=authority) as abroad:
        with pytest.raises(NotUnderstood, match=rf"the certificate of https://{host}:\d+ is not trusted"):
            read(abroad, web.url("/", host))

        assert web.requests == []


def test_a_secure_page_may_lead_to_a_plain_one_and_back(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, {NEWS: [HOME]})

    with secure_web(certificate) as (web, _), practice_web() as plain:
        web.put("/out", moved(plain.url("/there", NEWS)))
        plain.put("/there", moved(web.url("/", NEWS)))
        homes = [(HOME, web.port), (HOME, plain.port)]
        with reader(web, ca_file=certificate, at_home=homes) as abroad:
            told = read(abroad, web.url("/out", NEWS))

    assert [hop.url for hop in told.hops] == [web.url("/out", NEWS), plain.url("/there", NEWS)]
    assert told.body == b"fine"


def test_a_proxy_takes_all_requests_and_looks_names_up_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = lead(monkeypatch, {})

    with speaking(answer(b"", status="404 No"), answer(b"fine")) as proxy:
        abroad = Abroad(AGENT, proxy=proxy.url.removesuffix("/api"), pace=0)
        assert read(abroad, f"http://{NEWS}/page").body == b"fine"
        with pytest.raises(TryLater, match="the secure connection broke"):  # this proxy speaks no TLS
            read(abroad, f"https://{NEWS}/page")
        abroad.close()

    assert [head.split(b" HTTP/")[0] for head in proxy.heads] == [
        f"GET http://{NEWS}/robots.txt".encode(),
        f"GET http://{NEWS}/page".encode(),
        f"CONNECT {NEWS}:443".encode(),
    ]
    assert looked_up == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://169.254.169.254/", "http://localhost/", "http://printer/", "http://wiki.internal/",
     "http://[::1]/", "http://2130706433/", "http://8.8.8.8/", "http://news.example.org:22/", "http://never.example.net/"],
)  # fmt: skip
def test_a_proxy_is_not_even_asked_for_what_shows_that_it_is_inside(url: str) -> None:
    with speaking(answer(b"")) as proxy:
        abroad = Abroad(AGENT, proxy=proxy.url.removesuffix("/api"), never=["example.net"])
        with pytest.raises(NotAllowed):
            read(abroad, url)
        abroad.close()

    assert proxy.heads == []
