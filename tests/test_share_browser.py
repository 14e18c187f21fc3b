"""Share of voice in a real browser, without script: it fits, it is reached by keyboard, and its pictures are drawn."""

from collections.abc import Iterator

import pytest
from browser import Watched, chromium
from playwright.sync_api import Browser, Page
from served import Served, serving
from shared_voices import address, numbers, spoken_of

EVERYBODY = ("Geology", "Chemistry")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(spoken_of(tmp_path_factory.mktemp("spoken")).folder) as found:
        yield found


@pytest.fixture(scope="module")
def compared(served: Served) -> str:
    """All the public groups side by side."""
    return served.public + address("/share", *numbers(served).values())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose browser runs no script of a page."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("width", "colours"),
    [(320, {"color_scheme": "dark"}), (320, {"forced_colors": "active"}), (640, {}), (1200, {"color_scheme": "light"})],
)
def test_the_page_fits_its_window_and_is_refused_nothing(
    browser: Browser, served: Served, compared: str, width: int, colours: dict[str, str]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, **colours)  # type: ignore[arg-type]
    for url in (compared, f"{served.public}/share?between=searches", f"{served.public}/share?between=tv"):
        watched = Watched(context.new_page())
        watched.page.goto(url)

        assert watched.overflow() == 0
        assert [each for each in watched.complaints if "400" not in each] == []
        assert all(each.startswith(served.public) for each in watched.asked)
    context.close()


def test_two_groups_are_chosen_and_compared_by_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(f"{served.public}/share")
    ticked, outlines = set(), []
    while page.locator(":focus").evaluate_all("all => all.map(each => each.textContent)") != ["Compare"]:
        page.keyboard.press("Tab")
        label = page.locator("label:has(:focus) bdi").all_inner_texts()
        if label and label[0] in EVERYBODY:
            page.keyboard.press("Space")
            ticked.add(label[0])
        outlines.append(page.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What to compare").wait_for()

    assert ticked == set(EVERYBODY)
    assert "none" not in outlines
    assert page.locator(".share-sides bdi").all_inner_texts() == sorted(EVERYBODY)
    assert all(page.get_by_label(name).is_checked() for name in EVERYBODY)


def test_a_side_is_told_by_its_letter_and_its_pattern_in_the_columns_the_list_and_the_table(
    page: Page, compared: str
) -> None:
    page.goto(compared)

    filled = {each.get_attribute("fill") for each in page.locator(".share-columns .part").all()}
    letters = page.locator(".share-sides .share-swatch text").all_text_contents()
    assert letters == ["A", "B", "C", "D"]
    assert filled == {f"url(#side-{place})" for place in range(4)}
    assert set(page.locator(".share-columns text").all_text_contents()) <= set(letters)
    for text in page.locator("thead .share-swatch text").all_text_contents():
        assert text in letters


def test_a_table_holds_what_the_picture_shows_with_heads_for_rows_and_columns(page: Page, compared: str) -> None:
    page.goto(compared)

    table = page.get_by_role("table", name="By time, the latest first")
    assert table.get_by_role("rowheader").count() == 7
    assert table.get_by_role("columnheader").count() == 6
    assert page.locator(".share-figure svg:not([aria-hidden])").count() == 0
