"""Where each metadata format says what: data alone, the richest format first.

Paths lead from the root of the metadata to elements, or with `@` at the end to an attribute; `*:` is any namespace.
`perhaps` are places where some systems write the output's own DOI and others that of a related work: it is kept for an
administrator, and never joins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "datacite": "http://datacite.org/schema/kernel-4",
    "mods": "http://www.loc.gov/mods/v3",
    "ali": "http://ali.niso.org/2014/ali/1.0",
}
VERSION_OF_RECORD = "c_970fb48d4fbd8a85"  # of the COAR vocabulary of versions
COAR_VERSION = tuple(f"{scheme}://purl.org/coar/version/{VERSION_OF_RECORD}" for scheme in ("https", "http"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """One format. `roots` are the local names of what an output is told as, within one of `namespaces`; `others` those
    of what is no output. `dois` hold the DOI that counts, and `of_record` one that does where it is of the same type.
    `identifiers` are of the scheme that the name of the element, one of the attributes `schemes`, or the text itself
    says. `versions` lead to identifiers of other versions, by the word of the relation. `access` are the statements of
    who may see what, for `raw`: they are about files, and decide nothing."""

    name: str
    namespaces: tuple[str, ...]
    roots: tuple[str, ...]
    others: tuple[str, ...] = ()
    titles: tuple[str, ...]
    types: tuple[str, ...]
    journals: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    dates: tuple[str, ...]
    dois: tuple[str, ...] = ()
    of_record: tuple[str, ...] = ()
    identifiers: tuple[str, ...]
    schemes: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    access: Mapping[str, tuple[str, ...]]


RELATED = "datacite:relatedIdentifiers/datacite:relatedIdentifier[@relationType='{}']"

CROSSWALKS = (
    Crosswalk(
        name="RIOXX 3",
        namespaces=("http://www.rioxx.net/schema/v3.0/rioxx/", "https://www.rioxx.net/schema/v3.0/rioxx/"),
        roots=("rioxx",),
        titles=("dc:title",),
        types=("*:type",),
        issns=("dc:source",),
        dates=("*:publication_date", "dcterms:dateAccepted"),
        dois=("*:version_of_record",),
        of_record=tuple(
            f"*:{name}[@coar_version='{version}']" for name in ("relation", "ext_relation") for version in COAR_VERSION
        ),
        identifiers=("dc:identifier",),
        access={"access_rights": ("*:file/@access_rights",), "rights": ("dc:rights", "dcterms:accessRights")},
    ),
    Crosswalk(
        name="RIOXX 2",
        namespaces=("http://www.rioxx.net/schema/v2.0/rioxx/",),
        roots=("rioxx",),
        titles=("dc:title",),
        types=("*:type",),
        issns=("dc:source",),
        dates=("*:publication_date", "dcterms:dateAccepted"),
        dois=("*:version_of_record",),
        identifiers=("dc:identifier",),
        access={
            "free_to_read": ("ali:free_to_read/@start_date", "ali:free_to_read/@end_date"),
            "license_ref": ("ali:license_ref/@start_date",),
            "rights": ("dc:rights", "dcterms:accessRights"),
        },
    ),
    Crosswalk(
        name="OpenAIRE 4",
        namespaces=("http://namespace.openaire.eu/schema/oaire/",),
        roots=("resource",),
        titles=("datacite:titles/datacite:title",),
        types=("*:resourceType/@uri", "*:resourceType"),
        journals=("*:citationTitle",),
        issns=(RELATED.format("IsPartOf") + "[@relatedIdentifierType='ISSN']",),
        dates=("datacite:dates/datacite:date[@dateType='Issued']",),
        identifiers=("datacite:identifier", "datacite:alternateIdentifiers/datacite:alternateIdentifier"),
        schemes=("identifierType", "alternateIdentifierType"),
        perhaps=(RELATED.format("IsPartOf") + "[@relatedIdentifierType='DOI']",),  # where DSpace puts dc.identifier.doi
        versions={
            "has_version": RELATED.format("HasVersion"),
            "is_version_of": RELATED.format("IsVersionOf"),
            "is_new_version_of": RELATED.format("IsNewVersionOf"),
            "is_previous_version_of": RELATED.format("IsPreviousVersionOf"),
            "has_translation": RELATED.format("HasTranslation"),
            "is_translation_of": RELATED.format("IsTranslationOf"),
        },
        access={
            "rights": ("datacite:rights", "datacite:rights/@rightsURI"),
            "available": ("datacite:dates/datacite:date[@dateType='Available']",),
        },
    ),
    Crosswalk(
        name="MODS",
        namespaces=("http://www.loc.gov/mods/v3",),
        roots=("mods",),
        titles=("mods:titleInfo/mods:title",),
        types=("mods:genre", "mods:typeOfResource"),
        journals=("mods:relatedItem[@type='host']/mods:titleInfo/mods:title",),
        issns=("mods:relatedItem[@type='host']/mods:identifier[@type='issn']", "mods:identifier[@type='issn']"),
        dates=("mods:originInfo/mods:dateIssued", "mods:relatedItem[@type='host']/mods:part/mods:date"),
        identifiers=("mods:identifier",),
        schemes=("type",),
        access={"rights": ("mods:accessCondition",), "embargo": ("*:extension/*:embargo", "*:extension/*:dateEmbargo")},
    ),
    Crosswalk(
        name="Dublin Core",
        namespaces=("http://www.openarchives.org/OAI/2.0/oai_dc/",),
        roots=("dc",),
        titles=("dc:title",),
        types=("dc:type",),
        issns=("dc:source",),
        dates=("dc:date",),
        identifiers=("dc:identifier",),
        perhaps=("dc:relation", "dc:source"),
        access={"rights": ("dc:rights",)},
    ),
    Crosswalk(
        name="UKETD",  # after Dublin Core, since most offer theses alone in it
        namespaces=("http://naca.central.cranfield.ac.uk/ethos-oai/2.0/",),
        roots=("uketddc",),
        titles=("dc:title",),
        types=("dc:type",),
        dates=("dcterms:issued", "dc:date"),
        identifiers=("dc:identifier",),
        access={
            "rights": ("dc:rights", "dcterms:accessRights"),
            "embargo": ("*:embargodate", "*:embargotype"),
        },
    ),
    Crosswalk(
        name="CERIF",  # last, since a provider has in it what its research information system knows of, and people
        namespaces=tuple(f"https://www.openaire.eu/cerif-profile/{version}/" for version in ("1.1", "1.2")),
        roots=("Publication", "Product", "Patent"),
        others=("Person", "OrgUnit", "Project", "Event", "Funding", "Equipment", "Service"),
        titles=("*:Title", "*:Name"),
        types=("*:Type",),
        journals=("*:PublishedIn/*:Publication/*:Title",),
        issns=("*:ISSN", "*:PublishedIn/*:Publication/*:ISSN"),
        dates=("*:PublicationDate",),
        identifiers=("*:DOI", "*:Handle", "*:PMCID", "*:ISBN", "*:URN"),
        access={"access": ("*:Access", "*:FileLocations/*:Medium/*:Access")},
    ),
)

SCHEMES = {  # how formats call what they give an identifier of
    "doi": "doi",
    "handle": "handle",
    "hdl": "handle",
    "pmid": "pmid",
    "pubmed": "pmid",
    "pmcid": "pmcid",
    "pmc": "pmcid",
    "arxiv": "arxiv",
    "isbn": "isbn",
    "urn": "urn",
    "urn:nbn": "urn",
    "ssrn": "ssrn",
    "repec": "repec",
    "bibcode": "ads",
}

TYPES = {  # to the words of Elements: of COAR, the info:eu-repo terms, EPrints, DSpace and MODS, in lower case
    "article": "journal-article",
    "c_18cf": "journal-article",
    "c_2df8fbb1": "journal-article",
    "c_6501": "journal-article",
    "c_7bab": "journal-article",
    "c_beb9": "journal-article",
    "c_dcae04bc": "journal-article",
    "contributiontoperiodical": "journal-article",
    "journal article": "journal-article",
    "journal article/review": "journal-article",
    "review": "journal-article",
    "book": "book",
    "c_2f33": "book",
    "monograph": "book",
    "bookpart": "chapter",
    "book chapter": "chapter",
    "book part": "chapter",
    "book section": "chapter",
    "c_3248": "chapter",
    "c_5794": "conference",
    "c_c94f": "conference",
    "conference item": "conference",
    "conference or workshop item": "conference",
    "conference paper": "conference",
    "conference paper/proceeding/abstract": "conference",
    "conferenceobject": "conference",
    "conferencepaper": "conference",
    "c_6670": "poster",
    "conferenceposter": "poster",
    "poster": "poster",
    "c_ddb1": "dataset",
    "data set": "dataset",
    "dataset": "dataset",
    "c_15cd": "patent",
    "patent": "patent",
    "c_816b": "preprint",
    "preprint": "preprint",
    "c_18gh": "report",
    "c_93fc": "report",
    "report": "report",
    "technical report": "report",
    "c_5ce6": "software",
    "software": "software",
    "bachelorthesis": "thesis-dissertation",
    "c_46ec": "thesis-dissertation",
    "c_7a1f": "thesis-dissertation",
    "c_bdcc": "thesis-dissertation",
    "c_db06": "thesis-dissertation",
    "doctoralthesis": "thesis-dissertation",
    "masterthesis": "thesis-dissertation",
    "studentthesis": "thesis-dissertation",
    "thesis": "thesis-dissertation",
    "thesis or dissertation": "thesis-dissertation",
    "c_8042": "working-paper",
    "working paper": "working-paper",
    "workingpaper": "working-paper",
}
