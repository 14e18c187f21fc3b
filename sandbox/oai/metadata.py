"""Metadata of practice records: unqualified Dublin Core, as the protocol asks of every provider."""

from xml.sax.saxutils import escape

from sandbox.markup import clean

OPEN = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)


def dublin_core(*elements: tuple[str, str]) -> str:
    """`oai_dc` with the elements in their order: `dublin_core(("title", "Tide tables"), ("date", "2026"))`."""
    inside = "".join(f"<dc:{name}>{escape(clean(value))}</dc:{name}>" for name, value in elements)
    return f"{OPEN}{inside}</oai_dc:dc>"
