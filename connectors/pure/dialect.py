"""The two APIs of Pure told as data: what each calls the same things, and where they are.

The current one (`/ws/api`, read and written, versioned by the release of Pure) spells `Organization`; the legacy one
(`/ws/api/5xx`, read only, ended at 524) spells `Organisation`, and wraps its texts.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.errors import NotUnderstood

OUTPUTS, PERSONS = "/research-outputs", "/persons"
MODIFIED, CREATED = ("modified", "modifieddate"), ("created", "createddate")  # ids of orderings, however they are cased


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """`unit` and `contributors` are where a record names its department and its contributors, `step` its workflow step;
    `spelling` is how associations with departments are spelt. `tells_hidden`: every contributor says whether the link
    is hidden; where not, an absent flag means what the administrator assumes."""

    name: str
    organizations: str
    spelling: str
    unit: str
    contributors: str
    step: str
    names: str
    isbns: tuple[str, ...]
    tells_hidden: bool
    writes: bool

    def associations(self, kind: str) -> str:
        """The name of the list of associations of a kind: `staff`, `student`, `honoraryStaff`, `visitingScholar`."""
        return f"{kind}{self.spelling}Associations"


CURRENT = Dialect(
    name="current",
    organizations="/organizations",
    spelling="Organization",
    unit="organization",
    contributors="contributors",
    step="step",
    names="names",
    isbns=("printISBNs", "electronicISBNs"),
    tells_hidden=True,
    writes=True,
)
LEGACY = Dialect(
    name="legacy",
    organizations="/organisational-units",
    spelling="Organisation",
    unit="organisationalUnit",
    contributors="personAssociations",
    step="workflowStep",
    names="nameVariants",
    isbns=("isbns", "electronicIsbns"),
    tells_hidden=False,
    writes=False,
)


def dialect(url: str) -> Dialect:
    """Which API an address leads to: `/ws/api/524` and the like to the legacy one."""
    path = urlsplit(url).path.rstrip("/")
    if re.search(r"/5\d\d$", path):
        return LEGACY
    if re.search(r"/\d+$", path):
        raise NotUnderstood(
            f"{path}: no version of the API that is known; set url to one that ends with /ws/api or /ws/api/524"
        )
    return CURRENT
