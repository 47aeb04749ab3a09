"""Requests that name their document, over either way."""

import hashlib
import json
from typing import Any

from tests.client import Person
from tests.http.wire import post
from tests.socket.wire import greeted

WAYS = ("http", "socket")


def hash_of(text: str) -> str:
    """What a client calls a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(name: Any, version: Any = 1) -> dict[str, Any]:
    """The extensions of an automatic persisted query."""
    return {"persistedQuery": {"version": version, "sha256Hash": name}}


def by_hash(text: str, **variables: Any) -> dict[str, Any]:
    """A request with the hash alone."""
    return {"extensions": persisted(hash_of(text)), "variables": variables}


def with_text(text: str, **variables: Any) -> dict[str, Any]:
    """A request with both."""
    return {"query": text, **by_hash(text, **variables)}


async def answer(way: str, person: Person, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request: its data, its errors; not what it cost."""
    told = await _answer(way, person, request)
    told.pop("extensions", None)
    return told


async def _answer(way: str, person: Person, request: dict[str, Any]) -> dict[str, Any]:
    if way == "http":
        response = await post(person, json.dumps(request).encode())
        told: dict[str, Any] = response.json()
        return told
    async with greeted(person) as wire:
        await wire.say(type="subscribe", id="1", payload=request)
        frame = await wire.hear()
        assert frame["id"] == "1"
        payload: dict[str, Any] = frame["payload"] if frame["type"] == "next" else {"errors": frame["payload"]}
        return payload


def code_in(told: dict[str, Any]) -> str:
    """The code of an answer's only error; nothing was executed."""
    assert told.get("data") is None, told
    [error] = told["errors"]
    code: str = error["extensions"]["code"]
    return code


async def code(way: str, person: Person, request: dict[str, Any]) -> str:
    """The code that a request is refused with."""
    return code_in(await answer(way, person, request))
