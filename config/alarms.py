"""Who is told when something needs looking at, by which ways, and from where on it does."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from config.errors import refuse, shown
from config.mail import MailServer, mailbox
from config.values import Duration, Words, is_loopback

UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True, slots=True)
class Space:
    """Room on a disk: bytes, or a share (0 to 1) of the whole."""

    bytes: int = 0
    share: float = 0.0

    def of(self, total: int) -> int:
        """In bytes, on a disk of so many."""
        return max(self.bytes, int(self.share * total))


def _space(value: object) -> object:
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]+)?) ?(MB|GB|TB|%)", value) if isinstance(value, str) else None
    if isinstance(value, Space):
        return value
    if not found or (found[2] == "%" and float(found[1]) > 100):
        raise ValueError(f'{shown(value)} is no room on a disk; write such as "5GB" or "10%"')
    number = float(found[1])
    return Space(share=number / 100) if found[2] == "%" else Space(bytes=int(number * UNITS[found[2]]))


def _mailboxes(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(mailbox(each) for each in value)


def _hook(value: SecretStr) -> SecretStr:
    """Says nothing of the address, since who knows it can send to it."""
    url = value.get_secret_value()
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not url.isascii() or not url.isprintable() or re.search(r"[\s\\#]", url):
        raise ValueError("is no web address; write such as https://host/path")
    if "@" in parts.netloc:
        raise ValueError("holds a user name or password; give an address without")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("is plain http, which others can read; write https://")
    return value


class Alarms(MailServer):
    """E-mail is sent where `mail_to` is set, a webhook called where there is one. `lag` is how long outputs may wait
    for their score, and badges for being taken back; `disk_free` None is 1 GB, or the size of the store."""

    read_from: ClassVar = {
        **MailServer.read_from,
        "webhook_file": "webhook",
        "webhook_secret_file": "webhook_secret",
    }

    mail_to: Annotated[Words, AfterValidator(_mailboxes)] = ()
    webhook: Annotated[SecretStr, AfterValidator(_hook)] | None = None
    webhook_secret: SecretStr | None = None
    disk_free: Annotated[Space, BeforeValidator(_space)] | None = None
    lag: Duration = timedelta(hours=24)

    @model_validator(mode="after")
    def _complete_and_safe(self) -> Self:
        problems = []
        if self.mail_to:
            problems += [(key, "missing; mail_to needs it") for key in ("mail_from", "smtp") if not getattr(self, key)]
        elif self.mail_from or self.smtp:
            problems.append(("mail_to", 'missing; write such as ["name@example.edu"]'))
        problems += self.unsafe("alarms")
        if self.webhook_secret and not self.webhook:
            problems.append(("webhook", "missing; there is a webhook_secret"))
        refuse(problems)
        return self
