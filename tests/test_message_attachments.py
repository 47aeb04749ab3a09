"""Files in messages: one's own, sent once, with words or without, and seen by those who see the message."""

import asyncio
import io
import json
from typing import Any

from PIL import Image

from tests import acts, threads
from tests.client import Person
from tests.shelves import shelved_house

#: Each test has a server of its own, on each shelf.
_, make_house, shelves, shelf = shelved_house()
UPLOAD = """
mutation Upload($input: UploadAttachmentInput!) {
  uploadAttachment(input: $input) { attachment { id kind fileName mimeType byteSize } errors { code } }
}
"""
SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id seq kind body attachments { id kind fileName } } messageEdge { cursor } errors { code path }
  }
}
"""
SEEN = "messages { edges { node { seq kind body attachments { id fileName mimeType width height } } } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"


def picture() -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(file, "PNG")
    return file.getvalue()


async def give(person: Person, name: str, content: bytes) -> str:
    """Upload a file; its id."""
    form = {
        "operations": json.dumps({"query": UPLOAD, "variables": {"input": {"file": None}}}),
        "map": json.dumps({"0": ["variables.input.file"]}),
    }
    headers = {**person.headers, "GraphQL-Require-Preflight": "1"}
    response = await person.http.post(
        f"{person.house.url}/graphql", data=form, files={"0": (name, content)}, headers=headers
    )
    payload = response.json()["data"]["uploadAttachment"]
    assert payload["errors"] == [], payload
    attachment_id: str = payload["attachment"]["id"]
    return attachment_id


def fields(thread: str, *files: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    """The input of sendMessage with files."""
    return {"conversationId": thread, "attachmentIds": list(files), "clientMessageId": key or acts.key(), **more}


async def test_files_are_sent_with_words_and_without(ann: Person, bob: Person, thread: str) -> None:
    """What a message is called follows from what it holds; files stay in the order in which they were named."""
    first, second, third = [await give(ann, f"{number}.png", picture()) for number in (1, 2, 3)]
    paper, other = await give(ann, "offer.txt", b"Ten?"), await give(ann, "other.txt", b"Nine?")
    for kind, body, files in (
        ("IMAGE", None, [second, first]),
        ("FILE", "See the offer", [paper, third]),
        ("FILE", "", [other]),
        ("TEXT", "Only words", []),
    ):
        payload = await ann.ask(SEND, input=fields(thread, *files, body=body))
        assert payload["errors"] == []
        assert (payload["message"]["kind"], payload["message"]["body"]) == (kind, body or "")
        assert [file["id"] for file in payload["message"]["attachments"]] == files
    seen = [edge["node"] for edge in (await threads.look(bob, thread, SEEN))["messages"]["edges"]]
    assert [[file["fileName"] for file in node["attachments"]] for node in seen] == [
        ["2.png", "1.png"],
        ["offer.txt", "3.png"],
        ["other.txt"],
        [],
    ]
    assert seen[0]["attachments"][0] | {"id": ""} == {
        "id": "",
        "fileName": "2.png",
        "mimeType": "image/png",
        "width": 3,
        "height": 2,
    }


async def test_a_file_is_seen_by_others_only_once_it_is_sent(ann: Person, bob: Person, cy: Person, thread: str) -> None:
    file = await give(ann, "1.png", picture())
    assert await ann.ask(NODE, id=file) == {"id": file}
    assert await bob.ask(NODE, id=file) is None
    await ann.ask(SEND, input=fields(thread, file))
    assert await bob.ask(NODE, id=file) == {"id": file}
    assert await cy.ask(NODE, id=file) is None


async def test_only_ones_own_unsent_files_can_be_sent(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """Not another's, not one that is no file, not one that was sent; and then nothing of the message is stored."""
    mine, sent, his = [await give(person, "1.png", picture()) for person in (ann, ann, bob)]
    await ann.ask(SEND, input=fields(thread, sent))
    his_sent = await give(bob, "2.png", picture())
    await bob.ask(SEND, input=fields(thread, his_sent))
    before = await threads.look(ann, thread, "cursor lastMessage { id } unreadCount")
    for wrong in (sent, his, his_sent, "nonsense", "", thread, mine[:-8] + "AAAAAAAA"):
        for files in ([wrong], [mine, wrong], [wrong, mine]):
            (error,) = (await ann.ask(SEND, input=fields(thread, *files, body="Look")))["errors"]
            assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "attachmentIds"]), wrong
    assert await threads.look(ann, thread, "cursor lastMessage { id } unreadCount") == before
    assert (await ann.ask(SEND, input=fields(thread, mine)))["errors"] == [], "it is still there to be sent"


async def test_a_file_is_sent_in_one_message_though_many_try(ann: Person, host: Person, thread: str) -> None:
    """At the same time, into two conversations."""
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    file = await give(ann, "1.png", picture())
    answers = await asyncio.gather(*(ann.ask(SEND, input=fields(place, file)) for place in (thread, other) * 5))
    assert sorted(error["code"] for answer in answers for error in answer["errors"]) == ["NOT_FOUND"] * 9
    seen = [node for place in (thread, other) for node in (await threads.look(ann, place, SEEN))["messages"]["edges"]]
    assert [len(edge["node"]["attachments"]) for edge in seen] == [1]


async def test_a_repeat_with_the_same_files_is_the_same_message(ann: Person, thread: str) -> None:
    """With others, in another order, or without, it is another content."""
    one, two = await give(ann, "1.png", picture()), await give(ann, "2.png", picture())
    first = await ann.ask(SEND, input=fields(thread, one, two, key="k1", body="Look"))
    assert first["errors"] == []
    assert await ann.ask(SEND, input=fields(thread, one, two, key="k1", body="Look")) == first
    for files in ([two, one], [one], [], [one, two, two], ["nonsense"]):
        code = "INVALID" if len(files) > 2 else "IDEMPOTENCY_CONFLICT"
        assert await ann.code(SEND, input=fields(thread, *files, key="k1", body="Look")) == code, files


async def test_a_first_message_may_hold_files(ann: Person, bob: Person, host: Person) -> None:
    """The opening is refused as a whole when a file cannot be sent."""
    await acts.list_thing(host)
    file = await give(ann, "1.png", picture())
    asked: dict[str, Any] = {"subject": {"kind": "listing", "externalId": "bike-1"}}
    wrong = {**asked, "firstMessage": {"attachmentIds": [file, "nonsense"], "clientMessageId": "k1"}}
    assert await ann.code(acts.OPEN, input=wrong) == "NOT_FOUND"
    assert await ann.ask("{ conversations { edges { cursor } } }") == {"edges": []}
    right = {**asked, "firstMessage": {"attachmentIds": [file], "clientMessageId": "k1"}}
    payload = await ann.ask(acts.OPEN, input=right)
    assert (payload["created"], payload["messageEdge"]["node"]["seq"]) == (True, 1)
    seen = await threads.look(bob, payload["conversation"]["id"], "lastMessage { kind attachments { id } }")
    assert seen["lastMessage"] == {"kind": "IMAGE", "attachments": [{"id": file}]}


async def test_a_message_has_at_most_ten_files_each_once(ann: Person, thread: str) -> None:
    files = [await give(ann, f"{number}.txt", b"Hello") for number in range(11)]
    assert await ann.code(SEND, input=fields(thread, *files)) == "INVALID"
    assert await ann.code(SEND, input=fields(thread, files[0], files[0])) == "INVALID"
    assert await ann.code(SEND, input=fields(thread, files[0], body="\u200b")) == "INVALID"
    assert (await ann.ask(SEND, input=fields(thread, *files[:10])))["errors"] == []
