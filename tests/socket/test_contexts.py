"""Each operation has a context of its own, and each event fresh rows: nothing is remembered on a socket."""

from typing import Any

from tests import acts
from tests.client import People, Person
from tests.live.asks import CONVERSATION_EVENTS, cursor_of
from tests.socket.wire import greeted

TITLE = "query($id: ID!) { conversation(id: $id) { subject { title } counterpart { user { name } } } }"
RENAME = """
mutation($name: String!) { upsertUser(input: { externalId: "ann", name: $name }) { errors { code } } }
"""
SENDER = """
subscription($id: ID!, $after: String) {
  messageAdded(conversationId: $id, after: $after) {
    message { body sender { name } conversation { subject { title } lastMessage { body } unreadCount } }
    viewer { unreadMessageCount }
  }
}
"""


async def test_an_event_shows_people_and_things_as_they_are_now(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    async with bob.follow(SENDER, id=thread, after=await cursor_of(bob, thread)) as stream:
        await acts.send(ann, thread, "one")
        first = await stream.next()
        assert first["message"]["sender"] == {"name": "Ann"}
        assert first["message"]["conversation"]["subject"] == {"title": "A red bicycle"}
        assert await host.ask(RENAME, name="Ann the Second") == {"errors": []}
        await acts.list_thing(host, title="A blue bicycle")
        await acts.send(ann, thread, "two")
        second = await stream.next()
        assert second["message"]["sender"] == {"name": "Ann the Second"}
        assert second["message"]["conversation"]["subject"] == {"title": "A blue bicycle"}
        assert second["message"]["conversation"]["unreadCount"] == 2
        assert second["viewer"]["unreadMessageCount"] == 2


async def test_operations_on_one_socket_see_what_changed_between_them(ann: Person, host: Person, thread: str) -> None:
    """While a subscription of the same socket, begun before, goes on."""
    async with ann.connect() as line:
        stream = await line.subscribe(CONVERSATION_EVENTS, id=thread)
        await stream.take(2)
        for title in ("Red", "Blue", "Green"):
            await acts.list_thing(host, title=title)
            query = await line.subscribe(TITLE, id=thread)
            assert (await query.next())["subject"]["title"] == title
            assert (await stream.next())["conversation"]["subject"]["title"] == title


async def test_operations_at_the_same_time_do_not_share_what_they_read(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    """Each mutation's answer on one socket shows what it did itself."""
    async with greeted(ann) as wire:
        for number in range(20):
            fields = {"conversationId": thread, "body": str(number), "clientMessageId": str(number)}
            query = """
            mutation($input: SendMessageInput!) {
              sendMessage(input: $input) { message { seq body conversation { lastMessage { seq } } } }
            }
            """
            await wire.subscribe(str(number), query, input=fields)
        answers: dict[str, dict[str, Any]] = {}
        while len(answers) < 20:
            frame = await wire.hear()
            if frame["type"] == "next":
                answers[frame["id"]] = frame["payload"]["data"]["sendMessage"]["message"]
    assert {name: answer["body"] for name, answer in answers.items()} == {str(n): str(n) for n in range(20)}
    assert sorted(answer["seq"] for answer in answers.values()) == list(range(1, 21))
    for answer in answers.values():
        assert answer["conversation"]["lastMessage"]["seq"] >= answer["seq"]


async def test_two_people_on_two_sockets_see_with_their_own_eyes(people: People, thread: str) -> None:
    """The same text of an operation, remembered by the server, asked by both and by a stranger at once."""
    query = "query($id: ID!) { conversation(id: $id) { viewerParticipant { user { externalId } } } }"
    async with people.ann.connect() as ann, people.bob.connect() as bob, people.cy.connect() as cy:
        streams = [await line.subscribe(query, id=thread) for line in (ann, bob, cy) * 5]
        seen = [await stream.next() for stream in streams]
    names = [answer and answer["viewerParticipant"]["user"]["externalId"] for answer in seen]
    assert names == ["ann", "bob", None] * 5
