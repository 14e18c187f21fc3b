"""How people sign in, and which of them may what: by what their identity provider, or the web server in front, says."""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from config.errors import refuse, shown
from config.sources import variable
from config.values import Duration, Table, Text, WebAddress, Words, is_loopback

Role = Literal["internal", "editor", "admin"]
Network = IPv4Network | IPv6Network

HIGHEST_FIRST: tuple[Role, ...] = ("admin", "editor", "internal")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=24)
LEAST_IDLE = timedelta(minutes=5)  # when somebody was last there is known to the minute
NAME_LENGTH = 200  # characters of a name that the audit log takes


def _header_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", value):
        raise ValueError(f"{shown(value)} is no header name")
    return value.lower()


def _networks(value: object) -> object:
    """A list, or from the environment one text with commas; a bare address is a network of one."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        return value
    return tuple(_network(word) for word in words)


def _network(value: object) -> Network:
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    try:
        found = ip_network(value.strip()) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"{shown(value)} is no network; write such as 127.0.0.1 or 10.20.0.0/16")
    if found.prefixlen == 0:
        raise ValueError(f"{shown(value)} is everybody; name the web servers in front")
    return found


def _rule(value: object) -> object:
    if isinstance(value, Mapping) and not all(_words(each) for each in value.values()):
        raise ValueError('needs a list of values for each claim, such as { groups = ["library"] }')
    return value


def _words(value: object) -> bool:
    words = value.split(",") if isinstance(value, str) else value
    return isinstance(words, list | tuple) and bool(words) and all(isinstance(w, str) and w.strip() for w in words)


HeaderName = Annotated[str, AfterValidator(_header_name)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_networks)]
Rule = Annotated[dict[str, Words], BeforeValidator(_rule)]  # claim, and the values of it of which one is enough


class SignIn(Table):
    """An OpenID Connect provider, or a web server in front that has asked one; neither is none but links.

    Without any of `internal_if`, `editor_if`, `admin_if` nobody has a role: that somebody can sign in at a provider
    makes them no member. `session` is how long a sign-in holds, `idle` how long without a look at any page."""

    read_from: ClassVar = {"client_secret_file": "client_secret"}

    issuer: WebAddress | None = None
    client_id: Text | None = None
    client_secret: SecretStr | None = None
    ca_file: Path | None = None
    scopes: Words = ("openid", "email", "profile")
    name_claim: Text = "email"
    internal_if: Rule = Field(default_factory=dict)
    editor_if: Rule = Field(default_factory=dict)
    admin_if: Rule = Field(default_factory=dict)
    session: Duration = timedelta(hours=1)
    idle: Duration | None = None
    proxy_header: HeaderName | None = None
    proxy_groups_header: HeaderName | None = None
    trusted_proxies: Networks = ()

    @model_validator(mode="after")
    def _complete_and_safe(self) -> Self:
        problems = self._provider() + self._proxy()
        rules = [f"{role}_if" for role in HIGHEST_FIRST if self.rule(role)]
        if rules and not (self.issuer or self.proxy_header):
            problems.append(("issuer", f"missing; {rules[0]} needs it, or a proxy_header"))
        if not SHORTEST <= self.session <= LONGEST:
            problems.append(("session", 'is how long a right that was taken away may go on; write "1m" to "24h"'))
        if self.idle and not LEAST_IDLE <= self.idle <= self.session:
            problems.append(("idle", 'takes at least "5m", and not more than session'))
        refuse(problems)
        return self

    def _provider(self) -> list[tuple[str, str]]:
        problems = []
        if self.issuer and self.issuer.startswith("http:") and not is_loopback(self.issuer):
            problems.append(("issuer", "is plain http, where anybody between could sign in as anybody; write https://"))
        if self.issuer and not self.client_id:
            problems.append(("client_id", "missing; the provider gives it when you register Ringmark there"))
        if self.issuer and not self.client_secret:
            mend = f"set {variable('sign_in', 'client_secret')} or client_secret_file"
            problems.append(("client_secret", f"missing; {mend}"))
        if not self.issuer and (self.client_id or self.client_secret):
            problems.append(("issuer", "missing; there is a client_id or client_secret for it"))
        if "openid" not in self.scopes:
            problems.append(("scopes", 'lacks "openid", without which a provider does not say who somebody is'))
        return problems

    def _proxy(self) -> list[tuple[str, str]]:
        problems = []
        if self.proxy_header and not self.trusted_proxies:
            mend = "name the web servers that may send proxy_header, or anybody could"
            problems.append(("trusted_proxies", f"missing; {mend}"))
        if self.trusted_proxies and not self.proxy_header:
            problems.append(("proxy_header", "missing; there are trusted_proxies for it"))
        if self.proxy_groups_header and not self.proxy_header:
            problems.append(("proxy_header", "missing; there is a proxy_groups_header"))
        if self.proxy_header and self.proxy_header == self.proxy_groups_header:
            problems.append(("proxy_groups_header", "is the same as proxy_header"))
        if self.proxy_header and self.issuer:
            problems.append(("proxy_header", "and issuer are two ways to sign in; choose one"))
        return problems

    def rule(self, role: Role) -> Mapping[str, tuple[str, ...]]:
        """What makes somebody of a role."""
        return {"internal": self.internal_if, "editor": self.editor_if, "admin": self.admin_if}[role]

    def role(self, claims: Mapping[str, object]) -> Role | None:
        """The highest role that somebody's claims give; None for none."""
        return next((role for role in HIGHEST_FIRST if _meets(_proved(claims), self.rule(role))), None)

    def name(self, claims: Mapping[str, object]) -> str:
        """How the audit log calls somebody; empty where no claim says who they are."""
        said = (claimed(_proved(claims), claim) for claim in (self.name_claim, "sub"))
        return next((name for values in said if (name := _plain(*values))), "")

    def trusts(self, peer: str) -> bool:
        """Whether a request that comes from an address may say who somebody is."""
        try:
            address: IPv4Address | IPv6Address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self.trusted_proxies)


def claimed(claims: Mapping[str, object], name: str) -> tuple[str, ...]:
    """What a claim says, as words: it may be one or a list, and lie within others (`realm_access.roles`).

    Providers name claims by web addresses, so that a name with dots is looked for as it stands first."""
    found: object = claims
    if name in claims:
        found = claims[name]
    else:
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list | tuple) else [found]
    return tuple(_word(value) for value in values if isinstance(value, str | int))


def _word(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meets(claims: Mapping[str, object], rule: Mapping[str, tuple[str, ...]]) -> bool:
    return any(set(claimed(claims, claim)) & set(values) for claim, values in rule.items())


def _proved(claims: Mapping[str, object]) -> Mapping[str, object]:
    """An e-mail address that the provider says nobody has proved is nobody's."""
    unproved = claims.get("email_verified") in (False, "false")
    return {claim: said for claim, said in claims.items() if not (unproved and claim == "email")}


def _plain(*names: str) -> str:
    """The first of them, as one line of the audit log."""
    name = "".join(letter if letter.isprintable() else " " for letter in next(iter(names), ""))
    return " ".join(name.split())[:NAME_LENGTH]
