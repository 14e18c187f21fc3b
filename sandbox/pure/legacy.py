"""The documents of the legacy API 5.24, in the shape of recorded answers: texts wrapped, times with an offset."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone

from sandbox.pure.bodies import PORTAL, TYPES, VERSIONS, Body
from sandbox.pure.model import Association, Change, Contributor, Doi, Link, Output, Person, Unit, made

HERE = timezone(timedelta(hours=-5))
FAMILY = {
    "ResearchOutput": "dk.atira.pure.api.shared.model.researchoutput.ResearchOutput",
    "Person": "dk.atira.pure.api.shared.model.person.Person",
    "Organisation": "dk.atira.pure.api.shared.model.organisation.Organisation",
}


def output_body(told: Output, base: str) -> Body:
    """One research output."""
    sources = dict(told.identifiers)
    return {
        "pureId": told.number,
        "uuid": told.uuid,
        "title": {"formatted": True, "value": told.title},
        "peerReview": True,
        "managingOrganisationalUnit": _unit(1, base),
        "confidential": told.confidential,
        "info": _info(told, "publications")
        | {"additionalExternalIds": [{"value": value, "idSource": source} for source, value in sources.items()]},
        "journalAssociation": {
            "pureId": 11,
            "title": {"value": "Journal of Examples"},
            "issn": {"value": "2049-3630"},
            "journal": _reference("journals", made("journal", 1), "Journal of Examples", base)
            | {"type": _classification("/dk/atira/pure/journal/journaltypes/journal/journal", "Journal")},
        },
        "type": _classification(TYPES + told.type, "A type"),
        "category": _classification("/dk/atira/pure/researchoutput/category/research", "Research"),
        "language": _classification("/dk/atira/pure/core/languages/en_GB", "English"),
        "publicationStatuses": [
            {
                "pureId": 7_000_000 + told.number,
                "current": True,
                "publicationDate": dict(zip(("year", "month", "day"), told.published, strict=False)),
                "publicationStatus": _classification("/dk/atira/pure/researchoutput/status/published", "Published"),
            }
        ],
        "personAssociations": [_contributor(each, told.number, at, base) for at, each in enumerate(told.contributors)],
        "electronicVersions": [_doi(each, at) for at, each in enumerate(told.dois)],
        "additionalLinks": [_link(each, at) for at, each in enumerate(told.links)],
    } | _some(
        subTitle={"formatted": True, "value": told.subtitle} if told.subtitle else None,
        visibility=_visibility(told.visibility),
        workflow=None if told.workflow is None else {"workflowStep": told.workflow, "value": _text("As it says")},
        isbns=list(told.isbns) or None,
    )


def person_body(told: Person, base: str) -> Body:
    """One person."""
    lists = {
        f"{kind}OrganisationAssociations": [
            _association(each, told, at, base) for at, each in enumerate(told.associations) if each.kind == kind
        ]
        for kind in ("staff", "student", "honoraryStaff", "visitingScholar")
    }
    known = {"firstName": told.known_as, "lastName": told.last_name}
    named = {"pureId": 9, "name": known, "type": _classification("/dk/atira/pure/person/names/knownas", "Known as")}
    return (
        {
            "pureId": told.number,
            "uuid": told.uuid,
            "name": {"firstName": told.first_name, "lastName": told.last_name},
            "info": _info(told, "persons"),
        }
        | _some(
            orcid=told.orcid or None,
            employeeEndDate=_day(told.employed_until),
            retirementDate=_day(told.retired),
            visibility=_visibility(told.visibility),
            nameVariants=[named] if told.known_as else None,
        )
        | {name: listed for name, listed in lists.items() if listed}
    )


def unit_body(told: Unit, base: str) -> Body:
    """One organisation."""
    return {
        "pureId": told.number,
        "uuid": told.uuid,
        "period": {"startDate": "1990-01-01T12:00:00.000-0500"},
        "info": _info(told, "organisations"),
        "name": _text(told.name),
        "type": _classification("/dk/atira/pure/organisation/organisationtypes/organisation/department", "Department"),
        "parents": [_unit(each, base) for each in told.parents],
    } | _some(visibility=_visibility(told.visibility))


def listing(items: Iterable[Body], count: int, offset: int, size: int) -> Body:
    """A page of a listing."""
    return {"count": count, "pageInformation": {"offset": offset, "size": size}, "items": list(items)}


def changes(told: Sequence[Change], token: str, base: str, *, more: bool) -> Body:
    """A page of the feed of changes."""
    items = [
        {
            "uuid": each.uuid,
            "changeType": each.type,
            "family": FAMILY[each.family],
            "familySystemName": each.family,
            "version": each.version,
        }
        for each in told
    ]
    links = [{"ref": "next", "href": f"{base}/changes/{token}"}]
    return {
        "count": len(items),
        "resumptionToken": token,
        "moreChanges": more,
        "items": items,
        "navigationLinks": links,
    }


def _contributor(told: Contributor, output: int, at: int, base: str) -> Body:
    """A link that nobody hides has no flag at all."""
    own: Body = {"pureId": 5_000_000 + 100 * output + at}
    if told.person is None:
        own["externalPerson"] = _reference("external-persons", made("external", at), "A. Example", base) | {
            "type": _classification("/dk/atira/pure/externalperson/externalpersontypes/externalperson", "External")
        }
    else:
        own["person"] = _reference("persons", made("person", told.person), "A. Example", base)
        own["organisationalUnits"] = [_unit(1, base)]
    own |= {
        "name": {"firstName": "A.", "lastName": "Example"},
        "personRole": _classification("/dk/atira/pure/researchoutput/roles/author", "Author"),
    }
    return own | _some(associationHidden=told.association_hidden or None, hidden=told.hidden or None)


def _association(told: Association, person: Person, at: int, base: str) -> Body:
    own: Body = {
        "pureId": 4_000_000 + 100 * person.number + at,
        "person": _reference("persons", person.uuid, "A. Example", base),
        "period": _some(startDate=_day(told.start), endDate=_day(told.end)),
        "isPrimaryAssociation": at == 0,
        "organisationalUnit": _unit(told.unit, base),
    }
    email: Body = {
        "pureId": 8,
        "value": {"formatted": False, "value": told.email},
        "type": _classification("/dk/atira/pure/person/personemailtype/email", "Email"),
    }
    staff = told.kind == "staff" and told.staff_type
    return own | _some(
        staffType=_classification(told.staff_type, "Staff") if staff else None, emails=[email] if told.email else None
    )


def _doi(told: Doi, at: int) -> Body:
    return {
        "pureId": 6_000_000 + at,
        "doi": f"https://doi.org/{told.value}",
        "accessType": _classification("/dk/atira/pure/core/openaccesspermission/open", "Open"),
        "versionType": _classification(VERSIONS + told.version, "A version"),
    }


def _link(told: Link, at: int) -> Body:
    kind = _classification(told.type, "A type")
    return {"pureId": 3_000_000 + at, "url": told.url, "description": _text("A link"), "linkType": kind}


def _info(told: Output | Person | Unit, place: str) -> Body:
    return {
        "createdBy": "root",
        "createdDate": _time(told.created),
        "modifiedBy": "root",
        "modifiedDate": _time(told.modified),
        "portalUrl": f"{PORTAL}/{place}/{told.uuid}",
        "prettyURLIdentifiers": [f"example-{told.number}"],
    } | _some(previousUuids=list(told.previous) or None)


def _unit(number: int, base: str) -> Body:
    department = "/dk/atira/pure/organisation/organisationtypes/organisation/department"
    found = _reference("organisational-units", made("unit", number), "", base)
    return found | {"name": _text("Department of Harbours"), "type": _classification(department, "Department")}


def _reference(place: str, uuid: str, name: str, base: str) -> Body:
    """The names of people and journals are in no language."""
    told: Body = {"formatted": False, "text": [{"value": name}]}
    return {"uuid": uuid, "link": {"ref": "content", "href": f"{base}/{place}/{uuid}"}, "name": told}


def _classification(uri: str, term: str) -> Body:
    return {"pureId": 1, "uri": uri, "term": _text(term)}


def _text(told: str) -> Body:
    return {"formatted": False, "text": [{"locale": "en_GB", "value": told}]}


def _visibility(key: str | None) -> Body | None:
    return None if key is None else {"key": key, "value": _text("As it says")}


def _day(told: date | None) -> str | None:
    """At noon, in the institution's own time."""
    return f"{told.isoformat()}T12:00:00.000-0500" if told else None


def _time(told: datetime) -> str:
    return told.astimezone(HERE).isoformat(timespec="milliseconds").replace("-05:00", "-0500")


def _some(**told: object) -> Body:
    return {name: value for name, value in told.items() if value is not None}
