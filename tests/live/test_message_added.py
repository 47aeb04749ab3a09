"""messageAdded: every message after the cursor, in order, once each; stored ones first, then live."""

import asyncio

import pytest

from tests import acts
from tests.client import Person, StreamEnded
from tests.live.asks import bodies_of, cursor_of, inbox_cursor, say, seqs_of
from tests.live.cursors import moved
from tests.waiting import until


async def test_without_a_cursor_it_begins_now(ann: Person, bob: Person, thread: str) -> None:
    """Nothing from before, and nothing left out from the first message on that is told."""
    await say(ann, thread, ["before"])
    async with bob.follow(acts.MESSAGE_ADDED, id=thread) as stream:

        async def is_told() -> bool:
            await say(ann, thread, ["after"])
            return not stream.is_quiet

        await until(is_told)
        first = await stream.next()
        assert (first["message"]["body"], first["isReplay"]) == ("after", False)
        await say(ann, thread, ["the end"])
        seqs = seqs_of([first])
        while (event := await stream.next())["message"]["body"] != "the end":
            seqs += seqs_of([event])
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def test_what_was_missed_comes_once_in_order_and_then_what_is_new(ann: Person, bob: Person, thread: str) -> None:
    first, *_ = await say(ann, thread, "abcd")
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=first["cursor"]) as stream:
        missed = await stream.take(3)
        assert bodies_of(missed) == ["b", "c", "d"]
        assert [event["isReplay"] for event in missed] == [True, True, True]
        await say(bob, thread, "ef")
        live = await stream.take(2)
        assert bodies_of(live) == ["e", "f"]
        assert [event["isReplay"] for event in live] == [False, False]


async def test_every_cursor_resumes_after_its_message(ann: Person, bob: Person, thread: str) -> None:
    """An edge's cursor in a page, in a payload and in an event are the same place."""
    start = await cursor_of(bob, thread)
    sent = await say(ann, thread, "abcdef")
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as stream:
        heard = await stream.take(6)
    page = (await bob.ask(acts.MESSAGES, id=thread, first=100))["messages"]["edges"]
    assert (
        [event["cursor"] for event in heard] == [edge["cursor"] for edge in page] == [item["cursor"] for item in sent]
    )
    async with bob.connect() as line:
        for number, event in enumerate(heard[:-1]):
            rest = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=event["cursor"])
            assert bodies_of(await rest.take(5 - number)) == list("abcdef"[number + 1 :])


async def test_a_thread_without_messages_can_be_resumed(ann: Person, bob: Person, thread: str) -> None:
    start = await cursor_of(bob, thread)
    await say(ann, thread, "ab")
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as stream:
        assert bodies_of(await stream.take(2)) == ["a", "b"]


async def test_a_long_absence_is_told_in_full(ann: Person, bob: Person, thread: str) -> None:
    """More than the server remembers, or reads at once."""
    start, count = await cursor_of(bob, thread), 300
    for _ in range(count // 20):
        await asyncio.gather(*(acts.send(ann, thread, "again") for _ in range(20)))
    async with bob.connect() as line:
        early = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        late = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=await cursor_of(bob, thread))
        assert seqs_of(await early.take(count)) == list(range(1, count + 1))
        await say(ann, thread, ["new"])
        assert seqs_of([await early.next(), await late.next()]) == [count + 1, count + 1]


async def test_nothing_is_lost_between_a_query_and_the_subscription(ann: Person, bob: Person, thread: str) -> None:
    """Readers query and subscribe at every moment while four devices go on writing."""
    each, people = 12, [ann, bob, ann, bob]
    total = each * len(people)

    async def write(person: Person) -> None:
        for _ in range(each):
            await acts.send(person, thread, "more")

    async def read(person: Person, wait_for: int) -> list[int]:
        seqs, cursor = await page_and_cursor(person, thread)
        while len(seqs) < wait_for:
            seqs, cursor = await page_and_cursor(person, thread)
        async with person.follow(acts.MESSAGE_ADDED, id=thread, after=cursor) as stream:
            while len(seqs) < total:
                seqs.append((await stream.next())["message"]["seq"])
            # What comes next is new: nothing is told twice.
            marker = await acts.send(person, thread, "the end")
            while seqs[-1] < marker["seq"]:
                seqs.append((await stream.next())["message"]["seq"])
        return seqs

    async with asyncio.TaskGroup() as group:
        readers = [group.create_task(read(people[number % 2], number * 7)) for number in range(6)]
        for person in people:
            group.create_task(write(person))
    for reader in readers:
        assert reader.result() == list(range(1, len(reader.result()) + 1))


async def page_and_cursor(person: Person, thread: str) -> tuple[list[int], str]:
    """The seqs of the last messages, and `Conversation.cursor` of the same read."""
    found = await person.ask(acts.MESSAGES, id=thread, last=100)
    return [edge["node"]["seq"] for edge in found["messages"]["edges"]], found["cursor"]


async def test_a_cursor_beyond_the_head_has_expired_and_a_fresh_one_goes_on(
    ann: Person, bob: Person, thread: str
) -> None:
    sent = await acts.send(ann, thread, "here")
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=moved(sent["cursor"], 1)) as stream:
        with pytest.raises(StreamEnded) as end:
            await stream.next()
    assert end.value.code == "CURSOR_EXPIRED"
    fresh = end.value.errors[0]["extensions"]["cursor"]
    assert fresh == await cursor_of(bob, thread)
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=fresh) as stream:
        await acts.send(ann, thread, "and on")
        assert bodies_of(await stream.take(1)) == ["and on"]


@pytest.mark.parametrize("cursor", ["x", "====", "bm90IGpzb24", "WyJsb2ciXQ", "é", "W10", "A" * 9000])
async def test_a_malformed_cursor_is_refused(bob: Person, thread: str, cursor: str) -> None:
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=cursor) as stream:
        assert await stream.ended() == "INVALID_CURSOR"


async def test_a_cursor_of_another_list_is_refused(ann: Person, bob: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    found = await bob.ask("{ conversations { edges { cursor } } users { edges { cursor } } }")
    foreign = [
        (await acts.send(ann, other, "elsewhere"))["cursor"],
        await cursor_of(bob, other),
        await inbox_cursor(bob),
        found["conversations"]["edges"][0]["cursor"],
        found["users"]["edges"][0]["cursor"],
    ]
    async with bob.connect() as line:
        for cursor in foreign:
            stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=cursor)
            assert await stream.ended() == "INVALID_CURSOR"


async def test_only_messages_are_told(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """Closing and reopening stand in the same log, and are told elsewhere."""
    start = await cursor_of(bob, thread)
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as stream:
        await say(ann, thread, "a")
        await acts.list_thing(host, state="CLOSED")
        await acts.list_thing(host, state="ACTIVE")
        await say(ann, thread, "b")
        assert bodies_of(await stream.take(2)) == ["a", "b"]
