"""The documents of the current API, as its OpenAPI (5.35) has them; what is None is left out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sandbox.pure.model import Association, Contributor, Doi, Link, Output, Person, Unit, made

Body = dict[str, object]

TYPES = "/dk/atira/pure/researchoutput/researchoutputtypes/"
VERSIONS = "/dk/atira/pure/researchoutput/electronicversion/versiontype/"
TEMPLATES = {
    "bookanthology": "BookAnthology",
    "contributiontobookanthology": "ContributionToBookAnthology",
    "contributiontojournal": "ContributionToJournal",
    "contributiontoconference": "ContributionToConference",
    "nontextual": "NonTextual",
    "thesis": "Thesis",
    "workingpaper": "WorkingPaper",
}
ASSOCIATIONS = {
    kind: f"{kind}OrganizationAssociations" for kind in ("staff", "student", "honoraryStaff", "visitingScholar")
}
PORTAL = "https://portal.example.edu/en"


def output_body(told: Output) -> Body:
    """One research output."""
    template = TEMPLATES[told.type.partition("/")[0]]
    return (
        _stamped(told, "publications")
        | {
            "typeDiscriminator": template,
            "systemName": "ResearchOutput",
            "title": {"value": told.title},
            "type": classification(TYPES + told.type, "A type"),
            "category": classification("/dk/atira/pure/researchoutput/category/research", "Research"),
            "language": classification("/dk/atira/pure/core/languages/en_GB", "English"),
            "managingOrganization": ref("Organization", made("unit", 1)),
            "publicationStatuses": [
                {
                    "pureId": 7_000_000 + told.number,
                    "current": True,
                    "publicationStatus": classification("/dk/atira/pure/researchoutput/status/published", "Published"),
                    "publicationDate": dict(zip(("year", "month", "day"), told.published, strict=False)),
                }
            ],
            "contributors": [_contributor(each, told.number, at) for at, each in enumerate(told.contributors)],
            "electronicVersions": [_doi(each, at) for at, each in enumerate(told.dois)],
            "links": [link_body(each, told.number, at) for at, each in enumerate(told.links)],
            "identifiers": [
                {"typeDiscriminator": "Id", "idSource": source, "value": value} for source, value in told.identifiers
            ],
        }
        | _some(
            subTitle={"value": told.subtitle} if told.subtitle else None,
            visibility=_visibility(told.visibility),
            workflow=_workflow(told.workflow),
            customDefinedFields={name: {"typeDiscriminator": "String", "value": value} for name, value in told.custom}
            or None,
        )
        | _of_template(told, template)
    )


def person_body(told: Person) -> Body:
    """One person."""
    known = {"firstName": told.known_as, "lastName": told.last_name}
    lists = {
        name: [_association(each, told.number, at) for at, each in enumerate(told.associations) if each.kind == kind]
        for kind, name in ASSOCIATIONS.items()
    }
    return (
        _stamped(told, "persons")
        | {"systemName": "Person", "name": {"firstName": told.first_name, "lastName": told.last_name}}
        | {name: listed for name, listed in lists.items() if listed}
        | _some(
            names=[{"name": known, "type": classification("/dk/atira/pure/person/names/knownas", "Known as name")}]
            if told.known_as
            else None,
            orcid=told.orcid or None,
            orcidAuthenticated=told.confirmed if told.orcid else None,
            employeeEndDate=_day(told.employed_until),
            retirementDate=_day(told.retired),
            visibility=_visibility(told.visibility),
            workflow=_workflow(told.workflow),
        )
    )


def unit_body(told: Unit) -> Body:
    """One organisation."""
    return (
        _stamped(told, "organisations")
        | {
            "systemName": "Organization",
            "name": {"en_GB": told.name},
            "type": classification("/dk/atira/pure/organisation/organisationtypes/organisation/department", "Unit"),
            "lifecycle": {"startDate": "1990-01-01"},
            "parents": [ref("Organization", made("unit", each)) for each in told.parents],
        }
        | _some(visibility=_visibility(told.visibility))
    )


def link_body(told: Link, number: int, at: int) -> Body:
    """One link of an output."""
    own: Body = {"pureId": 3_000_000 + 100 * number + at, "url": told.url, "linkType": classification(told.type, "A")}
    return own | _some(alias=told.alias or None)


def listing(items: Iterable[Body], count: int, offset: int, size: int) -> Body:
    """A page of a listing."""
    return {"count": count, "pageInformation": {"offset": offset, "size": size}, "items": list(items)}


def problem(status: int, title: str, detail: str = "", **more: str) -> Body:
    """An error, as RFC 7807 has it."""
    return {"type": "/error", "title": title, "status": status, "detail": detail or title} | more


def classification(uri: str, term: str) -> Body:
    """A value of a classification."""
    return {"uri": uri, "term": {"en_GB": term}}


def ref(system: str, uuid: str) -> Body:
    """A reference to other content."""
    return {"systemName": system, "uuid": uuid}


def _stamped(told: Output | Person | Unit, place: str) -> Body:
    stamped: Body = {
        "pureId": told.number,
        "uuid": told.uuid,
        "createdBy": "root",
        "createdDate": stamp(told.created),
        "modifiedBy": "root",
        "modifiedDate": stamp(told.modified),
        "portalUrl": f"{PORTAL}/{place}/{told.uuid}",
        "version": f"v{told.version}",
    }
    return stamped | ({"previousUuids": list(told.previous)} if told.previous else {})


def stamp(when: datetime) -> str:
    """A time as Pure writes it."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _of_template(told: Output, template: str) -> Body:
    if template == "ContributionToJournal":
        return {
            "journalAssociation": {
                "title": {"pureId": 11, "title": "Journal of Examples"},
                "issn": {"pureId": 12, "issn": "2049-3630"},
                "journal": ref("Journal", made("journal", 1)),
            }
        }
    host: Body = (
        {"hostPublicationTitle": {"value": "Harbours of the World"}}
        if template == "ContributionToBookAnthology"
        else {}
    )
    return host | ({"printISBNs": list(told.isbns)} if told.isbns else {})


