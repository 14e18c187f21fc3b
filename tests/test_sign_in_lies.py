"""What a provider, or somebody between, may say that is not so: nobody is signed in by it."""

import base64
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from conftest import House
from oidc_house import SECRET, free_port, signing_in
from oidc_liar import KEYS, Liar, lying
from pydantic import SecretStr
from served import Served

from config.sign_in import SignIn
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from connectors.oidc import Provider
from connectors.oidc.places import OFTEN, Told

MORE = '\neditor_if = { groups = ["library"] }\nname_claim = "email"\n'


@pytest.fixture(scope="module")
def lies() -> Iterator[Liar]:
    with lying() as found:
        yield found


@pytest.fixture
def liar(lies: Liar) -> Liar:
    lies.honest()
    return lies


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("lies") / "house")


@pytest.fixture(scope="module")
def served(home: House, lies: Liar) -> Iterator[Served]:
    with signing_in(home, lies.url, free_port(), MORE) as found:
        yield found


def comes_back(served: Served, liar: Liar, *, with_: dict[str, str] | None = None, **claims: Any) -> requests.Response:
    """Somebody goes to the provider, which says something of them, and comes back."""
    there = requests.get(f"{served.public}/console/sign-in/go", allow_redirects=False, timeout=30)
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    liar.says(asked["nonce"][0], **claims)
    back = urlencode({"code": "c0de", "state": asked["state"][0], **(with_ or {})})
    where, cookies = f"{served.public}/console/sign-in/return?{back}", there.cookies.get_dict()
    return requests.get(where, cookies=cookies, allow_redirects=False, timeout=30)


def is_in(answer: requests.Response) -> bool:
    assert "Traceback" not in answer.text
    assert SECRET not in answer.text
    return answer.status_code == 303 and "ringmark=" in answer.headers.get("set-cookie", "")


def seconds(**ago: int) -> dict[str, int]:
    now = int(time.time())
    return {name: now - each for name, each in ago.items()}


def test_an_honest_answer_signs_somebody_in(served: Served, liar: Liar) -> None:
    back = comes_back(served, liar)

    assert is_in(back)
    form = liar.asked[-1]
    assert (form["grant_type"], form["code"]) == (["authorization_code"], ["c0de"])
    assert len(form["code_verifier"][0]) == 43
    told = base64.b64decode(form["authorization"][0].removeprefix("Basic ")).decode()
    assert told == "ringmark:a%20secret%3A%20of%20100%25%20this%20test"


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of-another-sign-in"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://login.evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-client"},
    "audiences without us": {"aud": ["one", "two"]},
    "several audiences, and nobody named": {"aud": ["ringmark", "two"]},
    "authorized for another": {"azp": "another-client"},
    "no audience": {"aud": None},
    "nobody": {"sub": None},
    "an empty somebody": {"sub": ""},
    "a number as somebody": {"sub": 7},
    "never ending": {"exp": None},
    "ending in words": {"exp": "tomorrow"},
    "a hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_an_id_token_that_is_not_for_us_and_now_signs_nobody_in(
    served: Served, liar: Liar, claims: dict[str, Any]
) -> None:
    back = comes_back(served, liar, **claims)

    assert (back.status_code, is_in(back)) == (502, False)
    assert "do not agree" in back.text


@pytest.mark.parametrize(
    ("ago", "taken"),
    [
        ({"exp": 30}, True),
        ({"exp": 90}, False),
        ({"iat": -30}, True),
        ({"iat": -90}, False),
        ({"nbf": -30}, True),
        ({"nbf": -90}, False),
    ],
)
def test_the_clocks_may_differ_by_a_minute(served: Served, liar: Liar, ago: dict[str, int], taken: bool) -> None:
    assert is_in(comes_back(served, liar, **seconds(**ago))) is taken


def test_an_id_token_that_another_key_has_signed_signs_nobody_in(served: Served, liar: Liar) -> None:
    liar.signed_with, liar.header = KEYS["strange"], {"kid": "first"}

    assert not is_in(comes_back(served, liar))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS384"])
def test_a_way_of_signing_that_was_not_announced_signs_nobody_in(served: Served, liar: Liar, algorithm: str) -> None:
    liar.header = {"alg": algorithm, "kid": "first"}

    assert not is_in(comes_back(served, liar))


