"""What members see below `/internal`: the pages and files of the audience `internal`, for nobody else."""

import json
from collections.abc import Iterator
from html import escape

import pytest
from conftest import House
from console_visitor import Somebody, signed_in
from served import Served, serving

PLACES = ("", "/", "/search", "/search.json", "/groups", "/share", "/outputs/{output}", "/api/search.json")


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("members") / "house")


@pytest.fixture(scope="module")
def served(home: House) -> Iterator[Served]:
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def inside(home: House) -> dict[str, str]:
    """An output that members see and the public does not."""
    public = {row["output"] for row in home.rows("public")}
    return next(row for row in home.rows("internal") if row["output"] not in public and row["score"])


@pytest.fixture(scope="module")
def member(served: Served, home: House) -> Somebody:
    return signed_in(served, home, role="editor", name="mel")


@pytest.mark.parametrize("place", PLACES)
def test_who_is_not_signed_in_is_told_the_same_of_everything(
    place: str, served: Served, inside: dict[str, str]
) -> None:
    there = served.get("/internal" + place.format(output=inside["output"]))
    nowhere = served.get("/internal" + place.format(output="1"))

    assert there.status == (401 if place.startswith("/api") else 303)
    assert there.header("cache-control") == "private, no-store"
    assert there.body == nowhere.body
    assert inside["title"] not in there.text


def test_members_see_what_is_internal_and_their_answers_are_kept_nowhere(
    served: Served, member: Somebody, inside: dict[str, str]
) -> None:
    path = f"/outputs/{inside['output']}"

    page = served.get(f"/internal{path}", cookie=member.cookie)

    assert served.get(path, cookie=member.cookie).status == 404
    assert page.status == 200
    assert escape(inside["title"]) in page.text
    assert page.header("cache-control") == "private, no-store"
    assert not {"etag", "access-control-allow-origin", "link"} & {name for name, _ in page.headers}
    assert page.header("cross-origin-resource-policy") == "same-origin"


def test_members_search_the_index_of_their_own(served: Served, member: Somebody, home: House) -> None:
    found = json.loads(served.get("/internal/api/search.json", cookie=member.cookie).body)

    assert found["count"] == len(home.rows("internal")) > json.loads(served.get("/search.json").body)["count"]
    data = served.get("/internal/api/search.csv", cookie=member.cookie)
    assert data.header("cache-control") == "private, no-store"
    assert not data.header("access-control-allow-origin")


def test_the_badge_in_a_list_of_members_is_theirs(served: Served, member: Somebody, inside: dict[str, str]) -> None:
    coin = f"/badge/output/{inside['output']}.svg"

    assert served.get(f"/internal{coin}", cookie=member.cookie).status == 200
    assert served.get(f"/internal{coin}").status == 303
    assert served.get(coin, cookie=member.cookie).status == 404


def test_there_are_no_feeds_and_no_pages_for_programs_inside(served: Served, member: Somebody) -> None:
    for path in ("/internal/search.atom", "/internal/api/search", "/internal/api/search.atom", "/%69nternal/search"):
        assert served.get(path, cookie=member.cookie).status == 404, path


def test_links_of_members_pages_stay_inside_and_offer_nothing_to_pass_on(
    served: Served, member: Somebody, inside: dict[str, str]
) -> None:
    page = served.get(f"/internal/outputs/{inside['output']}", cookie=member.cookie).text

    assert 'href="/internal/search"' in page
    assert "For members only." in page
    assert not [word for word in ("ringmark-embed", "/watch?", "/report", "ld+json", ".atom") if word in page]
