"""Settings that change while the daemon runs, and `serve` beside it."""

import os
import re
import signal
from urllib.error import URLError
from urllib.request import urlopen

import stores
from conftest import PASSWORD, House
from daemon_process import SERVE, Daemon, daemon, until
from naive.elements import WIRES, serve, small

from sync.daemon.reload import Files

ADDRESS = re.compile(r"serving (http://\S+), operations")
REST = '[connections.local]\nkind = "files"\npath = "import"\npull = "manual"\nfull = "manual"\n'
OTHER = '[connections.other]\nkind = "files"\npath = "import"\n'


def replaced(house: House, text: str) -> None:
    """A new file in the place of the old one, as editors write it."""
    new = house.folder / "new"
    new.write_text(stores.table(house.folder) + text)
    new.replace(house.file)


def address(running: Daemon, count: int = 1) -> str:
    """Where the child of the daemon serves, when it was started so many times."""
    found = until(lambda: ADDRESS.findall(running.text)[count - 1 :], running)
    return str(found[0])


def answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/health", timeout=30) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def test_a_changed_file_is_taken_up_and_a_wrong_one_is_refused_while_the_old_settings_go_on(house: House) -> None:
    small().write_files(house.folder / "import")
    house.write(REST)
    with daemon(house) as running:
        running.says("the daemon runs")
        replaced(house, REST + OTHER.replace("path", "pth"))
        refused = running.says("settings refused; the old ones stay")
        replaced(house, REST + "[connections")
        broken = running.says("settings refused; the old ones stay", 2)
        assert running.lines("pulled") == []

        replaced(house, REST + OTHER)
        running.says("pulled", source="other", outcome="done")
        running.says("scored")

        house.write(REST)
        running.says("settings taken up", 2)
        until(lambda: house.json("status")["connections"][1]["state"] == "removed", running)

    assert 'connections.other.pth: unknown key; did you mean "path"?' in refused["why"]
    assert "is not TOML" in broken["why"]
    assert len(running.lines("pulled")) == 1


def test_a_file_is_read_when_nobody_writes_to_it_any_more(house: House) -> None:
    files = Files(house.elements("https://elements.example.edu/secure-api/v6.13").file)
    assert not files.changed()
    for text in (REST + "[connections", REST + OTHER):
        house.write(text)
        assert not files.changed()
    assert files.changed()
    files.taken()
    assert not files.changed()

    house.elements("https://elements.example.edu/secure-api/v6.13")
    files.taken()
    (house.folder / "password").write_text("another")
    assert [files.changed(), files.changed()] == [False, True]


def test_a_signal_reads_the_settings_and_never_the_scope_a_keep_or_another_store(house: House) -> None:
    house.write(REST)
    with daemon(house) as running:
        running.says("the daemon runs")
        levels = "".join(f'{part} = "public"\n' for part in ("people", "outputs", "authorships"))
        scope = f'[scope]\nstatus = "current"\n[scope.visibility]\n{levels}'
        house.write(f'{REST}keep = "public"\n{scope}[store]\nurl = "sqlite:///other.db"\n')
        running.signal(signal.SIGHUP)
        running.says("settings taken up")
        why = "\n".join(line["why"] for line in running.lines("settings refused in part"))
        house.write(REST)
        running.says("settings taken up", 2)

    assert 'connections.local.keep: stays "private"' in why
    assert "store.url: stays" in why
    assert not (house.folder / "other.db").exists()
    status = house.json("status")
    assert (status["scope"]["status"], status["connections"][0]["keep"]) == ("all", "private")


def test_a_password_that_was_mended_in_its_file_is_tried_at_once(house: House) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        server.password = "another"
        house.elements(server.url)
        with daemon(house) as running:
            assert running.says("pulled", source="elements")["outcome"] == "failed"
            server.password = PASSWORD * 2
            (house.folder / "password").write_text(PASSWORD * 2)
            running.says("settings taken up")
            running.says("pulled", source="elements", outcome="done")


def test_serve_is_started_again_when_it_dies_and_ends_with_a_daemon_that_is_killed(house: House) -> None:
    house.write(SERVE + REST)
    with daemon(house, "--serve") as running:
        first = address(running)
        assert answers(first)
        os.kill(running.says("serve started")["pid"], signal.SIGKILL)
        running.says("serve has ended with -9")
        second = address(running, 2)
        assert (answers(first), answers(second)) == (False, True)

        running.kill()
        until(lambda: not answers(second), running)


def test_serve_is_started_anew_when_its_settings_change_and_ends_with_the_daemon(house: House) -> None:
    house.write(SERVE + REST)
    with daemon(house, "--serve") as running:
        first = address(running)
        replaced(house, SERVE + REST + OTHER)
        running.says("settings taken up")
        replaced(house, '[institution]\nname = "University of Example"\n' + SERVE + REST + OTHER)
        second = address(running, 2)
        with urlopen(second, timeout=30) as page:  # noqa: S310 - our own
            assert "University of Example" in page.read().decode()
        assert not answers(first)

    assert not answers(second)
    assert len(running.lines("serve started")) == 2
