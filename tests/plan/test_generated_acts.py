"""Generated mutations: what they answer is the same both ways, and what they do is done once."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from graph.context import Context
from graph.execution import Operation, execute
from graph.guard import choose_operation
from graph.plan.levels import Level
from graph.plan.plans import Plan
from graph.roots import schema
from tests import acts
from tests.plan.both import Both
from tests.plan.market import Market
from tests.plan.operations import Generator, Word

#: Operations of a run, and of a long one, each by four people.
MANY = 40
VERY_MANY = 500
LONG = "x" * 5000


def inputs(market: Market, name: str, chance: Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Acts that change nothing when they are done again, and some that are refused."""
    ids = market.words.ids
    conversation = chance.choice(ids["Conversation"])
    message = chance.choice(ids["Message"])
    listing = {"kind": "listing", "externalId": chance.choice(("bike-0", "bike-2", "desk-1", "none"))}
    key = f"{name}-{conversation}"
    yield "sendMessage", {"conversationId": conversation, "body": "Once", "clientMessageId": key}
    yield "sendMessage", {"conversationId": conversation, "body": "Another", "clientMessageId": key}
    yield "sendMessage", {"conversationId": conversation, "body": LONG, "clientMessageId": key}
    yield "sendMessage", {"conversationId": "nonsense", "clientMessageId": ""}
    yield (
        "sendMessage",
        {"conversationId": conversation, "body": "So", "replyToId": message, "clientMessageId": "a" + key},
    )
    yield "editMessage", {"messageId": message, "body": chance.choice(("Edited", "", LONG))}
    yield "react", {"messageId": message, "emoji": chance.choice(("👍", "no")), "reacted": chance.random() < 0.5}
    yield "deleteMessage", {"messageId": chance.choice(ids["Message"][-2:])}
    yield "markRead", {"conversationId": conversation}
    yield "markRead", {"conversationId": conversation, "upToMessageId": message}
    yield "markDelivered", {"conversationId": conversation}
    yield "setTyping", {"conversationId": conversation, "isTyping": False}
    yield "openConversation", {"subject": listing}
    yield "openConversation", {"subject": listing, "firstMessage": {"body": "First", "clientMessageId": f"first {key}"}}
    yield "openConversation", {"userExternalId": chance.choice(("ann", "bob", "nobody"))}
    yield "archiveConversation", {"conversationId": conversation, "archived": True}
    yield "muteConversation", {"conversationId": conversation, "until": "2999-01-01T00:00:00.000Z"}
    yield "pinConversation", {"conversationId": conversation, "pinned": False}
    yield "blockUser", {"userId": chance.choice(ids["User"]), "blocked": False}
    yield "reportMessage", {"messageId": message, "reason": Word("ABUSE"), "note": "Rude"}
    yield "saveMessageTemplate", {"name": key, "body": "Hello {{name}}"}
    yield "saveMessageTemplate", {"id": "nonsense", "name": key, "body": "Hello {{}}"}
    yield "deleteMessageTemplate", {"id": "nonsense"}
    yield "deleteSubject", {"kind": "listing", "externalId": "none"}
    yield "upsertSubject", {"kind": "listing", "externalId": "bike-4", "title": "Bicycle 4", "url": None}
    yield "upsertSubject", {"kind": "listing", "externalId": "bike-4", "title": LONG}
    yield "upsertUser", {"externalId": "dee", "name": "Dee"}
    yield "postSystemMessage", {"subject": listing, "body": "Said", "clientMessageId": "said"}
    yield "postSystemMessage", {"body": "Said", "clientMessageId": "said"}


