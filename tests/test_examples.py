"""The operations that GraphiQL opens with run as they are in the demo market, by the person that they are meant for."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from chat.market import PEOPLE
from graph.roots import schema
from graph.seeding import seed
from tests import acts, samples
from tests.client import People, Person
from tests.house import House
from tests.uploads import put
from tests.waiting import until

FOLDER = Path(__file__).parents[1] / "web" / "graphiql" / "operations"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
COPY = "copy "
SCHEMA = schema._schema
#: The types whose every field is to be shown.
ROOTS = ("Query", "Mutation", "Subscription", "Admin")
#: Its file goes beside the operation, in a form, which GraphiQL cannot send.
NOT_IN_GRAPHIQL = {"Mutation.uploadAttachment"}


@dataclass(frozen=True, slots=True)
class Example:
    """An operation, the variables beside it, and what the parser makes of it."""

    query: str
    variables: dict[str, Any]
    operation: OperationDefinitionNode

    @property
    def is_live(self) -> bool:
        """Does it go on, so that it needs a socket?"""
        return self.operation.operation is OperationType.SUBSCRIPTION


def example(name: str) -> Example:
    """The example of a name, without its number too."""
    [path] = [path for path in FOLDER.glob("*.graphql") if path.stem in (name, f"{path.stem[:2]}-{name}")]
    query = path.read_text(encoding="utf-8")
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Example(query, json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), operation)


def copies_in(value: Any) -> set[str]:
    """What the variables say is to be copied: "copy an id from Inbox"."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return set().union(*(copies_in(part) for part in parts))
    return {value} if isinstance(value, str) and value.startswith(COPY) else set()


def filled(value: Any, copied: dict[str, str]) -> Any:
    """The variables after somebody did as the comments say."""
    if isinstance(value, dict):
        return {name: filled(part, copied) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, copied) for part in value]
    return copied.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Market:
    """The demo market: its buyer, the host's server, staff, the buyer's newest conversation and the other one in it."""

    buyer: Person
    host: Person
    staff: Person
    newest: str
    other: Person

    async def run(self, name: str, **changes: Any) -> Any:
        """The answer to a query or mutation, as the person that it is meant for."""
        wanted = example(name)
        meant = {"host": self.host, "staff": self.staff}
        person = next((one for word, one in meant.items() if word in name), self.buyer)
        return await person.ask(wanted.query, **{**await self.fill(wanted), **changes})

    async def fill(self, wanted: Example) -> dict[str, Any]:
        """The variables of an example, with what is to be copied copied."""
        copied = {words: await COPIES[words](self) for words in copies_in(wanted.variables)}
        variables: dict[str, Any] = filled(wanted.variables, copied)
        return variables

    async def hear(self, name: str, kind: str | None = None, **changes: Any) -> Any:
        """The first event, of a kind, of a subscription; the other one writes and types until something is heard."""
        wanted = example(name)
        variables = {**await self.fill(wanted), **changes}
        async with self.buyer.follow(wanted.query, **variables) as stream:

            async def is_heard() -> bool:
                await acts.send(self.other, self.newest, "Are you there?")
                typed = "mutation($id: ID!) { setTyping(input: {conversationId: $id}) { errors { code } } }"
                await self.other.ask(typed, id=self.newest)
                return not stream.is_quiet

            await until(is_heard)
            event = await stream.next()
            while kind is not None and event["__typename"] != kind:
                event = await stream.next()
            return event


async def of_inbox(market: Market) -> str:
    """A conversation of the buyer's."""
    return market.newest


async def of_send(market: Market) -> str:
    """The message that was sent."""
    sent: str = (await market.run("send"))["messageEdge"]["node"]["id"]
    return sent


async def person_of_inbox(market: Market) -> str:
    """Whom the buyer talks to."""
    [edge, *_] = (await market.run("inbox"))["conversations"]["edges"]
    found: str = edge["node"]["counterpart"]["user"]["id"]
    return found


async def other_of_thread(market: Market) -> str:
    """A message that the buyer did not send."""
    [edge] = (await market.run("thread"))["edges"]
    other = edge["node"]["counterpart"]["user"]["id"]
    messages = [one["node"] for one in edge["node"]["messages"]["edges"]]
    return next(str(one["id"]) for one in messages if one["sender"] and one["sender"]["id"] == other)


async def of_large_file(market: Market) -> str:
    """A place at which the file is, as the example's comment says: one that is smaller."""
    size = len(samples.PNG)
    place = await market.run("large-file", input={"fileName": "a.png", "mimeType": "image/png", "byteSize": size})
    assert await put(market.buyer, place, samples.PNG) < 300
    upload_id: str = place["uploadId"]
    return upload_id


