"""Signing in by a web server in front: what it says is believed from it alone."""

from collections.abc import Iterator

import pytest
from conftest import House
from console_visitor import CSRF, KIND, words
from served import Served, serving

from config.sign_in import SignIn

SIGN_IN = """
[sign_in]
proxy_header = "X-Remote-User"
proxy_groups_header = "X-Remote-Groups"
trusted_proxies = {trusted}
admin_if = {{ groups = ["library-admins"] }}
editor_if = {{ groups = ["library"] }}
internal_if = {{ user = ["guest@example.edu"] }}
"""
ADA = {"x_remote_user": "ada@example.edu", "x_remote_groups": "staff;library-admins"}


@pytest.fixture(scope="module")
def served(scored: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = scored.copy(tmp_path_factory.mktemp("proxied") / "house")
    home.file.write_text(home.file.read_text() + SIGN_IN.format(trusted='["127.0.0.1", "10.20.0.0/16"]'))
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def elsewhere(scored: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One whose proxy is another machine, so that this one is not."""
    home = scored.copy(tmp_path_factory.mktemp("untrusted") / "house")
    home.file.write_text(home.file.read_text() + SIGN_IN.format(trusted='["10.20.0.0/16"]'))
    with serving(home.folder) as found:
        yield found


def test_whom_the_proxy_names_is_signed_in_with_the_role_of_their_groups(served: Served) -> None:
    page = served.get("/console/sessions", **ADA)

    assert page.status == 200
    assert "ada@example.edu (admin)" in words(page)
    assert served.get("/console", **{**ADA, "x_remote_groups": "staff, library"}).status == 200
    assert served.get("/console/sessions", **{**ADA, "x_remote_groups": "library"}).status == 403


def test_what_the_proxy_no_longer_says_no_longer_holds(served: Served) -> None:
    assert served.get("/console", **{**ADA, "x_remote_groups": "staff"}).status == 303
    assert served.get("/console", x_remote_user="", x_remote_groups="library-admins").status in (303, 403)
    assert served.get("/console").status == 303


def test_the_header_from_anywhere_else_is_refused(elsewhere: Served) -> None:
    page = elsewhere.get("/console", **ADA)

    assert page.status == 403
    assert "ada@example.edu" not in page.text
    assert elsewhere.get("/console", **ADA, x_forwarded_for="10.20.0.1", forwarded="for=10.20.0.1").status == 403
    assert elsewhere.get("/console", x_remote_groups="library-admins").status == 403
    assert elsewhere.get("/", **ADA).status == 200  # pages for all know no header


def test_a_header_that_comes_twice_is_refused(served: Served) -> None:
    for twice in ("x-remote-user: eve@example.edu", "x-remote-groups: library-admins"):
        forged = served.get("/console", **ADA, x_first=f"1\r\n{twice}")

        assert forged.status == 403


def test_forms_of_proxied_people_carry_a_word_of_theirs(served: Served) -> None:
    theirs = {name: CSRF.search(served.get("/console", **{**ADA, "x_remote_user": name}).text)[1] for name in "ab"}  # type: ignore[index]

    def sent(csrf: str, site: str = "same-origin") -> int:
        told = {"method": "POST", "body": f"csrf={csrf}&name=x&may=status&days=30".encode(), "content_type": KIND}
        return served.get("/console/tokens", **told, sec_fetch_site=site, **{**ADA, "x_remote_user": "a"}).status  # type: ignore[arg-type]

    assert theirs["a"] != theirs["b"]
    assert (sent(theirs["b"]), sent(""), sent(theirs["a"], "cross-site")) == (403, 403, 403)
    assert sent(theirs["a"]) == 201


def test_a_proxy_is_told_by_its_network() -> None:
    told = SignIn(proxy_header="X-User", trusted_proxies=["127.0.0.1", "10.20.0.0/16", "fd00::/8"])

    trusted = [at for at in ("127.0.0.1", "10.20.3.4", "::ffff:10.20.3.4", "fd00::1%eth0") if told.trusts(at)]
    others = [at for at in ("127.0.0.2", "10.21.0.1", "::1", "", "unix", "10.20.3.4.evil.example") if told.trusts(at)]

    assert (len(trusted), others) == (4, [])