def inputs_of_staff(market: Market, chance: Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same of what staff do."""
    ids = market.words.ids
    conversation, message = chance.choice(ids["Conversation"]), chance.choice(ids["Message"])
    yield "joinConversation", {"conversationId": chance.choice(ids["Conversation"][-2:])}
    yield "joinConversation", {"conversationId": "nonsense"}
    yield "leaveConversation", {"conversationId": chance.choice(ids["Conversation"][-2:])}
    yield "leaveConversation", {"conversationId": "nonsense"}
    yield "setConversationState", {"conversationId": conversation, "state": Word("OPEN"), "reason": "All is well"}
    yield "setConversationState", {"conversationId": ids["Conversation"][-1], "state": Word("CLOSED")}
    yield "setConversationState", {"conversationId": conversation, "state": Word("OPEN"), "reason": LONG}
    yield "removeMessage", {"messageId": ids["Message"][-1], "reason": "Rude"}
    yield "removeMessage", {"messageId": message, "reason": LONG}
    yield "resolveReport", {"reportId": chance.choice(ids["Report"][:1]), "note": "Done"}
    yield "resolveReport", {"reportId": chance.choice(ids["Report"]), "note": LONG}


@pytest.mark.parametrize("many", [MANY, pytest.param(VERY_MANY, marks=pytest.mark.long)])
async def test_generated_acts_have_the_same_answer_both_ways(market: Market, both: Both, many: int) -> None:
    """Each is done once before it is compared, so that it is a repetition both ways."""
    guard, cases = both.guard(), 0
    for seed in range(many):
        for name, person in (market.askers | market.watchers).items():
            chance = Random(f"{seed} {name}")
            acts_of_others = [*inputs(market, name, chance)]
            chosen = [*inputs_of_staff(market, chance)] if name in market.watchers else acts_of_others
            field, given = chance.choice(chosen if chance.random() < 0.8 else acts_of_others)
            made = Generator(schema._schema, market.words, chance).about("mutation", field, {"input": given})
            await both.answers(guard, person, made.query, made.variables)
            answers = await both.answers(guard, person, made.query, made.variables)
            if answers is None:
                continue
            planned, resolved = answers
            assert planned == resolved, f"seed {seed}, {name}: {made.query} {made.variables}"
            cases += 1
    answered = both.meters.answered
    print(f"{cases} cases: {dict(answered)}")
    assert cases >= 3 * many
    assert answered["failed"] == 0
    # Each was asked twice. Wrong variables are left to graphql-core; what is refused is an answer like any other.
    assert answered["unplanned"] <= 0.1 * 2 * cases
    assert answered["planned"] >= 0.6 * 2 * cases


TWICE = """
mutation Twice($one: SendMessageInput!, $other: SendMessageInput!) {
  one: sendMessage(input: $one) { message { seq body conversation { unreadCount } } errors { code } }
  other: sendMessage(input: $other) { message { seq body } errors { code } }
}
"""


class Torn(Level):
    """A level that does everything, and then fails."""

    async def answer(self, run: Any, rows: Any) -> Any:
        """Nothing, in the end."""
        await super().answer(run, rows)
        raise RuntimeError("torn")


@pytest.mark.parametrize("is_torn", [False, True])
async def test_what_a_plan_did_is_not_done_again_when_it_fails(
    market: Market, both: Both, monkeypatch: pytest.MonkeyPatch, is_torn: bool
) -> None:
    """Two messages are sent, under no key that would hide a repetition: the second is refused by its length."""
    bob = market.people.bob
    thread = await acts.open_about(market.people.ann, "bike-4")
    document = both.guard().check(TWICE).document
    assert document is not None
    variables = {
        "one": {"conversationId": thread, "body": "Torn?", "clientMessageId": acts.key()},
        "other": {"conversationId": thread, "body": LONG, "clientMessageId": acts.key()},
    }
    operation = Operation(document, None, variables, choose_operation(document, None))
    plan = both.plans.find(document, operation.chosen, variables)
    assert plan is not None
    if is_torn:
        torn = Plan(Torn(plan.level.make, plan.level.parts), plan.variables)
        monkeypatch.setattr(both.plans, "find", lambda *_: torn)
    calls = await sends(market)
    context: Context = await both.context(bob, both.meters)
    answer = await execute(both.plans, context, operation)
    assert answer["data"]["one"]["message"]["body"] == "Torn?"
    assert answer["data"]["other"] == {"message": None, "errors": [{"code": "TOO_LONG"}]}
    assert await sends(market) == calls + 1
    assert both.meters.answered == ({"failed": 1} if is_torn else {"planned": 1})


async def sends(market: Market) -> int:
    """How many messages there are, and how often one was sent again."""
    async with market.house.palaver.database.reading() as db:
        stored = await db.value(text("select count(*) from messages"))
    return int(stored) + 1000 * market.house.palaver.work.repeats
