"""What a page that answers a form shows is seen as much as what answers a link, which the door has noted."""

from badges.console.room import Asked
from sync import store


def note_seen(asked: Asked, reads: str, subject: str) -> None:
    """Note it, called as the door calls looking at the same; nothing where no form was sent."""
    if asked.form.fields:
        with asked.office.house.write() as db:
            store.note(db, reads, subject, by=asked.visitor.name, now=asked.now)