def test_keys_that_change_are_fetched_again(served: Served, liar: Liar) -> None:
    assert is_in(comes_back(served, liar))
    liar.keys, liar.signed_with = [KEYS["second"]], KEYS["second"]

    assert is_in(comes_back(served, liar))

    liar.signed_with = KEYS["first"]  # which the provider has withdrawn
    assert not is_in(comes_back(served, liar))


def test_a_key_without_a_name_is_found_among_several(served: Served, liar: Liar) -> None:
    liar.keys, liar.header = [KEYS["strange"], KEYS["first"]], {"kid": None}

    assert is_in(comes_back(served, liar))


@pytest.mark.parametrize("state", ["", "x" * 43, "%00", "a" * 5000])
def test_another_state_signs_nobody_in(served: Served, liar: Liar, state: str) -> None:
    back = comes_back(served, liar, with_={"state": state})

    assert (back.status_code, is_in(back)) == (400, False)
    assert liar.asked == []


def test_a_cookie_that_was_changed_signs_nobody_in(served: Served, liar: Liar) -> None:
    there = requests.get(f"{served.public}/console/sign-in/go?next=/console/a", allow_redirects=False, timeout=30)
    ((name, word),) = there.cookies.get_dict().items()
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    at, rest = word.split(".", 1)

    for changed in (f"{int(at) + 1}.{rest}", f"{word}x", word[:-2], "", "a.b.c", "1.2"):
        where = f"{served.public}/console/sign-in/return?code=c&state={state}"
        back = requests.get(where, cookies={name: changed}, allow_redirects=False, timeout=30)
        assert (back.status_code, is_in(back)) == (400, False)
    assert liar.asked == []


def test_nobody_is_led_elsewhere_by_where_they_wanted_to_go(served: Served, liar: Liar) -> None:
    for wanted in (
        "https://evil.example/",
        "//evil.example/",
        "/console/../../x",
        "/console\\evil",
        "/console\r\nx: y",
    ):
        there = requests.get(
            f"{served.public}/console/sign-in/go", params={"next": wanted}, allow_redirects=False, timeout=30
        )
        asked = parse_qs(urlsplit(there.headers["location"]).query)
        liar.says(asked["nonce"][0])
        where = f"{served.public}/console/sign-in/return?code=c&state={asked['state'][0]}"
        back = requests.get(where, cookies=there.cookies.get_dict(), allow_redirects=False, timeout=30)
        assert back.headers["location"].startswith("/console"), wanted
        assert "evil" not in back.headers["location"]


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": "library"}, True),
        ({"groups": ["chess", "library"]}, True),
        ({"groups": "Library"}, False),
        ({"groups": "library-of-congress"}, False),
        ({"groups": None}, False),
        ({"groups": {"library": True}}, False),
        ({"groups": [["library"]]}, False),
    ],
)
def test_a_role_needs_a_claim_that_says_so_exactly(
    served: Served, liar: Liar, claims: dict[str, Any], role: bool
) -> None:
    back = comes_back(served, liar, **claims)

    assert is_in(back) is role
    assert role or back.status_code == 403


def test_a_name_with_markup_is_shown_as_it_is_written(served: Served, liar: Liar) -> None:
    back = comes_back(served, liar, groups=None, email="<img src=x onerror=alert(1)>\n\u202eada")

    assert back.status_code == 403
    assert "&lt;img src=x onerror=alert(1)&gt;" in back.text
    assert "<img" not in back.text


