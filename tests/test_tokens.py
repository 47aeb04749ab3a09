"""Who is asking: every wrong token is refused over HTTP and over a socket alike, every good one admits."""

import base64
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.client import People, Person, sign
from tests.conftest import OpenHouse
from tests.house import House
from tests.http.wire import code_of
from tests.standing import standing_house
from tests.tokens import (
    HOUR,
    ME,
    make,
    must_admit,
    must_be_refused,
    now,
    over_a_socket,
    over_http,
    raw,
    raw_signed,
    signed_text,
)

house = standing_house()


def swapped() -> str:
    """Another payload under the signature of a good token."""
    head, _, signature = make().split(".")
    return ".".join([head, make(sub="bob").split(".")[1], signature])


GOOD = {"sub": "ann", "exp": 4_000_000_000}
THEIRS = b"a secret of the thief's, of more than 32 bytes"
JWK_OF_THEIRS = {"kty": "oct", "k": base64.urlsafe_b64encode(THEIRS).rstrip(b"=").decode()}
WRONG: dict[str, Any] = {
    "garbage": lambda: "garbage",
    "garbage of three parts": lambda: "a.b.c",
    "two parts": lambda: make().rpartition(".")[0],
    "four parts": lambda: make() + ".x",
    "not ASCII": lambda: "ä.ö.ü",
    "cut": lambda: make()[:-4],
    "another payload": swapped,
    "no signature": lambda: make().rpartition(".")[0] + ".",
    "alg none": lambda: raw({"alg": "none", "typ": "JWT"}, GOOD),
    "alg None": lambda: raw({"alg": "None"}, GOOD),
    "alg none with a signature": lambda: raw({"alg": "none"}, GOOD, b"x" * 32),
    "no alg": lambda: raw({"typ": "JWT"}, GOOD, b"x" * 32),
    "alg a list": lambda: raw({"alg": ["HS256"]}, GOOD, b"x" * 32),
    "HS384 with our secret": lambda: raw_signed({"alg": "HS384"}, GOOD, digest="sha384"),
    "HS512 with our secret": lambda: raw_signed({"alg": "HS512"}, GOOD, digest="sha512"),
    "HS256 under another name": lambda: raw_signed({"alg": "hs256"}, GOOD),
    "an unknown critical header": lambda: raw_signed({"alg": "HS256", "crit": ["b"], "b": 1}, GOOD),
    "header a list": lambda: raw(["HS256"], GOOD),
    "payload a list": lambda: raw_signed({"alg": "HS256"}, [1]),
    "kid a number": lambda: raw_signed({"alg": "HS256", "kid": 7}, GOOD),
    "b64 false, which has no payload": lambda: raw_signed({"alg": "HS256", "b64": False, "crit": ["b64"]}, GOOD),
    "b64 false, not marked critical": lambda: raw_signed({"alg": "HS256", "b64": False}, GOOD),
    "an empty list of critical headers": lambda: raw_signed({"alg": "HS256", "crit": []}, GOOD),
    "critical headers no list": lambda: raw_signed({"alg": "HS256", "crit": "exp"}, GOOD),
    "kid of an empty file": lambda: raw_signed({"alg": "HS256", "kid": "/dev/null"}, GOOD, key=b""),
    "kid of a known file": lambda: raw_signed({"alg": "HS256", "kid": "../../etc/hostname"}, GOOD, key=b"localhost\n"),
    "kid of a statement": lambda: raw_signed({"alg": "HS256", "kid": "' UNION SELECT 'x"}, GOOD, key=b"x"),
    "kid of a command": lambda: raw_signed({"alg": "HS256", "kid": "|echo x"}, GOOD, key=b"x"),
    "kid as the secret": lambda: raw_signed({"alg": "HS256", "kid": THEIRS.decode()}, GOOD, key=THEIRS),
    "a key of its own": lambda: raw_signed({"alg": "HS256", "jwk": JWK_OF_THEIRS}, GOOD, key=THEIRS),
    "the address of a key": lambda: raw_signed(
        {"alg": "HS256", "jku": "http://127.0.0.1:9/", "x5u": "http://127.0.0.1:9/"}, GOOD, key=THEIRS
    ),
    "a certificate of its own": lambda: raw_signed({"alg": "HS256", "x5c": [JWK_OF_THEIRS["k"]]}, GOOD, key=THEIRS),
    "the public algorithm": lambda: raw({"alg": "RS256"}, GOOD, b"x" * 256),
    "an encrypted token": lambda: raw({"alg": "dir", "enc": "A256GCM"}, GOOD) + ".x.y",
    "a token in a token": lambda: raw_signed({"alg": "HS256", "cty": "JWT"}, make()),
    "sub twice": lambda: signed_text('{"alg":"HS256"}', '{"sub":"bob","exp":4000000000,"sub":"ann"}'),
    "exp twice": lambda: signed_text('{"alg":"HS256"}', '{"sub":"ann","exp":1,"exp":4000000000}'),
    "roles twice": lambda: signed_text(
        '{"alg":"HS256"}', '{"sub":"ann","roles":[],"roles":["admin"],"exp":4000000000}'
    ),
    "alg twice": lambda: signed_text('{"alg":"none","alg":"HS256"}', '{"sub":"ann","exp":4000000000}'),
    "a name twice, deep inside": lambda: signed_text(
        '{"alg":"HS256"}', '{"sub":"ann","exp":4000000000,"a":[{"b":1,"b":2}]}'
    ),
    "NaN among the claims": lambda: signed_text('{"alg":"HS256"}', '{"sub":"ann","exp":4000000000,"a":NaN}'),
    "claims in UTF-16": lambda: signed_text('{"alg":"HS256"}', '{"sub":"ann","exp":4000000000}', "utf-16"),
    "wrong secret": lambda: make(key="another secret, of more than 32 bytes too"),
    "empty secret": lambda: raw_signed({"alg": "HS256"}, GOOD, key=b""),
    "expired": lambda: make(exp=now(-1)),
    "expired long ago": lambda: make(exp=0),
    "no exp": lambda: make(exp=None),
    "exp a text": lambda: make(exp="4000000000"),
    "exp a word": lambda: make(exp="tomorrow"),
    "exp true": lambda: make(exp=True),
    "exp a list": lambda: make(exp=[4_000_000_000]),
    "exp beyond reason": lambda: make(exp=10**18),
    "exp infinite": lambda: make(exp=float("inf")),
    "exp no number": lambda: make(exp=float("nan")),
    "nbf in the future": lambda: make(nbf=now(HOUR)),
    "nbf a word": lambda: make(nbf="now"),
    "iat a word": lambda: make(iat="now"),
    "iat in the future": lambda: make(iat=now(HOUR)),
    "no sub": lambda: make(sub=None),
    "sub empty": lambda: make(sub=""),
    "sub blank": lambda: make(sub=" \u200b"),
    "sub a number": lambda: make(sub=7),
    "sub a list": lambda: make(sub=["ann"]),
    "sub with a NUL": lambda: make(sub="an\0n"),
    "sub of half a character": lambda: make(sub="an\ud83d"),
    "sub too long": lambda: make(sub="a" * 256),
    "roles a text": lambda: make(roles="admin"),
    "roles an object": lambda: make(roles={"admin": True}),
    "roles of numbers": lambda: make(roles=[1]),
    "roles of lists": lambda: make(roles=[["admin"]]),
    "a role too long": lambda: make(roles=["r" * 51]),
    "too many roles": lambda: make(roles=[f"role {number}" for number in range(51)]),
    "name a number": lambda: make(name=7),
    "name too long": lambda: make(name="n" * 201),
    "picture no address": lambda: make(picture="javascript:alert(1)"),
    "picture a number": lambda: make(picture=7),
    "too large": lambda: make(padding="x" * 20_000),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
async def test_a_wrong_token_is_refused(house: House, token: Any) -> None:
    await must_be_refused(house, token())


@pytest.mark.parametrize(
    "words",
    [None, "", "Bearer", "Basic YW5uOmFubg==", "Token abc", "Bearer: x", b"\xff\xfe", b"Bearer \xff"],
)
async def test_words_without_a_token_are_refused(house: House, words: str | bytes | None) -> None:
    response = await over_http(house, words)
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"token": "Bearer x"},
        {"headers": {"authorization": "Bearer x"}},
        *({"authorization": value} for value in (None, 7, "", "Bearer ", "Bearer \ud83d", ["Bearer x"])),
    ],
)
async def test_a_socket_without_a_token_is_closed(house: House, payload: object) -> None:
    assert await over_a_socket(house, payload) == 4403


