"""The pages: what they say, what they may load, and that no title can do anything but stand there."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import House
from lxml import html
from served import Reply, Served, serving

SHOWN = "10.5555/example.50040"
SCRIPT = '<script>alert("x")</script><img src=//evil.example.net/x onerror=alert(1)>'
EVIL = {
    "o1": SCRIPT,
    "o2": "\u202egnihtyreve\u202c \U0001f41d \u05e2\u05d1\u05e8\u05d9\u05ea",
    "o3": "long " * 800,
    "o4": "x" * 4000,
    "o5": "{{ 7 * 7 }} {% raw %}",
    "o6": "</title></style></svg>&amp;&lt;",
}


def page(reply: Reply) -> html.HtmlElement:
    assert reply.status == 200
    return html.fromstring(reply.body)


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder, RINGMARK_INSTITUTION__BASE_URL="https://ringmark.example.edu/scores") as found:
        yield found


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Titles, names and mentions from people who mean no good."""
    house = House(tmp_path_factory.mktemp("evil"))
    folder = house.folder / "import"
    folder.mkdir()
    (folder / "people.csv").write_text('person,name,visibility,current\np1,"<b>Bobby</b> Tables",public,true\n')
    rows = [
        f'{key},"{title.replace(chr(34), chr(34) * 2)}",book,"<i>J</i>",public,10.5555/{key}'
        for key, title in EVIL.items()
    ]
    (folder / "outputs.csv").write_text("\n".join(["output,title,type,journal,visibility,doi", *rows, ""]))
    (folder / "authorships.csv").write_text(
        "output,person,visibility\n" + "".join(f"{key},p1,public\n" for key in EVIL)
    )
    mention = {"source": "news", "output": ["doi:10.5555/o1"], "occurred_at": "2026-03-01T10:00:00Z"}
    urls = [
        "https://news.example.net/<script>?q=" + "a" * 300,
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example.net",
    ]
    lines = [
        json.dumps(mention | {"id": f"m{n}", "url": url, "outlet": {"id": f"{n}<script>", "name": SCRIPT}})
        for n, url in enumerate(urls)
    ]
    (folder / "mentions.jsonl").write_text("\n".join(lines) + "\n")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.run("sync")
    with serving(house.folder, RINGMARK_INSTITUTION__NAME=SCRIPT) as found:
        yield found


@pytest.fixture(scope="module")
def most(scored: House) -> str:
    """The DOI of a public output with people, groups and many mentions."""
    rows = [row for row in scored.rows() if row["people"] and row["groups"]]
    return str(max(rows, key=lambda row: row["millipoints"])["doi"])


def test_the_page_tells_what_explain_tells(served: Served, scored: House, most: str) -> None:
    told = scored.json("explain", most)
    row = next(row for row in scored.rows() if row["doi"] == most)

    tree = page(served.get(f"/doi/{most}"))
    text = " ".join(tree.text_content().split())

    assert tree.get("lang") == "en"
    assert " ".join(tree.find(".//h1").text_content().split()) == told["title"]
    assert f"Attention score {told['score']:,}" in text
    assert f"{told['rules']['name']}, version {told['rules']['version']}" in text
    assert f"of {told['context']['all']['count']:,} public outputs of this installation" in text
    assert "all research" not in text
    for name in (*row["people"], *row["groups"]):
        assert name in text
    ledger = tree.xpath("//table[@class='ledger']/tbody/tr")
    assert sorted((line.xpath("string(td[3]//a/@href)"), line.xpath("string(td[4])")) for line in ledger) == sorted(
        (line["url"], line["why"]) for line in told["ledger"]
    )
    assert len(tree.xpath("//table[@class='sources']/tbody/tr")) == len(told["breakdown"])


def test_canonical_json_and_embed_lead_to_the_stable_address(served: Served, scored: House) -> None:
    output = scored.json("badge", SHOWN)["output"]
    base = "https://ringmark.example.edu/scores"

    tree = page(served.get(f"/lookup?id={SHOWN}", host="elsewhere.example.net"))
    embed = html.fromstring(tree.xpath("string(//pre)"))
    script = html.fromstring(tree.xpath("string(//pre[2])"))

    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{base}/outputs/{output}"]
    assert tree.xpath("//link[@type='application/json']/@href") == [f"{base}/badge/output/{output}.json"]
    assert embed.get("href") == f"{base}/outputs/{output}"
    assert embed.xpath("img/@src") == [f"{base}/badge/output/{output}.svg"]
    assert re.search(r"\d", embed.xpath("string(img/@alt)")) is None  # the number changes, the copy does not
    assert "score" in embed.xpath("string(img/@alt)")
    assert script.xpath("//div[@class='ringmark-embed']/@data-doi") == [SHOWN]
    assert script.xpath("//script/@src") == [f"{base}/embed.js"]


