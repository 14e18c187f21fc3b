"""Bodies of a data provider, good and bad: a body is read, refused by the protocol's own word, or not understood."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oai_source import PUBLIC

from connectors.errors import ConnectorError, NotUnderstood
from connectors.http import Answer
from connectors.oai.items import item
from connectors.oai_pmh.xml import Body, Refused, read, refusal
from connectors.records import Aside, Gone, Item

HEAD = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
RECORD = (
    "<record><header><identifier>oai:x:{0}</identifier><datestamp>2026-01-01</datestamp></header><metadata>"
    '<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Title {0}</dc:title><dc:identifier>10.5555/{0}</dc:identifier></dc></metadata></record>"
)
PAGE = (
    f"{HEAD}<ListRecords>{''.join(map(RECORD.format, range(4)))}"
    '<resumptionToken completeListSize="9">next</resumptionToken></ListRecords></OAI-PMH>'
)


def answer(body: bytes | str, status: int = 200) -> Answer:
    held = BytesIO(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
    return Answer(status=status, headers={}, url="https://x/oai", path="/oai", body=held, date=None)  # type: ignore[arg-type]


def items(body: bytes | str, status: int = 200) -> list[Item | Gone | Aside]:
    entries = Body(answer(body, status), "ListRecords").entries()
    return [each for element in entries for each in item(read(element, "here"), PUBLIC)]


def test_a_page_has_its_records_its_token_and_its_size() -> None:
    body = Body(answer(PAGE), "ListRecords")
    told = [read(element, "").identifier for element in body.entries()]

    assert told == [f"oai:x:{number}" for number in range(4)]
    assert (body.token, body.total) == ("next", 9)


def test_what_calls_itself_a_record_or_an_error_inside_metadata_is_neither() -> None:
    inside = RECORD.format(99) + '<error xmlns="http://www.openarchives.org/OAI/2.0/" code="badVerb"/>'
    body = PAGE.replace("<dc:title>Title 1</dc:title>", f"<dc:title>Title 1</dc:title>{inside}")
    told = items(body)

    assert [each.key for each in told if isinstance(each, Item)] == [f"oai:x:{number}" for number in range(4)]


def test_a_comment_inside_a_value_does_not_cut_it_short() -> None:
    (found, *_) = items(PAGE.replace("Title 0", "Ti<!-- x -->tle <?y z?>0"))

    assert isinstance(found, Item)
    assert found.title == "Title 0"


@pytest.mark.parametrize("size", ["", "-1", "many", "9" * 40, "1.5", "\u0663"])
def test_a_size_that_is_no_number_is_none(size: str) -> None:
    body = Body(answer(PAGE.replace('"9"', f'"{size}"')), "ListRecords")
    list(body.entries())

    assert body.total is None


@pytest.mark.parametrize("status", [200, 400, 403, 422, 500, 503])
def test_an_error_of_the_protocol_is_known_whatever_the_status(status: int) -> None:
    told = answer(f'{HEAD}<error code="badArgument">x</error><error code="badResumptionToken"/></OAI-PMH>', status)

    found = refusal(told)
    assert isinstance(found, Refused)
    assert found.codes == {"badArgument", "badResumptionToken"}
    told.body.seek(0)
    with pytest.raises(Refused):
        list(Body(told, "ListRecords").entries())


@pytest.mark.parametrize("code", ["", "serviceUnavailable", "10.5555/x", "Secret Title"])
def test_an_error_that_the_protocol_has_not_is_left_to_the_status_and_not_repeated(code: str) -> None:
    told = answer(f'{HEAD}<error code="{code}">Secret Title</error></OAI-PMH>')

    assert refusal(told) is None
    told.body.seek(0)
    with pytest.raises(NotUnderstood) as raised:
        list(Body(told, "ListRecords").entries())
    assert "Secret" not in str(raised.value)


@pytest.mark.parametrize("status", [302, 404, 410, 422])
def test_records_with_a_status_of_failure_are_no_list(status: int) -> None:
    with pytest.raises(NotUnderstood, match=str(status)):
        items(PAGE, status)


BAD = [
    "", " \n", "null", "[1, 2]", "<html><body>Sign in</body></html>", "<!DOCTYPE html><html/>", "<x/>", HEAD,
    '<!DOCTYPE OAI-PMH [<!ENTITY a "b">]>' + PAGE.partition("?>")[2], PAGE[:-1], PAGE[: len(PAGE) // 2],
    PAGE.replace("Title 2", "\x00"), PAGE.replace("Title 2", "\ud800"), PAGE.replace("Title 2", "&nbsp;"),
    PAGE.replace("Title 2", "<a>" * 300 + "</a>" * 300), PAGE.replace("</dc:title>", "</dc:name>", 1),
    PAGE.replace("OAI/2.0/", "OAI/1.1/"), PAGE.replace("UTF-8", "UTF-32"), PAGE.replace("UTF-8", "x-nonsense"),
    PAGE.replace("ListRecords", "ListIdentifiers"), f"{HEAD}</OAI-PMH>",
    PAGE.replace("<record>", '<record a="1" a="2">', 1),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_what_is_no_complete_answer_is_not_understood(body: str) -> None:
    assert refusal(answer(body)) is None
    with pytest.raises(NotUnderstood):
        items(body)


@given(
    start=st.integers(0, len(PAGE)),
    length=st.integers(0, 40),
    inserted=st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b"<record>", b"</record>", b"<header status='deleted'>", b"<error code='badVerb'/>", b"&#0;",
                         b"<resumptionToken/>", b"</ListRecords>", b"<metadata/>", b"<?xml version='1.1'?>", b"]]>"]),
    ),
    status=st.sampled_from([200, 200, 422, 500]),
)  # fmt: skip
def test_no_body_raises_anything_but_that_it_is_not_understood(
    start: int, length: int, inserted: bytes, status: int
) -> None:
    whole = PAGE.encode()
    body = whole[:start] + inserted + whole[start + length :]

    assert isinstance(refusal(answer(body, status)), ConnectorError | None)
    try:
        told = items(body, status)
    except NotUnderstood:
        return
    assert all(isinstance(each, Item | Gone | Aside) for each in told)
