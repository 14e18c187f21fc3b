"""Alarms by e-mail: one plain message, over a connection that is encrypted and whose certificate is checked."""

import smtplib
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from config.alarms import Alarms
from sync import store
from sync.alarms.letter import Letter
from sync.alarms.undelivered import Undelivered

SECONDS = 30  # for each answer of the mail server


def send(settings: Alarms, told: Letter, *, now: int) -> str:
    """Hand a message to the mail server; what went wrong although it took it, empty for nothing.

    Raises `Undelivered` in words of ours, since those of a server may hold addresses."""
    try:
        with closing(_opened(settings)) as server:
            if settings.username and settings.password:
                server.login(settings.username, settings.password.get_secret_value())
            refused = server.send_message(_message(settings, told, now))
            with suppress(smtplib.SMTPException, OSError):  # it has the message, however it says goodbye
                server.quit()
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {settings.smtp} is not accepted ({error.verify_message}); mend it or set ca_file"
        raise Undelivered(why) from None
    except ssl.SSLError:
        raise Undelivered(f"{settings.smtp} makes no secure connection; check alarms.smtp_security") from None
    except UnicodeEncodeError:
        raise Undelivered("alarms.username or its password has letters that a mail server cannot be sent") from None
    except smtplib.SMTPException as error:
        raise Undelivered(f"{settings.smtp} {_refusal(settings, error)}") from None
    except OSError as error:
        raise Undelivered(f"{settings.smtp} does not answer ({type(error).__name__}); check alarms.smtp") from None
    return f"{settings.smtp} refused {len(refused)} of {len(settings.mail_to)} addresses" if refused else ""


def _opened(settings: Alarms) -> smtplib.SMTP:
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


def _message(settings: Alarms, told: Letter, now: int) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = ", ".join(settings.mail_to)
    message["Subject"] = told.subject
    message["Date"] = format_datetime(store.moment(now))
    message["Message-ID"] = make_msgid(domain=(settings.mail_from or "").rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    message.set_content(told.words, cte="quoted-printable")
    return message


def _refusal(settings: Alarms, error: smtplib.SMTPException) -> str:
    """What a mail server has refused, by its number and not by its words."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"refused username or password ({error.smtp_code}); check alarms.username and its password"
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
            return f"refused all addresses ({codes}); check alarms.mail_to"
        case smtplib.SMTPSenderRefused():
            return f"refused the sender ({error.smtp_code}); check alarms.mail_from"
        case smtplib.SMTPResponseException():
            return f"answered {error.smtp_code}"
        case smtplib.SMTPNotSupportedError():
            what = "no login" if settings.smtp_security == "none" else "no encryption, or no login"
            return f"offers {what}; check alarms.smtp_security and alarms.username"
    return f"broke off ({type(error).__name__})"
