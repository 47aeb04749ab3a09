"""A token that expires while its socket is open ends it, and a later one goes on with nothing lost."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import jwt

from tests import acts
from tests.client import People, Person, StreamEnded, sign
from tests.live.asks import INBOX, cursor_of, inbox_cursor

MESSAGES = """
subscription($id: ID!, $after: String) {
  messageAdded(conversationId: $id, after: $after) { cursor message { seq createdAt } }
}
"""


def brief(people: People) -> Person:
    """Bob with a token that lasts a moment."""
    return Person(people.house, people.http, "bob", sign("bob", "seller", seconds=2))


async def listen_to_the_end(person: Person, talker: Person, query: str, **variables: Any) -> list[dict[str, Any]]:
    """What is heard on one socket until the server closes it, while somebody talks all the time."""
    heard = []
    async with person.connect() as line:
        stream = await line.subscribe(query, **variables)
        with suppress(StreamEnded):
            while True:
                await acts.send(talker, variables["id"], "more")
                heard += await stream.take(1)
        assert await line.closed() == 4403
    return heard


async def test_it_ends_with_its_token_and_resumes_with_the_next(
    people: People, ann: Person, bob: Person, thread: str
) -> None:
    start = await cursor_of(bob, thread)
    shortly = brief(people)
    heard = await listen_to_the_end(shortly, ann, MESSAGES, id=thread, after=start)
    last = await acts.send(ann, thread, "the last")
    seqs = [event["message"]["seq"] for event in heard]
    async with bob.follow(MESSAGES, id=thread, after=heard[-1]["cursor"]) as stream:
        while seqs[-1] < last["seq"]:
            seqs.append((await stream.next())["message"]["seq"])
    assert seqs == list(range(1, last["seq"] + 1))


async def test_nothing_is_told_to_a_token_that_has_expired(
    people: People, ann: Person, bob: Person, thread: str
) -> None:
    shortly = brief(people)
    expires = jwt.decode(shortly.token, options={"verify_signature": False})["exp"]
    heard = await listen_to_the_end(shortly, ann, MESSAGES, id=thread, after=await cursor_of(bob, thread))
    said = [datetime.fromisoformat(event["message"]["createdAt"]).timestamp() for event in heard]
    assert said
    assert max(said) <= expires


async def test_an_inbox_resumes_with_the_next_token(people: People, ann: Person, bob: Person, thread: str) -> None:
    token = await inbox_cursor(bob)
    async with brief(people).connect() as line:
        stream = await line.subscribe(INBOX, after=token)
        assert await stream.ended() is None
        assert await line.closed() == 4403
    sent = await acts.send(ann, thread, "meanwhile")
    async with bob.follow(INBOX, after=token) as stream:
        event = await stream.next()
        while event["__typename"] != "MessageAddedEvent":
            event = await stream.next()
        assert event["message"]["seq"] == sent["seq"]


async def test_a_token_for_a_thousand_years_is_served(people: People, thread: str) -> None:
    async with Person(people.house, people.http, "bob", sign("bob", seconds=1000 * 365 * 86_400)).connect() as line:
        stream = await line.subscribe("{ viewer { user { externalId } } }")
        assert (await stream.next())["user"]["externalId"] == "bob"
