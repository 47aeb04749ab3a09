"""Blocks that are lifted, as streams tell of them: to both at once, who follow each other again, and to nobody else."""

from tests import acts
from tests.blocking import block, id_of
from tests.client import People, Stream
from tests.live.asks import INBOX, PRESENCE


async def test_where_one_of_several_is_blocked_the_stream_goes_on_and_tells_of_them_again(people: People) -> None:
    """Dan's coming, told after the block, proves that it was told nothing of Bob, who has been there all the time."""
    ann, bob, dan = people.ann, people.bob, people.person("dan")
    await acts.book(people.host, "booking-1", "ann", "bob", "dan")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.read(dan, thread)
    async with bob.connect(), ann.follow(PRESENCE, ids=[await id_of(bob), await id_of(dan)]) as hers:
        state = {event["user"]["externalId"]: event["presence"]["status"] for event in await hers.take(2)}
        if state["bob"] == "OFFLINE":
            assert await _heard(hers) == ("bob", "ONLINE")
        await block(bob, ann)
        async with dan.connect():
            assert await _heard(hers) == ("dan", "ONLINE")
            await block(bob, ann, blocked=False)
            assert await _heard(hers) == ("bob", "ONLINE")


async def _heard(stream: Stream) -> tuple[str, str]:
    event = await stream.next()
    return event["user"]["externalId"], event["presence"]["status"]


async def test_a_lifted_block_is_told_to_both_and_to_no_stranger(people: People, thread: str) -> None:
    """Who is there is followed again then, by the blocked one too."""
    ann, bob, cy = people.ann, people.bob, people.cy
    theirs = await acts.open_about(cy)
    await block(bob, ann)
    async with ann.follow(INBOX) as hers, bob.follow(INBOX) as his, cy.follow(INBOX) as strange:
        await block(bob, ann, blocked=False)
        assert await _updated(hers) == await _updated(his) == thread
        async with ann.follow(PRESENCE, ids=[await id_of(bob)]) as presence:
            assert (await _heard(presence))[0] == "bob"
        await block(bob, cy)
        assert await _updated(strange) == theirs


async def _updated(stream: Stream) -> str:
    event = await stream.next()
    assert event["__typename"] == "ConversationUpdatedEvent"
    found: str = event["conversation"]["id"]
    return found


async def test_a_lifted_block_is_not_told_while_there_is_one_the_other_way(people: People, thread: str) -> None:
    """It would tell Bob, who has blocked Ann, that she had blocked him. What the host says comes next."""
    ann, bob = people.ann, people.bob
    await block(ann, bob)
    await block(bob, ann)
    async with bob.follow(INBOX) as his:
        await block(ann, bob, blocked=False)
        await block(bob, ann, blocked=False)
        assert await _updated(his) == thread
        await acts.send(ann, thread, "Is it still there?")
        assert (await his.next())["__typename"] == "MessageAddedEvent"
