"""The script in a real browser: on pages as repositories make them, under their policies, and without moving them."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import Watched, chromium
from conftest import House
from embed_house import (
    EMBED,
    HIDDEN,
    MANY,
    NOTED,
    SILENT,
    STRICT,
    Sites,
    document,
    names,
    settled,
    shown,
    sites,
    states,
)
from playwright.sync_api import Browser, Page, Route
from served import Served, serving

from badges.scripts import NEWEST, integrity, read, version

EVENTS = """<script>
window.told = [];
for (const whose of ["altmetric", "ringmark"]) for (const what of ["show", "hide"])
  document.addEventListener(`${whose}:${what}`, (event) => told.push([event.type, event.target.id]));
</script>"""
SHIFTS = """<script>
window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => shifts.push(each.value)))
  .observe({ type: "layout-shift", buffered: true });
</script>"""


@pytest.fixture(scope="module")
def served(embedding: House) -> Iterator[Served]:
    with serving(embedding.folder) as found:
        yield found


@pytest.fixture(scope="module")
def other() -> Iterator[Sites]:
    with sites() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


# Switching by one address -------------------------------------------------------------------------------------------

PLATFORMS = {  # as each emits it, rewritten
    "dspace": f'<div class="altmetric-embed" data-badge-popover="bottom" data-badge-type="medium-donut" data-doi="Optional[{NOTED}]" '
    'data-pmid="Optional.empty"></div>',
    "dspace-handle": '<div id="altmetric" class="altmetric-embed" data-badge-type="donut" data-hide-no-mentions="true" '
    'data-handle="http://repo.example/handle/123456789/7"></div>',
    "dspace-angular": f'<ds-item-page-altmetric-field><div _ngcontent-1 class="altmetric-embed ng-star-inserted" '
    f'data-badge-popover="bottom" data-badge-type="donut" data-hide-no-mentions="true" data-doi="https://doi.org/{NOTED}"></div>'
    "</ds-item-page-altmetric-field>",
    "eprints": f'<div id="altmetric_summary_page"><div class="altmetric-embed" data-badge-type="donut" data-badge-details="right" '
    f'data-condensed="true" data-doi="doi:{NOTED}"></div></div>',
    "ojs": f'<div class="item altmetrics"><div class="altmetric-embed" data-badge-popover="right" data-doi="{NOTED}" '
    'data-hide-no-mentions="false" data-link-target="_blank"></div></div>',
    "janeway": f'<h2>Metrics</h2><div data-badge-type="medium-donut" class="altmetric-embed" data-badge-details="right" '
    f'data-hide-no-mentions="true" data-doi="{NOTED}"></div>',
    "islandora": f'<div class="islandora-badges-altmetric"><div class="altmetric-embed" data-badge-type="4" '
    f'data-badge-popover="left" data-doi=" {NOTED} "></div></div>',
    "vivo": '<div class="individual-altmetric-badge"><div class="altmetric-embed" data-badge-popover="right" '
    'data-badge-type="donut" data-hide-no-mentions="true" data-doi="1234567"></div></div>',
    "drupal": f'<div class="field field--altmetric"><span class="altmetric-embed" data-badge-type="1" '
    f'data-doi="{NOTED.replace("/", "%2F")}"></span></div>',
    "al-folio": f'<span class="altmetric-embed" data-badge-type="2" data-badge-popover="right" data-altmetric-id="99999" '
    f'data-doi="{NOTED}" style="display:inline-block"></span>',
    "xml": f'<p><span class="altmetric-embed altmetric-doi-{NOTED} altmetric-badge-type-donut altmetric-badge-popover-left"></span></p>',
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_repository_switches_by_changing_the_address_of_the_script(
    served: Served, other: Sites, browser: Browser, platform: str
) -> None:
    policy = STRICT.format(served.public) + ("; style-src-attr 'unsafe-inline'" if platform == "al-folio" else "")
    html = document(served, PLATFORMS[platform])
    with browser.new_context() as context:
        watched = Watched(context.new_page())
        ended = shown(watched.page, other.put(html, Content_Security_Policy=policy))
        popover = watched.page.locator("[role=tooltip]").count()
        stored = watched.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")

        assert ended == ["shown"]
        assert names(watched.page) == ["Attention score 22, see details"]
        assert popover == ("popover" in PLATFORMS[platform])
        assert watched.complaints == []
        assert {url.partition("/embed")[0] for url in watched.asked[1:]} == {served.public}
        assert (stored, context.cookies()) == ([0, 0, ""], [])


def test_a_badge_leads_to_its_page_and_says_so_to_those_who_do_not_see_it(
    served: Served, other: Sites, page: Page
) -> None:
    shown(page, other.put(document(served, f'<div class="ringmark-embed" data-doi="{NOTED}"></div>')))

    link = page.get_by_role("link", name="Attention score 22, see details")
    assert link.get_attribute("href", timeout=5000).startswith("https://ringmark.example.edu/outputs/")  # type: ignore[union-attr]
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener", None)
    assert page.get_by_role("img").count() == 0


# How an output is named ---------------------------------------------------------------------------------------------

NAMED = (
    f'data-doi="{NOTED}"', f'data-doi="DOI: {NOTED.upper()}"', f'data-doi="https://dx.doi.org/{NOTED}"',
    f'data-doi="Optional[https://doi.org/{NOTED}]"', f'data-doi="{NOTED.replace("/", "%252F")}"', f'data-doi="\n {NOTED}\t"',
    f'data-doi="info:doi/{NOTED}"', 'data-pmid="1234567"', 'data-pmid="PMID: 1234567"', 'data-doi="1234567"',
    'data-pmcid="PMC7654321"', 'data-arxiv-id="2101.00001"', 'data-arxiv-id="arXiv:2101.00001v2"', 'data-handle="123456789/7"',
    'data-handle="hdl:123456789/7"', 'data-handle="https://hdl.handle.net/123456789/7"', 'data-isbn="978-3-16-148410-0"',
    'data-uri="https://repo.example/item/7"', f'data-uri="https://doi.org/{NOTED}"', f'data-ringmark-id="doi:{NOTED}"',
    f'data-doi="null" data-handle="Optional.empty" data-isbn="" data-uri="{NOTED}"',
    'data-doi="10.5555/nowhere" data-pmid="7" data-handle="123456789/7"', f'data-altmetric-id="7" data-doi="{NOTED}"',
    f'data-ringmark-id="10.5555/nowhere {HIDDEN}\n{NOTED}"',
)  # fmt: skip


def test_an_output_is_known_by_every_name_and_in_the_sloppy_forms_of_platforms(
    served: Served, other: Sites, page: Page
) -> None:
    classes = (f"doi-{NOTED}", "pmid-1234567", "handle-123456789/7", f"badge-type-donut altmetric-doi-{NOTED}")
    body = "".join(f'<div class="altmetric-embed" data-badge-type="donut" {each}></div>' for each in NAMED)
    body += "".join(
        f'<div class="{whose}-embed {whose}-{each}"></div>' for each in classes for whose in ("altmetric", "ringmark")
    )
    watched = Watched(page)

    shown(
        page,
        other.put(
            document(
                served,
                body.replace(
                    'class="altmetric-embed altmetric', 'data-badge-type="1" class="altmetric-embed altmetric'
                ),
            )
        ),
    )

    assert [(place, name) for place, name in enumerate(names(page)) if name != "Attention score 22, see details"] == []
    assert len([url for url in watched.asked if "badges.json" in url]) <= 2


@pytest.mark.parametrize(
    "given", ['data-altmetric-id="7"', 'data-doi="10.5555/nowhere"', f'data-doi="{HIDDEN}"', 'data-doi=""', ""]
)
def test_what_is_not_known_gets_the_neutral_picture_and_leads_nowhere(
    served: Served, other: Sites, page: Page, given: str
) -> None:
    ended = shown(page, other.put(document(served, f'<div class="ringmark-embed" {given}></div>')))

    assert ended == ["unknown"]
    assert page.get_by_role("img", name="No attention score is known").count() == 1
    assert page.get_by_role("link").count() == 0


METAS = (
    ("citation_doi", NOTED), ("bepress_citation_doi", f"https://doi.org/{NOTED}"), ("prism.doi", f"doi:{NOTED}"),
    ("DC.identifier", f"https://doi.org/{NOTED}"), ("dc.identifier", "http://hdl.handle.net/123456789/7"),
    ("DC.Identifier", f"doi:{NOTED}"), ("eprints.id_number", NOTED), ("citation_pmid", "1234567"),
    ("citation_arxiv_id", "2101.00001"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "content"), METAS)
def test_an_empty_doi_is_read_from_the_tags_of_the_page(
    served: Served, other: Sites, page: Page, name: str, content: str
) -> None:
    head = f'<meta name="DC.identifier" content="1234-shelf"><meta name="{name}" content="{content}">'
    body = '<div class="ringmark-embed" data-doi=""></div><div class="ringmark-embed" data-doi="10.5555/nowhere"></div>'

    assert shown(page, other.put(document(served, body, head))) == ["shown", "unknown"]


# What is shown, and what is not -------------------------------------------------------------------------------------


def test_badges_without_mentions_or_with_few_points_are_hidden_where_that_is_wished(
    served: Served, other: Sites, page: Page
) -> None:
    wishes = (
        'data-hide-no-mentions="true"',
        'data-hide-less-than="22"',
        'data-hide-less-than="23"',
        'data-hide-no-mentions="false"',
    )
    body = "".join(
        f'<div id="{doi[8:]}{place}" class="ringmark-embed" data-doi="{doi}" {wish}></div>'
        for doi in (NOTED, SILENT, HIDDEN)
        for place, wish in enumerate(wishes)
    )

    ended = shown(page, other.put(document(served, body, EVENTS)))
    events = page.evaluate("told")

    assert ended == ["shown", "shown", "hidden", "shown", *["hidden"] * 3, "shown", *["hidden"] * 3, "unknown"]
    assert page.locator("#silent0").is_hidden()
    for place, (which, state) in enumerate(
        zip([f"{doi}{n}" for doi in ("noted", "silent", "hidden") for n in range(4)], ended, strict=True)
    ):
        what = "hide" if state == "hidden" else "show"
        assert [event for event, of in events if of == which] == [f"altmetric:{what}", f"ringmark:{what}"], place


def test_a_place_can_be_kept_for_what_is_hidden(served: Served, other: Sites, page: Page) -> None:
    head = "<style>[data-ringmark-state=hidden]{display:inline-block!important;visibility:hidden}</style>"
    body = f'<div class="ringmark-embed" data-doi="{SILENT}" data-hide-no-mentions="true"></div>'

    shown(page, other.put(document(served, body, head)))

    assert page.eval_on_selector(EMBED, "each => [each.offsetWidth, each.offsetHeight]") == [64, 64]


def inside(page: Page, selector: str, nth: int = 0) -> Any:
    return page.locator(EMBED).nth(nth).locator(selector)


def test_the_breakdown_stands_beside_the_badge(served: Served, other: Sites, page: Page) -> None:
    body = "".join(
        f'<div class="ringmark-embed" data-doi="{doi}" {more}></div>'
        for doi in (NOTED, SILENT)
        for more in ('data-badge-details="right"', 'data-template="condensed"', "")
    )

    shown(page, other.put(document(served, body)))

    assert inside(page, ".details").inner_text().split("\n") == [
        "News",
        "2",
        "Policy and guidelines",
        "1",
        "Encyclopedia",
        "1",
        "See details",
    ]
    assert inside(page, ".details", 1).inner_text().split("\n") == [
        "News",
        "2",
        "Policy and guidelines",
        "1",
        "Encyclopedia",
        "1",
    ]
    assert inside(page, ".details", 2).count() == 0
    assert inside(page, ".details", 4).inner_text() == "No mention is known so far"
    assert page.get_by_role("list", name="Mentions by source").count() == 2


def test_the_number_can_be_left_out(served: Served, other: Sites, page: Page) -> None:
    body = f'<div class="ringmark-embed" data-doi="{NOTED}" data-no-score="true" data-badge-popover="right"></div>'

    shown(page, other.put(document(served, body)))

    assert names(page) == ["Attention, see details"]
    assert "22" not in page.evaluate(f"document.querySelector('{EMBED}').shadowRoot.textContent")


def test_a_link_opens_where_it_is_told_and_nowhere_else(served: Served, other: Sites, page: Page) -> None:
    wishes = ("_blank", "_top", "details", "javascript:alert(1)", "a b", "")
    body = "".join(
        f'<div class="ringmark-embed" data-doi="{NOTED}" data-link-target="{each}"></div>' for each in wishes
    )

    shown(page, other.put(document(served, body)))
    links = page.get_by_role("link").all()

    assert [each.get_attribute("target") for each in links] == ["_blank", "_top", "details", None, None, None]
    assert {each.get_attribute("rel") for each in links} == {"noopener"}


def test_a_badge_speaks_the_language_of_its_page_or_its_own(served: Served, other: Sites, browser: Browser) -> None:
    body = f'<div class="ringmark-embed" data-doi="{NOTED}"></div><p lang="de-AT"><span class="ringmark-embed" data-doi="{NOTED}" data-badge-details="right"></span></p>'
    with browser.new_context(locale="de") as context:
        page = context.new_page()
        shown(page, other.put(document(served, body)))
        spoken = page.eval_on_selector_all(
            EMBED, "all => all.map((each) => each.shadowRoot.querySelector('.box').lang)"
        )

    assert spoken == ["en", "de"]


def test_a_site_sets_colours_and_type_by_variables(served: Served, other: Sites, page: Page) -> None:
    head = "<style>.ringmark-embed{--ringmark-paper:rgb(1,2,3);--ringmark-ink:rgb(250,250,250);--ringmark-font:monospace}</style>"
    body = f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-popover="right"></div>'

    shown(page, other.put(document(served, body, head)))
    inside(page, "a").hover()

    assert inside(page, ".pop").evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(1, 2, 3)"
    assert inside(page, ".pop").evaluate("each => getComputedStyle(each).color") == "rgb(250, 250, 250)"
    assert inside(page, ".pop").evaluate("each => getComputedStyle(each).fontFamily") == "monospace"


def test_the_page_around_does_not_reach_into_a_badge(served: Served, other: Sites, page: Page) -> None:
    head = "<style>*{text-transform:uppercase;letter-spacing:9px}span,a,svg{display:none!important}.ringmark-embed{line-height:5}</style>"
    body = f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-details="right"></div>'

    shown(page, other.put(document(served, body, head)))

    assert inside(page, ".details").inner_text().startswith("News")
    assert (
        page.eval_on_selector(EMBED, "each => each.shadowRoot.querySelector('svg').getBoundingClientRect().width") == 64
    )


def test_nothing_of_a_title_or_an_attribute_becomes_markup_or_code(served: Served, other: Sites, page: Page) -> None:
    names_ = (
        "doi",
        "uri",
        "badge-type",
        "badge-popover",
        "theme",
        "lang",
        "link-target",
        "template",
        "ringmark-id",
        "hide-less-than",
    )
    bad = (
        "&quot;&gt;&lt;img src=x onerror=document.title='broken'&gt;",
        "javascript:document.title='broken'",
        "__proto__",
        "constructor",
    )
    body = "".join(
        f'<div class="ringmark-embed" data-doi="10.5555/evil" data-badge-popover="right" data-{name}="{value}"></div>'
        for name in names_
        for value in bad
    )
    body += '<form id="ringmark"><input name="init"></form>'

    ended = shown(page, other.put(document(served, body)))
    kinds = page.eval_on_selector_all(
        EMBED,
        "all => [...new Set(all.flatMap((each) => [...each.shadowRoot.querySelectorAll('*')].map((one) => one.localName)))]",
    )
    links = page.eval_on_selector_all("a", "all => all.map((each) => each.protocol)")

    assert set(ended) <= {"shown", "unknown"}
    assert page.title() == "Item"
    assert set(kinds) <= {*["span", "a", "ul", "li", "svg", "g", "circle", "path", "rect", "text"]}
    assert set(links) <= {"https:"}


LYING = """{"lang":"en","dir":"ltr","texts":{"none":"","plain":"","sources":"","see":"","silent":""},"unknown":0,
"css":"svg{background:url(https://elsewhere.example/x)}","pictures":[["svg",{"onload":"document.title='broken'","fill":
"url(https://elsewhere.example/y)"},["script",{},"document.title='broken'"],["image",{"href":"https://elsewhere.example/z"}],
["a",{"href":"javascript:1"}],["foreignObject",{}],["text",{"style":"color:red"},"<b>"]]],"badges":[{"picture":0,"score":1,
"mentions":1,"name":"<b>","heading":"","title":"","families":[{"label":"<b>","text":"","sign":"","number":"","name":
"url(https://elsewhere.example/w)"}],"links":{"page":"javascript:document.title='broken'"}}]}"""


def test_a_pinned_script_holds_whatever_a_server_answers(served: Served, other: Sites, page: Page) -> None:
    watched = Watched(page)
    page.route("**/badges.json*", lambda route: route.fulfill(body=LYING, content_type="application/json"))
    body = f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-popover="right"></div>'

    shown(page, other.put(document(served, body)))
    inside(page, "a").focus()
    kinds = page.eval_on_selector(
        EMBED, "each => [...each.shadowRoot.querySelectorAll('svg *')].map((one) => one.outerHTML)"
    )

    assert kinds == ["<text>&lt;b&gt;</text>"]
    assert inside(page, "a").get_attribute("href") == ""
    assert page.title() == "Item"
    assert not [url for url in watched.asked if "elsewhere" in url]


# When and how it loads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "loader",
    [
        '<script src="{0}/embed.js" async></script>',
        '<script src="{0}/embed.js" defer></script>',
        '<script type="module" src="{0}/embed.js"></script>',
        '<script src="{0}{1}" integrity="{2}" crossorigin="anonymous"></script>',
        '<script>const s = document.createElement("script"); s.src = "{0}/embed.js"; document.head.append(s)</script>',
        '<script data-ringmark="{0}" type="text/plain"></script><script>fetch("{0}/embed.js").then((r) => r.text()).then((t) => (0, eval)(t))</script>',
        '<script src="{0}/embed.js"></script><script src="{0}/embed.js"></script>',
    ],
    ids=["async", "defer", "module", "pinned", "inserted", "by another loader", "twice"],
)  # fmt: skip
def test_the_script_finds_its_server_however_it_is_loaded(
    served: Served, other: Sites, page: Page, loader: str
) -> None:
    script = read(NEWEST)
    told = (
        loader.replace("{0}", served.public)
        .replace("{1}", f"/embed/{version(script)}.js")
        .replace("{2}", integrity(script))
    )
    watched = Watched(page)

    ended = shown(page, other.put(f'<!doctype html>{told}<div class="ringmark-embed" data-doi="{NOTED}"></div>'))

    assert ended == ["shown"]
    assert len([url for url in watched.asked if "badges.json" in url]) == 1
    assert page.evaluate("[ringmark.version, ringmark.server]") == [version(script), served.public]


def test_a_script_whose_hash_is_another_does_not_run(served: Served, other: Sites, page: Page) -> None:
    wrong = integrity(b"something else")
    page.goto(
        other.put(f'<script src="{served.public}/embed.js" integrity="{wrong}" crossorigin="anonymous"></script>')
    )

    assert page.evaluate("typeof ringmark") == "undefined"


def test_a_thousand_badges_are_asked_for_in_as_few_requests_as_can_be(served: Served, other: Sites, page: Page) -> None:
    body = "".join(f'<div class="ringmark-embed" data-doi="10.5555/many.{number}"></div>' for number in range(MANY))
    watched = Watched(page)

    ended = shown(page, other.put(document(served, body * 2)))

    assert set(ended) == {"shown"}
    assert len(ended) == 2 * MANY
    assert len([url for url in watched.asked if "badges.json" in url]) == MANY // 100


def test_what_comes_later_is_shown_when_the_page_says_so_and_nothing_is_asked_twice(
    served: Served, other: Sites, page: Page
) -> None:
    shown(
        page,
        other.put(
            document(
                served,
                f'<main><div class="altmetric-embed" data-badge-type="donut" data-doi="{NOTED}"></div></main>',
                EVENTS,
            )
        ),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate(
        "Promise.all([_altmetric_embed_init(), _ringmark_embed_init(), ringmark.init('main'), _altmetric_embed_init(new Event('x'))])"
    )
    idle = list(asked)
    page.evaluate(
        f"""() => {{
          const later = document.createElement("div");
          later.className = "ringmark-embed"; later.dataset.doi = "{SILENT}"; document.querySelector("main").append(later);
          return Promise.all([_altmetric_embed_init("#nowhere"), _altmetric_embed_init(later), ringmark.init("main")]);
        }}"""
    )

    assert idle == []
    assert len(asked) == 1
    assert names(page) == ["Attention score 22, see details", "Attention score 0, see details"]
    assert len(page.evaluate("told")) == 4


def test_a_badge_follows_its_element_to_another_output(served: Served, other: Sites, page: Page) -> None:
    shown(
        page,
        other.put(
            document(served, f'<div class="ringmark-embed" data-doi="{SILENT}" data-hide-no-mentions="true"></div>')
        ),
    )
    assert states(page) == ["hidden"]

    page.evaluate(f"document.querySelector('{EMBED}').dataset.doi = '{NOTED}'; ringmark.init()")

    assert settled(page) == ["shown"]
    assert page.locator(EMBED).is_visible()
    assert names(page) == ["Attention score 22, see details"]


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(served: Served, other: Sites, page: Page) -> None:
    held: list[Route] = []
    page.route("**/badges.json*silent*", lambda route: held.append(route))
    page.goto(other.put(document(served, f'<div class="ringmark-embed" data-doi="{SILENT}"></div>')))
    with page.expect_response("**/badges.json*noted*"):
        page.evaluate(f"document.querySelector('{EMBED}').dataset.doi = '{NOTED}'; void ringmark.init()")
    assert settled(page) == ["shown"]

    with page.expect_response("**/badges.json*silent*") as late:
        held[0].continue_()
    late.value.finished()

    assert names(page) == ["Attention score 22, see details"]


# Room ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "details", ["", 'data-badge-details="right"', 'data-badge-details="right" data-condensed="true"']
)
def test_nothing_on_the_page_moves_however_late_the_answer_comes(
    served: Served, other: Sites, page: Page, details: str
) -> None:
    styles = ("ring", "medium", "large")
    body = "".join(
        f'<p>Before <span class="ringmark-embed" data-doi="{doi}" data-badge-type="{style}" {details}></span> after</p><p>Below</p>'
        for doi in (NOTED, SILENT, HIDDEN)
        for style in styles
    )
    held: list[Route] = []
    page.route("**/badges.json*", lambda route: held.append(route))
    page.goto(other.put(document(served, body, SHIFTS)))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    before = page.eval_on_selector_all("p", "all => all.map((each) => each.getBoundingClientRect().top)")
    assert set(states(page)) == {"waiting"}

    for route in list(held):
        route.continue_()
    settled(page)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert len(held) == len(styles)
    assert page.eval_on_selector_all("p", "all => all.map((each) => each.getBoundingClientRect().top)") == before
    assert page.evaluate("shifts") == []


def test_where_the_server_cannot_be_reached_the_place_stays_and_is_filled_later(
    served: Served, other: Sites, page: Page
) -> None:
    watched = Watched(page)
    page.route("**/badges.json*", lambda route: route.abort())
    body = f'<div id="a" class="ringmark-embed" data-doi="{NOTED}" data-hide-no-mentions="true"></div>'
    ended = shown(page, other.put(document(served, body, EVENTS)))
    size = page.eval_on_selector(EMBED, "each => [each.offsetWidth, each.offsetHeight]")
    told, complaints = page.evaluate("told"), list(watched.complaints)

    page.unroute("**/badges.json*")
    page.evaluate("ringmark.init()")

    assert ended == ["unreachable"]
    assert size == [64, 64]
    assert told == [["altmetric:hide", "a"], ["ringmark:hide", "a"]]
    assert len(complaints) <= 1  # the browser's own line for the request
    assert settled(page) == ["shown"]