async def of_save_template(market: Market) -> str:
    """The template that was saved."""
    saved: str = (await market.run("save-template"))["messageTemplate"]["id"]
    return saved


async def of_staff_watch(market: Market) -> str:
    """A conversation of others."""
    [edge, *_] = (await market.run("staff-watch"))["conversations"]["edges"]
    found: str = edge["node"]["id"]
    return found


async def of_staff_thread(market: Market) -> str:
    """A message of others."""
    edges = (await market.run("staff-thread"))["conversation"]["messages"]["edges"]
    return next(str(edge["node"]["id"]) for edge in edges if edge["node"]["sender"])


async def of_staff_reports(market: Market) -> str:
    """What the buyer reported."""
    await market.run("30-report")
    [edge, *_] = (await market.run("staff-reports"))["reports"]["edges"]
    found: str = edge["node"]["id"]
    return found


#: Where the examples say that something is to be copied from.
COPIES: dict[str, Callable[[Market], Awaitable[str]]] = {
    "copy an id from Inbox": of_inbox,
    "copy a person's id from Inbox": person_of_inbox,
    "copy a message of the other's from Thread": other_of_thread,
    "copy an id from Send": of_send,
    "copy the uploadId from LargeFile": of_large_file,
    "copy an id from SaveTemplate": of_save_template,
    "copy an id from StaffWatch": of_staff_watch,
    "copy a message's id from StaffThread": of_staff_thread,
    "copy an id from StaffReports": of_staff_reports,
}


@pytest.fixture
async def market(house: House, people: People) -> Market:
    """The demo market on a server of its own."""
    assert await seed(house.settings, house.palaver.database) > 0

    def demo(sub: str) -> Person:
        return people.person(sub, *PEOPLE[sub]["roles"], name=PEOPLE[sub]["name"])

    buyer = demo("ann")
    newest = "{ conversations(first: 1) { edges { node { id counterpart { user { externalId } } } } } }"
    [edge] = (await buyer.ask(newest))["edges"]
    return Market(
        buyer, demo("market"), demo("ada"), edge["node"]["id"], demo(edge["node"]["counterpart"]["user"]["externalId"])
    )


def test_every_example_has_a_comment_a_name_and_exactly_its_variables() -> None:
    assert len(NAMES) >= 10
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == NAMES
    for name in NAMES:
        one = example(name)
        assert one.query.startswith("# "), name
        assert one.operation.name is not None, name
        assert {part.variable.name.value for part in one.operation.variable_definitions or ()} == set(one.variables), (
            name
        )
        for words in copies_in(one.variables):
            assert f"the answer of {words.rpartition(' ')[2]}" in one.query.replace("\n# ", " "), name


