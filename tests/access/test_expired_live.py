"""Streams that were open when the token of their socket expired tell nothing that was committed later."""

import time
from contextlib import AsyncExitStack
from typing import Any

from core.clock import ms_of
from graph.roots import schema
from tests import acts
from tests.access.acts import SET_TYPING
from tests.client import People, Person, Stream, sign

SCHEMA = schema._schema
MESSAGE = "... on MessageAddedEvent { message { createdAt } }"
STREAMS = {
    "messageAdded": "subscription($id: ID!) { messageAdded(conversationId: $id) { message { createdAt } } }",
    "conversationEvents": f"subscription($id: ID!) {{ conversationEvents(conversationId: $id) {{ {MESSAGE} }} }}",
    "inbox": f"subscription {{ inbox {{ {MESSAGE} }} }}",
    "typing": "subscription($id: ID!) { typing(conversationId: $id) { expiresAt } }",
    "presence": "subscription($ids: [ID!]!) { presence(userIds: $ids) { user { id } } }",
}
PEOPLE = "query($id: ID!) { conversation(id: $id) { participants { user { id } } } }"


def test_every_stream_is_here() -> None:
    assert SCHEMA.subscription_type is not None
    assert set(SCHEMA.subscription_type.fields) == set(STREAMS)


async def test_a_stream_ends_with_its_token(people: People, ann: Person, thread: str) -> None:
    """Each is on a socket of its own, and somebody talks all the time. The sockets are closed with 4403, so that their
    client comes with another token."""
    expires = time.time() + 2.5  # Long enough for a busy machine to tell something before.
    brief = Person(people.house, people.http, "bob", sign("bob", "seller", exp=expires))
    found = await brief.ask(PEOPLE, id=thread)
    variables: dict[str, Any] = {"ids": [one["user"]["id"] for one in found["participants"]], "id": thread}
    async with AsyncExitStack() as exits:
        streams = {}
        for name, query in STREAMS.items():
            line = await exits.enter_async_context(brief.connect())
            wanted = {key: value for key, value in variables.items() if f"${key}:" in query}
            streams[name] = await line.subscribe(query, **wanted)
        while any(stream.line.socket.close_code is None for stream in streams.values()):
            await acts.send(ann, thread, "more")
            await ann.ask(SET_TYPING, input={"conversationId": thread})
        for name, stream in streams.items():
            assert await stream.line.closed() == 4403, name
            must_have_told_nothing_later(name, stream, expires)


def must_have_told_nothing_later(name: str, stream: Stream, expires: float) -> None:
    """It told something until then, messages where they are what it tells, and nothing that was committed since."""
    frames = [stream.frames.get_nowait() for _ in range(stream.frames.qsize())]
    told = [str(event["message"]["createdAt"]) for event in events_of(frames) if event.get("message")]
    assert frames, name
    assert bool(told) == ("createdAt" in STREAMS[name]), name
    assert [moment for moment in told if ms_of(moment) > expires * 1000] == [], name


def events_of(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events among frames."""
    return [next(iter(frame["payload"]["data"].values())) for frame in frames if frame["type"] == "next"]