async def test_a_token_alone_without_its_scheme_is_refused(house: House) -> None:
    assert (await over_http(house, make())).status_code == 401
    assert await over_a_socket(house, {"authorization": make()}) == 4403


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
async def test_the_scheme_and_the_names_are_written_in_any_case(house: House, scheme: str) -> None:
    assert (await over_http(house, f"{scheme} {make()}")).status_code == 200
    for name in ("authorization", "Authorization", "AUTHORIZATION"):
        assert await over_a_socket(house, {name: f"{scheme} {make()}"}) == 0


GOOD_CLAIMS: dict[str, dict[str, Any]] = {
    "only what is needed": {},
    "iat now": {"iat": now()},
    "iat of a clock that is a little ahead": {"iat": now(5)},
    "iat long ago": {"iat": 1},
    "nbf past": {"nbf": now(-HOUR)},
    "exp with a fraction": {"exp": time.time() + HOUR + 0.5},
    "exp in the year 3000": {"exp": 32_503_680_000},
    "an audience that nobody asked for": {"aud": "somebody"},
    "an issuer that nobody asked for": {"iss": "somebody"},
    "claims of the host's own": {"tenant": 7, "scope": ["a"], "nested": {"a": [None]}},
    "no roles": {"roles": []},
    "empty name and picture": {"name": "", "picture": ""},
    "a long name": {"name": "n" * 200},
    "fifty roles": {"roles": [f"role {number}" for number in range(50)]},
}


