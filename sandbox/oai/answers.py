"""What a practice data provider answers to the six verbs of OAI-PMH 2.0, written from the specification alone."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import parse_qsl, quote, unquote, urlencode
from xml.sax.saxutils import escape, quoteattr

from sandbox.oai.repository import OaiRecord, Repository, Ways

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)
KNOWN = {
    "Identify": frozenset[str](),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "ListIdentifiers": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
    "ListRecords": frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
}
GRANULARITY = {True: "YYYY-MM-DDThh:mm:ssZ", False: "YYYY-MM-DD"}
PATH = ("metadataPrefix", "from", "until", "set")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


class OaiError(Exception):
    """An error of the protocol; several may come at once."""

    def __init__(self, *told: tuple[str, str]) -> None:
        super().__init__(*told)
        self.told = told


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which list a token goes on with: the question, and how many records came before. `ids` where it stands for a list
    as it was."""

    query: Mapping[str, str]
    offset: int
    born: datetime
    ids: tuple[str, ...] = ()


class Answers:
    """All verbs, of one repository that speaks in some ways. `base` is its base URL."""

    def __init__(self, repository: Repository, ways: Ways, base: Callable[[], str]) -> None:
        self.repository, self.ways, self.base = repository, ways, base
        self._listings: dict[str, Listing] = {}
        self._numbers = count(1)

    def answer(self, text: str, bends: Collection[str] = ()) -> tuple[int, str]:
        """The status and the body for a query. `bends` are faults of paging that a test has asked for."""
        pairs = parse_qsl(text, keep_blank_values=True)
        query = dict(pairs)
        now = self._written(self.repository.clock(), seconds=True)
        try:
            verb = self._verb(query, pairs)
            with self.repository.lock:
                told = self._told(verb, query, bends)
        except OaiError as error:
            bad = {code for code, _ in error.told} & {"badVerb", "badArgument"}
            errors = "".join(f"<error code={quoteattr(code)}>{escape(why)}</error>" for code, why in error.told)
            return self.ways.error_status, self._document(now, {} if bad else query, errors)
        status = self.ways.identify_status if verb == "Identify" else 200
        return status, self._document(now, query, f"<{verb}>{told}</{verb}>")

    def _document(self, now: str, query: Mapping[str, str], inside: str) -> str:
        asked = "".join(f" {name}={quoteattr(value)}" for name, value in query.items())
        request = f"<request{asked}>{escape(self.base())}</request>"
        return f"{HEAD}<responseDate>{now}</responseDate>{request}\n{inside}\n</OAI-PMH>\n"

    def _verb(self, query: Mapping[str, str], pairs: list[tuple[str, str]]) -> str:
        verb = query.get("verb", "")
        if verb not in KNOWN:
            raise OaiError(("badVerb", "There is no such verb."))
        if strange := sorted(query.keys() - KNOWN[verb] - {"verb"}):
            raise OaiError(("badArgument", f"There is no argument {strange[0]}."))
        if len(query) < len(pairs):
            raise OaiError(("badArgument", "An argument came twice."))
        if "resumptionToken" in query and len(query) > 2:
            raise OaiError(("badArgument", "A resumptionToken comes alone."))
        return verb

    def _told(self, verb: str, query: Mapping[str, str], bends: Collection[str]) -> str:
        match verb:
            case "Identify":
                return self._identify()
            case "ListMetadataFormats":
                return self._formats(query.get("identifier"))
            case "ListSets":
                return self._sets()
            case "GetRecord":
                return self._get(query)
        return self._list(verb, query, bends)

    def _identify(self) -> str:
        stamps = [one.stamp for one in self.repository.records.values()]
        first = self._written(min(stamps, default=self.repository.clock()))
        return (
            f"<repositoryName>Practice</repositoryName><baseURL>{escape(self.base())}</baseURL>"
            f"<protocolVersion>{self.ways.version}</protocolVersion><adminEmail>admin@example.edu</adminEmail>"
            f"<earliestDatestamp>{self.ways.earliest or first}</earliestDatestamp>"
            f"<deletedRecord>{self.ways.deleted}</deletedRecord>"
            f"<granularity>{GRANULARITY[self.ways.seconds]}</granularity>"
            + "".join(f"<description>{one}</description>" for one in self.ways.descriptions)
        )

    def _formats(self, identifier: str | None) -> str:
        offered = self.ways.formats
        if identifier is not None:
            has = self._one(identifier).formats
            offered = {prefix: told for prefix, told in offered.items() if prefix in has}
        if not offered:
            raise OaiError(("noMetadataFormats", "There is nothing to be had of it."))
        return "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
            for prefix, (schema, namespace) in offered.items()
        )

    def _sets(self) -> str:
        specs = sorted({spec for record in self.repository.records.values() for spec in record.sets})
        if self.ways.no_sets or not specs:
            raise OaiError(("noSetHierarchy", "There are no sets."))
        return "".join(f"<set><setSpec>{escape(one)}</setSpec><setName>{escape(one)}</setName></set>" for one in specs)

    def _get(self, query: Mapping[str, str]) -> str:
        prefix = self._prefix(query)
        if "identifier" not in query:
            raise OaiError(("badArgument", "The identifier is missing."))
        record = self._one(query["identifier"])
        if record.status != "deleted" and prefix not in record.formats:
            raise OaiError(("cannotDisseminateFormat", "It is not to be had in this format."))
        return self._record(record, prefix)

    def _one(self, identifier: str) -> OaiRecord:
        found = self.repository.records.get(identifier)
        if found is None or (found.status == "deleted" and self.ways.deleted == "no"):
            raise OaiError(("idDoesNotExist", "There is no such item."))
        return found

    def _list(self, verb: str, query: Mapping[str, str], bends: Collection[str]) -> str:
        listing = self._resumed(query) or self._begun(query)
        told = self._records(listing)
        size = len(told) + self.ways.size_off
        page = told[listing.offset : listing.offset + self.ways.per_page]
        more = listing.offset + self.ways.per_page < len(told)
        if "empty feed" in bends:
            page, more = [], False
        if not page and "resumptionToken" not in query:
            raise OaiError(("noRecordsMatch", "Nothing matches."))
        if "wrong order" in bends:
            page.reverse()
        prefix = listing.query["metadataPrefix"]
        write = self._header if verb == "ListIdentifiers" else self._record
        following = ""
        if more:
            following = query.get("resumptionToken", "") if "repeated next" in bends else ""
            following = following or self._token(listing, [one.identifier for one in told])
        rows = "".join(write(one, prefix) for one in page)
        if not following and not ("resumptionToken" in query and self.ways.empty_last):
            return rows
        sizes = f' completeListSize="{size}" cursor="{listing.offset}"' if self.ways.sizes else ""
        return f"{rows}<resumptionToken{sizes}>{escape(following)}</resumptionToken>"

    def _records(self, listing: Listing) -> list[OaiRecord]:
        if listing.ids:
            return [self.repository.records[one] for one in listing.ids if one in self.repository.records]
        since, until = listing.query.get("from", ""), listing.query.get("until", "")
        prefix, spec = listing.query["metadataPrefix"], listing.query.get("set", "")
        found = self.repository.matching(prefix, spec, since, until, self.ways, self._written)
        return [one for one in found if one.status != "deleted" or self.ways.deleted != "no"]

    def _begun(self, query: Mapping[str, str]) -> Listing:
        self._prefix(query)
        bounds = [query[name] for name in ("from", "until") if name in query]
        if any(not DATE.fullmatch(bound) for bound in bounds) or len({len(bound) for bound in bounds}) > 1:
            raise OaiError(("badArgument", "The dates are none, or of two granularities."))
        if not self.ways.seconds and any("T" in bound for bound in bounds):
            raise OaiError(("badArgument", "Only days are known here."))
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            raise OaiError(("badArgument", "It ends before it begins."))
        if "set" in query and self.ways.no_sets:
            raise OaiError(("noSetHierarchy", "There are no sets."))
        return Listing(query=dict(query), offset=0, born=self.repository.clock())

    def _prefix(self, query: Mapping[str, str]) -> str:
        if "metadataPrefix" not in query:
            raise OaiError(("badArgument", "The metadataPrefix is missing."))
        if query["metadataPrefix"] not in self.ways.formats:
            raise OaiError(("cannotDisseminateFormat", "There is no such format."))
        return query["metadataPrefix"]

    def _token(self, listing: Listing, ids: list[str]) -> str:
        """An offset is text that is encoded already, as EPrints does it."""
        offset, now = listing.offset + self.ways.per_page, self.repository.clock()
        if self.ways.tokens == "offset":
            return quote(urlencode({**listing.query, "offset": str(offset), "born": now.isoformat()}), safe="")
        if self.ways.tokens == "path":
            return "/".join([*(listing.query.get(name, "") for name in PATH), str(offset)])
        token = f"t{next(self._numbers)}+/= &"
        self._listings[token] = Listing(query=listing.query, offset=offset, born=now, ids=listing.ids or tuple(ids))
        return token

    def _resumed(self, query: Mapping[str, str]) -> Listing | None:
        token = query.get("resumptionToken")
        if token is None:
            return None
        found = self._listings.get(token)
        if self.ways.tokens == "offset":
            told = dict(parse_qsl(unquote(token)))
            if told.get("offset", "").isdigit():
                born = datetime.fromisoformat(told.pop("born"))
                found = Listing(query=told, offset=int(told.pop("offset")), born=born)
        if self.ways.tokens == "path" and len(parts := token.split("/")) == len(PATH) + 1 and parts[-1].isdigit():
            asked = {name: part for name, part in zip(PATH, parts, strict=False) if part}
            found = Listing(query=asked, offset=int(parts[-1]), born=self.repository.clock())
        life = self.ways.token_life
        if found is None or (life is not None and self.repository.clock() - found.born > timedelta(seconds=life)):
            errors = [("badResumptionToken", "The value of the resumptionToken argument is invalid or expired.")]
            raise OaiError(*errors, *[("badArgument", "Nothing is known of it.")] * self.ways.two_errors)
        return found

    def _header(self, record: OaiRecord, _: str) -> str:
        status = f" status={quoteattr(record.status)}" if record.status else ""
        return (
            f"<header{status}><identifier>{escape(record.identifier)}</identifier>"
            f"<datestamp>{self._written(record.stamp)}</datestamp>"
            + "".join(f"<setSpec>{escape(one)}</setSpec>" for one in record.sets)
            + "</header>"
        )

    def _record(self, record: OaiRecord, prefix: str) -> str:
        metadata = "" if record.status == "deleted" else f"<metadata>{record.formats.get(prefix, '')}</metadata>"
        return f"<record>{self._header(record, prefix)}{metadata}</record>\n"

    def _written(self, moment: datetime, *, seconds: bool | None = None) -> str:
        exact = self.ways.seconds if seconds is None else seconds
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if exact else "%Y-%m-%d")
