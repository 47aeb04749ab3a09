"""Whole threads: fill one, and page through it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests import acts
from tests.client import Person, Stream


@dataclass(frozen=True, slots=True)
class Page:
    """A page of messages, as a client got it."""

    seqs: list[int]
    ids: list[str]
    cursors: list[str]
    has_next: bool
    has_previous: bool
    start: str | None
    end: str | None


async def page_of(person: Person, conversation_id: str, **choice: Any) -> Page:
    """A page of a conversation's messages."""
    connection = (await person.ask(acts.MESSAGES, id=conversation_id, **choice))["messages"]
    edges, info = connection["edges"], connection["pageInfo"]
    return Page(
        [edge["node"]["seq"] for edge in edges],
        [edge["node"]["id"] for edge in edges],
        [edge["cursor"] for edge in edges],
        info["hasNextPage"],
        info["hasPreviousPage"],
        info["startCursor"],
        info["endCursor"],
    )


async def fill(person: Person, conversation_id: str, count: int, *, since: int = 0) -> list[dict[str, Any]]:
    """Send messages one after another, each saying its number."""
    return [await acts.send(person, conversation_id, str(since + number + 1)) for number in range(count)]


async def look(person: Person, conversation_id: str, fields: str) -> dict[str, Any]:
    """Some fields of a conversation as a person sees them now."""
    found: dict[str, Any] = await person.ask(
        f"query($id: ID!) {{ conversation(id: $id) {{ {fields} }} }}", id=conversation_id
    )
    return found


@asynccontextmanager
async def listening(person: Person, conversation_id: str, query: str = acts.MESSAGE_ADDED) -> AsyncIterator[Stream]:
    """Follow a conversation from this moment on, for certain: without `after` it begins when the server comes to it."""
    cursor = (await look(person, conversation_id, "cursor"))["cursor"]
    async with person.follow(query, id=conversation_id, after=cursor) as stream:
        yield stream


async def answer(person: Person, query: str, **variables: Any) -> dict[str, Any]:
    """The whole answer to a request written in ASCII, which can hold half characters."""
    response = await person.http.post(
        f"{person.house.url}/graphql",
        content=json.dumps({"query": query, "variables": variables}),
        headers={**person.headers, "Content-Type": "application/json"},
    )
    answered: dict[str, Any] = response.json()
    return answered


async def refusals(person: Person, query: str, **variables: Any) -> list[dict[str, Any]]:
    """The errors in the payload of a mutation, whose input may hold half characters."""
    answered = await answer(person, query, **variables)
    assert "errors" not in answered, answered
    (payload,) = answered["data"].values()
    errors: list[dict[str, Any]] = payload["errors"]
    return errors
