"""Threads with something of everything in them: files, edits, reactions, reports, templates, marks."""

from tests import acts, uploads
from tests.changing import REACT, edit
from tests.client import People
from tests.test_arrangements import MUTE, PIN, arrange
from tests.test_reports import report
from tests.test_templates import save


async def talk(people: People, name: str) -> str:
    """A thread about a listing, with something of everything in it; its id."""
    await acts.list_thing(people.host, name, title=name, url="https://x.example", imageUrl="https://x.example")
    thread = await acts.open_about(people.ann, name)
    file = await uploads.give(people.bob, b"words")
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    sent = [await acts.send(people.ann, thread, f"{name} says {number}") for number in range(3)]
    await people.bob.ask(acts.SEND, input=fields)
    await decorate(people, thread, sent[-1]["id"], name)
    return thread


async def decorate(people: People, thread: str, sent: str, name: str) -> None:
    """What else people do: Ann's last message is edited, liked and reported, the thread muted and pinned."""
    ann, bob = people.ann, people.bob
    await edit(ann, sent, "other words")
    await edit(ann, sent, f"{name} says 2")
    await bob.ask(REACT, input={"messageId": sent, "emoji": "👍", "reacted": True})
    await report(bob, sent, note=name)
    await save(ann, name)
    await arrange(ann, MUTE, thread, until="2999-01-01T00:00:00Z")
    await arrange(ann, PIN, thread, pinned=True)
