"""Blocking: it binds both, open subscriptions included; nothing is said any more, and all that was said is readable."""

import asyncio

import pytest

from chat.topics import typing_bell
from core.clock import now_ms
from core.ids import key_of
from tests import acts, changing
from tests.blocking import block, id_of
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.live.asks import PRESENCE, SET_TYPING, TYPING, WHO_TYPES
from tests.statements import quiet_people
from tests.test_contact import BUTTON
from tests.threads import look
from tests.waiting import until

ONLINE = "query($id: ID!) { conversation(id: $id) { counterpart { user { presence { status } } } } }"


async def sending(person: Person, thread: str, client_key: str | None = None) -> str | None:
    """The code by which a message is refused."""
    return await person.code(
        acts.SEND, input={"conversationId": thread, "body": "Hello", "clientMessageId": client_key or acts.key()}
    )


async def test_neither_says_anything_by_edits_or_reactions(people: People, thread: str) -> None:
    """What was said can be taken away."""
    ann, bob = people.ann, people.bob
    mine, theirs = await acts.send(ann, thread, "Is it still there?"), await acts.send(bob, thread, "Yes")
    await changing.react(ann, theirs["id"], "👍")
    await block(bob, ann)
    assert await changing.edit_code(ann, mine["id"], "You will be sorry") == "BLOCKED"
    assert await changing.edit_code(bob, theirs["id"], "Never") == "BLOCKED"
    assert await changing.react_code(ann, theirs["id"], "💣") == "BLOCKED"
    assert await changing.delete_code(ann, mine["id"]) is None
    assert await acts.bodies(bob, thread) == [None, "Yes"]


@pytest.mark.parametrize("blocker", ["ann", "bob"])
async def test_neither_can_send_or_type_and_both_can_read(blocker: str, people: People, thread: str) -> None:
    """Whichever of them blocked; and it can be taken back."""
    ann, bob = people.ann, people.bob
    await acts.send(ann, thread, "Is it still there?")
    one, other = (ann, bob) if blocker == "ann" else (bob, ann)
    await block(one, other)
    for person in (ann, bob):
        assert await sending(person, thread) == "BLOCKED"
        assert await person.code(SET_TYPING, id=thread) == "BLOCKED"
        assert await person.code(SET_TYPING, id=thread, isTyping=False) is None
        assert await acts.bodies(person, thread) == ["Is it still there?"]
        await acts.read(person, thread)
    await block(one, other, blocked=False)
    for person in (ann, bob):
        assert await sending(person, thread) is None
        assert await person.code(SET_TYPING, id=thread) is None


async def test_each_lifts_only_their_own_block(ann: Person, bob: Person, thread: str) -> None:
    await block(ann, bob)
    await block(bob, ann)
    await block(ann, bob, blocked=False)
    assert await sending(ann, thread) == await sending(bob, thread) == "BLOCKED"
    await block(bob, ann, blocked=False)
    assert await sending(ann, thread) is None


async def test_what_was_sent_before_is_found_by_its_key(ann: Person, bob: Person, thread: str) -> None:
    assert await sending(ann, thread, "the key") is None
    await block(bob, ann)
    assert await sending(ann, thread, "the key") is None
    assert await acts.bodies(bob, thread) == ["Hello"]


async def test_the_host_goes_on_speaking(ann: Person, bob: Person, host: Person, thread: str) -> None:
    await block(bob, ann)
    post = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
    assert await host.code(post, input={"conversationId": thread, "body": "Sold", "clientMessageId": "k"}) is None
    assert await acts.bodies(ann, thread) == ["Sold"]


async def test_where_others_take_part_all_go_on(ann: Person, bob: Person, host: Person) -> None:
    """Until only the two are left."""
    await acts.book(host, "booking-1", "ann", "bob", "dee")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await block(ann, bob)
    assert await sending(ann, booking) is None
    assert await sending(bob, booking) is None
    await acts.book(host, "booking-1", "ann", "bob")
    assert await sending(ann, booking) == await sending(bob, booking) == "BLOCKED"


async def test_no_conversation_is_opened_and_the_button_tells_so(people: People, thread: str) -> None:
    """Both ways, about a listing, about a booking, and about nothing."""
    ann, bob, host = people.ann, people.bob, people.host
    await acts.list_thing(host, "bike-2")
    await acts.list_thing(host, "desk-1", owner={"userExternalId": "ann", "role": "seller"})
    await acts.book(host)
    await acts.book(host, "booking-3", "ann", "bob", "dee")
    await block(ann, bob)
    wishes = [(ann, "listing", "bike-2"), (bob, "listing", "desk-1"), (ann, "booking", "booking-1")]
    for person, kind, external_id in wishes:
        button = await person.ask(BUTTON, kind=kind, id=external_id)
        assert button == {"viewerCanContact": False, "contactRefusal": "BLOCKED"}
        refused = await person.ask(acts.OPEN, input={"subject": {"kind": kind, "externalId": external_id}})
        assert [error["refusal"] for error in refused["errors"]] == ["BLOCKED"]
        assert refused["conversation"] is None
    for person, other in ((ann, "bob"), (bob, "ann")):
        refused = await person.ask(acts.OPEN, input={"userExternalId": other})
        assert [error["refusal"] for error in refused["errors"]] == ["BLOCKED"]
    assert (await ann.ask(BUTTON, kind="booking", id="booking-3"))["viewerCanContact"]
    await block(ann, bob, blocked=False)
    assert (await ann.ask(BUTTON, kind="listing", id="bike-2"))["viewerCanContact"]
    assert await acts.open_about(ann, "bike-2")