def test_signing_out_at_the_provider_ends_sessions_here(served: Served, liar: Liar) -> None:
    first, second = (comes_back(served, liar, sid=sid, email="sid@example.edu") for sid in ("one", "two"))
    told = {"iss": liar.url, "aud": "ringmark", "iat": int(time.time()), "exp": int(time.time()) + 60, "jti": "n-1"}
    told |= {"sid": "one", "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}
    forged = [{**told, "nonce": "x"}, {**told, "events": {}}, {**told, "aud": "other"}, {**told, "jti": None}]
    forged += [{**told, "iat": told["iat"] - 4000}, {**told, "sid": None}, {**told, "exp": told["iat"] - 90}]

    def sent(claims: dict[str, Any]) -> int:
        token = liar.signed({name: value for name, value in claims.items() if value is not None})
        where = f"{served.public}/console/sign-in/signed-out"
        return requests.post(where, data={"logout_token": token}, timeout=30).status_code

    def here(answer: requests.Response) -> bool:
        page = requests.get(f"{served.public}/console", cookies=answer.cookies, allow_redirects=False, timeout=30)
        return page.status_code == 200

    assert {sent(each) for each in forged} == {400}
    assert (here(first), here(second)) == (True, True)
    assert sent(told) == 200
    assert (here(first), here(second)) == (False, True)
    assert sent({**told, "jti": "n-2", "sid": None, "sub": "u-1"}) == 200
    assert here(second) is False


DOCUMENTS: dict[str, dict[str, Any]] = {
    "of another issuer": {"issuer": "https://login.evil.example"},
    "without an issuer": {"issuer": None},
    "without a place to sign in": {"authorization_endpoint": None},
    "without keys": {"jwks_uri": None},
    "with an address that is a list": {"token_endpoint": ["x"]},
    "that signs with secrets": {"id_token_signing_alg_values_supported": ["HS256", "none"]},
}


def provider(liar: Liar, **more: Any) -> Provider:
    told = {"issuer": liar.url, "client_id": "ringmark", "client_secret": SecretStr(SECRET), **more}
    return Provider(SignIn(**told), back="http://127.0.0.1/console/sign-in/return")


def came(asked: Provider, issuer: str = "") -> Any:
    return asked.came("c0de", nonce="n", verifier="v" * 43, issuer=issuer, now=int(time.time()))


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_provider_that_describes_itself_wrongly_is_not_used(liar: Liar, document: dict[str, Any]) -> None:
    liar.document |= document

    with pytest.raises(NotUnderstood, match=r"127\.0\.0\.1"):
        provider(liar).way(state="s", nonce="n", verifier="v" * 43)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"[" * 100_000, b'{"issuer": 1e999}'])
def test_an_answer_that_is_no_document_is_not_used(liar: Liar, body: bytes) -> None:
    liar.document = body  # type: ignore[assignment]

    with pytest.raises(NotUnderstood):
        provider(liar).way(state="s", nonce="n", verifier="v" * 43)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(liar: Liar) -> None:
    liar.document = b" " * 3_000_000  # type: ignore[assignment]

    with pytest.raises(ConnectorError, match="larger than 1 MB"):
        provider(liar).way(state="s", nonce="n", verifier="v" * 43)


@pytest.mark.parametrize(("status", "error"), [(500, TryLater), (503, TryLater), (404, NotUnderstood)])
def test_a_provider_that_does_not_answer_well_is_told_apart(liar: Liar, status: int, error: type[Exception]) -> None:
    liar.status = status

    with pytest.raises(error, match=f"status {status}"):
        provider(liar).way(state="s", nonce="n", verifier="v" * 43)


def test_another_issuer_on_the_way_back_is_refused(liar: Liar) -> None:
    liar.document["authorization_response_iss_parameter_supported"] = True
    liar.says("n")

    assert came(provider(liar), liar.url).claims["sub"] == "u-1"
    for issuer in ("", "https://login.evil.example"):
        with pytest.raises(NotUnderstood, match="another issuer"):
            came(provider(liar), issuer)


def test_claims_that_the_id_token_lacks_are_asked_for_and_must_be_of_the_same_person(liar: Liar) -> None:
    liar.document["userinfo_endpoint"] = f"{liar.url}/userinfo"
    liar.says("n", groups=None)
    liar.more = {"sub": "u-1", "groups": ["library"], "email": "other@example.edu"}
    asked = provider(liar, editor_if={"groups": ["library"]})

    told = came(asked).claims

    assert (told["groups"], told["email"]) == (["library"], "ada@example.edu")
    liar.more = {"sub": "u-2", "groups": ["library"]}
    with pytest.raises(NotUnderstood, match="somebody else"):
        came(asked)


def test_a_refused_client_is_told_from_a_refused_code(liar: Liar) -> None:
    liar.says("n")
    for error, kind in (("invalid_client", NotAllowed), ("invalid_grant", NotUnderstood)):
        liar.token = {"error": error, "error_description": SECRET}
        with pytest.raises(kind) as caught:
            came(provider(liar))
        assert SECRET not in str(caught.value)


def test_keys_are_fetched_again_only_so_often(liar: Liar) -> None:
    now = [0.0]
    told = Told(liar.url, ca_file=None, clock=lambda: now[0])
    told.keys()

    fetched = [told.newer_keys() is not None for _ in range(OFTEN + 3)]

    assert fetched == [True] * OFTEN + [False] * 3
    assert liar.seen.count("/keys") == OFTEN + 1
    now[0] = 61.0
    assert told.newer_keys() is not None
    now[0] = 4000.0
    told.keys()
    assert liar.seen.count("/.well-known/openid-configuration") == 2
