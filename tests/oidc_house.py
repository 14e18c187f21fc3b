"""Signing in by an identity provider, as a browser does: both servers on loopback, and whoever goes between them."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from conftest import House
from joserfc.jwk import RSAKey
from served import Served, serving

SECRET = "a secret: of 100% this test"
MEMBERS = '\nadmin_if = { groups = ["library-admins"] }\neditor_if = { groups = ["library"] }\n'
SAYS = r"((signing in failed|a notice of signing out was refused): [\w :/.,()'-]+\n)*"
"""What the log may hold: which host, which claim; no query, no code, no name."""
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def free_port() -> int:
    """One that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Provider:
    """A real one. `url` is its issuer."""

    url: str

    def groups(self, user: str, *groups: str) -> None:
        """What its administrator says."""
        assert requests.get(f"{self.url}/groups", params={"user": user, "in": list(groups)}, timeout=30).ok


@contextmanager
def providing(folder: Path, back: str) -> Iterator[Provider]:
    """A real provider that knows us, until the block ends."""
    (folder / "provider.pem").write_bytes(RSAKey.generate_key(2048).as_pem(private=True))
    command = [sys.executable, str(Path(__file__).with_name("oidc_child.py")), str(folder / "provider"), back]
    with subprocess.Popen(
        [*command, back.removesuffix("/return")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "CLIENT_SECRET": SECRET, "DJANGO_SETTINGS_MODULE": ""},
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "the provider did not begin"
        yield Provider(url)
        process.communicate(timeout=30)


@contextmanager
def signing_in(home: House, issuer: str, port: int, more: str = MEMBERS) -> Iterator[Served]:
    """Serve a house whose people sign in at an issuer."""
    (home.folder / "client.secret").write_text(SECRET)
    (home.folder / "client.secret").chmod(0o600)
    home.file.write_text(
        f'{home.file.read_text()}\n[institution]\nbase_url = "http://127.0.0.1:{port}"\n'
        f'[sign_in]\nissuer = "{issuer}"\nclient_id = "ringmark"\n'
        f'client_secret_file = "client.secret"\n{more}'
    )
    with serving(home.folder, says=SAYS, RINGMARK_SERVE__LISTEN=f"127.0.0.1:{port}") as served:
        yield served


@dataclass
class Person:
    """Somebody with a browser. `went` are the addresses of the last way, without what they were asked."""

    served: Served
    browser: requests.Session = field(default_factory=requests.Session)
    went: list[str] = field(default_factory=list)

    def opens(self, path: str) -> requests.Response:
        """Open an address and go wherever it leads, as a browser does."""
        answer = self.steps(urljoin(self.served.public, path))
        self.went = [urlsplit(each.url).path for each in (*answer.history, answer)]
        return answer

    def steps(self, address: str, *, follow: bool = True) -> requests.Response:
        """One request, as for a page that a person looks at."""
        headers = {"Sec-Fetch-Site": "none"}
        return self.browser.get(address, headers=headers, allow_redirects=follow, timeout=30)

    def sends(self, path: str, **fields: str) -> requests.Response:
        """Send a form of the last page of ours."""
        address = urljoin(self.served.public, path)
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self.browser.post(address, data=fields, headers=headers, allow_redirects=False, timeout=30)

    def gives_password(self, form: requests.Response, user: str) -> requests.Response:
        """Fill the provider's own form, and go wherever that leads."""
        found = CSRF.search(form.text)
        assert found, form.text
        told = {"csrfmiddlewaretoken": found[1], "username": user, "password": "correct horse"}
        told["next"] = parse_qs(urlsplit(form.url).query)["next"][0]
        answer = self.browser.post(form.url, data=told, timeout=30)
        self.went = [urlsplit(each.url).path for each in (*answer.history, answer)]
        return answer


def signs_in(served: Served, user: str, path: str = "/console") -> tuple[Person, requests.Response]:
    """Somebody new opens a page, gives their password at the provider, and comes back."""
    person = Person(served)
    return person, person.gives_password(person.opens(path), user)
