"""The set of what is looked for: exact, but for addresses that differ in `www.` or a closing slash; and small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.identifiers import Identifier, canonical_url
from connectors.sightings import Tracked, plain
from connectors.sightings.tracked import variants

X = Identifier("doi", "10.5555/x")


def wanted(known: list[Identifier], text: str) -> list[str]:
    return [str(one.identifier) for one in Tracked(known).wanted(plain(text))]


def test_what_was_given_is_in_it_and_nothing_else() -> None:
    tracked = Tracked(Identifier("doi", f"10.5555/{n}") for n in range(1000))

    assert len(tracked) == 1000
    assert all(Identifier("doi", f"10.5555/{n}") in tracked for n in range(1000))
    assert not any(Identifier("doi", f"10.5555/{n}") in tracked for n in range(1000, 100_000))
    assert Identifier("handle", "10.5555/1") not in tracked
    assert X not in Tracked([])


@given(st.lists(st.builds(Identifier, st.sampled_from(["doi", "url"]), st.text(max_size=3))), st.text(max_size=3))
def test_it_says_what_a_set_says(known: list[Identifier], value: str) -> None:
    tracked = Tracked(known)

    assert all(one in tracked for one in known)
    assert (Identifier("doi", value) in tracked) == (Identifier("doi", value) in set(known))


def test_of_sightings_those_are_wanted_that_are_looked_for() -> None:
    text = "10.5555/x and 10.5555/y, https://doi.org/10.5555/X, PMID 1"

    assert wanted([X, Identifier("pmid", "2")], text) == ["doi:10.5555/x", "doi:10.5555/x"]


@pytest.mark.parametrize("known", ["https://www.a.example/b", "https://a.example/b/", "https://a.example/b"])
@pytest.mark.parametrize("seen", ["https://a.example/b", "http://www.a.example/b/", "https://a.example/b/#c"])
def test_an_address_is_wanted_in_the_form_in_which_it_is_known(known: str, seen: str) -> None:
    (found,) = Tracked([Identifier("url", known)]).wanted(plain(seen))

    assert (found.identifier, found.excerpt) == (Identifier("url", known), seen)


def test_where_both_forms_are_known_the_one_that_was_seen_is_wanted() -> None:
    both = [Identifier("url", "https://a.example/b"), Identifier("url", "https://a.example/b/")]

    assert wanted(both, "https://a.example/b/") == ["url:https://a.example/b/"]


@pytest.mark.parametrize(
    ("url", "others"),
    [
        ("https://a.example/", {"https://www.a.example/"}),
        ("https://www.a.example/", {"https://a.example/"}),
        ("https://a.example/b", {"https://www.a.example/b", "https://a.example/b/", "https://www.a.example/b/"}),
        ("https://a.example/b/?c=/", {"https://a.example/b?c=/", "https://www.a.example/b/?c=/",
                                      "https://www.a.example/b?c=/"}),
    ],
)  # fmt: skip
def test_the_variants_of_an_address_are_addresses_in_their_normal_form(url: str, others: set[str]) -> None:
    found = [one.value for one in variants(Identifier("url", url))]

    assert (found[0], set(found[1:])) == (url, others)
    assert all(canonical_url(one) == one for one in found)


def test_other_identifiers_have_no_variants() -> None:
    assert list(variants(X)) == [X]


def test_what_is_in_it_cannot_be_chosen_from_outside() -> None:
    """Every set hashes with a key of its own, so nobody can look for texts that are taken for one of them."""
    assert Tracked([X])._hashes != Tracked([X])._hashes
