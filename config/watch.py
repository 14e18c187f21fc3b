"""E-mail to readers who watch outputs."""

from typing import Self

from pydantic import model_validator

from config.errors import refuse
from config.mail import MailServer
from config.values import YesNo


class Watch(MailServer):
    """`mail`: whether readers can watch by e-mail. Without an `smtp` of its own the server is that of the alarms, and
    without a `mail_from` so is the sender."""

    mail: YesNo = False

    @model_validator(mode="after")
    def _safe(self) -> Self:
        problems = self.unsafe("watch")
        if self.smtp and not self.mail_from:
            problems.append(("mail_from", "missing; smtp needs it"))
        if self.username and not self.smtp:
            problems.append(("smtp", "missing; there is a username for it"))
        refuse(problems)
        return self
