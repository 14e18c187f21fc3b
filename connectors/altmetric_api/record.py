"""What is taken of a full record: what `import` takes of the same in a file, as an answer to a question."""

import json
from dataclasses import replace
from hashlib import sha256

from connectors.altmetric import record
from connectors.attention import Evidence
from connectors.counted import Counted
from connectors.documents import Document, part, text
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier, normalise
from connectors.records import Aside, Heard
from connectors.texts import LONGEST_EXCERPT, readable_key

EXTRACTOR = "altmetric-api-1"


def heard(told: Document, asked: Identifier) -> Heard | None:
    """What it says of what was asked about; None for nothing, or where it is a record of something else."""
    if not ("counts" in told or "posts" in told):
        raise NotUnderstood("no full record; has the key a right to them?")
    doi = part(told, "citation").get("doi") or told.get("doi")
    if normalise("doi", text(doi, most=2000)) != asked:
        return None
    found = list(record(told, "the record"))
    lost = [each.reason for each in found if isinstance(each, Aside) and not each.stored]
    counted = next((each for each in found if isinstance(each, Counted)), None)
    if lost or counted is None:
        raise NotUnderstood(f"a record with {len(lost)} entries that cannot be read")
    evidence = (_evidence(told, asked),)
    mentions = {
        each.key: replace(each, targets=(asked,), evidence=evidence, method="told by the source", place="")
        for each in counted.mentions
    }
    units = {source: number for source, number in counted.units.items() if number}
    return Heard(asked=asked, mentions=tuple(mentions.values()), units=units) if mentions or units else None


def _evidence(told: Document, asked: Identifier) -> Evidence:
    """That its posts speak of it is what Altmetric says, which has read them."""
    id_ = told.get("altmetric_id")
    number = id_ if type(id_) is int else text(id_, most=40)
    said = f"record {number} is of {asked.value}" if number and readable_key(str(number)) else asked.value
    return Evidence(
        identifier=asked,
        method="altmetric-record",
        level="lookup",
        excerpt=text(said, most=LONGEST_EXCERPT),
        digest=sha256(json.dumps(part(told, "citation"), sort_keys=True).encode(errors="surrogatepass")).hexdigest(),
        extractor=EXTRACTOR,
    )
