"""The history of a score on its page, and as JSON beside it."""

import json

from conftest import House
from served import serving
from test_serve_pages import page


def test_the_history_of_a_score_stands_in_a_table_with_a_picture_beside_it(own: House) -> None:
    own.write('[score]\nrules = "published-2020"\n' + own.file.read_text())
    own.later += 86_400_000_000
    own.ok("score")
    highest = max((row for row in own.rows() if row["doi"]), key=lambda row: row["millipoints"])
    told = own.json("explain", highest["doi"])

    with serving(own.folder) as served:
        tree = page(served.get(f"/outputs/{told['output']}"))
        document = served.get(f"/outputs/{told['output']}/history.json")
        nobody = served.get("/outputs/17/history.json")
        nowhere = served.get("/nothing/here")

    lines = tree.xpath("//table[@class='history']/tbody/tr")
    assert [line["reason"] for line in told["history"]] == ["mentions", "rules"]
    assert [line.xpath("string(td[2])") for line in lines] == [
        f"{line['millipoints'] / 1000:g}" for line in reversed(told["history"])
    ]
    assert "published-2020, version 1" in lines[0].text_content()
    (picture,) = tree.xpath("//svg[@class='steps']")
    assert (picture.get("aria-hidden"), picture.xpath("count(path)"), picture.xpath("//svg//@style")) == ("true", 2, [])
    assert json.loads(document.body) == {"output": told["output"], "history": told["history"]}
    assert document.header("cache-control") == "public, max-age=300"
    assert nobody.whole == nowhere.whole
