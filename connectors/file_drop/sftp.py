"""A folder of an SFTP server, whose key is known beforehand: to any other nothing is said, not even who we are."""

import base64
import binascii
import hashlib
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import paramiko

from config.settings import Connection
from connectors.errors import NotAllowed, NotUnderstood, TryLater

SECONDS = 30.0  # for each step of the login
SILENCE = 120.0  # for each answer after it
RSA = ("rsa-sha2-512", "rsa-sha2-256")  # how a server proves a key that is called ssh-rsa
SCAN = "set host_key to what `ssh-keyscan HOST` prints after the name, once its fingerprint is confirmed"


class Sftp:
    """One login, made when it is first needed. What says why it failed holds no name of an account or of a folder."""

    def __init__(self, settings: Connection) -> None:
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)
        parts = urlsplit(settings.url or "")
        self.settings = settings
        self.host, self.port, self.path = parts.hostname or "", parts.port or 22, unquote(parts.path) or "."
        self._transport: paramiko.Transport | None = None
        self._client: paramiko.SFTPClient | None = None

    def digest(self, name: str) -> str | None:
        """What lies there, as SHA-256; None where nothing does."""
        with self._told(name):
            client, digest = self._sftp(), hashlib.sha256()
            try:
                with client.open(self._at(name), "rb") as file:
                    file.prefetch()
                    while part := file.read(1 << 20):
                        digest.update(part)
            except FileNotFoundError:
                self.check()
                return None
            return digest.hexdigest()

    def put(self, name: str, file: Path, ask: Callable[[], None]) -> None:
        """Sent under another name, and renamed over the one that was there, which is one step for the server."""
        with self._told(name):
            client, new = self._sftp(), self._at(f".{name}.new")
            self._clear(new)
            with ExitStack() as unfinished:
                unfinished.callback(self._clear, new)
                client.put(str(file), new, confirm=True)
                ask()
                client.posix_rename(new, self._at(name))
                unfinished.pop_all()

    def remove(self, name: str, ask: Callable[[], None]) -> None:
        """What a kill has left goes too."""
        with self._told(name):
            self._sftp()
            ask()
            self._clear(self._at(name))
            self._clear(self._at(f".{name}.new"))

    def check(self) -> str:
        """Whether the login is accepted and the folder is there."""
        with self._told("the folder"):
            try:
                self._sftp().listdir(self.path)
            except FileNotFoundError:
                raise NotUnderstood("the folder of url is not there; make it, or set url to one that is") from None
        return "the server has the key that it should have, the login is accepted, and the folder is there"

    def close(self) -> None:
        """End the login."""
        if self._transport is not None:
            self._transport.close()

    def _at(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"

    def _clear(self, path: str) -> None:
        try:
            self._sftp().remove(path)
        except (OSError, FileNotFoundError, EOFError, paramiko.SSHException):
            return  # nothing is there, or nobody answers any more, which is told by what comes next

    def _sftp(self) -> paramiko.SFTPClient:
        if self._client is None:
            transport = self._transport = self._connected()
            self._login(transport)
            self._client = paramiko.SFTPClient.from_transport(transport)
            if self._client is None:
                raise NotUnderstood("the server has no SFTP; is it the right one?")
            channel = self._client.get_channel()
            if channel is not None:
                channel.settimeout(SILENCE)
        return self._client

    def _connected(self) -> paramiko.Transport:
        """A connection to the server whose key is pinned, and to no other."""
        kind, wanted = self._pinned()
        transport = paramiko.Transport(socket.create_connection((self.host, self.port), SECONDS))
        transport.banner_timeout = transport.auth_timeout = SECONDS
        try:
            transport.get_security_options().key_types = RSA if kind == "ssh-rsa" else (kind,)
            transport.start_client(timeout=SECONDS)
        except (paramiko.ssh_exception.IncompatiblePeer, ValueError):
            transport.close()
            raise NotAllowed(f"the server has no key of the kind {kind}; {SCAN}") from None
        if transport.get_remote_server_key().asbytes() != wanted:
            transport.close()
            raise NotAllowed(f"the server has another key than host_key, and may be another server; {SCAN}")
        return transport

    def _pinned(self) -> tuple[str, bytes]:
        kind, _, rest = (self.settings.host_key or "").strip().partition(" ")
        try:
            key = base64.b64decode(rest.split(" ")[0], validate=True)
        except (ValueError, binascii.Error):
            key = b""
        if not key:
            raise NotAllowed(f"the key of the server is not known, so nothing was sent to it; {SCAN}")
        return kind, key

    def _login(self, transport: paramiko.Transport) -> None:
        username = self.settings.username or ""
        try:
            if self.settings.key_file:
                transport.auth_publickey(username, paramiko.PKey.from_path(self.settings.key_file))
            else:
                password = self.settings.password
                transport.auth_password(username, password.get_secret_value() if password else "")
        except (paramiko.AuthenticationException, paramiko.PasswordRequiredException):
            mend = "check username and password_file, or key_file, which has to be without a passphrase"
            raise NotAllowed(f"the SFTP server does not accept the login; {mend}") from None
        except (OSError, ValueError, paramiko.pkey.UnknownKeyType) as error:
            if isinstance(error, FileNotFoundError | PermissionError | ValueError | paramiko.pkey.UnknownKeyType):
                raise NotAllowed("key_file holds no private key that can be read") from None
            raise

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What went wrong, by what to do next."""
        try:
            yield
        except PermissionError:
            raise NotAllowed(f"{name}: the SFTP server refuses it; give the account that right") from None
        except (TimeoutError, EOFError, ConnectionError, socket.gaierror, paramiko.SSHException) as error:
            self._forget()
            raise TryLater(f"{name}: the SFTP server does not answer as it should ({type(error).__name__})") from None
        except OSError as error:
            self._forget()
            what = "the SFTP server failed; is there room, and can it rename over a file (posix-rename)?"
            raise TryLater(f"{name}: {what} ({error.errno or type(error).__name__})") from None

    def _forget(self) -> None:
        self.close()
        self._transport = self._client = None
