"""What a person sees of everything: as the server answers it, as the model would, and where they differ."""

from collections.abc import Iterator
from typing import Any

from tests.client import Person
from tests.model.cast import Cast
from tests.model.conversations import Said, Thread, World

EVERYTHING = """
{
  viewer { unreadMessageCount unreadConversationCount }
  unread: conversations(first: 100, filter: { unreadOnly: true }) { edges { node { id } } }
  conversations(first: 100) {
    edges {
      node {
        id state unreadCount
        firstUnreadMessage { id }
        lastMessage { id }
        participants { user { externalId } lastReadSeq lastDeliveredSeq }
        messages(last: 100) {
          edges {
            node {
              id seq body status clientMessageId sender { externalId }
              edits { body } replyTo { id body } reactions { emoji count viewerReacted users { externalId } }
            }
          }
        }
      }
    }
  }
}
"""


async def seen(person: Person) -> dict[str, Any]:
    """What the server shows a person."""
    data: dict[str, Any] = await person.ask(EVERYTHING)
    conversations = [edge["node"] for edge in data["conversations"]["edges"]]
    for conversation in conversations:
        conversation["participants"].sort(key=lambda part: part["user"]["externalId"])
        conversation["messages"] = [edge["node"] for edge in conversation["messages"]["edges"]]
        for message in conversation["messages"]:  # Of one moment they may come in any order.
            message["reactions"].sort(key=lambda reaction: reaction["emoji"])
            for reaction in message["reactions"]:
                reaction["users"].sort(key=lambda user: user["externalId"])
    return {
        "viewer": data["viewer"],
        "unread": [edge["node"]["id"] for edge in data["unread"]["edges"]],
        "conversations": conversations,
    }


def expected(world: World, cast: Cast, name: str) -> dict[str, Any]:
    """What the model shows the same person."""
    mine = list(world.of(name))
    return {
        "viewer": world.unread_counts(name),
        "unread": [thread.id for thread in mine if thread.unread(name)],
        "conversations": [_conversation(world, cast, name, thread) for thread in mine],
    }


def _conversation(world: World, cast: Cast, name: str, thread: Thread) -> dict[str, Any]:
    unread = thread.unread(name)
    return {
        "id": thread.id,
        "state": "CLOSED" if world.is_closed(thread) else "OPEN",
        "unreadCount": len(unread),
        "firstUnreadMessage": {"id": unread[0].id} if unread else None,
        "lastMessage": {"id": thread.log[-1].id} if thread.log else None,
        "participants": [
            {
                "user": {"externalId": cast.sub(member)},
                "lastReadSeq": thread.read[member],
                "lastDeliveredSeq": thread.delivered[member],
            }
            for member in sorted(thread.members)
        ],
        "messages": [_message(cast, name, thread, said) for said in thread.log[-100:]],
    }


def _message(cast: Cast, name: str, thread: Thread, said: Said) -> dict[str, Any]:
    return {
        "id": said.id,
        "seq": said.seq,
        "body": thread.body(said),
        "status": thread.status(said),
        "clientMessageId": said.key if said.by == name else None,
        "sender": None if said.by is None else {"externalId": cast.sub(said.by)},
        "edits": [{"body": body} for body in thread.fate(said).words(said)[:-1]],
        "replyTo": None if said.answers is None else _answered(thread, thread.log[said.answers - 1]),
        "reactions": [_reaction(cast, name, thread, said, emoji) for emoji in _emoji_of(thread, said)],
    }


def _answered(thread: Thread, said: Said) -> dict[str, Any]:
    return {"id": said.id, "body": thread.body(said)}


def _emoji_of(thread: Thread, said: Said) -> list[str]:
    return sorted({emoji for _, emoji in thread.fate(said).reactions})


def _reaction(cast: Cast, name: str, thread: Thread, said: Said, emoji: str) -> dict[str, Any]:
    who = sorted(by for by, one in thread.fate(said).reactions if one == emoji)
    users = [{"externalId": cast.sub(by)} for by in who]
    return {"emoji": emoji, "count": len(who), "viewerReacted": name in who, "users": users}


def differences(found: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Where what the server shows is not what the model shows."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted({*found, *wanted}):
            yield from differences(found.get(key), wanted.get(key), f"{path}.{key}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif found != wanted:
        yield f"{path}: the server says {found!r}, the model {wanted!r}"
