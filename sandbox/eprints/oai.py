"""The OAI-PMH interface of EPrints (`/cgi/oai2`), with what it does that the protocol does not have.

After the released source (cgi/oai2) and answers recorded at EPrints 3.4.7: lists are in the order of the ids, and a
token holds the next id; the last page has no token, not even an empty one; a bad token is answered with two errors, and
an unknown verb too; errors come with status 200; records that are hidden are listed like any other.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs, quote, unquote
from xml.sax.saxutils import escape, quoteattr

from sandbox.eprints.records import EPrint, dublin_core
from sandbox.eprints.repository import Repository
from sandbox.markup import clean

HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet type='text/xsl' href='/oai2.xsl' ?>\n"
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ '
    'http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
ARGUMENTS: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListIdentifiers": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
    "ListRecords": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
}
NO_MATCH = "No items match. None. None at all. Not even deleted ones."
BAD_TOKEN = "The value of the resumptionToken argument is invalid or expired."  # noqa: S105


class _Errors(Exception):  # noqa: N818 - they are an answer
    """The errors of one answer, each a code and words."""

    def __init__(self, *told: tuple[str, str]) -> None:
        super().__init__()
        self.told = told


class OAI:
    """Answers for a repository of a host."""

    def __init__(self, repository: Repository, host: str) -> None:
        self.repository, self.host = repository, host

    def answer(self, query: str, base: str, struck: frozenset[str]) -> str:
        """The body of the answer to a query; it is 200 whatever it says."""
        asked = parse_qs(query)
        try:
            verb, given = _checked(asked)
            inner = self._verb(verb, given, base, struck)
            told = "".join(f" {name}={quoteattr(value)}" for name, value in {"verb": verb, **given}.items())
        except _Errors as errors:
            inner = "".join(f'<error code="{code}">{escape(words)}</error>' for code, words in errors.told)
            told = ""
        date = _stamp(self.repository.now())
        where = f"<responseDate>{date}</responseDate><request{told}>{escape(base)}/cgi/oai2</request>"
        return f"{HEAD}{where}{inner}</OAI-PMH>"

    def _verb(self, verb: str, given: dict[str, str], base: str, struck: frozenset[str]) -> str:
        match verb:
            case "Identify":
                return self._identify(base)
            case "ListMetadataFormats":
                self._known(given.get("identifier"))
                return _element(verb, _element("metadataFormat", FORMAT))
            case "ListSets":
                if "resumptionToken" in given:
                    raise _Errors(("badResumptionToken", "Resumption Tokens not supported for ListSets"))
                sets = (_leaf("setSpec", _spec("status=pub")), _leaf("setName", "Status = Published"))
                return _element(verb, _element("set", *sets))
            case "GetRecord":
                _prefix(given)
                return _element(verb, self._record(self._known(given.get("identifier")), base))
        return self._list(verb, given, base, struck)

    def _identify(self, base: str) -> str:
        live = [each for each in self.repository.eprints.values() if each.status == "archive"]
        first = min((each.lastmod for each in live), default=None)
        sample = f"oai:{self.host}:{min(each.id for each in live)}" if live else ""
        scheme = _element(
            'oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier"',
            _leaf("scheme", "oai"),
            _leaf("repositoryIdentifier", self.host),
            _leaf("delimiter", ":"),
            _leaf("sampleIdentifier", sample),
        )
        words = "This system is running eprints server software (EPrints 3.4.7) developed at the University of Example."
        about = _element('eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints"', _leaf("comment", words))
        return _element(
            "Identify",
            _leaf("repositoryName", "Practice Publications"),
            _leaf("baseURL", f"{base}/cgi/oai2"),
            _leaf("protocolVersion", "2.0"),
            _leaf("adminEmail", "admin@example.org"),
            _leaf("earliestDatestamp", _stamp(first) if first else "0001-01-01T00:00:00Z"),
            _leaf("deletedRecord", "persistent"),
            _leaf("granularity", "YYYY-MM-DDThh:mm:ssZ"),
            _element("description", scheme),
            _element("description", about),
        )

    def _list(self, verb: str, given: dict[str, str], base: str, struck: frozenset[str]) -> str:
        asked = _token(given["resumptionToken"]) if "resumptionToken" in given else dict(given)
        _prefix(asked)
        offset = int(asked.get("offset", "0"))
        if len({len(asked[name]) for name in ("from", "until") if name in asked}) > 1:
            raise _Errors(("badArgument", "from and until dates have different granularity"))
        found = [each for each in self._listed() if each.id >= offset and _within(each.lastmod, asked)]
        if "shuffled" in struck:
            page, more = _shuffled(found, self.repository.page_size)
        else:
            page, more = found[: self.repository.page_size], len(found) > self.repository.page_size
        if not page:
            raise _Errors(("noRecordsMatch", NO_MATCH))
        write = self._record if verb == "ListRecords" else self._header
        rows = [] if "no rows" in struck else [write(each, base) for each in page]
        inner = "".join(row * 2 if "repeated" in struck else row for row in rows)
        if more and ("no rows" not in struck):
            following = offset if "same page" in struck and offset else page[-1].id + 1
            inner += _leaf("resumptionToken", _serialised({**asked, "offset": str(following)}))
        return f"<{verb}>{inner}</{verb}>"

    def _listed(self) -> list[EPrint]:
        held = sorted(self.repository.eprints.values(), key=lambda each: each.id)
        return [each for each in held if each.status in ("archive", "deletion") or self._left(each)]

    def _left(self, eprint: EPrint) -> bool:
        return self.repository.tombstones and eprint.lived and eprint.status != "archive"

    def _known(self, identifier: str | None) -> EPrint:
        found = re.fullmatch(rf"oai:{re.escape(self.host)}:(\d+)", identifier or "")
        listed = {each.id: each for each in self._listed()}
        if identifier is not None and (not found or int(found[1]) not in listed):
            raise _Errors(("idDoesNotExist", f"'{identifier}' is not a valid item in this repository"))
        return listed[int(found[1])] if found else EPrint(id=0, fields={})

    def _header(self, eprint: EPrint, _: str) -> str:
        who = _leaf("identifier", f"oai:{self.host}:{eprint.id}") + _leaf("datestamp", _stamp(eprint.lastmod))
        if eprint.status != "archive":
            return f'<header status="deleted">{who}</header>'
        specs = ("status=pub", f"type={eprint.text('type')}")
        return _element("header", who, *(_leaf("setSpec", _spec(each)) for each in specs))

    def _record(self, eprint: EPrint, base: str) -> str:
        header = self._header(eprint, base)
        if eprint.status != "archive":
            return _element("record", header)
        told = "".join(_leaf(f"dc:{name}", text) for name, text in dublin_core(eprint, base) if text)
        return _element("record", header, _element("metadata", f"{DC}{told}</oai_dc:dc>"))


def _checked(asked: Mapping[str, list[str]]) -> tuple[str, dict[str, str]]:
    if many := [name for name, told in asked.items() if len(told) > 1]:
        raise _Errors(("badVerb", f"Includes a repeated argument for '{many[0]}'"))
    given = {name: told[0] for name, told in asked.items()}
    verb = given.pop("verb", None)
    if verb is None:
        raise _Errors(("badVerb", "Requires verb argument"))
    if verb not in ARGUMENTS:
        words = "The value of the verb argument is not a legal OAI-PMH verb"
        raise _Errors(("badVerb", words), ("badArgument", "Bad verb argument"))
    errors = [("badArgument", f"Unrecognised argument '{name}'") for name in given if name not in ARGUMENTS[verb]]
    needed = {"metadataPrefix", "identifier"} if verb == "GetRecord" else {"metadataPrefix"}
    if verb in ("GetRecord", "ListRecords", "ListIdentifiers") and "resumptionToken" not in given:
        missing = sorted(needed - given.keys())
        errors += [("badArgument", f"Missing required argument '{name}'") for name in missing]
    for name in ("from", "until"):
        if name in given and not (DAY.fullmatch(given[name]) or SECOND.fullmatch(given[name])):
            errors.append(("badArgument", f"'{name}' doesn't match required syntax"))
    if errors:
        raise _Errors(*errors)
    return verb, given


def _token(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in unquote(text).split("&"))
    told = {unquote(name): unquote(value) for name, equals, value in pairs if equals}
    if "metadataPrefix" not in told or not told.get("offset", "0").isdigit():
        words = "Expected metadata prefix as part of resumption token, token contains: " + ",".join(told)
        raise _Errors(("badResumptionToken", BAD_TOKEN), ("badArgument", words))
    return told


def _serialised(told: Mapping[str, str]) -> str:
    return quote("&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(told.items())), safe="")


def _prefix(given: Mapping[str, str]) -> None:
    if (prefix := given.get("metadataPrefix")) != "oai_dc":
        words = f"Record not available as metadata type: '{prefix}'"
        raise _Errors(("cannotDisseminateFormat", words))


def _within(lastmod: datetime, asked: Mapping[str, str]) -> bool:
    stamp = _stamp(lastmod)
    until = asked.get("until", "9999")
    return asked.get("from", "") <= stamp and stamp <= (f"{until}T23:59:59Z" if DAY.fullmatch(until) else until)


def _shuffled(found: list[EPrint], size: int) -> tuple[list[EPrint], bool]:
    """The rows of each page the other way round; the last is still the one that the token goes on from."""
    page = found[:size]
    return [*reversed(page[:-1]), *page[-1:]], len(found) > size


def _spec(text: str) -> str:
    return text.encode().hex().upper()


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _element(name: str, *inner: str) -> str:
    return f"<{name}>{''.join(inner)}</{name.partition(' ')[0]}>"


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{escape(clean(text))}</{name}>"


FORMAT = (
    _leaf("metadataPrefix", "oai_dc")
    + _leaf("schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    + _leaf("metadataNamespace", "http://www.openarchives.org/OAI/2.0/oai_dc/")
)
