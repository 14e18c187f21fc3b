"""Handing e-mail to a mail server, over a connection that is encrypted and whose certificate is checked."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal
from urllib.parse import urlsplit

from config.mail import MailServer

OK, WILL_FORWARD, CLOSING = 250, 251, 421  # RFC 5321, 4.2.3
SECONDS = 30  # for each answer of the mail server
ONE_LINE = SMTP.clone(max_line_length=998)  # a folded address of a web page is none

Outcome = Literal["sent", "unknown", "refused"]


class Undelivered(Exception):  # noqa: N818 - it says what is so
    """Nobody was told; the message says why and what to mend, and holds nothing that came from outside."""


@contextmanager
def opened(settings: MailServer, table: str) -> Iterator[smtplib.SMTP]:
    """A connection to a mail server, with a login where there is one; `table` is where the settings name it.

    Raises `Undelivered` in words of ours, also for what goes wrong inside the block, since those of a server may hold
    addresses."""
    try:
        server = _connected(settings)
        try:
            if settings.username and settings.password:
                server.login(settings.username, settings.password.get_secret_value())
            yield server
            with suppress(smtplib.SMTPException, OSError):  # it has the message, however it says goodbye
                server.quit()
        finally:
            server.close()
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {settings.smtp} is not accepted ({error.verify_message}); mend it or set ca_file"
        raise Undelivered(why) from None
    except ssl.SSLError:
        raise Undelivered(f"{settings.smtp} makes no secure connection; check {table}.smtp_security") from None
    except UnicodeEncodeError:
        raise Undelivered(f"{table}.username or its password has letters that a mail server cannot be sent") from None
    except smtplib.SMTPException as error:
        raise Undelivered(f"{settings.smtp} {_refusal(settings, table, error)}") from None
    except OSError as error:
        raise Undelivered(f"{settings.smtp} does not answer ({type(error).__name__}); check {table}.smtp") from None


def hand_over(server: smtplib.SMTP, message: EmailMessage, to: str) -> Outcome:
    """Hand a message to one address over; "unknown" where the connection broke when it had perhaps arrived, and is of
    no use any more. Raises what `opened` knows where it has not, for a reason that is not the address."""
    server.ehlo_or_helo_if_needed()
    code, words = server.mail(message["From"].addresses[0].addr_spec)
    if code != OK:
        raise smtplib.SMTPSenderRefused(code, words, "")
    code, words = server.rcpt(to)
    if code == CLOSING:
        raise smtplib.SMTPResponseException(code, words)
    if code not in (OK, WILL_FORWARD):
        server.rset()
        return "refused"
    try:
        code, _ = server.data(message.as_bytes(policy=ONE_LINE))
    except smtplib.SMTPDataError:
        server.rset()
        return "refused"
    except (smtplib.SMTPException, OSError):
        return "unknown"
    return "sent" if code == OK else "refused"


def _connected(settings: MailServer) -> smtplib.SMTP:
    place = urlsplit(f"//{settings.smtp}")
    trust = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    host, port = place.hostname or "", place.port or 0
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trust)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=trust)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _refusal(settings: MailServer, table: str, error: smtplib.SMTPException) -> str:
    """What a mail server has refused, by its number and not by its words."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"refused username or password ({error.smtp_code}); check {table}.username and its password"
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
            return f"refused all addresses ({codes}); check {table}.mail_to"
        case smtplib.SMTPSenderRefused():
            return f"refused the sender ({error.smtp_code}); check {table}.mail_from"
        case smtplib.SMTPResponseException():
            return f"answered {error.smtp_code}"
        case smtplib.SMTPNotSupportedError():
            what = "no login" if settings.smtp_security == "none" else "no encryption, or no login"
            return f"offers {what}; check {table}.smtp_security and {table}.username"
    return f"broke off ({type(error).__name__})"
