"""The operations that GraphiQL opens with run as they are in the demo market, by the person that they are meant for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse

from chat.market import PEOPLE
from graph.seeding import seed
from tests import acts
from tests.client import People, Person
from tests.house import House
from tests.waiting import until

FOLDER = Path(__file__).parents[1] / "web" / "graphiql" / "operations"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
COPIED = "copy an id from Inbox"
SENT = "copy an id from Send"


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


def filled(value: Any, conversation_id: str, message_id: str = "") -> Any:
    """The variables after somebody did as the comments say: copy an id from Inbox, or from Send."""
    if isinstance(value, dict):
        return {name: filled(part, conversation_id, message_id) for name, part in value.items()}
    return {COPIED: conversation_id, SENT: message_id}.get(value, value) if isinstance(value, str) else value


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
        message_id = ""
        if SENT in json.dumps(wanted.variables):
            message_id = (await self.run("send"))["messageEdge"]["node"]["id"]
        return await person.ask(wanted.query, **{**filled(wanted.variables, self.newest, message_id), **changes})

    async def hear(self, name: str, kind: str | None = None, **changes: Any) -> Any:
        """The first event, of a kind, of a subscription; the other one writes and types until something is heard."""
        wanted = example(name)
        variables = {**filled(wanted.variables, self.newest), **changes}
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
        if COPIED in json.dumps(one.variables):
            assert "from the answer of Inbox" in one.query.replace("\n# ", " "), name
        if SENT in json.dumps(one.variables):
            assert "answer of Send" in one.query.replace("\n# ", " "), name


@pytest.mark.parametrize("name", NAMES)
async def test_an_example_answers_without_errors(name: str, market: Market) -> None:
    if example(name).is_live:
        assert await market.hear(name)
        return
    answer = await market.run(name)
    assert answer is not None, "it is about something that the market has"
    assert answer.get("errors", []) == []


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


@pytest.mark.parametrize("name", ["host-subject", "staff-watch"])
async def test_what_is_for_a_role_is_forbidden_to_the_buyer(name: str, market: Market) -> None:
    told = example(name)
    assert await market.buyer.code(told.query, **told.variables) == "FORBIDDEN"
