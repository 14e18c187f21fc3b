"""Rule sets in the console."""

from collections.abc import Iterator

import pytest
from conftest import House
from console_visitor import Somebody, signed_in, words
from served import Served, serving


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("console") / "house")


@pytest.fixture(scope="module")
def served(home: House) -> Iterator[Served]:
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def ada(served: Served, home: House) -> Somebody:
    return signed_in(served, home)


def test_x(ada):
    for p in (
        "/score",
        "/rules",
        "/rules/ringmark-2026",
        "/rules/published-2020/compare",
        "/rules/published-2020/compare/scores",
        "/rules/published-2020/use",
    ):
        r = ada.get(p)
        assert r.status == 200, (p, r.text)
        print(words(r)[:1500])
    r = ada.post("/rules/ringmark-2026/copy", new="mine")
    assert r.status == 303
    r = ada.get("/rules/mine/edit")
    assert r.status == 200
    print(words(r)[:3000])
    assert 0
