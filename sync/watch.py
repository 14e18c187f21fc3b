"""Messages to readers who watch something: whether they mean it, and once a day what is new. All of it is read as the
public, again right before a message leaves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime, make_msgid
from itertools import islice
from smtplib import SMTP, SMTPException
from typing import NamedTuple

from badges.letters import Letter, Letters, Named, News, named
from badges.mentions import noticed
from badges.views import plain
from config.mail import MailServer
from config.settings import Settings
from sync import post, steps, store
from sync.post import Outcome, Undelivered
from sync.store import DAY, Store
from sync.store.watching import HOUR, Watched, Watcher

FROM_HOUR = 5 * HOUR  # of the day in UTC, when news is told
KEPT = 1_000  # outputs whose mentions are remembered while messages are written

Clock = Callable[[], int]  # microseconds since 1970, in UTC
Stop = Callable[[], bool]  # whether to end before the next message


@dataclass(slots=True, kw_only=True)
class Sent:
    """What was done. `unknown` messages may have arrived; `why` is empty unless no message goes out."""

    confirmations: int = 0
    digests: int = 0
    mentions: int = 0
    unknown: int = 0
    refused: int = 0
    why: str = ""


class _Due(NamedTuple):
    """One message that is due to an address; `news` is empty in a question whether somebody means it."""

    watcher: Watcher
    about: Sequence[Named]
    news: Sequence[News]


def send(house: Store, settings: Settings, *, clock: Clock, dry_run: bool = False, stop: Stop = lambda: False) -> Sent:
    """Write to everybody whom something is due. What fails for a reason that is not the address ends the run, and the
    rest is for the next one. A dry run counts, and changes nothing."""
    sending = _Sending(house, settings, clock)
    if dry_run:
        for due in sending.due():
            sending.count(due, "sent")
        return sending.done
    with house.read() as db:
        expired = store.watching.expired(db, now=sending.now)
    if expired:
        with house.write() as db:
            store.watching.expire(db, now=sending.now)
    if settings.watch.mail:
        sending.run(stop)
    store.telling.failed(house, sending.done.why)
    return sending.done


class _Sending:
    """One run. What counts as new is what was stored when it began."""

    def __init__(self, house: Store, settings: Settings, clock: Clock) -> None:
        self.house, self.settings, self.clock = house, settings, clock
        self.now, self.done = clock(), Sent()
        self.day = (self.now - FROM_HOUR) // DAY
        told = settings.institution
        self.letters = Letters(name=told.name, address=told.base_url, contact=told.contact or "")
        self.known: dict[int, News | None] = {}
        self.quiet: list[Watcher] = []
        self.seen = 0

    def run(self, stop: Stop) -> None:
        """Send what is due, over as few connections as it takes."""
        table, server = self.settings.letters
        waiting = self.due()
        due = next(waiting, None)
        try:
            while due is not None and not stop():
                with post.opened(server, table) as opened:
                    outcome: Outcome = "sent"
                    while due is not None and outcome != "unknown" and not stop():
                        outcome = self.hand_over(opened, server, due)
                        due = next(waiting, None)
        except Undelivered as failed:
            self.done.why = str(failed)
        store.telling.nothing_new(self.house, self.quiet, day=self.day)

    def due(self) -> Iterator[_Due]:
        """Questions first, as many as may be asked within an hour; then news, for those to whom there is some."""
        with self.house.read() as db:
            self.seen = store.watching.newest(db)
            asked = store.telling.to_ask(db, now=self.now)
            allowed = store.telling.allowed(db, now=self.now)
            watching = store.telling.to_tell(db, day=self.day, now=self.now)
        questions = ((each, self.public(each)) for each in asked)
        for watcher, about in islice(((each, about) for each, about in questions if about), allowed):
            yield _Due(watcher, about, ())
        for watcher in watching:
            if news := [each for watched in watcher.watches if (each := self.news(watched)) is not None]:
                yield _Due(watcher, [each.about for each in news], news)
            else:
                self.quiet.append(watcher)

    def public(self, watcher: Watcher) -> list[Named]:
        """What somebody asked to watch, as far as everybody may see it."""
        with self.house.read() as db:
            found = [store.find(db, "public", each.output, now=self.now) for each in watcher.watches]
        return [named(shown) for shown in found if shown]

    def news(self, watched: Watched) -> News | None:
        """What of an output is new to somebody."""
        told = self.mentions(watched.output)
        if told is None:
            return None
        new = [m for m in told.mentions if m.key > watched.seen or m.occurred_at > watched.seen_at]
        return News(told.about, new) if new else None

    def mentions(self, output: int) -> News | None:
        """All mentions of an output that everybody may see; None where they may not see the output."""
        if output not in self.known:
            if len(self.known) >= KEPT:
                self.known.clear()
            with self.house.read() as db:
                shown = store.find(db, "public", output, now=self.now)
                rules = steps.rules(self.settings, shown.rules) if shown else None
                found = noticed(db, shown, rules, most=None, now=self.now) if shown and rules else []
            stored = [each for each in found if each.key <= self.seen]
            self.known[output] = News(named(shown), stored) if shown else None
        return self.known[output]

    def hand_over(self, opened: SMTP, server: MailServer, due: _Due) -> Outcome:
        """Note a message, write it of what may be seen at this moment, and hand it over."""
        now = self.clock()
        token = self.noted(due, now)
        if token is None:
            return "sent"  # by another process
        letter = self.letter(due, token, now)
        if letter is None:
            return "sent"  # nothing is left that may be told
        try:
            outcome = post.hand_over(opened, self.message(server, due.watcher, letter, now), due.watcher.address)
        except (SMTPException, OSError):
            store.telling.unsent(self.house, due.watcher, token, refused=False, now=now)
            raise
        if outcome == "refused":
            store.telling.unsent(self.house, due.watcher, token, refused=True, now=now)
        else:
            store.telling.sent(self.house, due.watcher)
        self.count(due, outcome)
        return outcome

    def noted(self, due: _Due, now: int) -> str | None:
        """The word of a message that is about to leave."""
        if not due.news:
            return store.telling.asking(self.house, due.watcher, now=now)
        told = [each.output for each in due.about]
        return store.telling.telling(self.house, due.watcher, told, seen=self.seen, day=self.day, now=self.now)

    def letter(self, due: _Due, token: str, now: int) -> Letter | None:
        """The message, without what was hidden since it was found to be due."""
        with self.house.read() as db:
            shown = {each.output for each in due.about if store.find(db, "public", each.output, now=now)}
        about = [each for each in due.about if each.output in shown]
        if not about:
            return None
        if not due.news:
            return self.letters.confirmation(due.watcher.language, token, about)
        news = [each for each in due.news if each.about.output in shown]
        return self.letters.digest(due.watcher.language, token, news)

    def message(self, server: MailServer, watcher: Watcher, letter: Letter, now: int) -> EmailMessage:
        """A message as it goes out: text and page, and the way to leave with one click (RFC 8058)."""
        message = EmailMessage(policy=LINES)
        sender = server.mail_from or ""
        message["From"] = Address(display_name=plain(self.settings.institution.name), addr_spec=sender)
        message["To"] = watcher.address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(store.moment(now))
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
        message["List-Unsubscribe"] = f"<{letter.leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.words, cte="quoted-printable")
        message.add_alternative(letter.page, subtype="html", cte="quoted-printable")
        message["Content-Language"] = letter.language  # of both parts
        return message

    def count(self, due: _Due, outcome: Outcome) -> None:
        """Keep count."""
        self.done.unknown += outcome == "unknown"
        self.done.refused += outcome == "refused"
        if outcome != "refused" and due.news:
            self.done.digests += 1
            self.done.mentions += sum(len(each.mentions) for each in due.news)
        elif outcome != "refused":
            self.done.confirmations += 1
