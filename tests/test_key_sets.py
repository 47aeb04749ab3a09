"""Tokens checked by the host's published keys: fetched with care, kept through the host's troubles."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import OpenHouse
from tests.house import House
from tests.keyhost import Key, KeyHost, new_key, open_key_host
from tests.tokens import make, must_admit, must_be_refused, over_http, raw, raw_signed
from tests.waiting import until


@asynccontextmanager
async def opened(make_house: OpenHouse, *keys: Key, **changes: Any) -> AsyncIterator[tuple[House, KeyHost]]:
    """A server that trusts a host of these keys."""
    async with open_key_host(*keys) as host:
        settings = {"jwks_url": host.url, "jwt_algorithm": keys[0].algorithm if keys else "ES256", **changes}
        async with make_house(**settings) as house:
            yield house, host


async def status(house: House, token: str) -> int:
    """What a request with the token is answered with."""
    return (await over_http(house, f"Bearer {token}")).status_code


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_token_of_a_published_key_admits_and_no_other(make_house: OpenHouse, algorithm: str) -> None:
    key, thief = new_key("first", algorithm), new_key("first", algorithm)
    async with opened(make_house, key) as (house, host):
        await must_admit(house, key.sign())
        await must_be_refused(house, thief.sign())
        await must_be_refused(house, key.sign(exp=1))
        assert host.requests == 1


async def test_the_secret_is_worth_nothing_beside_a_key_set(make_house: OpenHouse) -> None:
    async with opened(make_house, new_key()) as (house, _):
        await must_be_refused(house, make())


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_public_key_is_not_taken_for_a_secret(make_house: OpenHouse, algorithm: str) -> None:
    key = new_key("first", algorithm)
    public = key.private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = {"sub": "ann", "exp": 4_000_000_000}
    async with opened(make_house, key) as (house, _):
        for secret in (pem, pem.strip(), json.dumps(key.published).encode(), b""):
            for name in ("HS256", algorithm):
                await must_be_refused(house, raw_signed({"alg": name, "kid": "first"}, claims, secret))
        for name in ("none", "HS256", algorithm):
            await must_be_refused(house, raw({"alg": name, "kid": "first"}, claims))
        await must_admit(house, key.sign())


async def test_the_algorithm_is_the_settings_whatever_keys_are_published(make_house: OpenHouse) -> None:
    trusted, other = new_key("first", "ES256"), new_key("other", "EdDSA")
    async with opened(make_house, trusted, other) as (house, _):
        await must_admit(house, trusted.sign())
        await must_be_refused(house, other.sign())


def signed(key: Key, **header: Any) -> str:
    """A token that a key has really signed, whatever its header says."""
    return jwt.encode({"sub": "ann", "exp": 4_000_000_000}, key.private, key.algorithm, headers=header)


async def test_a_token_cannot_bring_its_own_key(make_house: OpenHouse) -> None:
    """Nor say where it is: the signature fits, and whoever looked there would let the thief in."""
    async with open_key_host() as foreign, opened(make_house, new_key()) as (house, _):
        thief = new_key("thief")
        foreign.publish(thief)
        chain = [base64.b64encode(b"a certificate of the thief's").decode()]
        for own in ({"jwk": thief.published}, {"jku": foreign.url}, {"x5u": foreign.url}, {"x5c": chain}):
            for named in ({}, {"kid": "thief"}, {"kid": "first"}, {"kid": foreign.url}):
                await must_be_refused(house, signed(thief, **own, **named))
        await must_be_refused(house, thief.sign())
        assert foreign.requests == 0


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b"], "b": 1},
        {"crit": []},
        {"crit": "exp"},
        {"crit": ["b64"], "b64": True},
        {"kid": "/dev/null"},
        {"kid": "' OR '1'='1"},
        {"kid": ""},
        {"kid": "FIRST"},
    ],
    ids=str,
)
async def test_a_header_that_asks_for_something_else_is_refused_under_a_good_key(
    make_house: OpenHouse, header: dict[str, Any]
) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, _):
        await must_be_refused(house, signed(key, **{"kid": "first", **header}))
        await must_admit(house, signed(key, kid="first"))


async def test_a_new_key_is_fetched_when_a_token_names_it_and_the_old_one_then_ends(make_house: OpenHouse) -> None:
    old, new = new_key("old"), new_key("new")
    async with opened(make_house, old) as (house, host):
        await must_admit(house, old.sign())
        host.publish(old, new)
        await must_admit(house, new.sign())
        await must_admit(house, old.sign())
        assert host.requests == 2


async def test_a_withdrawn_key_is_refused_once_the_set_is_read_again(make_house: OpenHouse) -> None:
    old, new = new_key("old"), new_key("new")
    async with opened(make_house, old, new, jwks_seconds=0.001) as (house, host):
        await must_admit(house, old.sign())
        host.publish(new)
        await must_be_refused(house, old.sign())
        await must_admit(house, new.sign())


async def test_invented_key_ids_do_not_make_the_server_hammer_the_host(make_house: OpenHouse) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, host):
        invented = [Key(f"invented {number}", key.algorithm, key.private).sign() for number in range(30)]
        assert await asyncio.gather(*(status(house, token) for token in invented)) == [401] * 30
        assert host.requests <= 2
        await must_admit(house, key.sign())
        assert host.requests <= 2


async def test_many_who_come_first_ask_the_host_once(make_house: OpenHouse) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, host):
        tokens = [key.sign(f"person {number}") for number in range(20)]
        assert await asyncio.gather(*(status(house, token) for token in tokens)) == [200] * 20
        assert host.requests == 1


async def test_tokens_that_name_no_key_need_a_set_of_one(make_house: OpenHouse) -> None:
    nameless, other = new_key(None), new_key("other")
    async with opened(make_house, nameless) as (house, host):
        for _ in range(3):
            await must_admit(house, nameless.sign())
        assert host.requests == 1
    named = new_key("named")
    async with opened(make_house, named) as (house, host):
        for _ in range(3):
            await must_admit(house, Key(None, named.algorithm, named.private).sign())
        assert host.requests == 1
    async with opened(make_house, named, other) as (house, _):
        await must_be_refused(house, Key(None, named.algorithm, named.private).sign())


@pytest.mark.parametrize("trouble", ["503", "404", "no JSON", "no keys", "a list", "a page", "brackets"])
async def test_known_keys_stay_good_while_the_host_is_in_trouble(make_house: OpenHouse, trouble: str) -> None:
    key = new_key()
    async with opened(make_house, key, jwks_seconds=0.001) as (house, host):
        await must_admit(house, key.sign())
        host.status = int(trouble) if trouble.isdigit() else 200
        host.body = {"no keys": b"{}", "a list": b"[]", "a page": b"<html>", "brackets": b"[" * 100_000}.get(
            trouble, b"\xff"
        )
        await must_admit(house, key.sign())
        assert host.requests >= 2


async def test_known_keys_stay_good_while_the_host_is_gone(make_house: OpenHouse) -> None:
    key = new_key()
    async with AsyncExitStack() as stays:
        async with open_key_host(key) as host:
            house = await stays.enter_async_context(
                make_house(jwks_url=host.url, jwt_algorithm="ES256", jwks_seconds=0.001)
            )
            await must_admit(house, key.sign())
        await must_admit(house, key.sign())
        await must_be_refused(house, new_key("first").sign())


async def test_a_host_that_hangs_holds_up_nobody_whose_key_is_known(make_house: OpenHouse) -> None:
    key = new_key()
    async with opened(make_house, key, jwks_seconds=0.001, jwks_timeout=30) as (house, host):
        await must_admit(house, key.sign())
        host.may_answer.clear()
        before = host.requests
        asking = asyncio.create_task(status(house, Key("new", key.algorithm, key.private).sign()))
        await until(lambda: host.requests > before)
        await must_admit(house, key.sign())
        host.may_answer.set()
        assert await asking == 401


async def test_a_redirect_is_not_followed(make_house: OpenHouse) -> None:
    key = new_key()
    async with open_key_host(key) as elsewhere, opened(make_house, new_key("unused")) as (house, host):
        host.status, host.location = 302, elsewhere.url
        await must_be_refused(house, key.sign())
        assert (host.requests >= 1, elsewhere.requests) == (True, 0)


async def test_a_set_that_is_too_large_is_not_read(make_house: OpenHouse) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, host):
        host.publish_raw([key.published, {"kty": "padding", "x": "x" * 300_000}])
        await must_be_refused(house, key.sign())


@pytest.mark.parametrize(
    "other",
    [
        None,
        7,
        "key",
        [],
        {},
        {"kty": "EC"},
        {"kty": "EC", "crv": "P-256", "x": "?", "y": 7},
        {"kty": ["EC"], "kid": ["list"]},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "first"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    ],
    ids=str,
)
async def test_a_key_that_cannot_be_read_spoils_no_other(make_house: OpenHouse, other: Any) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, host):
        host.publish_raw([other, key.published, other])
        await must_admit(house, key.sign())


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_private_key_published_by_mistake_only_checks(make_house: OpenHouse, algorithm: str) -> None:
    key = new_key("first", algorithm)
    async with opened(make_house, key) as (house, host):
        host.publish_raw([key.everything])
        await must_admit(house, key.sign())
        await must_be_refused(house, new_key("first", algorithm).sign())


async def test_nobody_comes_in_before_the_keys_are_known(make_house: OpenHouse) -> None:
    key = new_key()
    async with opened(make_house, key) as (house, host):
        host.status = 500
        await must_be_refused(house, key.sign())
