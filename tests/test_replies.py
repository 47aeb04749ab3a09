"""Answers: a message may point to an earlier one of its conversation, and shows it as it is now."""

import pytest

from tests import acts, threads
from tests.changing import CONVERSATION_EVENTS, INBOX, REPLY, delete, edit, reply, reply_of, seen
from tests.client import Person
from tests.house import House
from tests.live.asks import cursor_of, inbox_cursor, without_receipts
from tests.storage import count_rows, run_sql


async def test_an_answer_shows_what_it_answers(ann: Person, bob: Person, thread: str) -> None:
    asked = await acts.send(ann, thread, "Is it still there?")
    answer = await reply(bob, thread, asked["id"], body="It is!")
    assert answer["replyTo"] == {"id": asked["id"], "seq": 1, "body": "Is it still there?", "deletedAt": None}
    for person in (ann, bob):
        assert await seen(person, answer["id"]) == answer
    assert (await seen(ann, asked["id"]))["replyTo"] is None


async def test_one_answers_oneself_and_answers_too(ann: Person, thread: str) -> None:
    first = await acts.send(ann, thread, "One")
    second = await reply(ann, thread, first["id"])
    third = await reply(ann, thread, second["id"])
    assert third["replyTo"]["id"] == second["id"]


async def test_null_answers_nothing(ann: Person, thread: str) -> None:
    assert (await reply(ann, thread, None))["replyTo"] is None


async def test_a_message_of_another_conversation_cannot_be_answered(
    ann: Person, bob: Person, cy: Person, host: Person, house: House, thread: str
) -> None:
    """Be it one's own or a stranger's: it is as if it were not there. The refused answer leaves no trace."""
    await acts.list_thing(host, "bike-2")
    others = await acts.open_about(ann, "bike-2")
    elsewhere = await acts.send(ann, others, "Elsewhere")
    strangers = await acts.send(cy, await acts.open_about(cy), "Of Cy's")
    before = await count_rows(house)
    for wrong in (elsewhere["id"], strangers["id"], "", "nonsense", thread, elsewhere["id"][:-4]):
        errors = await threads.refusals(ann, REPLY, input=reply_of(thread, wrong))
        assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "replyToId"])]
    assert await count_rows(house) == before


async def test_a_stranger_answers_nothing(ann: Person, cy: Person, thread: str) -> None:
    asked = await acts.send(ann, thread, "Hello")
    errors = await threads.refusals(cy, REPLY, input=reply_of(thread, asked["id"]))
    assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "conversationId"])]


async def test_the_database_takes_no_answer_to_what_is_not_before_it(ann: Person, house: House, thread: str) -> None:
    await acts.send(ann, thread, "One")
    await acts.send(ann, thread, "Two")
    for seq, answered in ((1, 1), (1, 2), (2, 0), (2, -1)):
        with pytest.raises(Exception, match="ck_messages_reply"):
            await run_sql(house, "update messages set reply_to_seq = ? where seq = ?", answered, seq)


async def test_a_double_click_answers_once_and_another_answer_is_another_content(ann: Person, thread: str) -> None:
    one, two = [await acts.send(ann, thread, word) for word in ("One", "Two")]
    first = await reply(ann, thread, one["id"], key="k")
    assert await reply(ann, thread, one["id"], key="k") == first
    for other in (two["id"], None, "nonsense"):
        assert await ann.code(REPLY, input=reply_of(thread, other, key="k")) == "IDEMPOTENCY_CONFLICT"


async def test_an_answer_shows_what_was_edited_and_nothing_of_what_was_deleted(
    ann: Person, bob: Person, thread: str
) -> None:
    """In pages, by its id, and in what is told again to who resumes."""
    asked = await acts.send(ann, thread, "Is it stil there?")
    start, token = await cursor_of(bob, thread), await inbox_cursor(bob)
    answer = await reply(bob, thread, asked["id"])
    await edit(ann, asked["id"], "Is it still there?")
    assert (await seen(bob, answer["id"]))["replyTo"]["body"] == "Is it still there?"
    left = await delete(ann, asked["id"])
    gone = {"id": asked["id"], "seq": 1, "body": None, "deletedAt": left["deletedAt"]}
    assert (await seen(bob, answer["id"]))["replyTo"] == gone
    page = "messages(first: 5) { edges { node { replyTo { id seq body deletedAt } } } }"
    edges = (await threads.look(ann, thread, page))["messages"]["edges"]
    assert [edge["node"]["replyTo"] for edge in edges] == [None, gone]
    async with bob.connect() as line:
        for query, variables in ((CONVERSATION_EVENTS, {"id": thread, "after": start}), (INBOX, {"after": token})):
            stream = await line.subscribe(query, **variables)
            added = (await without_receipts(stream, 1))[0]
            assert added["message"]["replyTo"] == gone


async def test_a_deleted_message_can_be_answered(ann: Person, bob: Person, thread: str) -> None:
    """Who answers need not have heard of it yet, and the words would be lost."""
    asked = await acts.send(ann, thread, "Hello")
    await delete(ann, asked["id"])
    answer = await reply(bob, thread, asked["id"])
    assert (answer["replyTo"]["id"], answer["replyTo"]["body"]) == (asked["id"], None)


async def test_a_deleted_answer_still_says_where_it_stood(ann: Person, bob: Person, thread: str) -> None:
    asked = await acts.send(ann, thread, "Hello")
    answer = await reply(bob, thread, asked["id"])
    left = await delete(bob, answer["id"])
    assert (left["body"], left["replyTo"]["id"]) == (None, asked["id"])


async def test_an_answer_is_told_live(ann: Person, bob: Person, thread: str) -> None:
    asked = await acts.send(ann, thread, "Hello")
    start = await cursor_of(ann, thread)
    async with ann.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
        answer = await reply(bob, thread, asked["id"])
        (event,) = await without_receipts(stream, 1)
    assert event["message"] == answer
