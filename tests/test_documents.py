"""Single values of documents that a source answers with: what is not as it should be is empty, and never raises."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import listed, objects, part, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)


def test_an_object_is_found_inside_of_others_and_is_empty_where_it_is_missing() -> None:
    told = {"a": {"b": {"c": 1}, "d": [1]}}

    assert part(told, "a", "b") == {"c": 1}
    assert part(told, "a", "d") == part(told, "x", "b") == part(told, "a", "b", "c") == part(None) == {}


def test_of_a_list_that_is_none_nothing_is_taken_nor_what_is_no_object() -> None:
    assert objects([{"a": 1}, 2, None, {"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert objects({"a": 1}) == listed("ab") == listed(None) == []


def test_a_text_stands_on_one_line_and_is_cut_where_that_is_asked_for() -> None:
    assert text(" Tide\n tables ") == "Tide tables"
    assert text("Tide tables", most=4) == "Tide"
    assert text(7) == text(None) == text(["Tide"]) == ""


@given(JSON)
def test_whatever_is_told_has_the_type_that_is_asked_for(told: object) -> None:
    assert isinstance(part(told, "a"), dict)
    assert isinstance(listed(told), list)
    assert all(isinstance(each, dict) for each in objects(told))
    assert "\n" not in text(told)
