"""When something was published, and the ISSNs of what it is in: read in one way, whatever system tells of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.published import issns, on, written


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2021", "2021"),
        ("2021-02", "2021-02"),
        ("2021-02-28", "2021-02-28"),
        ("2021-02-31", "2021-02"),
        ("2021-13-01", "2021"),
        ("2021-02-28T23:59:59Z", "2021-02-28"),
        (" 2021-02-28 and later", "2021-02-28"),
        ("2019-2020", "2019"),
        ("2019/2020", "2019"),
        ("20210228", ""),
        ("0021-02-28", ""),
        ("in press", ""),
        ("", ""),
    ],
)
def test_of_a_date_as_much_is_kept_as_is_on_the_calendar(told: str, kept: str) -> None:
    assert written(told) == kept


@pytest.mark.parametrize(
    ("parts", "kept"), [((2021, 2, 31), "2021-02"), ((2021, 0, 5), "2021"), ((2021,), "2021"), ((99999,), "")]
)
def test_a_date_in_parts_is_kept_alike(parts: tuple[int, ...], kept: str) -> None:
    assert on(*parts) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1234-5678", ("1234-5678",)),
        ("1234567x", ("1234-567X",)),
        ("1234-5678 (print)", ("1234-5678",)),
        ("ISSN: 1234-5678 (print); eISSN 2049-3630 (online)", ("1234-5678", "2049-3630")),
        ("urn:issn:1234-5678", ("1234-5678",)),
        ("1234-5678/2049-3630, 1234-5678", ("1234-5678", "2049-3630")),
        ("Annals, 12 (3). pp. 1023-1034", ()),
        ("pp. 1023-1034", ()),
        ("978-1234-5678-9", ()),
        ("1234-56789", ()),
        ("1234-5678 print", ()),
        ("none", ()),
        ("", ()),
    ],
)
def test_a_text_that_is_issns_and_nothing_else_tells_them(text: str, found: tuple[str, ...]) -> None:
    assert issns([text]) == found


def test_each_issn_is_told_once_in_the_order_of_the_texts() -> None:
    assert issns(["2049-3630", "n/a", "1234-5678", "20493630 (online)"]) == ("2049-3630", "1234-5678")


@given(st.lists(st.text(alphabet="0123456789Xx-( )/,;isnpe:")))
def test_whatever_is_told_an_issn_has_its_shape(texts: list[str]) -> None:
    assert all(len(each) == 9 and each[4] == "-" and each[:4].isdigit() for each in issns(texts))
