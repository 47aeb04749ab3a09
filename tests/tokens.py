"""Tokens, good and wrong, and the two ways to come in with one."""

import base64
import hmac
import json
import time
from typing import Any

import httpx
import jwt
import websockets

from tests.client import NO_TLS, raw_socket
from tests.house import House
from tests.http.wire import code_of
from tests.legs import SECRET
from tests.waiting import soon

ME = "{ viewer { user { externalId name avatarUrl roles } } }"
HOUR = 3600


def make(*, key: str = SECRET, algorithm: str | None = "HS256", **claims: Any) -> str:
    """A token of these claims and no others; a claim of None is left out."""
    payload = {"sub": "ann", "exp": int(time.time()) + HOUR, **claims}
    return jwt.encode({name: value for name, value in payload.items() if value is not None}, key, algorithm=algorithm)


def raw(header: object, payload: object, signature: bytes = b"") -> str:
    """A token put together by hand."""
    return ".".join([_encode(json.dumps(header).encode()), _encode(json.dumps(payload).encode()), _encode(signature)])


def raw_signed(header: object, payload: object, key: bytes = SECRET.encode(), digest: str = "sha256") -> str:
    """A token put together by hand, with a signature that fits whatever it says."""
    start = raw(header, payload).rpartition(".")[0]
    return f"{start}.{_encode(hmac.digest(key, start.encode(), digest))}"


def signed_text(header: str, payload: str, encoding: str = "utf-8") -> str:
    """The same of JSON that no writer of JSON would write."""
    start = f"{_encode(header.encode())}.{_encode(payload.encode(encoding))}"
    return f"{start}.{_encode(hmac.digest(SECRET.encode(), start.encode(), 'sha256'))}"


def _encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def now(offset: float = 0) -> int:
    """A moment, in seconds."""
    return int(time.time() + offset)


async def over_http(house: House, authorization: str | bytes | None) -> httpx.Response:
    """A request under these words."""
    words = authorization.encode() if isinstance(authorization, str) else authorization
    headers = [] if words is None else [(b"Authorization", words)]
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        return await http.post(f"{house.url}/graphql", json={"query": ME}, headers=headers)


async def over_a_socket(house: House, payload: object) -> int:
    """The code under which a socket is closed that begins with this payload; 0 when it is acknowledged."""
    async with raw_socket(house) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        try:
            frame = json.loads(await soon(socket.recv()))
        except websockets.ConnectionClosed:
            return socket.close_code or -1
        assert frame == {"type": "connection_ack"}
        return 0


async def must_be_refused(house: House, token: str) -> None:
    """Not by any way in."""
    response = await over_http(house, f"Bearer {token}")
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"
    assert len(token) < 8 or token not in response.text
    assert await over_a_socket(house, {"authorization": f"Bearer {token}"}) == 4403


async def must_admit(house: House, token: str) -> dict[str, Any]:
    """By every way in; the person as the server knows them."""
    response = await over_http(house, f"Bearer {token}")
    assert response.status_code == 200, response.text
    assert await over_a_socket(house, {"authorization": f"Bearer {token}"}) == 0
    user: dict[str, Any] = response.json()["data"]["viewer"]["user"]
    return user
