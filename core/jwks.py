"""The host's public keys: fetched with limits, kept while they are good, and still used while the host is down."""

import asyncio
import json
import time
from typing import Any

import httpx
import jwt
import structlog

LARGEST = 262_144
COOL_DOWN_SECONDS = 5.0

log = structlog.get_logger()


class KeySet:
    """Public keys by their ids, from one address. Redirects are not followed."""

    def __init__(self, url: str, *, algorithm: str, fresh_seconds: float, timeout_seconds: float) -> None:
        self._url = url
        self._algorithm = algorithm
        self._fresh_seconds = fresh_seconds
        self._timeout_seconds = timeout_seconds
        self._keys: dict[str | None, Any] = {}
        self._fetched_at = -float("inf")
        self._tried_at = -float("inf")
        self._turn = asyncio.Lock()

    async def find(self, key_id: str | None) -> Any:
        """The key of an id. LookupError when the host does not publish it.

        An unknown id asks the host again, but not more often than the cool-down allows, so that invented ids cannot
        make this server hammer the host's.
        """
        if key_id not in self._keys or self._is_older_than(self._fresh_seconds, self._fetched_at):
            async with self._turn:
                stale = self._is_older_than(self._fresh_seconds, self._fetched_at)
                rested = self._is_older_than(COOL_DOWN_SECONDS, self._tried_at)
                if rested and (stale or key_id not in self._keys):
                    await self._fetch()
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys[key_id]

    @staticmethod
    def _is_older_than(seconds: float, moment: float) -> bool:
        return time.monotonic() - moment >= seconds

    async def _fetch(self) -> None:
        self._tried_at = time.monotonic()
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                httpx.AsyncClient() as client,
                client.stream("GET", self._url, follow_redirects=False) as response,
            ):
                response.raise_for_status()
                body = b""
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise ValueError("The key set is too large.")
            self._keys = self._read(body)
            self._fetched_at = time.monotonic()
        except (httpx.HTTPError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
            # The keys that are known stay good: the host's web server being down must not sign everybody out.
            log.warning("jwks.unreachable", error=type(error).__name__)

    def _read(self, body: bytes) -> dict[str | None, Any]:
        found: dict[str | None, Any] = {}
        for item in json.loads(body)["keys"]:
            try:
                key = jwt.PyJWK(item, algorithm=self._algorithm)
            except jwt.PyJWTError:
                continue  # A key of another kind, for another use: the rest of the set is still good.
            found[item.get("kid")] = key.key
        return found
