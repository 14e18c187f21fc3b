"""The mail server that takes our messages, and what an e-mail address is."""

import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from config.errors import shown
from config.sources import variable
from config.values import HostPort, Table, Text, is_loopback

LONGEST = 254  # characters of an address that mail servers take (RFC 5321, 4.5.3.1.3)

_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def is_mailbox(value: str) -> bool:
    """Whether a mail server can be given it: no blanks, no brackets, nothing that could end a header."""
    return len(value) <= LONGEST and _MAILBOX.fullmatch(value) is not None


def mailbox(value: str) -> str:
    """An e-mail address, or what is wrong with it."""
    if not is_mailbox(value):
        raise ValueError(f"{shown(value)} is no e-mail address; write such as name@example.edu")
    return value


def _contact(value: str) -> str:
    """Readers are sent there, so no plain http."""
    try:
        parts = urlsplit(value)
        page = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        page = False
    if not is_mailbox(value) and not (page and value.isascii() and re.fullmatch(r"[!-~]+", value)):
        mend = "write such as research-office@example.edu or https://www.example.edu/contact"
        raise ValueError(f"{shown(value)} is neither an e-mail address nor an https address; {mend}")
    return value


Contact = Annotated[str, AfterValidator(_contact)]


class MailServer(Table):
    """Where e-mail is handed over, and whom it comes from."""

    read_from: ClassVar = {"password_file": "password"}

    mail_from: Annotated[Text, AfterValidator(mailbox)] | None = None
    smtp: HostPort | None = None
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    username: Text | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None

    def unsafe(self, table: str) -> list[tuple[str, str]]:
        """What is wrong with the way to the server, as (key, what is wrong); `table` is where the keys stand."""
        problems = []
        if self.smtp and self.smtp_security == "none" and not is_loopback(f"smtp://{self.smtp}"):
            problems.append(("smtp_security", '"none" is for this very machine only; write "starttls" or "tls"'))
        if self.username and not self.password:
            problems.append(("password", f"missing; set {variable(table, 'password')} or password_file"))
        if self.password and not self.username:
            problems.append(("username", "missing; there is a password"))
        return problems
