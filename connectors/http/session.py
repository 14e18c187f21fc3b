"""What one connection sends with every request: who asks, its credentials, whom it trusts. And what it never does."""

import logging
import os
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from config.settings import Connection
from config.values import is_loopback
from connectors.errors import NotAllowed
from connectors.http.body import ACCEPTED
from connectors.http.transport import Adapter, Open


def session_of(settings: Connection, *, agent: str, basic: bool, token: str = "") -> requests.Session:
    """A session for the one address of these settings; with `basic`, user name and password go with every request, and
    the token, where there is one, in the header `token`, such as `Authorization: Bearer {}`.

    Raises `NotAllowed` for an address that would expose credentials: one with a user in it, or plain http elsewhere."""
    base = settings.url or ""
    secrets = {name: value.get_secret_value() for name, value in settings.headers.items()}
    if token and settings.token:
        header, _, form = token.partition(": ")
        secrets[header] = form.format(settings.token.get_secret_value())
    _refuse_exposure(settings, base, secrets)
    session = _plain(agent or f"Ringmark/{version('ringmark')}", settings.ca_file)
    session.trust_env = not is_loopback(base)  # a proxy has no business between us and this machine
    session.headers.update({name: value.encode() for name, value in secrets.items()})
    if basic and settings.username and settings.password:
        session.auth = HTTPBasicAuth(settings.username.encode(), settings.password.get_secret_value().encode())
    return session


def bare(session: requests.Session) -> requests.Session:
    """A session for places that ours redirects to: it trusts whom ours trusts, and carries nothing of ours."""
    other = _Session()
    other.trust_env, other.verify = session.trust_env, session.verify
    other.headers["User-Agent"] = session.headers.get("User-Agent", "")
    return other


def brief(*, agent: str, ca_file: Path | None, own: bool) -> requests.Session:
    """A session for one request that brings all it needs itself; `own` for one that stays on this machine."""
    session = _plain(agent, ca_file)
    session.trust_env = not own
    return session


def wandering(*, agent: str, ca_file: Path | None, proxy: str, opens: Open) -> requests.Session:
    """A session for places that nobody configured: nothing of ours goes along, nothing of the environment counts, and
    no cookie stays. `opens` decides where its connections go; where there is a proxy, all of them go there instead."""
    session = _plain(agent, ca_file, opens)
    session.trust_env = False
    session.proxies = {"http": proxy, "https": proxy} if proxy else {}
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session


def trusted(ca_file: object) -> str:
    """The file of certificates by which all that is asked over TLS is checked, as `requests` chooses it."""
    variables = (os.environ.get(each, "") for each in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return str(ca_file) if ca_file else next(filter(None, variables), DEFAULT_CA_BUNDLE_PATH)


def _plain(agent: str, ca_file: Path | None, opens: Open | None = None) -> requests.Session:
    """One that says who asks, and checks certificates, by those in a file where there is one."""
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # below that its lines hold whole addresses
    session = _Session(opens)
    session.verify = str(ca_file) if ca_file else True
    session.headers["User-Agent"] = agent
    return session


def _refuse_exposure(settings: Connection, base: str, secrets: dict[str, str]) -> None:
    if "@" in urlsplit(base).netloc:
        raise NotAllowed(f"connections.{settings.name}.url holds credentials; set username and password instead")
    if base.startswith("http:") and not is_loopback(base) and (settings.password or secrets):
        raise NotAllowed(f"connections.{settings.name}.url would send credentials over plain http; write https://")
    for name, value in secrets.items():
        if not (name + value).isprintable():
            raise NotAllowed(f"connections.{settings.name}.headers.{name} holds a line break or control character")
    if settings.ca_file and not settings.ca_file.is_file():
        raise NotAllowed(f"connections.{settings.name}.ca_file is no file that can be read")


class _Session(requests.Session):
    """Leaves redirects to us. Otherwise requests would prepare the next request, and read a body without a limit."""

    def __init__(self, opens: Open | None = None) -> None:
        super().__init__()
        self.auth = _no_auth
        self.headers["Accept-Encoding"] = ACCEPTED
        for scheme in ("https://", "http://"):
            self.mount(scheme, Adapter(opens))

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  the name is that of requests
        return None


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where no credentials are set, since requests would otherwise look for a netrc file and send those."""
    return request
