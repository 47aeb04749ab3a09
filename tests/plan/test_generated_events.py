"""Generated subscriptions: an event is told alike both ways, whatever is asked about it."""

from contextlib import aclosing
from random import Random
from typing import Any

import pytest

from chat.conversation_stream import ConversationStream
from chat.events import ConversationRemoved, Reset
from chat.live import PresenceChanged, Typed
from chat.presence import PresenceState
from core.clock import now_ms
from core.ids import key_of
from db import conversations
from graph.doorkeeper import Doorkeeper
from graph.roots import schema
from tests.client import Person
from tests.live.asks import inbox_cursor
from tests.plan.both import Both
from tests.plan.market import Market
from tests.plan.operations import Generator

#: Operations of a run, and of a long one, for each of four people.
MANY = 50
VERY_MANY = 500
CURSORS = "{ conversations { edges { node { id messages(first: 1) { edges { cursor } } } } } }"


async def events_of(market: Market, person: Person) -> list[tuple[str, dict[str, Any], Any]]:
    """What somebody's streams have told: the field, its arguments, and the event."""
    palaver = market.house.palaver
    viewer = await Doorkeeper(palaver).admit(person.headers["Authorization"])
    found: list[tuple[str, dict[str, Any], Any]] = []
    for edge in (await person.ask(CURSORS))["edges"]:
        messages = edge["node"]["messages"]["edges"]
        arguments = {"conversationId": edge["node"]["id"], "after": messages[0]["cursor"]} if messages else {}
        key = key_of(edge["node"]["id"], "Conversation") or ""
        stream = ConversationStream(palaver, viewer, key, after=arguments.get("after"))
        with stream.attached():
            told = [*await stream.begin()]
            async with aclosing(stream.news()) as news:
                told += [event async for event in news]
        assert told
        found += [("conversationEvents", {"conversationId": edge["node"]["id"]}, event) for event in told]
        found += [("inbox", {"after": None}, event) for event in told]
        added = [event for event in told if type(event).__name__ == "MessageAdded"]
        found += [("messageAdded", arguments, event) for event in added]
        async with palaver.database.reading() as db:
            row = (await conversations.find_of(db, viewer.id, [key]))[key]
        typed = Typed(row, viewer.id, True, now_ms() + 60_000)
        found.append(("typing", {"conversationId": edge["node"]["id"]}, typed))
    ids = [market.words.ids["User"][0]]
    changed = PresenceChanged(viewer.id, PresenceState(is_online=True, last_seen_at=None))
    found += [("presence", {"userIds": ids}, changed), ("inbox", {}, Reset(await inbox_cursor(person), "Why not"))]
    found.append(("inbox", {}, ConversationRemoved(await inbox_cursor(person), "0" * 32)))
    return found


@pytest.mark.parametrize("many", [MANY, pytest.param(VERY_MANY, marks=pytest.mark.long)])
async def test_generated_subscriptions_tell_events_alike_both_ways(market: Market, both: Both, many: int) -> None:
    guard, cases = both.guard(), 0
    for name, person in market.askers.items():
        events = await events_of(market, person)
        for seed in range(many):
            chance = Random(f"{seed} {name}")
            field, arguments, event = chance.choice(events)
            made = Generator(schema._schema, market.words, chance).about("subscription", field, arguments)
            tellings = await both.tellings(guard, person, made.query, made.variables, event)
            if tellings is None:
                continue
            planned, resolved = tellings
            assert planned == resolved, f"seed {seed}, {name}: {made.query} {made.variables}"
            cases += 1
    answered = both.meters.answered
    print(f"{cases} cases: {dict(answered)}")
    assert cases >= 2 * many
    assert answered["failed"] == answered["unplanned"] == 0
    assert answered["planned"] >= 0.8 * cases
