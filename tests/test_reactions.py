"""Reactions: whoever is in a conversation puts emoji to its messages, each once, and takes them back."""

import asyncio
from typing import Any

import pytest

from core.emojis import find_emoji
from tests import acts, threads
from tests.changing import CONVERSATION_EVENTS, INBOX, REACT, delete, edit, react, react_code, seen
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.live.asks import cursor_of, inbox_cursor, without_receipts
from tests.storage import count_rows


def shown(emoji: str, *people: str, mine: bool) -> dict[str, Any]:
    """A reaction as somebody sees it."""
    users = [{"externalId": name} for name in people]
    return {"emoji": emoji, "count": len(people), "viewerReacted": mine, "users": users}


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("👍", "👍"),
        ("👍🏽", "👍🏽"),
        ("❤️", "❤️"),
        ("❤", "❤️"),
        ("👍\ufe0f", "👍"),
        ("🇩🇪", "🇩🇪"),
        ("1️⃣", "1️⃣"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
        ("👍👍", None),
        ("👍 ", None),
        ("", None),
        ("a", None),
        ("1", None),
        ("🏽", None),
        ("🇩", None),
        ("👨‍", None),
        (":thumbsup:", None),
        ("👍" + "\ufe0f" * 100, None),
        ("\ud83d", None),
        ("👍\0", None),
    ],
)
def test_an_emoji_is_known_and_spelled_in_one_way(text: str, spelled: str | None) -> None:
    assert find_emoji(text) == spelled


async def test_reactions_say_how_many_and_who(ann: Person, bob: Person, thread: str) -> None:
    """In the order in which they came; whether one is the viewer's depends on who asks."""
    sent = await acts.send(ann, thread, "Hello")
    assert (await seen(ann, sent["id"]))["reactions"] == []
    assert await react(bob, sent["id"], "🎉") == [shown("🎉", "bob", mine=True)]
    await react(bob, sent["id"], "👍")
    await react(ann, sent["id"], "👍")
    assert (await seen(bob, sent["id"]))["reactions"] == [
        shown("🎉", "bob", mine=True),
        shown("👍", "bob", "ann", mine=True),
    ]
    assert (await seen(ann, sent["id"]))["reactions"] == [
        shown("🎉", "bob", mine=False),
        shown("👍", "bob", "ann", mine=True),
    ]
    assert await react(bob, sent["id"], "🎉", reacted=False) == [shown("👍", "bob", "ann", mine=True)]
    assert await react(bob, sent["id"], "👍", reacted=False) == [shown("👍", "ann", mine=False)]


async def test_each_emoji_is_one_however_it_is_written(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    await react(ann, sent["id"], "❤")
    assert await react(ann, sent["id"], "❤️") == [shown("❤️", "ann", mine=True)]
    assert await react(ann, sent["id"], "❤", reacted=False) == []


async def test_what_is_no_emoji_is_refused(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for wrong in ("", "a", "👍👍", "<b>", "\ud83d", "👍" * 5000):
        for reacted in (True, False):
            fields = {"messageId": sent["id"], "emoji": wrong, "reacted": reacted}
            errors = await threads.refusals(ann, REACT, input=fields)
            assert [(error["code"], error["path"]) for error in errors] == [("INVALID", ["input", "emoji"])]


async def test_a_double_click_reacts_once(ann: Person, bob: Person, house: House, thread: str) -> None:
    """At once or later, there and back: nobody is told of what changes nothing."""
    sent = await acts.send(ann, thread, "Hello")
    for reacted in (True, False):
        before = (await count_rows(house))["events"]
        wished = [shown("👍", "bob", mine=True)] if reacted else []
        answers = await asyncio.gather(*(react(bob, sent["id"], "👍", reacted=reacted) for _ in range(8)))
        assert [*answers] == [wished] * 8
        assert await react(bob, sent["id"], "👍", reacted=reacted) == wished
        rows = await count_rows(house)
        assert (rows["events"], rows["reactions"]) == (before + 1, int(reacted))


async def test_to_take_back_what_is_not_there_is_done(ann: Person, house: House, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    before = await count_rows(house)
    assert await react(ann, sent["id"], "👍", reacted=False) == []
    assert await count_rows(house) == before


async def test_a_stranger_cannot_react(ann: Person, cy: Person, host: Person, thread: str) -> None:
    """Nor take back what others did, nor see by the answer that there is something."""
    sent = await acts.send(ann, thread, "Hello")
    await react(ann, sent["id"], "👍")
    for stranger in (cy, host):
        for reacted in (True, False):
            fields = {"messageId": sent["id"], "emoji": "👍", "reacted": reacted}
            errors = await threads.refusals(stranger, REACT, input=fields)
            assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "messageId"])]
    assert (await seen(ann, sent["id"]))["reactions"] == [shown("👍", "ann", mine=True)]


