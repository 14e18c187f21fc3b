"""The REST interface of an EPrints: records as XML, fields as text, and the one way to write a field.

Only `PUT /rest/eprint/N/FIELD.txt` is ever sent. The CRUD interface (`PATCH /id/eprint/N`) is never used: it makes our
account the owner of the record it changes, and not every release has it.
"""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from config.settings import Connection
from connectors.eprints.items import EP3
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer, Client
from connectors.xml import Element, broken, oddity

XML = "text/xml, application/xml"
XML_TYPE = re.compile(r"(?:text|application)/(?:[\w.-]+\+)?xml")
ROOT, EPRINT = f"{EP3}eprints", f"{EP3}eprint"
LARGEST = 16 * 1024 * 1024  # bytes of one record; one with hundreds of files has about 1 MB
LONGEST = 64 * 1024  # bytes of one field
KEY = re.compile("[0-9]{1,10}", re.ASCII)
FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
GONE = (404, 410)
ADDRESS = "set url to the front page of the repository, such as https://eprints.example.edu"
ROLE = "give the account the role rest; docs/eprints.md says how"


class Unreadable(NotUnderstood):
    """One record came, and its XML cannot be read."""


class Forbidden(NotUnderstood):
    """One record is not for us; that says nothing of the others."""


class Rest:
    """Requests as our account, or as anybody where there is none."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._settings, self._client = settings, client

    def record(self, key: str) -> Element | None:
        """The `eprint` of a record; None when there is no such record, as long as there is the interface itself.

        Raises `Unreadable` and `Forbidden` for what is wrong with it alone."""
        with self._get(f"{path_of(key)}.xml", XML) as answer:
            if answer.status in GONE:
                self._there()
                return None
            _expect(answer, XML_TYPE)
            if odd := oddity(answer.body, (ROOT,)):
                raise NotUnderstood(f"GET {answer.path}: the answer is {odd}; {ADDRESS}")
            return _eprint(answer)

    def text(self, key: str, field: str) -> str | None:
        """What a field holds; None when there is no such record, or no such field of one text."""
        with self._get(_place(key, field), "text/plain") as answer:
            if answer.status in GONE:
                return None
            _expect(answer, re.compile("text/plain"))
            told = answer.body.read(LONGEST + 1)
        if len(told) > LONGEST:
            raise NotUnderstood(f"GET {answer.path}: a text larger than {LONGEST // 1024} KB")
        return told.decode(errors="replace")

    def put(self, key: str, field: str, text: str, permit: Callable[[], bool]) -> None:
        """Make a field hold a text of ASCII letters, which may be empty; only reading tells whether it does."""
        headers = {"Content-Type": "text/plain"}
        body = text.encode("ascii")
        with self._client.change("PUT", _place(key, field), permit=permit, body=body, headers=headers) as answer:
            if answer.status == 401:
                raise self._unknown(answer)
            if answer.status == 403:
                raise NotUnderstood(f"PUT {answer.path}: refused with status 403; {ROLE}")
            if answer.status in GONE:
                raise NotUnderstood(f"PUT {answer.path}: no such record, or no such field of one text")
            if answer.status >= 300:
                raise NotUnderstood(f"PUT {answer.path}: status {answer.status}")

    def known(self) -> bool:
        """Whether our password is known to be accepted, which reading never tells where it is open to anybody. Raises
        `NotAllowed` where it is not accepted. That the account has deposited nothing, or may not, is no matter."""
        try:
            with self._get("/id/contents", "application/atom+xml") as answer:
                return answer.status == 200 and "xml" in answer.headers.get("Content-Type", "")
        except Forbidden:
            return True

    def _there(self) -> None:
        """Ask for the front page of the interface: where REST was switched off, every record seems to be gone."""
        with self._get("/rest/", "text/html") as answer:
            if answer.status != 200:
                raise NotUnderstood(f"GET {answer.path}: status {answer.status}; is the REST interface switched off?")

    def _get(self, path: str, accept: str) -> Answer:
        return self._client.get(path, accept=accept, refusal=self._refusal)

    def _refusal(self, answer: Answer) -> ConnectorError | None:
        if answer.status == 401:
            return self._unknown(answer)
        if answer.status == 403:
            return Forbidden(f"GET {answer.path}: refused with status 403; {ROLE}")
        return None

    def _unknown(self, answer: Answer) -> NotAllowed:
        where = f"connections.{self._settings.name}"
        if self._settings.username:
            return NotAllowed(f"{answer.path}: the login was refused; check username and password of {where}")
        return NotAllowed(f"{answer.path}: only for those who log in; set username and password of {where}, and {ROLE}")


def path_of(key: str) -> str:
    """The path of a record, without an ending. Raises `NotUnderstood` for a key that is no number."""
    if not KEY.fullmatch(key):
        raise NotUnderstood("the address of a record is no number, so nothing was asked for")
    return f"/rest/eprint/{key}"


def lines(text: str) -> tuple[str, ...]:
    """The values of a field: its lines, without those that are blank. A browser ends each with CR and LF."""
    return tuple(line for line in re.split(r"\r\n|\r|\n", text) if line.strip())


def joined(values: Sequence[str]) -> str:
    """The text of a field that holds these values. Raises `NotUnderstood` for one that cannot be written whole."""
    text = "\n".join(values)
    if not text.isascii() or lines(text) != tuple(values):
        mend = "take what others wrote out of the field by hand"
        raise NotUnderstood(f"a text in the field has letters beyond ASCII, which REST would spoil; {mend}")
    return text


def _place(key: str, field: str) -> str:
    if not FIELD.fullmatch(field):
        raise NotAllowed(f'"{field}" is no field of an EPrints; write such as attention_badge')
    return f"{path_of(key)}/{field}.txt"


def _expect(answer: Answer, kind: re.Pattern[str]) -> None:
    if answer.status != 200:
        raise NotUnderstood(f"GET {answer.path}: status {answer.status}; {ADDRESS}")
    if not kind.fullmatch(answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()):
        mend = "does a login page stand before the repository?"
        raise NotUnderstood(f"GET {answer.path}: not in the form that was asked for; {mend}")


def _eprint(answer: Answer) -> Element:
    text = answer.body.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise Unreadable(f"a record larger than {LARGEST // 1024**2} MB")
    parser = etree.XMLParser(huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        told: list[Element] = list(etree.fromstring(text, parser).iterchildren(EPRINT))
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"its answer is {broken(error)}") from None
    if len(told) != 1:
        raise Unreadable("its XML holds no record, or several")
    return told[0]
