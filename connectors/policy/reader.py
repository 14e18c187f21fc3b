"""Run as a process of its own, which reads one PDF from its input and writes its words, links and metadata as JSON.

A PDF can be made so that reading it takes any time and any memory: each library for it has had such faults, and will
have others. So the process has limits that it cannot lift, no environment, and nothing of ours but this file.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

SECONDS = 20  # of the processor
MEMORY = 1024**3
MOST_PAGES = 1000
MOST_LETTERS = 4_000_000  # of all pages
MOST_LINKS = 5000


def main() -> None:
    """Raises, or is killed, where the PDF cannot be read within the limits."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    letters, links = MOST_LETTERS, MOST_LINKS
    pages = []
    for number in range(min(len(reader.pages), MOST_PAGES)):
        page = _page(reader, number)
        page = {"text": page["text"][:letters], "links": page["links"][:links]}
        letters, links = letters - len(page["text"]), links - len(page["links"])
        pages.append(page)
    sys.stdout.write(json.dumps({"pages": pages, "info": _info(reader), "xmp": _xmp(reader)}))


def _page(reader: Any, number: int) -> dict[str, Any]:
    """A page that is broken says nothing, and the others do."""
    try:
        page = reader.pages[number]
        return {"text": str(page.extract_text()), "links": list(_links(page))}
    except Exception:  # whatever a broken page makes the library raise
        return {"text": "", "links": []}


def _links(page: Any) -> Any:
    for each in (page.get("/Annots") or [])[:MOST_LINKS]:
        action = each.get_object().get("/A")
        address = action.get_object().get("/URI") if action is not None else None
        if isinstance(address, str):
            yield address[:2000]


def _info(reader: Any) -> dict[str, str]:
    try:
        return {str(name): str(told)[:2000] for name, told in list((reader.metadata or {}).items())[:50]}
    except Exception:  # as above
        return {}


def _xmp(reader: Any) -> str:
    try:
        stream = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
        return bytes(stream[:500_000]).decode("utf-8", "replace")
    except Exception:  # as above: most have none
        return ""


if __name__ == "__main__":
    main()
