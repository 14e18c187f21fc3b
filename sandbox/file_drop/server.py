"""A practice SFTP server on loopback over a folder, with faults on demand. It needs paramiko.

    with practice_sftp(folder) as server:
        ...  # server.port, server.host_key, server.username, server.password

`server.done` is what was asked to change something, in order; put a name into `server.fault` for what shall go wrong:
`refused` (no file can be written), `full` (writing fails), `no rename` (the server cannot rename over a file), `killed`
(the connection breaks when the file has its name, before the answer).
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paramiko
from paramiko.sftp import SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_OP_UNSUPPORTED, SFTP_PERMISSION_DENIED

USER, PASSWORD = "ringmark", "practice-password"


@contextmanager
def practice_sftp(folder: Path, *, public_key: str = "", port: int = 0) -> Iterator["PracticeSftp"]:
    """Serve a folder until the block ends; `public_key` is another way to log in, in base64."""
    server = PracticeSftp(folder, public_key, port)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


class PracticeSftp:
    """The running server. `logins` counts what was tried."""

    def __init__(self, folder: Path, public_key: str, port: int) -> None:
        self.folder, self.public_key = folder, public_key
        self.username, self.password = USER, PASSWORD
        self.key = paramiko.RSAKey.generate(2048)
        self.fault = ""
        self.logins = 0
        self.done: list[tuple[str, str]] = []
        self._listening = socket.create_server(("127.0.0.1", port))
        self._transports: list[paramiko.Transport] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        """The folder, as settings name it."""
        return f"sftp://127.0.0.1:{self.port}/drop"

    @property
    def host_key(self) -> str:
        """As `ssh-keyscan` prints it."""
        return f"{self.key.get_name()} {self.key.get_base64()}"

    def serve(self) -> None:
        """Take connections until it is closed."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            try:
                self._greet(connection)
            except (paramiko.SSHException, EOFError, OSError):
                continue  # somebody who did not like our key, or who hung up

    def _greet(self, connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(self.key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, practice=self, transport=transport)
        self._transports.append(transport)
        transport.start_server(server=_Door(self))

    def close(self) -> None:
        """End everything."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for transport in self._transports:
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, server: PracticeSftp) -> None:
        self.server = server

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        return paramiko.common.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        return self._answer((username, password) == (self.server.username, self.server.password))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return self._answer((username, key.get_base64()) == (self.server.username, self.server.public_key))

    def _answer(self, right: bool) -> int:
        self.server.logins += 1
        return paramiko.common.AUTH_SUCCESSFUL if right else paramiko.common.AUTH_FAILED


class _Files(paramiko.SFTPServerInterface):
    """The folder is `/drop`; there is nothing else."""

    def __init__(self, door: Any, *, practice: PracticeSftp, transport: paramiko.Transport) -> None:
        super().__init__(door)
        self.server, self.transport = practice, transport

    def list_folder(self, path: str) -> Any:
        try:
            return [
                paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in sorted(self._at(path).iterdir())
            ]
        except OSError as error:
            return _code(error)

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as error:
            return _code(error)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:  # noqa: ARG002
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
        if writes:
            self.server.done.append(("open", path))
            if self.server.fault == "refused":
                return SFTP_PERMISSION_DENIED
        try:
            number = os.open(self._at(path), flags, 0o600)
        except OSError as error:
            return _code(error)
        handle = _Handle(self.server, flags)
        file = os.fdopen(number, "r+b" if flags & os.O_RDWR else "wb" if writes else "rb")
        handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
        return handle

    def remove(self, path: str) -> int:
        try:
            self._at(path).unlink()
        except OSError as error:
            return _code(error)
        self.server.done.append(("remove", path))
        return SFTP_OK

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        self.server.done.append(("rename", newpath))
        if self.server.fault == "no rename":
            return SFTP_OP_UNSUPPORTED
        try:
            self._at(oldpath).replace(self._at(newpath))
        except OSError as error:
            return _code(error)
        if self.server.fault == "killed":
            self.transport.close()
        return SFTP_OK

    def _at(self, path: str) -> Path:
        name = path.removeprefix("/drop").lstrip("/")
        if not path.startswith("/drop") or "/" in name or name == "..":
            raise FileNotFoundError
        return self.server.folder / name


class _Handle(paramiko.SFTPHandle):
    def __init__(self, server: PracticeSftp, flags: int) -> None:
        super().__init__(flags)
        self.server = server

    def write(self, offset: int, data: Any) -> int:
        return SFTP_FAILURE if self.server.fault == "full" else super().write(offset, data)

    def stat(self) -> Any:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]


def _code(error: OSError) -> int:
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return SFTP_NO_SUCH_FILE if missing else SFTP_PERMISSION_DENIED