def fields_of(document: str) -> set[str]:
    """The fields that a document asks for, of the roots and of staff's: "Query.viewer", "Admin.reports"."""
    types = TypeInfo(SCHEMA)
    found: set[str] = set()

    class Noting(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = types.get_parent_type()
            if parent is not None and parent.name in ROOTS:
                found.add(f"{parent.name}.{node.name.value}")

    visit(parse(document), TypeInfoVisitor(types, Noting()))
    return found


def test_whatever_can_be_asked_has_an_example() -> None:
    """So that a new field comes with one; and what is said to have none has none."""
    shown = set().union(*(fields_of(example(name).query) for name in NAMES))
    roots = [root for root in SCHEMA.type_map.values() if isinstance(root, GraphQLObjectType) and root.name in ROOTS]
    known = {f"{root.name}.{field}" for root in roots for field in root.fields}
    assert known - shown - NOT_IN_GRAPHIQL == set()
    assert known - shown >= NOT_IN_GRAPHIQL
    assert len(known) >= 50


@pytest.mark.parametrize("name", NAMES)
async def test_an_example_answers_without_errors(name: str, market: Market) -> None:
    if example(name).is_live:
        assert await market.hear(name)
        return
    answer = await market.run(name)
    assert answer is not None, "it is about something that the market has"
    payloads = [answer, *(part for part in answer.values() if isinstance(part, dict))]
    assert [payload.get("errors", []) for payload in payloads] == [[]] * len(payloads)


async def test_the_inbox_shows_something_to_read_and_the_thread_somebody_to_answer(market: Market) -> None:
    inbox = await market.run("inbox")
    threads = [edge["node"] for edge in inbox["conversations"]["edges"]]
    assert threads[0]["id"] == market.newest
    assert inbox["viewer"]["unreadMessageCount"] == sum(thread["unreadCount"] for thread in threads) > 0
    [edge] = (await market.run("thread"))["edges"]
    assert edge["node"]["id"] == market.newest
    messages = edge["node"]["messages"]["edges"]
    assert messages[-1]["node"]["body"] == threads[0]["lastMessage"]["body"]
    [edge] = (await market.run("thread", before=messages[-1]["cursor"]))["edges"]
    assert edge["node"]["messages"]["edges"] == messages[:-1]


async def test_the_contact_button_is_there_until_the_conversation_is_opened_and_after(market: Market) -> None:
    button = await market.run("contact-button")
    assert (button["viewerCanContact"], button["contactRefusal"]) == (True, None)
    first, again = await market.run("open"), await market.run("open")
    assert (first["created"], again["created"]) == (True, False)
    assert first["messageEdge"] == again["messageEdge"]
    assert first["conversation"]["subject"]["id"] == button["id"]
    assert await market.run("contact-button") == button


async def test_sending_twice_as_it_stands_sends_once_and_reading_clears_what_is_unread(market: Market) -> None:
    before = (await market.run("inbox"))["viewer"]["unreadMessageCount"]
    assert await market.run("send") == await market.run("send")
    read = await market.run("mark-read")
    assert read["conversation"]["unreadCount"] == 0
    assert read["viewer"]["unreadMessageCount"] < before
    [edge] = (await market.run("thread"))["edges"]
    assert edge["node"]["messages"]["edges"][-1]["node"]["body"] == example("send").variables["input"]["body"]


async def test_what_was_sent_is_edited_answered_liked_and_deleted(market: Market) -> None:
    edited = (await market.run("edit"))["message"]
    assert [one["body"] for one in edited["edits"]] == [example("send").variables["input"]["body"]]
    answer = (await market.run("reply"))["messageEdge"]["node"]
    assert (answer["replyTo"]["id"], answer["replyTo"]["body"]) == (edited["id"], edited["body"])
    assert (await market.run("react"))["message"]["reactions"][0]["viewerReacted"]
    assert (await market.run("delete"))["message"]["body"] is None
    assert (await market.run("reply"))["messageEdge"]["node"]["replyTo"]["body"] is None


async def test_live_inbox_goes_on_from_the_cursor_of_inbox(market: Market) -> None:
    cursor = (await market.run("inbox"))["viewer"]["inboxCursor"]
    sent = await acts.send(market.other, market.newest, "In between.")
    event = await market.hear("live-inbox", "MessageAddedEvent", after=cursor)
    assert (event["message"]["id"], event["isReplay"]) == (sent["id"], True)


async def test_live_messages_goes_on_from_the_cursor_of_a_message_in_thread(market: Market) -> None:
    [edge] = (await market.run("thread"))["edges"]
    newest = edge["node"]["messages"]["edges"][-1]
    sent = await acts.send(market.other, market.newest, "In between.")
    event = await market.hear("live-messages", after=newest["cursor"])
    assert (event["message"]["id"], event["isReplay"]) == (sent["id"], True)


@pytest.mark.parametrize("name", [name for name in NAMES if "host" in name or "staff" in name])
async def test_what_is_for_a_role_is_forbidden_to_the_buyer(name: str, market: Market) -> None:
    told = example(name)
    answer = await market.buyer.answer(told.query, **await market.fill(told))
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
    assert not any((answer["data"] or {}).values())


async def test_staff_visit_close_and_reopen_remove_and_resolve_as_the_examples_say(market: Market) -> None:
    joined = (await market.run("staff-join"))["conversation"]
    assert [member["role"] for member in joined["participants"]].count("staff") == 1
    left = (await market.run("staff-leave"))["conversation"]
    assert (left["id"], "staff" in [member["role"] for member in left["participants"]]) == (joined["id"], False)
    states = await market.run("staff-close-and-reopen")
    assert [states[name]["conversation"]["state"] for name in ("close", "reopen")] == ["CLOSED", "OPEN"]
    assert (await market.run("staff-remove"))["message"]["body"] is None
    assert (await market.run("staff-resolve"))["report"]["resolvedAt"] is not None


async def test_a_block_of_the_examples_is_taken_back(market: Market) -> None:
    done = await market.run("block")
    assert done["block"]["user"] == done["unblock"]["user"]
    assert (await market.run("own-lists"))["blockedUsers"]["edges"] == []
    await acts.send(market.other, market.newest, "Still there?")
