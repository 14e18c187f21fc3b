"""Text comes out of bytes as browsers take it out, and says so where the page lied."""

import codecs
from collections.abc import Iterator

import pytest
from abroad_places import read, reader
from hypothesis import given
from hypothesis import strategies as st

from connectors.abroad import text_of
from connectors.abroad.texts import ENCODINGS, encoding_of
from sandbox.web import Page, PracticeWeb, practice_web
from sandbox.web.traps import LIES, UMLAUTS

LABELS = {  # of the Encoding Standard, a few of each
    "utf-8": "utf-8", "UTF8": "utf-8", "unicode-1-1-utf-8": "utf-8", "latin1": "cp1252", "ISO-8859-1": "cp1252",
    "us-ascii": "cp1252", "windows-1252": "cp1252", "iso-8859-2": "iso8859-2", "iso8859-15": "iso8859-15",
    "ISO-8859-9": "cp1254", "windows-1251": "cp1251", "koi8-r": "koi8-r", "koi8-u": "koi8-u", "macintosh": "mac-roman",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
    "euc-jp": "euc_jp", "shift_jis": "cp932", "iso-2022-jp": "iso2022_jp", "euc-kr": "cp949", "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "ibm866": "cp866",
}  # fmt: skip


@pytest.fixture
def web() -> Iterator[PracticeWeb]:
    with practice_web() as web:
        web.put_all(LIES)
        yield web


@pytest.mark.parametrize(
    ("path", "encoding", "doubt"),
    [
        ("header-wins", "utf-8", ""),
        ("bom-wins", "utf-8", ""),
        ("utf-16", "utf-16-le", ""),
        ("meta", "cp1252", ""),
        ("http-equiv", "cp1252", ""),
        ("xml", "cp1252", ""),
        ("silent", "cp1252", "it names no encoding, and is not UTF-8"),
        ("no-such", "utf-8", "its header names an encoding that no page is written in"),
        ("hex", "utf-8", "its header names an encoding that no page is written in"),
    ],
)
def test_bom_header_and_page_decide_in_this_order(path: str, encoding: str, doubt: str, web: PracticeWeb) -> None:
    with reader(web) as abroad:
        told = read(abroad, web.url(f"/charset/{path}"))

    text = told.text()
    assert (told.encoding, text.encoding, text.doubt) == (encoding, encoding, doubt)
    assert UMLAUTS in text.text
    assert not text.text.startswith("\ufeff")


@pytest.mark.parametrize(
    ("path", "text", "doubt"),
    [
        (
            "not-utf-8",
            "<p>Z\ufffdrich: na\ufffdve \ufffdbersetzung",
            "it is not utf-8, as it is said to be; replaced: 3",
        ),
        ("not-latin-1", "<p>ZÃ¼rich: naÃ¯ve Ãœbersetzung", "it is said to be cp1252, and could be UTF-8"),
        ("nul", "<p>ab", "it holds NUL, as no text does"),
    ],
)
def test_a_page_that_lies_is_read_as_it_says_with_a_doubt(path: str, text: str, doubt: str) -> None:
    page = LIES[f"/charset/{path}"]

    told = text_of(page.body, page.kind)

    assert (told.text, told.doubt) == (text, doubt)


def test_no_bytes_become_markup_by_an_encoding_that_browsers_have_dropped() -> None:
    page = LIES["/charset/utf-7"]

    assert "<" not in text_of(page.body, page.kind).text


@pytest.mark.parametrize(("label", "encoding"), LABELS.items())
def test_labels_mean_what_the_encoding_standard_says(label: str, encoding: str) -> None:
    plain = label if label != "unicode-1-1-utf-8" else "utf-8"  # which Python does not know, and is UTF-8 without it

    assert encoding_of(b"<p>x", f'text/html; charset="{plain}"')[0] == encoding
    if not encoding.startswith("utf-16"):
        assert encoding_of(f"<meta charset={plain}>".encode(), "text/html")[0] == encoding


def test_a_page_that_calls_itself_utf_16_in_single_bytes_is_utf_8() -> None:
    assert text_of('<meta charset="utf-16">ü'.encode(), "text/html").text.endswith("ü")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_xml_without_a_bom_shows_that_it_is_written_in_pairs_of_bytes(encoding: str) -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><a>ü</a>'.encode(encoding)

    assert text_of(body, "application/xml").text.endswith("<a>ü</a>")


def test_every_encoding_is_one_that_python_knows_by_this_name() -> None:
    assert [name for name in ENCODINGS if codecs.lookup(name).name != name] == []


@pytest.mark.parametrize(
    ("kind", "media", "encoding"),
    [
        ("Text/HTML; Charset=UTF-8", "text/html", "utf-8"),
        ("application/atom+xml", "application/atom+xml", "utf-8"),
        ("application/json", "application/json", "utf-8"),
        ("application/pdf", "application/pdf", ""),
        ("image/png", "image/png", ""),
        ("", "", "utf-8"),
        ("nonsense", "", "utf-8"),
        ("text/html, text/plain", "", "utf-8"),
    ],
)
def test_only_what_is_text_has_an_encoding(kind: str, media: str, encoding: str, web: PracticeWeb) -> None:
    web.put("/page", Page(b"x", kind))

    with reader(web) as abroad:
        told = read(abroad, web.url("/page"))

    assert (told.media, told.encoding) == (media, encoding)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")),
    st.sampled_from(["utf-8", "utf-16-le"]),
)
def test_what_was_written_honestly_is_read_as_it_was_written(text: str, encoding: str) -> None:
    told = text_of(text.encode(encoding), f"text/plain; charset={encoding}")

    assert (told.text, told.doubt) == (text, "")


HEADERS = st.text(max_size=40) | st.sampled_from([*sorted(ENCODINGS), "hex", "idna", "punycode", "undefined"]).map(
    "text/html; charset={}".format
)


@given(st.binary(max_size=300) | st.binary(max_size=20).map(lambda b: b'<meta charset="' + b + b'">'), HEADERS)
def test_no_bytes_and_no_header_are_too_odd(body: bytes, header: str) -> None:
    told = text_of(body, header)

    assert "\0" not in told.text
    assert told.text.encode().decode() == told.text
    assert told.encoding == encoding_of(body, header)[0]