def _contributor(told: Contributor, output: int, at: int) -> Body:
    own: Body = {"pureId": 5_000_000 + 100 * output + at, "name": {"firstName": "A.", "lastName": "Example"}}
    own["role"] = classification("/dk/atira/pure/researchoutput/roles/author", "Author")
    own |= _some(associationHidden=told.association_hidden, hidden=told.hidden)
    if told.person is None:
        person = ref("ExternalPerson", made("external", at))
        return own | {"typeDiscriminator": "ExternalContributorAssociation", "externalPerson": person}
    person = ref("Person", made("person", told.person))
    return own | {"typeDiscriminator": "InternalContributorAssociation", "person": person}


def _doi(told: Doi, at: int) -> Body:
    return {
        "typeDiscriminator": "DoiElectronicVersion",
        "pureId": 6_000_000 + at,
        "doi": told.value,
        "versionType": classification(VERSIONS + told.version, "A version"),
        "accessType": classification("/dk/atira/pure/core/openaccesspermission/open", "Open"),
    }


def _association(told: Association, number: int, at: int) -> Body:
    kinds = {
        "staff": "StaffOrganizationAssociation",
        "student": "StudentOrganizationAssociation",
        "honoraryStaff": "HonoraryStaffOrganizationAssociation",
        "visitingScholar": "VisitingScholarOrganizationAssociation",
    }
    own: Body = {
        "typeDiscriminator": kinds[told.kind],
        "pureId": 4_000_000 + 100 * number + at,
        "organization": ref("Organization", made("unit", told.unit)),
        "period": _some(startDate=_day(told.start), endDate=_day(told.end)),
    }
    email = {"value": told.email, "type": classification("/dk/atira/pure/person/personemailtype/email", "Email")}
    staff = told.kind == "staff" and told.staff_type
    return own | _some(
        emails=[email] if told.email else None, staffType=classification(told.staff_type, "Staff") if staff else None
    )


def _visibility(key: str | None) -> Body | None:
    return None if key is None else {"key": key, "description": {"en_GB": "As it says"}}


def _workflow(step: str | None) -> Body | None:
    return None if step is None else {"step": step, "description": {"en_GB": "As it says"}}


def _day(told: date | None) -> str | None:
    return told.isoformat() if told else None


def _some(**told: object) -> Body:
    return {name: value for name, value in told.items() if value is not None}
