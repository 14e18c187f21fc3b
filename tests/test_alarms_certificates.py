"""Certificates: asked once a day where somebody looks, kept for `status`, and named before they end."""

import ssl
from collections.abc import Iterator

import pytest
from alarm_ways import FILES, certificate, post, pulled, secure, told_by
from conftest import House

DAY = 24 * 3_600_000_000
SYSTEM = """
[connections.gate]
kind = "elements"
url = "https://127.0.0.1:{port}/secure-api/v6.13"
ca_file = "gate.pem"
pull = "manual"
"""


@pytest.fixture
def gated(house: House) -> House:
    """A house that asks one system over https, which is not there yet."""
    pulled(house)
    certificate(house.folder / "gate.pem", days=100)
    return house.write(FILES + 'pull = "manual"\n' + SYSTEM.format(port=9))


@pytest.fixture
def gate(gated: House) -> Iterator[House]:
    """The system shows a certificate that ends in a hundred days."""
    with secure(gated.folder / "gate.pem") as port:
        yield gated.write(FILES + 'pull = "manual"\n' + SYSTEM.format(port=port))


def alarms(house: House) -> list[str]:
    return list(house.json("status")["alarms"])


def look(house: House) -> list[str]:
    house.ok("alarms", "look")
    return alarms(house)


def test_a_certificate_near_its_end_is_an_alarm_with_its_day(gate: House) -> None:
    said = []
    for days in (78, 1.1, 14, 5, 3):  # 22, 21, 7, 2 and no days before its end
        gate.later += int(days * DAY)
        said.append(look(gate))

    assert said[0] == []
    assert "gate: the certificate of 127.0.0.1 ends in 20 days, on " in said[1][0]
    assert "urgent: the certificate of 127.0.0.1 ends in 6 days" in said[2][0]
    assert "urgent: " in said[3][0]
    assert " ended on " in said[4][0]
    assert gate.json("status")["alarm_rows"][0]["name"] == "certificate:gate"


def test_status_asks_nobody_and_remembers_what_was_found(gated: House) -> None:
    with secure(gated.folder / "gate.pem") as port:
        gated.write(FILES + 'pull = "manual"\n' + SYSTEM.format(port=port))
        unseen = alarms(gated)
        gated.later = 90 * DAY
        look(gated)
        gated.later += DAY * 2

    assert unseen == []
    assert "ends in 7 days" in alarms(gated)[0]  # the system is gone by now
    assert "ends in 7 days" in look(gated)[0]  # and what is known stays known


@pytest.mark.parametrize(
    ("shown", "trusted", "why"),
    [("old", "old", "certificate has expired"), ("gate", "other", "self-signed"), ("elsewhere", "elsewhere", "IP")],
)
def test_a_certificate_that_is_not_accepted_is_named_with_the_reason(
    gated: House, shown: str, trusted: str, why: str
) -> None:
    certificate(gated.folder / "old.pem", days=-1)
    certificate(gated.folder / "other.pem", days=100)
    certificate(gated.folder / "elsewhere.pem", days=100, host="127.0.0.2")
    with secure(gated.folder / f"{shown}.pem") as port:
        text = SYSTEM.format(port=port).replace("gate.pem", f"{trusted}.pem")
        gated.write(FILES + 'pull = "manual"\n' + text)
        (said,) = look(gated)
        ran = gated.run("check", "--connect", "--json")

    assert said.startswith("gate: the certificate of 127.0.0.1 is not accepted: ")
    assert why in said
    assert ran.code == 1
    assert why in str(ran.document["connections"]["gate"])


def test_it_is_asked_once_a_day(gate: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = ssl.SSLContext.wrap_socket

    def counted(*args: object, **more: object) -> object:
        asked.extend(filter(None, [more.get("server_hostname")]))  # who serves names none
        return real(*args, **more)  # type: ignore[arg-type]

    gate.later = 85 * DAY
    look(gate)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", counted)
    for _ in range(3):
        look(gate)
    same_day = len(asked)
    gate.later += DAY + 1
    look(gate)

    assert (same_day, len(asked)) == (0, 1)


def test_after_it_was_renewed_check_knows_it_at_once(gated: House) -> None:
    certificate(gated.folder / "gate.pem", days=10)
    with secure(gated.folder / "gate.pem") as port:
        gated.write(FILES + 'pull = "manual"\n' + SYSTEM.format(port=port))
        before = look(gated)
        warned = gated.run("check", "--connect").out
    certificate(gated.folder / "gate.pem", days=300)
    with secure(gated.folder / "gate.pem") as port:
        moved = FILES + 'pull = "manual"\n' + SYSTEM.format(port=port)
        gated.write(moved)
        said = gated.run("check", "--connect").out

    assert "ends in 9 days" in before[0]
    assert "gate: ok: the certificate of 127.0.0.1 ends in 9 days" in warned
    assert "gate: ok: the certificate of 127.0.0.1 ends on " in said
    assert alarms(gated) == []


def test_our_own_address_is_looked_at_as_readers_reach_it(gated: House) -> None:
    with secure(gated.folder / "gate.pem") as port, post(login=False) as mail:
        address = f'name = "University of Example"\nbase_url = "https://127.0.0.1:{port}"'
        text = FILES.replace('name = "University of Example"', address) + 'pull = "manual"\n'
        gated.write(text + told_by(mail, None, 'smtp_security = "none"\nca_file = "gate.pem"'))
        gated.later = 95 * DAY
        look(gated)

    assert [row["name"] for row in gated.json("status")["alarm_rows"]] == ["certificate"]
    assert "- institution.base_url: urgent: the certificate of 127.0.0.1 ends in 4 days" in mail.texts[0]


def test_who_does_not_answer_or_speaks_no_tls_is_no_alarm_of_certificates(gated: House) -> None:
    before = look(gated)
    with post(login=False) as plain:
        gated.write(FILES + 'pull = "manual"\n' + SYSTEM.format(port=plain.port))

        assert (before, look(gated)) == ([], [])
