"""Alarms by e-mail: one plain message to all who are told."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from config.alarms import Alarms
from sync import post, store
from sync.alarms.letter import Letter


def send(settings: Alarms, told: Letter, *, now: int) -> str:
    """Hand a message to the mail server; what went wrong although it took it, empty for nothing.

    Raises `Undelivered`."""
    with post.opened(settings, "alarms") as server:
        refused = server.send_message(_message(settings, told, now))
    return f"{settings.smtp} refused {len(refused)} of {len(settings.mail_to)} addresses" if refused else ""


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
