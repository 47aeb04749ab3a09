"""The host's own web server, as far as it publishes keys; it counts who asks, and can fail in all the usual ways."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.tokens import HOUR, now

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair of the host's, for one algorithm."""

    id: str | None
    algorithm: str
    private: PrivateKey

    def sign(self, sub: str = "ann", **claims: Any) -> str:
        """A token signed with the private key, which names this key."""
        payload = {"sub": sub, "exp": now(HOUR), **claims}
        return jwt.encode(payload, self.private, self.algorithm, headers={"kid": self.id} if self.id else None)

    @property
    def published(self) -> dict[str, Any]:
        """The public half, as a JWK."""
        return self._jwk_of(self.private.public_key())

    @property
    def everything(self) -> dict[str, Any]:
        """Both halves, as a JWK that nobody should publish."""
        return self._jwk_of(self.private)

    def _jwk_of(self, key: Any) -> dict[str, Any]:
        kinds: dict[str, Any] = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}
        jwk: dict[str, Any] = json.loads(kinds[self.algorithm].to_jwk(key))
        named = {} if self.id is None else {"kid": self.id}
        return {**jwk, **named, "use": "sig", "alg": self.algorithm}


def new_key(key_id: str | None = "first", algorithm: str = "ES256") -> Key:
    """A new key pair."""
    match algorithm:
        case "RS256":
            return Key(key_id, algorithm, rsa.generate_private_key(public_exponent=65537, key_size=2048))
        case "EdDSA":
            return Key(key_id, algorithm, ed25519.Ed25519PrivateKey.generate())
    return Key(key_id, "ES256", ec.generate_private_key(ec.SECP256R1()))


@dataclass(slots=True)
class KeyHost:
    """Answers every GET with `body`, or as the other fields say."""

    url: str = ""
    body: bytes = b'{"keys": []}'
    status: int = 200
    location: str | None = None
    requests: int = 0
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, *keys: Key) -> None:
        """Show these keys and no others."""
        self.publish_raw([key.published for key in keys])

    def publish_raw(self, keys: list[Any]) -> None:
        """Show whatever this is."""
        self.body = json.dumps({"keys": keys}).encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and hang up."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            await self.may_answer.wait()
            lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(self.body)}", "Connection: close"]
            lines += [] if self.location is None else [f"Location: {self.location}"]
            writer.write("\r\n".join([*lines, "", ""]).encode() + self.body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Who asked did not wait for the answer.
        finally:
            writer.close()


@asynccontextmanager
async def open_key_host(*keys: Key) -> AsyncIterator[KeyHost]:
    """A web server on a free port."""
    host = KeyHost()
    host.publish(*keys)
    host.may_answer.set()
    server = await asyncio.start_server(host.answer, "127.0.0.1", 0)
    host.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"
    try:
        yield host
    finally:
        host.may_answer.set()
        server.close()
        await server.wait_closed()