async def test_the_one_that_is_there_is_found_and_nothing_is_said_in_it(ann: Person, bob: Person, thread: str) -> None:
    await block(bob, ann)
    assert await acts.open_about(ann) == thread
    about = {"subject": {"kind": "listing", "externalId": "bike-1"}}
    first = {"body": "Hello?", "clientMessageId": "k"}
    refused = await ann.ask(acts.OPEN, input={**about, "firstMessage": first})
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [("BLOCKED", ["input", "firstMessage"])]


async def test_who_is_blocked_while_they_type_stops(ann: Person, bob: Person, thread: str) -> None:
    """For whoever follows it already, for whoever asks, and for whoever begins to follow."""
    async with ann.follow(TYPING, id=thread) as hers:
        assert await bob.code(SET_TYPING, id=thread) is None
        assert (await hers.next())["isTyping"]
        await block(ann, bob)
        assert not (await hers.next())["isTyping"]
        assert await ann.ask(WHO_TYPES, id=thread) == {"typing": []}
        assert await bob.code(SET_TYPING, id=thread) == "BLOCKED"
        await block(ann, bob, blocked=False)
        await until(lambda: _types(bob, thread))
        assert (await hers.next())["isTyping"]


async def _types(person: Person, thread: str) -> bool:
    """They type, and it is told: not at once after it was told last."""
    assert await person.code(SET_TYPING, id=thread) is None
    return bool(person.house.palaver.typing._until)


async def test_typing_that_was_told_late_is_not_shown(people: People, thread: str) -> None:
    """Another process had let it pass before the block, and its bell comes after it."""
    ann, bob, hub = people.ann, people.bob, people.house.palaver.hub
    user_id, conversation_id = key_of(await id_of(bob), "User"), key_of(thread, "Conversation")
    assert user_id is not None
    assert conversation_id is not None
    async with ann.follow(TYPING, id=thread) as hers:
        await block(ann, bob)
        hub.ring([typing_bell(conversation_id, user_id, now_ms() + 5000)])
        await until(lambda: len(people.house.palaver.typing.now_typing(conversation_id)))
        assert await ann.ask(WHO_TYPES, id=thread) == {"typing": []}
        async with ann.follow(TYPING, id=thread) as later:
            assert hers.is_quiet
            assert later.is_quiet


async def test_neither_sees_whether_the_other_is_online(make_house: OpenHouse) -> None:
    """From this moment on, also where nobody looks again by themselves."""
    async with quiet_people(make_house) as people:
        await acts.list_thing(people.host)
        await must_be_hidden(people.ann, people.bob, await acts.open_about(people.ann))


async def must_be_hidden(ann: Person, bob: Person, thread: str) -> None:
    """Ann follows whether Bob is online, until he blocks her."""
    async with bob.connect():
        await until(lambda: _is_seen_online(ann, thread))
        async with ann.follow(PRESENCE, ids=[await id_of(bob)]) as hers:
            assert (await hers.next())["presence"]["status"] == "ONLINE"
            await block(bob, ann)
            assert await hers.ended() == "NOT_FOUND"
        for person in (ann, bob):
            assert (await person.ask(ONLINE, id=thread))["counterpart"]["user"]["presence"] is None
        await block(bob, ann, blocked=False)
        assert await _is_seen_online(ann, thread)


async def _is_seen_online(person: Person, thread: str) -> bool:
    found = await person.ask(ONLINE, id=thread)
    return bool(found["counterpart"]["user"]["presence"]["status"] == "ONLINE")


async def test_a_stream_of_messages_goes_on_and_has_nothing_new(ann: Person, bob: Person, thread: str) -> None:
    """What the host says comes; what either tries to say does not."""
    sent = await acts.send(bob, thread, "One")
    async with ann.follow(acts.MESSAGE_ADDED, id=thread, after=sent["cursor"]) as hers:
        await block(ann, bob)
        assert await sending(bob, thread) == "BLOCKED"
        await block(ann, bob, blocked=False)
        await acts.send(bob, thread, "Two")
        assert (await hers.next())["message"]["body"] == "Two"


async def test_sending_and_blocking_at_once_end_in_one_order(ann: Person, bob: Person, thread: str) -> None:
    """When the block was acknowledged nothing comes any more: what is in the thread then is all."""
    sends = [asyncio.create_task(sending(bob, thread)) for _ in range(10)]
    await asyncio.sleep(0)
    await block(ann, bob)
    then = await acts.bodies(ann, thread)
    codes = await asyncio.gather(*sends)
    assert await acts.bodies(ann, thread) == then
    assert codes.count(None) == len(then)
    assert set(codes) <= {None, "BLOCKED"}


async def test_a_block_touches_nobody_else(people: People, thread: str) -> None:
    await block(people.ann, people.bob)
    theirs = await acts.open_about(people.cy)
    assert await sending(people.cy, theirs) is None
    assert await sending(people.bob, theirs) is None
    assert (await look(people.cy, theirs, "unreadCount"))["unreadCount"] == 1
