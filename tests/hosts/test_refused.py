"""Who is not meant: the stranger, somebody with another key, a page of another site."""

import time
from uuid import uuid4

import jwt
import pytest

from tests.hosts.acts import HEAR, SEND, STATE, contact, is_closed, offer
from tests.hosts.running import Host
from tests.hosts.visitors import Visitor, claims_of
from tests.keyhost import new_key
from tests.legs import SECRET

pytestmark = pytest.mark.hosts

EVIL = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


async def test_a_stranger_sees_nothing_at_the_host_nor_at_palaver(
    host: Host, ann: Visitor, bob: Visitor, cy: Visitor
) -> None:
    page = await offer(host, ann, bob)
    conversation = await contact(ann, page)
    assert (await cy.http.get(f"/conversations/{conversation}")).status_code == 404
    assert (await cy.http.get(page)).status_code == (404 if host.kind.is_private else 200)
    assert (await cy.post(f"{page}/close", await cy.hidden())).status_code == 404
    stranger = await cy.person()
    assert await stranger.ask(STATE, id=conversation) is None
    assert await stranger.code(SEND, id=conversation, body="Hello?", key=uuid4().hex) == "NOT_FOUND"
    async with stranger.connect() as line:
        assert await (await line.subscribe(HEAR, id=conversation)).ended() == "NOT_FOUND"
    assert not await is_closed(await ann.person(), conversation)
    if host.kind.is_private:
        words = {**await cy.hidden(), "body": "Hello?", "key": uuid4().hex}
        assert (await cy.post(f"{page}/contact", words)).status_code == 404


async def test_a_token_of_another_key_is_nobodys(host: Host, ann: Visitor, bob: Visitor, cy: Visitor) -> None:
    """Cy signs tokens of Ann's: with a key of her own that has the name of the host's, and by the other algorithm."""
    conversation = await contact(ann, await offer(host, ann, bob))
    good = await ann.token()
    claims, header = claims_of(good), jwt.get_unverified_header(good)
    assert header["alg"] == host.kind.algorithm
    other = new_key(header.get("kid"), "RS256")
    forged = [other.sign(**claims), jwt.encode(claims, "a secret of Cy's own, of more than 32 bytes", "HS256")]
    if host.kind.algorithm == "RS256":
        forged.append(jwt.encode(claims, SECRET, "HS256", headers={"kid": header["kid"]}))
    for token in forged:
        person = cy.person_with(token, claims["sub"])
        assert await person.code(STATE, id=conversation) == "UNAUTHENTICATED"
        assert await person.code(SEND, id=conversation, body="Hello?", key=uuid4().hex) == "UNAUTHENTICATED"
    assert await ann.person_with(good, claims["sub"]).ask(STATE, id=conversation) is not None


async def test_a_token_is_short_lived_and_gives_no_rights(host: Host, ann: Visitor) -> None:
    claims = claims_of(await ann.token())
    assert abs(claims["iat"] - time.time()) < 60
    assert claims["exp"] - claims["iat"] <= 600
    assert claims["name"] == ann.name
    assert not {"service", "admin"} & set(claims.get("roles", ()))


async def test_the_token_route_answers_only_our_own_pages_and_only_who_is_signed_in(host: Host, ann: Visitor) -> None:
    assert (await ann.http.get("/palaver/token")).status_code in (404, 405)
    hidden = await ann.hidden()
    for fields in ({}, hidden if host.kind.name != "django" else {}):
        assert (await ann.http.post("/palaver/token", data=fields, headers=EVIL)).status_code == 403
    good = await ann.post("/palaver/token", hidden)
    assert good.status_code == 200
    assert good.headers["cache-control"] == "no-store"
    assert not [name for name in good.headers if name.startswith("access-control-")]
    async with host.browser("nobody") as browser:
        fields = await browser.hidden()
        assert (await browser.post("/palaver/token", fields)).status_code == 401
    cookies = dict(ann.http.cookies)
    assert (await ann.submit("/", "/sign-out")).status_code == 200
    assert (await ann.post("/palaver/token", await ann.hidden())).status_code == 401
    ann.http.cookies.update(cookies)
    assert (await ann.post("/palaver/token", hidden)).status_code == 401, "by a cookie that somebody kept"


async def test_another_sites_page_can_do_nothing_with_our_cookie(host: Host, ann: Visitor, bob: Visitor) -> None:
    page = await offer(host, ann, bob)
    for action in (f"{page}/close", f"{page}/contact", f"/{host.kind.things}", "/sign-out", "/sign-in", "/register"):
        fields = {
            "title": "x",
            "body": "x",
            "key": "x",
            "name": "Eve",
            "password": "a long password",
            "provider": ann.name,
        }
        assert (await bob.http.post(action, data=fields, headers=EVIL)).status_code == 403
    assert f"{page}/close" in await bob.forms(page)


async def test_the_published_keys_are_public(host: Host, ann: Visitor) -> None:
    answer = await ann.http.get("/.well-known/jwks.json")
    if host.kind.algorithm == "HS256":
        assert answer.status_code == 404
        return
    kid = jwt.get_unverified_header(await ann.token())["kid"]
    [key] = answer.json()["keys"]
    assert (key["kid"], key["kty"], key["alg"], key["use"]) == (kid, "RSA", "RS256", "sig")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)
    assert (host.folder / "key.pem").stat().st_mode & 0o077 == 0
