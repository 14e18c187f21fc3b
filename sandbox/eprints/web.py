"""The REST interface of EPrints (`/rest`) and its CRUD interface (`/id`): records read, fields written, rows gone.

After the released source (EPrints/Apache/REST.pm and CRUD.pm) and what was measured at EPrints 3.4.7. Who may is a
matter of the status of the eprint: in the archive everybody may read it over REST, hidden or not.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from sandbox.eprints.records import EP3, MULTIPLE, EPrint, Value, ep3
from sandbox.eprints.repository import Repository
from sandbox.server import Headers

HTML, PLAIN, XML = "text/html; charset=UTF-8", "text/plain; charset=UTF-8", "text/xml; charset=UTF-8"
EP3_TYPE = "application/vnd.eprints.data+xml"
METHODS = "GET,HEAD,PUT,PATCH,OPTIONS"
ACCOUNT = "77"
"""The number of the account."""

NEVER = ("eprintid", "rev_number")
"""Fields that nobody may write over REST (403)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int = 200
    body: str = ""
    kind: str = HTML
    headers: Headers = field(default_factory=dict)


class Web:
    """Both interfaces of one repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def answer(self, call: Call, base: str, *, keep: bool) -> Reply:
        """The answer; with `keep` False, nothing is stored of what is answered as if it were."""
        if call.path.startswith("/rest/") and not self.repository.has_rest:
            return page(404)
        if call.path == "/rest/":
            return Reply(body="<html><body><ul><li><a href='eprint/'>EPrints</a></li></ul></body></html>")
        if call.path == "/rest/eprint/":
            return Reply(body=self._ids())
        if found := re.fullmatch(r"/rest/eprint/(\d+)\.xml", call.path):
            return self._record(call, int(found[1]), base)
        if found := re.fullmatch(r"/rest/eprint/(\d+)/(\w+)\.(\w+)", call.path):
            return self._field(call, int(found[1]), found[2], found[3], keep=keep)
        if call.path == "/id/contents":
            return self._contents(call)
        if found := re.fullmatch(r"/id/eprint/(\d+)", call.path):
            return self._crud(call, int(found[1]), base, keep=keep)
        return page(404)

    def _ids(self) -> str:
        """Every id, whatever its status: nobody is asked who they are."""
        lines = (
            f"<li><a href='{number}/'>{number}/</a></li>\n<li><a href='{number}.xml'>{number}.xml</a></li>\n"
            for number in sorted(self.repository.eprints)
        )
        return f"<html><head><title>EPrints REST</title></head><body><ul>\n{''.join(lines)}</ul></body></html>"

    def _record(self, call: Call, number: int, base: str) -> Reply:
        eprint = self.repository.eprints.get(number)
        if eprint is None:
            return page(404)
        if call.method != "GET":
            return page(501)
        return self._refused(call, eprint, writing=False) or Reply(body=ep3(eprint, base), kind=XML)

    def _field(self, call: Call, number: int, name: str, form: str, *, keep: bool) -> Reply:
        eprint = self.repository.eprints.get(number)
        if eprint is None:
            return page(404)
        if refused := self._refused(call, eprint, writing=False):
            return refused
        if form != "txt" or name in MULTIPLE or name not in {*self.repository.fields, *NEVER, "eprint_status"}:
            return page(404)
        if call.method == "GET":
            return Reply(body=eprint.text(name), kind=PLAIN)
        if call.method != "PUT":
            return page(501)
        if name in NEVER:
            return page(403)
        if refused := self._refused(call, eprint, writing=True):
            return refused
        if keep:
            self.repository.write("PUT", number, {name: call.body.decode("latin-1")})  # bytes are taken as they come
        return Reply(body="OK", kind=PLAIN)

    def _contents(self, call: Call) -> Reply:
        """The list of what the account deposited, which is asked for with a password."""
        if not self._known(call):
            return refusal("Practice Publications")
        feed = "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'></feed>"
        return Reply(body=feed, kind="application/atom+xml;charset=utf-8")

    def _crud(self, call: Call, number: int, base: str, *, keep: bool) -> Reply:
        if not self._known(call):
            return refusal("Practice Publications")
        eprint = self.repository.eprints.get(number)
        if not self.repository.may_edit:
            return page(403)
        if call.method == "GET":
            told = {"Allow": METHODS}
            return page(404) if eprint is None else Reply(body=ep3(eprint, base), kind=EP3_TYPE, headers=told)
        if call.method not in ("PATCH", "PUT", "DELETE") or (call.method == "PATCH" and not self.repository.has_patch):
            return page(405)
        if eprint is None:
            return page(404 if call.method == "DELETE" else 403)
        if call.method == "DELETE":
            if keep:
                self.repository.destroy(number)
            return Reply(status=204)
        if call.headers.get("content-type", "").partition(";")[0].strip() != EP3_TYPE:
            return page(415)
        try:
            told_fields = _imported(call.body)
        except etree.XMLSyntaxError:
            return page(400)
        known = {name: value for name, value in told_fields.items() if name in self.repository.fields}
        if call.method == "PUT":  # which replaces the record: what is not told is gone
            known = dict.fromkeys(eprint.fields, "") | known
        if keep:  # an unknown field was dropped in silence, and the record is the account's from now on
            self.repository.write(call.method, number, {**known, "sword_depositor": ACCOUNT}, owner=ACCOUNT)
        return Reply(status=204)

    def _refused(self, call: Call, eprint: EPrint, *, writing: bool) -> Reply | None:
        if not writing and eprint.status == "archive" and self.repository.rest_is_open:
            return None
        if not self._known(call):
            return refusal("EPrintsREST")
        return None if self.repository.may_rest else page(403)

    def _known(self, call: Call) -> bool:
        told = base64.b64encode(f"{self.repository.username}:{self.repository.password}".encode()).decode()
        return hmac.compare_digest(call.headers.get("authorization", "").encode(), f"Basic {told}".encode())


def page(status: int) -> Reply:
    """A page of Apache that says no."""
    return Reply(status=status, body=f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>")


def refusal(realm: str) -> Reply:
    """Who is this?"""
    asked = page(401)
    return Reply(status=401, body=asked.body, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})


def _imported(body: bytes) -> dict[str, Value]:
    """The fields of the one eprint in an EP3 XML."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    told = root.find(f"{{{EP3}}}eprint")
    return {} if told is None else {etree.QName(each).localname: _value(each) for each in told.iterchildren("*")}


def _value(element: etree._Element) -> Value:
    inner = list(element.iterchildren("*"))
    if not inner:
        return element.text or ""
    if all(etree.QName(each).localname == "item" for each in inner):
        return tuple(_value(each) for each in inner)
    return {etree.QName(each).localname: _value(each) for each in inner}
