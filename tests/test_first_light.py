"""The main job in one story: two people talk, live, and nothing is lost."""

from tests import acts
from tests.client import Person


async def test_two_people_hold_a_conversation_about_a_listing(
    ann: Person, bob: Person, cy: Person, thread: str
) -> None:
    """Ann asks, Bob hears it live and answers, Ann resumes after the last she saw; Cy sees nothing of it."""
    async with bob.follow(acts.MESSAGE_ADDED, id=thread) as heard:
        first = await acts.send(ann, thread, "Is it still there?")
        event = await heard.next()
        assert event["message"]["body"] == "Is it still there?"
        assert event["isReplay"] is False
    await acts.send(bob, thread, "It is!")
    async with ann.follow(acts.MESSAGE_ADDED, id=thread, after=first["cursor"]) as missed:
        event = await missed.next()
        assert (event["message"]["body"], event["isReplay"]) == ("It is!", True)
    assert await acts.bodies(bob, thread) == ["Is it still there?", "It is!"]
    assert await cy.ask("query($id: ID!) { conversation(id: $id) { id } }", id=thread) is None
