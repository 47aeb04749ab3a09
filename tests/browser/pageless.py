"""People of whose page nothing is looked at, and who have none: to open one takes more than all that they do there."""

from collections.abc import Callable
from typing import Any, cast

import httpx
import jwt
from playwright.async_api import FilePayload

from tests import acts
from tests.browser.inbox import links_in
from tests.client import Person
from tests.house import House
from tests.served import Served
from tests.uploads import give

Meet = Callable[[str], Person]

THREADS = "{ conversations(first: 100) { edges { node { id subjectSnapshot { title } } } } }"
MESSAGES = "query($id: ID!) { conversation(id: $id) { messages(last: 100) { edges { node { id body } } } } }"
REPORT = "mutation($input: ReportMessageInput!) { reportMessage(input: $input) { errors { code } } }"


def person_at(market: Served, http: httpx.AsyncClient, who: str) -> Person:
    """Whoever a link was printed for: "buyer", "seller", "admin"."""
    token = links_in(market.output)[who].partition("#token=")[2]
    claims = jwt.decode(token, options={"verify_signature": False})
    return Person(cast("House", market), http, claims["sub"], token)


def _title(conversation: dict[str, Any]) -> str:
    """What it is about; some are about nothing."""
    return str((conversation["subjectSnapshot"] or {}).get("title", ""))


async def thread_about(person: Person, words: str) -> str:
    """The id of the only conversation of theirs with these words in the title of its subject."""
    edges = (await person.ask(THREADS))["edges"]
    (found,) = (edge["node"]["id"] for edge in edges if words in _title(edge["node"]))
    return str(found)


async def message_saying(person: Person, thread: str, body: str) -> str:
    """The id of the newest message of a conversation that says this."""
    edges = (await person.ask(MESSAGES, id=thread))["messages"]["edges"]
    return str(next(edge["node"]["id"] for edge in reversed(edges) if edge["node"]["body"] == body))


async def report(person: Person, body: str) -> None:
    """Report a message about the sofa."""
    message_id = await message_saying(person, await thread_about(person, "Green sofa"), body)
    wanted = {"messageId": message_id, "reason": "SCAM", "note": "There is no picture."}
    assert await person.ask(REPORT, input=wanted) == {"errors": []}


async def send_files(person: Person, thread: str, *files: FilePayload) -> None:
    """A message with files and nothing else."""
    ids = [(await give(person, file["buffer"], file["name"]))["id"] for file in files]
    wanted = {"conversationId": thread, "attachmentIds": ids, "clientMessageId": acts.key()}
    assert (await person.ask(acts.SEND, input=wanted))["errors"] == []