@pytest.mark.parametrize("path", ["/", f"/doi/{SHOWN}", "/nothing/here"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing(served: Served, path: str) -> None:
    reply = served.get(path)
    tree = html.fromstring(reply.body)
    loaded = tree.xpath("//@src | //link[@rel='stylesheet' or @rel='icon']/@href | //form/@action | //@srcset")
    styles = [served.get(each.removeprefix("/scores")) for each in loaded if "/assets/" in each]

    assert [each for each in loaded if not re.fullmatch(r"/scores/[a-z0-9./]+", each)] == []
    assert [style.status for style in styles] == [200, 200]
    assert all(b"url(" not in style.body and b"@import" not in style.body for style in styles)
    assert {style.header("cache-control") for style in styles} == {"public, max-age=31536000, immutable"}
    assert tree.xpath("//iframe | //object | //embed | //@style | //@*[starts-with(name(), 'on')]") == []
    assert {script.get("type") for script in tree.iter("script")} <= {"application/ld+json"}  # which is no script
    assert not [name for name in tree.xpath("//meta/@name") if name.startswith("citation_")]  # we are no landing page
    assert reply.header("cache-control") == "no-cache"
    assert reply.header("strict-transport-security") != ""
    assert "frame-ancestors 'none'" in reply.header("content-security-policy")
    assert "default-src 'none'" in reply.header("content-security-policy")
    assert "unsafe" not in reply.header("content-security-policy")


def test_links_that_lead_away_are_identifiers_and_mentions_and_give_nothing_away(
    served: Served, scored: House, most: str
) -> None:
    told = scored.json("explain", most)
    resolvers = {"doi.org", "pubmed.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov", "arxiv.org", "hdl.handle.net"}

    away = [link for link in page(served.get(f"/doi/{most}")).xpath("//a[contains(@href, '://')]")
            if urlsplit(link.get("href")).hostname != "ringmark.example.edu"]  # fmt: skip

    assert away
    assert {link.get("rel") for link in away} == {"nofollow noopener noreferrer"}
    mentions = {line["url"] for line in told["ledger"]}
    assert {urlsplit(link.get("href")).hostname for link in away if link.get("href") not in mentions} <= resolvers


def test_the_front_page_lists_outputs_by_score_and_no_people(served: Served, scored: House) -> None:
    rows = sorted(scored.rows(), key=lambda row: -row["millipoints"])[:10]

    tree = page(served.get("/"))

    assert [int(text.replace(",", "")) for text in tree.xpath("//ol/li/span[1]/text()")] == [r["score"] for r in rows]
    assert {link.rpartition("/")[2] for link in tree.xpath("//ol/li//a/@href")} == {row["output"] for row in rows}
    text = tree.text_content()
    assert f"{len(scored.rows()):,} outputs have" in text
    assert not [name for row in rows for name in row["people"] if name in text]


def test_an_output_nobody_mentioned_has_its_page_too(served: Served) -> None:
    tree = page(served.get(f"/doi/{SHOWN}"))

    assert "Nobody is known to have mentioned this output yet" in tree.text_content()
    assert tree.xpath("//table") == []


def test_tables_can_be_heard(served: Served, most: str) -> None:
    tree = page(served.get(f"/doi/{most}"))

    own = tree.xpath("//table[not(ancestor::section[@class='speaking'])]")
    assert len(own) == 2 + len(tree.xpath("//table[@class='sources']/tbody/tr"))
    assert all(table.find("caption").text_content() for table in tree.iter("table"))
    assert {cell.get("scope") for cell in tree.iter("th")} <= {"col", "row"}
    assert [heading.tag for heading in tree.xpath("//h1")] == ["h1"]
    assert all(tree.xpath(f"//label[@for='{each.get('id')}']") for each in tree.iter("input"))


@pytest.mark.parametrize("key", EVIL)
def test_no_title_does_anything_but_stand_there(evil: Served, key: str) -> None:
    for path in (f"/doi/10.5555/{key}", "/", "/nowhere/at"):
        reply = evil.get(path)
        tree = html.fromstring(reply.body)
        assert (
            tree.xpath(
                "//script[@type != 'application/ld+json'] | //img | //b[contains(., 'Bobby')] | //i | //@onerror"
            )
            == []
        )
        assert b"\xe2\x80\xae" not in reply.body  # a mark of direction could turn the page around
        assert "49" not in tree.findtext(".//title")
    heading = html.fromstring(evil.get(f"/doi/10.5555/{key}").body).find(".//h1")
    assert heading.get("dir") == "auto"
    document = json.loads(evil.get(f"/badge/doi/10.5555/{key}.json").body)
    assert document["title"].split() == EVIL[key].split()


def test_only_web_addresses_become_links_and_long_ones_are_shortened(evil: Served) -> None:
    tree = page(evil.get("/doi/10.5555/o1"))

    links = tree.xpath("//table[@class='ledger']//a")
    assert {urlsplit(link.get("href")).scheme for link in links} <= {"http", "https"}
    assert all(len(link.text_content()) <= 60 for link in links)
    assert links


def test_operations_are_on_an_address_of_their_own(served: Served, scored: House) -> None:
    served.get(f"/badge/doi/{SHOWN}.svg")
    metrics = served.get("/metrics", at=served.operations)
    ready = served.get("/ready", at=served.operations)

    assert metrics.status == 200
    for line in ('ringmark_requests_total{kind="svg",status="2xx"}', 'ringmark_badge_cache_total{result="miss"}',
                 'ringmark_badges{audience="public"}', "ringmark_store_generation",
                 'ringmark_seconds_since_pull{connection="local"}'):  # fmt: skip
        assert line in metrics.text
    assert "10.5555" not in metrics.text
    assert json.loads(ready.body)["badges"]["public"] == len(scored.rows())
    assert urlsplit(served.operations).hostname == "127.0.0.1"
    assert served.get("/metrics").whole == served.get("/nothing/here").whole
    assert [(served.get(path).status, served.get(path).body) for path in ("/ready", "/health")] == [
        (200, b"ready\n"),
        (200, b"healthy\n"),
    ]
    assert served.get(f"/badge/doi/{SHOWN}.svg", at=served.operations).status == 404
