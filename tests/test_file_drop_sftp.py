"""A file with all badges on an SFTP server: on the right one only, whole or not at all. OpenSSH's client reads it."""

import csv
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
import stores
from conftest import PASSWORD, House
from push_library import FIRST, first_told
from told_places import Drop, secret

from sandbox.file_drop.server import PracticeSftp, practice_sftp

pytestmark = pytest.mark.timeout(240)


class Remote(Drop):
    """A house whose file goes to a practice server."""

    keys = 'url = "{url}"\nusername = "ringmark"\npassword_file = "password"\n'

    @property
    def remote(self) -> PracticeSftp:
        return self.server  # type: ignore[return-value]

    @property
    def folder(self) -> Path:
        return self.remote.folder

    def settings(self, target: str = "", more: str = "") -> None:
        super().settings(target, f'host_key = "{self.remote.host_key}"\n{more}')

    def names(self) -> list[str]:
        """What lies there."""
        return sorted(each.name for each in self.folder.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Remote]:
    """Two public works, no file yet; one private."""
    (tmp_path / "remote").mkdir()
    stores.copy(first_told(), tmp_path / "house")
    with practice_sftp(tmp_path / "remote") as server:
        server.password = PASSWORD
        place = Remote(House(tmp_path / "house"), server, dict(FIRST))
        place.settings()
        yield place


@pytest.fixture
def full(place: Remote) -> Remote:
    """The same, with a file."""
    assert place.push()["written"] == 2
    return place


def test_the_file_is_there_whole_and_openssh_reads_it(full: Remote, tmp_path: Path) -> None:
    assert full.shown() == {"one": 3, "two": 6}
    assert full.names() == ["badges.csv"]
    sftp = shutil.which("sftp")
    if sftp is None:
        pytest.skip("OpenSSH's sftp is not on this machine")
    key = paramiko.RSAKey.generate(2048)
    key.write_private_key_file(str(tmp_path / "id"))
    full.remote.public_key = key.get_base64()
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{full.remote.port} {full.remote.host_key}\n")

    strict = ("StrictHostKeyChecking=yes", f"UserKnownHostsFile={known}", "BatchMode=yes")
    options = [word for each in strict for word in ("-o", each)]
    port = str(full.remote.port)
    words = [sftp, "-F", "none", "-i", str(tmp_path / "id"), "-P", port, *options, "-b", "-", "ringmark@127.0.0.1"]
    ran = subprocess.run(
        words, input=f"get /drop/badges.csv {tmp_path}/got.csv\n", capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    with (tmp_path / "got.csv").open(newline="", encoding="utf-8") as file:
        assert {row["doi"]: row["score"] for row in csv.DictReader(file)} == {"10.5555/one": "3", "10.5555/two": "6"}


def test_a_key_is_as_good_as_a_password(place: Remote) -> None:
    key = paramiko.RSAKey.generate(2048)
    key.write_private_key_file(str(place.house.folder / "id"))
    place.remote.public_key, place.remote.password = key.get_base64(), "no password is good"
    place.settings(more='key_file = "id"\n')
    place.house.write(place.house.file.read_text().replace('password_file = "password"\n', ""))
    place.push()

    assert place.shown() == {"one": 3, "two": 6}


@pytest.mark.parametrize("known", ["another", "another kind", "none"])
def test_a_server_that_is_not_known_hears_nothing(place: Remote, known: str) -> None:
    other = paramiko.RSAKey.generate(2048)
    keys = {
        "another": f'host_key = "ssh-rsa {other.get_base64()}"',
        "another kind": f'host_key = "ecdsa-sha2-nistp256 {other.get_base64()}"',
        "none": "",
    }
    place.house.write(place.house.file.read_text().replace(f'host_key = "{place.remote.host_key}"', keys[known]))

    report = place.push(code=1)

    assert "set host_key to what `ssh-keyscan HOST` prints" in report["why"]
    assert place.remote.logins == 0
    assert place.names() == []


def test_a_wrong_password_is_named_without_it(place: Remote) -> None:
    secret(place.house.folder, "password", "wrong-one")
    report = place.push(code=1)

    assert "does not accept the login" in report["why"]
    assert "wrong-one" not in report["why"]
    assert place.house.run("check", "--connect").code != 0


def test_what_may_not_show_goes_at_once(full: Remote) -> None:
    full.tell(one="private")
    full.push()

    assert full.shown() == {"two": 6}
    full.tell(two="private")
    full.push()
    assert full.names() == []


@pytest.mark.parametrize("fault", ["refused", "full", "no rename"])
def test_a_server_that_fails_keeps_the_old_file_and_nothing_beside_it(full: Remote, fault: str) -> None:
    full.tell(one="private")
    full.remote.fault = fault
    report = full.push(code=1)

    assert report["outcome"] == "failed"
    assert full.shown() == {"one": 3, "two": 6}
    assert full.names() == ["badges.csv"]
    full.remote.fault = ""
    full.push()
    assert full.shown() == {"two": 6}


def test_an_answer_that_is_lost_leaves_nobody_in_doubt_for_long(place: Remote) -> None:
    place.remote.fault = "killed"
    place.push(code=1)
    place.remote.fault = ""
    place.tell(one="private")
    place.push()

    assert place.shown() == {"two": 6}
    assert place.stands()["pushed"]["badges"] == 1


def test_check_says_that_the_server_is_the_right_one(place: Remote) -> None:
    ran = place.house.run("check", "--connect")

    assert (ran.code, "the server has the key that it should have" in ran.out) == (0, True)
    shutil.rmtree(place.folder)
    assert "make it" in place.house.run("check", "--connect").out


def test_nobody_who_answers_is_asked_for_patience(place: Remote) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

        def hang_up() -> None:
            connection, _ = nobody.accept()
            connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        place.house.write(place.house.file.read_text().replace(f":{place.remote.port}/", f":{port}/"))
        report = place.push(code=1)
        thread.join()

    assert "does not answer as it should" in report["why"]


def test_only_a_file_drop_is_reached_by_sftp(place: Remote) -> None:
    place.house.write(place.house.file.read_text().replace('kind = "file_drop"', 'kind = "webhook"'))

    ran = place.house.run("push")

    assert (ran.code, "is no folder" in ran.err) == (2, True)
