"""Who leaves with something untold and is let in again resumes where the telling ended."""

from contextlib import aclosing

from chat.events import ConversationRemoved, ConversationStream, ReceiptMoved
from chat.users import Viewer
from tests import acts
from tests.client import Person
from tests.house import House
from tests.live.asks import CONVERSATION_EVENTS, cursor_of, skim
from tests.storage import run_sql


async def test_the_cursor_of_a_removal_is_that_of_what_was_told_last(
    house: House, ann: Person, cy: Person, host: Person
) -> None:
    """The stream is stepped by hand: between two steps a word is said, and Cy is taken out."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    start = await cursor_of(cy, thread)
    (user_id,) = (await run_sql(house, "select id from users where external_id = ?", "cy"))[0]
    (conversation_id,) = (await run_sql(house, "select id from conversations"))[0]
    stream = ConversationStream(house.palaver, Viewer(user_id, "cy", (), 2**53), conversation_id)
    async with aclosing(stream.everything(start)) as events:
        assert isinstance(await anext(events), ReceiptMoved)
        await acts.send(ann, thread, "Not told yet")
        await acts.book(host, "booking-1", "ann", "bob")
        removal = await anext(event async for event in events if not isinstance(event, ReceiptMoved))
    assert isinstance(removal, ConversationRemoved)
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    async with cy.follow(CONVERSATION_EVENTS, id=thread, after=removal.cursor) as back:
        (told,) = await skim(back, "MessageAddedEvent")
        assert told["message"]["body"] == "Not told yet"