async def test_what_is_no_message_cannot_be_reacted_to(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for wrong in ("", "nonsense", thread, sent["id"][:-4], "TWVzc2FnZTow"):
        assert await react_code(ann, wrong) == "NOT_FOUND"


async def test_a_deleted_message_has_no_reactions_and_takes_none(
    ann: Person, bob: Person, house: House, thread: str
) -> None:
    """Taking one back is done already."""
    sent = await acts.send(ann, thread, "Hello")
    await react(bob, sent["id"], "👍")
    assert (await delete(ann, sent["id"]))["reactions"] == []
    left = await count_rows(house)
    assert left["reactions"] == 0
    assert await react_code(bob, sent["id"]) == "INVALID"
    assert await react_code(bob, sent["id"], "🎉") == "INVALID"
    assert await react(bob, sent["id"], "👍", reacted=False) == []
    assert await count_rows(house) == left


async def test_a_reaction_and_a_deletion_at_once_leave_no_reaction(
    ann: Person, bob: Person, house: House, thread: str
) -> None:
    for number in range(12):
        sent = await acts.send(ann, thread, "Hello")
        acting: list[Any] = [react_code(bob, sent["id"], emoji) for emoji in ("👍", "🎉", "❤️")]
        acting.insert(number % 4, delete(ann, sent["id"]))
        done = await asyncio.gather(*acting)
        assert {one for one in done if not isinstance(one, dict)} <= {None, "INVALID"}
        assert (await seen(bob, sent["id"]))["reactions"] == []
    assert (await count_rows(house))["reactions"] == 0


async def test_one_reacts_to_what_the_host_said(ann: Person, host: Person, thread: str) -> None:
    post = """
    mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { messageEdges { node { id } } } }
    """
    said = await host.ask(post, input={"conversationId": thread, "body": "Confirmed", "clientMessageId": "k"})
    assert await react(ann, said["messageEdges"][0]["node"]["id"], "🎉") == [shown("🎉", "ann", mine=True)]


async def test_nobody_reacts_in_a_closed_conversation(ann: Person, host: Person, thread: str) -> None:
    """What is so already is no refusal."""
    sent = await acts.send(ann, thread, "Hello")
    await react(ann, sent["id"], "👍")
    await acts.list_thing(host, state="CLOSED")
    assert await react_code(ann, sent["id"], "🎉") == "CONVERSATION_CLOSED"
    assert await react_code(ann, sent["id"], "👍", reacted=False) == "CONVERSATION_CLOSED"
    assert await react(ann, sent["id"], "👍") == [shown("👍", "ann", mine=True)]
    assert await react(ann, sent["id"], "🎉", reacted=False) == [shown("👍", "ann", mine=True)]


async def test_one_person_puts_so_many_emoji_only(make_house: OpenHouse) -> None:
    async with make_house(max_reactions=2) as house, People(house) as people:
        await acts.list_thing(people.host)
        sent = await acts.send(people.ann, await acts.open_about(people.ann), "Hello")
        await react(people.ann, sent["id"], "👍")
        await react(people.ann, sent["id"], "🎉")
        errors = await threads.refusals(
            people.ann, REACT, input={"messageId": sent["id"], "emoji": "❤️", "reacted": True}
        )
        assert [(error["code"], error["path"]) for error in errors] == [("FORBIDDEN", ["input", "emoji"])]
        assert await react_code(people.bob, sent["id"], "❤️") is None
        await react(people.ann, sent["id"], "👍", reacted=False)
        assert await react_code(people.ann, sent["id"], "❤️") is None


async def test_reactions_have_a_rate_and_repeats_are_not_counted(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", reactions="2 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        sent = await acts.send(people.ann, await acts.open_about(people.ann), "Hello")
        for _ in range(3):
            await react(people.ann, sent["id"], "👍")
        await react(people.ann, sent["id"], "👍", reacted=False)
        assert await react_code(people.ann, sent["id"], "🎉") == "RATE_LIMITED"
        assert (await seen(people.ann, sent["id"]))["reactions"] == []


async def test_a_reaction_moves_nothing_else(ann: Person, bob: Person, thread: str) -> None:
    """It is no edit, no message and nothing to read, and stays through edits."""
    fields = "unreadCount lastMessageAt firstUnreadMessage { id } lastMessage { id body editedAt }"
    sent = await acts.send(ann, thread, "Helo")
    before = await threads.look(bob, thread, fields)
    await react(bob, sent["id"], "👍")
    assert await threads.look(bob, thread, fields) == before
    edited = await edit(ann, sent["id"], "Hello")
    assert edited["reactions"] == [shown("👍", "bob", mine=False)]


async def test_a_reaction_stays_when_its_person_leaves(ann: Person, bob: Person, host: Person, people: People) -> None:
    await acts.book(host, "booking-1", "ann", "bob", "dan")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    dan = people.person("dan", "buyer", name="Dan")
    sent = await acts.send(ann, thread, "Hello")
    await react(dan, sent["id"], "👍")
    await acts.book(host, "booking-1", "ann", "bob")
    assert (await seen(bob, sent["id"]))["reactions"] == [shown("👍", "dan", mine=False)]
    assert await react_code(dan, sent["id"], reacted=False) == "NOT_FOUND"


@pytest.mark.parametrize("who", ["ann", "bob"])
async def test_a_reaction_is_told_live_and_again_to_who_resumes(people: People, thread: str, who: str) -> None:
    """By both streams, with whose it is to the one who hears it."""
    person = {"ann": people.ann, "bob": people.bob}[who]
    sent = await acts.send(people.ann, thread, "Hello")
    start, token = await cursor_of(person, thread), await inbox_cursor(person)
    async with person.connect() as line:
        live = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
        ]
        await react(people.bob, sent["id"], "👍")
        told = [(await without_receipts(stream, 1))[0] for stream in live]
        again = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
        ]
        told += [(await without_receipts(stream, 1))[0] for stream in again]
        await react(people.bob, sent["id"], "👍", reacted=False)
        gone = [(await without_receipts(stream, 1))[0] for stream in [*live, *again]]
    for event in told:
        assert event["__typename"] == "MessageUpdatedEvent"
        assert event["message"]["reactions"] == [shown("👍", "bob", mine=who == "bob")]
    assert [event["message"]["reactions"] for event in gone] == [[]] * 4