@pytest.mark.parametrize("claims", GOOD_CLAIMS.values(), ids=GOOD_CLAIMS)
async def test_a_good_token_admits(house: House, claims: dict[str, Any]) -> None:
    assert (await must_admit(house, make(**claims)))["externalId"] == "ann"


async def test_the_claims_are_who_one_is(house: House) -> None:
    claims: dict[str, Any] = {
        "name": "Ann Archer",
        "picture": "https://market.example/ann.png",
        "roles": ["buyer", "seller", "buyer"],
    }
    known = {
        "externalId": "ada",
        "name": "Ann Archer",
        "avatarUrl": "https://market.example/ann.png",
        "roles": ["buyer", "seller"],
    }
    assert await must_admit(house, make(sub="ada", iat=now(-60), **claims)) == known
    assert await must_admit(house, make(sub="ada", iat=now(-30))) == known  # What a token does not tell stays as it is.
    assert (await must_admit(house, make(sub="ada", iat=now(-90), name="Old name")))["name"] == "Ann Archer"
    assert (await must_admit(house, make(sub="ada", iat=now(-10), name="Ann Baker")))["name"] == "Ann Baker"


@pytest.fixture
async def choosy(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server that wants an issuer and an audience."""
    async with make_house(jwt_issuer="https://market.example", jwt_audience="palaver") as house:
        yield house


@pytest.mark.parametrize(
    ("issuer", "audience"),
    [
        (None, "palaver"),
        ("https://market.example", None),
        ("https://market.example/", "palaver"),
        ("https://evil.test", "palaver"),
        ("https://market.example", "other"),
        ("https://market.example", ["other"]),
        ("https://market.example", {"palaver": True}),
        (["https://market.example"], "palaver"),
    ],
)
async def test_another_issuer_or_audience_is_refused(choosy: House, issuer: Any, audience: Any) -> None:
    payload = {"sub": "ann", "exp": now(HOUR), "iss": issuer, "aud": audience}
    wanted = {name: value for name, value in payload.items() if value is not None}
    await must_be_refused(choosy, raw_signed({"alg": "HS256"}, wanted))


@pytest.mark.parametrize("audience", ["palaver", ["other", "palaver"]])
async def test_the_wanted_issuer_and_audience_admit(choosy: House, audience: Any) -> None:
    await must_admit(choosy, make(iss="https://market.example", aud=audience))


async def test_a_leeway_is_given_to_clocks_that_differ(make_house: OpenHouse) -> None:
    """Over a socket as in a request."""
    async with make_house(jwt_leeway=30) as house:
        await must_admit(house, make(exp=now(-10)))
        await must_be_refused(house, make(exp=now(-31)))
        await must_admit(house, make(nbf=now(10), iat=now(10)))
        await must_be_refused(house, make(nbf=now(HOUR)))


async def test_the_answer_to_a_wrong_token_does_not_say_who_exists(people: People) -> None:
    known, unknown = (sign(sub, secret="another secret, of more than 32 bytes too") for sub in ("ann", "nobody"))
    assert await people.ann.ask(ME)
    first, second = [await over_http(people.house, f"Bearer {token}") for token in (known, unknown)]
    assert first.json() == second.json()


async def test_roles_are_those_of_the_present_token(ann: Person, host: Person) -> None:
    upsert = "mutation($input: UpsertUserInput!) { upsertUser(input: $input) { errors { code } } }"
    fields = {"externalId": "ann", "roles": ["service", "admin"]}
    assert (await host.ask(upsert, input=fields))["errors"] == []
    assert await ann.code(upsert, input={"externalId": "dee"}) == "FORBIDDEN"
