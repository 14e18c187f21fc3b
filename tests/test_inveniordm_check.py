"""What `check --connect` says of an InvenioRDM."""

import pytest
from inveniordm_source import NOW, connected, several

from sandbox.inveniordm import practice_inveniordm
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import id_of, made

OURS = "university-of-example"


def said(server: object, **more: object) -> list[str]:
    with connected(server, **more) as repository:  # type: ignore[arg-type]
        return [
            f"{'' if each.ok else '! '}{each.what}" + (f"; {each.mend}" if each.mend else "")
            for each in repository.check()
        ]


def test_all_is_well() -> None:
    records = [made(n, doi=f"10.5555/{n}", title="T", moment=NOW, communities=(OURS,)) for n in range(1, 4)]
    with practice_inveniordm(records) as server:
        server.change(id_of(3), access={"record": "restricted", "files": "restricted"})
        found = said(server, sets=[OURS])

    assert found == [
        "the API of an InvenioRDM answers",
        "the token is accepted",
        f"the community {OURS} is there",
        "the first 3 outputs: 1 private, 2 public",
        "whether ringmark:attention is declared, only the first write can tell",
    ]


def test_what_is_in_doubt_is_counted() -> None:
    with practice_inveniordm(several(3)) as server:
        server.change(id_of(3), access={"record": "campus", "files": "public"})
        found = said(server)

    doubt = "! 1 of the first 3 outputs: access.record is no level that we know"
    assert f"{doubt}; they count as private; ask whoever keeps the repository" in found


def test_without_a_token_it_is_said_what_is_then_not_read() -> None:
    with practice_inveniordm(several(1)) as server:
        assert "there is no token: only what everybody sees is read" in said(server, known=False, push=None)


@pytest.mark.parametrize(
    ("more", "end"),
    [
        (
            {"sets": ["nowhere"]},
            "! the community nowhere is not there; write in sets what stands behind /communities/ in its address",
        ),
        ({"url": "{}/api"}, "is url the address of the site, without /api, and does the community exist?"),
    ],
)
def test_what_is_wrong_comes_with_its_mend(more: dict[str, object], end: str) -> None:
    with practice_inveniordm(several(1)) as server:
        given = {name: value.format(server.url) if isinstance(value, str) else value for name, value in more.items()}
        assert any(line.startswith("! ") and line.endswith(end) for line in said(server, **given))


def test_a_token_that_is_not_accepted_is_said_to_be_so() -> None:
    with practice_inveniordm(several(1)) as server:
        server.faults.append(InvenioFault("anybody", times=None))
        (*_, last) = said(server)

    assert last.startswith("! connections.repository.token: not accepted, or not any more")


def test_a_login_page_before_the_api_is_named() -> None:
    with practice_inveniordm(several(1)) as server:
        server.faults.append(InvenioFault("login page", times=None))
        (only,) = said(server)

    assert only.startswith("! /api/records: no JSON; is url the address of the API")
