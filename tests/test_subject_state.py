"""A subject is sold, done or cancelled, and perhaps on again: its conversations close and open with it."""

from tests import acts
from tests.client import People, Person
from tests.listings import about, conversation_of, opening, refusal_of

SAY = """
mutation($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { messageEdges { node { body } } errors { code } }
}
"""
TYPE = "mutation($id: ID!) { setTyping(input: { conversationId: $id }) { errors { code } } }"
MARK_DELIVERED = """
mutation($input: MarkDeliveredInput!) { markDelivered(input: $input) { errors { code } } }
"""
STATES = """
subscription { inbox { ... on ConversationUpdatedEvent { conversation { id state } } } }
"""


async def state_of(person: Person, conversation_id: str) -> str:
    """OPEN or CLOSED."""
    return str((await conversation_of(person, conversation_id))["state"])


async def test_closing_it_closes_all_its_conversations_and_active_opens_them(people: People, thread: str) -> None:
    bob, cy = people.bob, people.cy
    cys = await acts.open_about(cy)
    await acts.list_thing(people.host, "lamp-1")
    others = await acts.open_about(cy, "lamp-1")
    await acts.list_thing(people.host, state="CLOSED")
    assert [await state_of(bob, one) for one in (thread, cys, others)] == ["CLOSED", "CLOSED", "OPEN"]
    await acts.list_thing(people.host, state="ACTIVE")
    assert [await state_of(bob, one) for one in (thread, cys, others)] == ["OPEN", "OPEN", "OPEN"]


async def test_both_hear_of_it(ann: Person, bob: Person, host: Person, thread: str) -> None:
    async with ann.follow(STATES) as anns, bob.follow(STATES) as bobs:
        for state, expected in (("CLOSED", "CLOSED"), ("ACTIVE", "OPEN")):
            await acts.list_thing(host, state=state)
            for stream in (anns, bobs):
                assert await stream.next() == {"conversation": {"id": thread, "state": expected}}


async def test_in_a_closed_conversation_people_read_and_the_host_speaks(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    await acts.send(ann, thread, "Is it still there?")
    await acts.list_thing(host, state="CLOSED")
    words = {"conversationId": thread, "body": "One more thing", "clientMessageId": acts.key()}
    for person in (ann, bob):
        assert await person.code(acts.SEND, input=words) == "CONVERSATION_CLOSED"
        assert await person.code(TYPE, id=thread) == "CONVERSATION_CLOSED"
    assert (await acts.read(bob, thread))["conversation"]["unreadCount"] == 0
    assert await ann.code(MARK_DELIVERED, input={"conversationId": thread}) is None
    said = await host.ask(SAY, input={"conversationId": thread, "body": "Sold", "clientMessageId": "sold"})
    assert said == {"messageEdges": [{"node": {"body": "Sold"}}], "errors": []}
    assert await acts.bodies(bob, thread) == ["Is it still there?", "Sold"]
    await acts.list_thing(host, state="ACTIVE")
    assert await ann.code(acts.SEND, input=words) is None


async def test_opening_it_again_returns_it_closed(ann: Person, bob: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, state="CLOSED")
    for person, more in ((ann, {}), (bob, {"userExternalId": "ann"})):
        payload = await opening(person, **about(), **more)
        assert (payload["errors"], payload["created"]) == ([], False)
        assert payload["conversation"] == {"id": thread}
    assert await state_of(ann, thread) == "CLOSED"


async def test_opening_it_with_a_first_message_is_refused(ann: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, state="CLOSED")
    first = {"body": "Please!", "clientMessageId": "please"}
    code, path = await refusal_of(ann, **about(), firstMessage=first)
    assert (code, path) == ("CONVERSATION_CLOSED", "firstMessage")
    assert await acts.bodies(ann, thread) == []


async def test_a_conversation_nobody_opened_in_time_is_not_opened(people: People) -> None:
    await acts.list_thing(people.host, state="CLOSED")
    await acts.book(people.host, state="CLOSED")
    for subject in (about(), about("booking-1", "booking")):
        assert await refusal_of(people.ann, **subject) == ("CONTACT_REFUSED", "subject", "SUBJECT_CLOSED")
    await acts.list_thing(people.host, state="ACTIVE")
    assert (await opening(people.ann, **about()))["created"] is True


async def test_a_booking_is_talked_about_while_it_is_active(ann: Person, bob: Person, host: Person) -> None:
    await acts.book(host)
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.book(host, state="CLOSED")
    words = {"conversationId": booking, "body": "Thank you", "clientMessageId": acts.key()}
    assert await bob.code(acts.SEND, input=words) == "CONVERSATION_CLOSED"
    payload = await opening(bob, **about("booking-1", "booking"))
    assert payload["conversation"] == {"id": booking}


async def test_told_again_that_it_is_closed_nothing_happens(ann: Person, host: Person, thread: str) -> None:
    """The same words twice are no news: the next that is heard is the reopening."""
    await acts.list_thing(host, state="CLOSED")
    async with ann.follow(STATES) as stream:
        await acts.list_thing(host, state="CLOSED")
        await acts.list_thing(host, state="ACTIVE")
        assert await stream.next() == {"conversation": {"id": thread, "state": "OPEN"}}
