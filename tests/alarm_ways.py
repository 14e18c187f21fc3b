"""Where alarms arrive: a mail server and a webhook on loopback, and certificates that were made here."""

import ipaddress
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any

import stores
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from conftest import PASSWORD, House
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from http_places import Quiet

HOOK = "/hooks/T000/a-very-secret-way"
SIGNING = "k3y-0f-the-hook"
ROW = "1,Canarypri title of one,private,10.5555/canarypri"
FILES = """
[institution]
name = "University of Example"
[connections.local]
kind = "files"
path = "import"
require_author = false
"""


@dataclass
class Post:
    """A mail server that keeps what it is given; `first` is called with each message before it is accepted, and
    answers in its place unless that is None."""

    messages: list[EmailMessage] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    first: Callable[[], str | None] = lambda: None
    known: list[tuple[bool, bool]] = field(default_factory=list)
    """Whether each message came encrypted, and after a login."""
    port: int = 0

    async def handle_RCPT(  # noqa: N802  the names are those of aiosmtpd
        self, _: object, __: Session, envelope: Envelope, address: str, ___: object
    ) -> str:
        if address in self.refuse:
            return f"550 {address} of Ann Canarypri is unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await server.loop.run_in_executor(None, self.first)
        if answer is None:
            content = envelope.content
            assert isinstance(content, bytes)
            self.bodies.append(content)
            self.messages.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
            encrypted = server.transport.get_extra_info("ssl_object") is not None
            self.known.append((encrypted, bool(session.authenticated)))
        return answer or "250 OK"

    @property
    def texts(self) -> list[str]:
        """What each message says."""
        return [told_as_text(each) for each in self.messages]


def told_as_text(message: EmailMessage) -> str:
    """The text of a message, which may have a page beside it."""
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")


@contextmanager
def post(trust: Path | None = None, *, at_once: bool = False, login: bool = True, port: int = 0) -> Iterator[Post]:
    """A mail server until the block ends; with a certificate it asks for STARTTLS, or for TLS `at_once`."""
    kept = Post()
    offers: dict[str, Any] = {}
    context = None
    if trust is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(trust)
        offers = {} if at_once else {"tls_context": context, "require_starttls": True}
    if login:
        by_starttls = trust is not None and not at_once
        offers |= {"authenticator": _known, "auth_required": by_starttls, "auth_require_tls": by_starttls}
    controller = _Anywhere(kept, hostname="127.0.0.1", port=port, ssl_context=context if at_once else None, **offers)
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        controller.stop()


class _Anywhere(Controller):
    """At a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _known(_: object, __: object, ___: object, mechanism: str, told: Any) -> AuthResult:
    known = (told.login, told.password) == (b"ringmark", PASSWORD.encode()) and mechanism in ("PLAIN", "LOGIN")
    return AuthResult(success=known, handled=False)


@dataclass
class Hook:
    """A webhook that keeps what it is called with, and answers with `status`."""

    url: str = ""
    status: int = 200
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[Any]:
        """The documents it was called with."""
        return [json.loads(body) for _, body in self.calls]


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook until the block ends."""
    kept = Hook()

    class Called(Quiet):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.startswith(HOOK):
                kept.calls.append((dict(self.headers), body))
            self.send_response(kept.status if self.path.startswith(HOOK) else 404)
            self.send_header("Content-Length", "0")
            if 300 <= kept.status < 400:
                self.send_header("Location", f"{HOOK}/again")
            self.end_headers()

    with _serving(Called) as port:
        kept.url = f"http://127.0.0.1:{port}{HOOK}?token=a-word-of-its-own"
        yield kept


@contextmanager
def secure(certificate: Path) -> Iterator[int]:
    """A port on loopback that shows a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with _serving(Quiet, context) as port:
        yield port


@contextmanager
def _serving(handler: type[Quiet], context: ssl.SSLContext | None = None) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def certificate(file: Path, *, days: float, host: str = "127.0.0.1") -> Path:
    """A certificate of a host that ends in so many days, with its key; trusted where it is the `ca_file`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "University of Example")])
    ends = datetime.now(UTC) + timedelta(days=days)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=400))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    file.chmod(0o600)
    return file


def told_by(mail: Post | None, call: Hook | None = None, more: str = "") -> str:
    """The table of the settings by which somebody is told; secrets are in the files that `secrets` writes."""
    lines = ["[alarms]", more]
    if mail is not None:
        lines += [
            'mail_to = ["office@example.edu", "library@example.edu"]',
            'mail_from = "ringmark@example.edu"',
            f'smtp = "127.0.0.1:{mail.port}"',
        ]
    if call is not None:
        lines += ['webhook_file = "hook"', 'webhook_secret_file = "signing"']
    return "\n".join([*lines, ""])


def secrets(house: House, **told: str) -> House:
    """Files with secrets beside the settings, for their owner alone."""
    for name, secret in told.items():
        (house.folder / name).write_text(secret + "\n")
        (house.folder / name).chmod(0o600)
    return house


@cache
def _pulled() -> House:
    """A house with one source and one private work: made once, copied for each test."""
    house = House(Path(mkdtemp())).write(FILES)
    works(house, ROW)
    house.ok("sync")
    stores.keep(house.folder)
    return house


def pulled(house: House) -> House:
    """Its first pull and score are done."""
    return _pulled().copy(house.folder)


def works(house: House, *rows: str, **files: str) -> None:
    """The folder that is read: rows of `outputs.csv`, and other files."""
    folder = house.folder / "import"
    folder.mkdir(exist_ok=True)
    (folder / "outputs.csv").write_text("".join(f"{row}\n" for row in ("output,title,visibility,doi", *rows)))
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
