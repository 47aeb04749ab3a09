"""Files in messages, and what their addresses give."""

import httpx

from tests import acts
from tests.client import Person
from tests.uploads import give

#: All parts of it differ; 800,000 bytes.
CONTENT = b"".join(b"%07d " % number for number in range(100_000))
SEND = """
mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { id } errors { code } } }
"""
FILES = """
query Files($id: ID!) {
  conversation(id: $id) { messages(last: 1) { edges { node { attachments { id url urlExpiresAt } } } } }
}
"""


async def fetch(person: Person, url: str, **headers: str) -> httpx.Response:
    """What the address gives, without a token: it is signed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.http.get(url, headers=named)


async def sent_file(person: Person, thread: str, content: bytes = b"Hello", name: str = "note.txt") -> None:
    """Give a file, and send it into a conversation."""
    file = await give(person, content, name)
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    assert (await person.ask(SEND, input=fields))["errors"] == []


async def address(person: Person, thread: str) -> str:
    """The address of the newest message's file, as the person is told."""
    conversation = await person.ask(FILES, id=thread)
    url: str = conversation["messages"]["edges"][0]["node"]["attachments"][0]["url"]
    return url
