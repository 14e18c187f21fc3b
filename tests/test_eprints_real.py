"""Real records of EPrints 3.3 and 3.4, read; what is expected comes from XPath, not from our reading."""

from pathlib import Path

from eprints_source import EP3, PUBLIC
from lxml import etree

from connectors.eprints.items import item

SPACES = {"e": EP3}


def records(folder: Path) -> list[etree._Element]:
    files = sorted((folder / "repositories" / "eprints").glob("caltech_test_eprint*.xml"))
    recorded = (folder / "repositories" / "eprints" / "recorded-here" / "rest_eprint.xml.txt").read_bytes()
    bodies = [file.read_bytes() for file in files] + [recorded.replace(b"\r\n", b"\n").partition(b"\n\n")[2]]
    return [etree.fromstring(body).find("e:eprint", SPACES) for body in bodies]


def test_real_records_are_read_whole(shared_data: Path) -> None:
    found = records(shared_data)
    assert len(found) == 4
    for eprint in found:
        told = {
            name: eprint.findtext(f"e:{name}", "", SPACES) for name in ("eprintid", "title", "doi", "id_number", "date")
        }
        one = item(told["eprintid"], eprint, ("doi",))
        dois = [text.lower() for text in (told["doi"], told["id_number"]) if text.startswith("10.")]

        assert (one.visibility, one.doubts, one.unread) == (PUBLIC, (), False)
        assert one.title == " ".join(told["title"].split())
        assert [each.value for each in one.identifiers if each.scheme == "doi"] == dois
        assert one.other_dois == ()
        assert one.published == told["date"]
        assert one.identifiers[-1].scheme == "url"
        assert dict(one.raw) == {
            name: eprint.findtext(f"e:{name}", "", SPACES)
            for name in ("eprint_status", "metadata_visibility", "full_text_status")
        }


def test_no_name_of_an_author_is_in_what_is_told(shared_data: Path) -> None:
    for eprint in records(shared_data):
        one = item(eprint.findtext("e:eprintid", "", SPACES), eprint, ("doi",))
        family = eprint.xpath("e:creators//e:family/text()", namespaces=SPACES)

        assert family
        assert not [name for name in family if name in repr(one).replace(repr(one.title), "")]
