"""Files in a bucket of an object store that speaks S3, through obstore, which the extra palaver[s3] brings."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from core.files import PART, StoreAway, place_of
from core.presigning import bind_length
from core.settings import Settings

#: A part of a larger file; S3 takes none that is smaller, but for the last.
CHUNK = 5_242_880
#: A store that does not answer is given up before the operation is.
_PATIENCE = {"timeout": "8s", "connect_timeout": "3s"}
_RETRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=6)}


class Bucket:
    """Files in a bucket, under a prefix."""

    def __init__(self, settings: Settings) -> None:
        self._store = _store_of(settings, settings.s3_endpoint)
        self._secret = settings.s3_secret if settings.s3_key_id is not None else None
        public = settings.s3_public_endpoint
        self._outside = self._store if public is None else _store_of(settings, public)

    async def put(self, key: str, source: Path) -> None:
        """In parts when it is large; it is there when all of them are."""
        with _faults():
            await obstore.put_async(self._store, place_of(key), source, chunk_size=CHUNK, max_concurrency=2)

    async def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """One answer of the store, handed on part by part."""
        with _faults():
            found = await obstore.get_async(self._store, place_of(key), options={"range": (start, end)})
            async for part in found.stream(min_chunk_size=PART):
                yield bytes(part)

    async def size_of(self, key: str) -> int | None:
        """As the store says."""
        try:
            with _faults():
                return (await obstore.head_async(self._store, place_of(key)))["size"]
        except FileNotFoundError:
            return None

    async def delete(self, key: str) -> None:
        """The store forgets parts of a file by itself, where it is told to."""
        try:
            with _faults():
                await obstore.delete_async(self._store, place_of(key))
        except FileNotFoundError:
            return

    async def place_for(self, key: str, byte_size: int, seconds: int) -> str | None:
        """An address of the store's own. The length is signed when the settings have the secret; what a machine's role
        signs is as long as its client likes, until somebody looks."""
        with _faults():
            url = await obstore.sign_async(self._outside, "PUT", place_of(key), timedelta(seconds=seconds))
        return url if self._secret is None else bind_length(url, self._secret.get_secret_value(), byte_size)


def _store_of(settings: Settings, endpoint: str | None) -> S3Store:
    parts = urlsplit(settings.files_url)
    if not parts.netloc or parts.query or parts.fragment:
        raise ValueError("PALAVER_FILES_URL must be s3://BUCKET or s3://BUCKET/PREFIX.")
    config: dict[str, Any] = {}
    if endpoint is not None:
        config["endpoint"] = endpoint.rstrip("/")
    if settings.s3_region is not None or endpoint is not None:
        config["region"] = settings.s3_region or "us-east-1"
    if settings.s3_key_id is not None and settings.s3_secret is not None:
        config["access_key_id"] = settings.s3_key_id
        config["secret_access_key"] = settings.s3_secret.get_secret_value()
    options: Any = {**_PATIENCE, "allow_http": (endpoint or "").startswith("http:")}
    prefix = parts.path.strip("/") or None
    return S3Store(parts.netloc, prefix=prefix, client_options=options, retry_config=_RETRIES, **config)


@contextmanager
def _faults() -> Iterator[None]:
    """What went wrong in our own words: the store's may hold addresses that are signed."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError("There is no such file in the store.") from error
    except (BaseError, OSError) as error:
        raise StoreAway(type(error).__name__) from None
