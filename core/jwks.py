"""The host's public keys: fetched with limits, kept while they are good, and still used while the host is down."""

import asyncio
import json
import ssl
import time
from typing import Any

import httpx
import jwt
import structlog

LARGEST = 262_144
COOL_DOWN_SECONDS = 5.0
#: What reading JSON of any shape as if it were of the right one can raise.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)

log = structlog.get_logger()


class KeySet:
    """Public keys by their ids, from one address. Redirects are not followed."""

    def __init__(self, url: str, *, algorithm: str, fresh_seconds: float, timeout_seconds: float) -> None:
        self._url = url
        self._algorithm = algorithm
        self._fresh_seconds = fresh_seconds
        self._timeout_seconds = timeout_seconds
        self._trusted: ssl.SSLContext | None = None
        self._keys: dict[str | None, Any] = {}
        self._fetched_at = -float("inf")
        self._rests_since = -float("inf")
        self._turn = asyncio.Lock()

    async def find(self, key_id: str | None) -> Any:
        """The key of an id. LookupError when the host does not publish it.

        An unknown id asks the host again, but not more often than the cool-down allows, so that invented ids cannot
        make this server hammer the host's. Who knows the key already does not wait while somebody else asks.
        """
        if self._should_ask(key_id) and not (self._turn.locked() and self._known(key_id) is not None):
            async with self._turn:
                if self._should_ask(key_id):
                    await self._ask()
        key = self._known(key_id)
        if key is None:
            raise LookupError(key_id)
        return key

    def _known(self, key_id: str | None) -> Any:
        """The key of an id, or None. A token need not name the only key."""
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id)

    def _should_ask(self, key_id: str | None) -> bool:
        has_rested = self._is_older_than(COOL_DOWN_SECONDS, self._rests_since)
        return has_rested and (self._is_stale or self._known(key_id) is None)

    @property
    def _is_stale(self) -> bool:
        return self._is_older_than(self._fresh_seconds, self._fetched_at)

    @staticmethod
    def _is_older_than(seconds: float, moment: float) -> bool:
        return time.monotonic() - moment >= seconds

    async def _ask(self) -> None:
        """Fetch the keys. After a failure, and after an id that nobody was due to ask for, the host has a rest."""
        was_due = self._is_stale
        keys = await self._fetch()
        if keys is not None:
            self._keys, self._fetched_at = keys, time.monotonic()
        if keys is None or not was_due:
            self._rests_since = time.monotonic()

    async def _fetch(self) -> dict[str | None, Any] | None:
        if self._trusted is None:  # Reading all the world's certificates would hold up the loop for 16 ms each time.
            self._trusted = await asyncio.to_thread(httpx.create_ssl_context)
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                httpx.AsyncClient(verify=self._trusted) as client,
                # Not compressed: a small answer could grow without end in the reader.
                client.stream("GET", self._url, headers={"Accept-Encoding": "identity"}) as response,
            ):
                response.raise_for_status()
                body = b""
                async for part in response.aiter_raw():
                    body += part
                    if len(body) > LARGEST:
                        raise ValueError("The key set is too large.")
            return self._read(body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, *UNREADABLE, TimeoutError, RecursionError) as error:
            # The keys that are known stay good: the host's web server being down must not sign everybody out.
            log.warning("jwks.unreachable", error=type(error).__name__)
            return None

    def _read(self, body: bytes) -> dict[str | None, Any]:
        found: dict[str | None, Any] = {}
        for item in json.loads(body)["keys"]:
            try:
                key, key_id = jwt.PyJWK(item, algorithm=self._algorithm).key, item.get("kid")
            except (jwt.PyJWTError, *UNREADABLE):
                continue  # A key of another kind, for another use: the rest of the set is still good.
            if key_id is None or isinstance(key_id, str):
                # A host that publishes a private key by mistake has other troubles, but its tokens can be checked.
                found[key_id] = key.public_key() if hasattr(key, "public_key") else key
        return found
