"""A house whose readers may watch by e-mail, a mail server, and what arrives there."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import urlencode, urlsplit

from alarm_ways import Post, told_as_text
from conftest import House
from served import Reply, Served, ask

ADDRESS = "https://ringmark.example.edu"
READER = "ann@reader.example.org"
DAY = 24 * 3600 * 1_000_000
SETTINGS = """[institution]
name = "University of Example"
base_url = "{address}"
contact = "research-office@example.edu"
[watch]
mail = true
mail_from = "ringmark@example.edu"
smtp = "127.0.0.1:{port}"
smtp_security = "none"
{connections}"""


def watched_by(house: House, mail: Post) -> House:
    """The same house, whose readers are written to by a mail server."""
    old = house.file.read_text()
    return house.write(SETTINGS.format(address=ADDRESS, port=mail.port, connections=old))


def send(served: Served, path: str, *, form: dict[str, object] | str | None = None, **headers: str) -> Reply:
    """A form as a browser of today sends it from a page of ours."""
    body = form if isinstance(form, str) else urlencode(form or {}, doseq=True)
    told = {"content_type": "application/x-www-form-urlencoded", "sec_fetch_site": "same-origin", **headers}
    return ask(served.public, path, method="POST", body=body.encode(), **told)


def watch(served: Served, output: object, address: str = READER, lang: str = "en") -> Reply:
    """Somebody asks to watch an output."""
    return send(served, f"/watch?lang={lang}", form={"email": address, "output": output})


def page(message: EmailMessage) -> str:
    """The same as HTML."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link(message: EmailMessage, what: str) -> str:
    """The path and query of the first link of a message that confirms, or leaves."""
    found = re.search(rf"{ADDRESS}(/watch/{what}/\S+)", told_as_text(message))
    assert found
    return found[1]


def token(message: EmailMessage) -> str:
    """The word in the links of a message."""
    return urlsplit(link(message, "leave")).path.rpartition("/")[2]


def confirm(served: Served, house: House, mail: Post, *outputs: object, address: str = READER) -> str:
    """Somebody watches outputs, and has confirmed it; the word of that message."""
    for output in outputs:
        assert watch(served, output, address).status == 200
    house.ok("watch", "send")
    message = mail.messages[-1]
    assert message["To"] == address
    reply = send(served, link(message, "confirm"), form={"output": list(outputs)})
    assert reply.status == 200
    return token(message)


def mention(house: House, *dois: str, key: str = "new", times: int = 1, **more: object) -> None:
    """New mentions of outputs become known, and are scored."""
    lines = [
        {
            "source": "news",
            "output": [f"doi:{doi}"],
            "occurred_at": "2026-03-01T10:00:00Z",
            "id": f"{key}-{number}-{doi}",
            "url": f"https://news.example.com/{key}/{number}/{doi.rpartition('.')[2]}",
            "outlet": {"id": f"{key}-{number}", "name": "Example Gazette"},
            **more,
        }
        for doi in dois
        for number in range(times)
    ]
    file = house.folder / f"{key}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    house.ok("import", str(file))
    house.ok("score")


@contextmanager
def days_later(house: House, days: int = 1) -> Iterator[None]:
    """Commands have the clock of a later day."""
    house.later += days * DAY
    try:
        yield
    finally:
        house.later -= days * DAY
