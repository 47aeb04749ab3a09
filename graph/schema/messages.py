"""Messages and their pages."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from chat.receipts import status_of
from core.ids import encode_id
from db.messages import MessageRow
from graph.context import Info
from graph.schema.attachments import Attachment
from graph.schema.nodes import Node
from graph.schema.pages import PageInfo
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_user

if TYPE_CHECKING:
    from graph.schema.conversations import Conversation


@strawberry.enum(description="What a message holds. Values may be added.")
class MessageKind(Enum):
    """Follows from what was sent."""

    TEXT = strawberry.enum_value("TEXT", description="Words.")
    IMAGE = strawberry.enum_value("IMAGE", description="Pictures, perhaps with words.")
    FILE = strawberry.enum_value("FILE", description="Files of other kinds, perhaps with words.")
    VOICE = strawberry.enum_value("VOICE", description="Something said.")
    SYSTEM = strawberry.enum_value("SYSTEM", description="Said by the host application, by nobody in particular.")


@strawberry.enum(description="How far a message has come. Values may be added.")
class MessageStatus(Enum):
    """Never goes back."""

    SENT = strawberry.enum_value("SENT", description="Stored. A system message stays so.")
    DELIVERED = strawberry.enum_value("DELIVERED", description="A device of every other participant has it.")
    READ = strawberry.enum_value("READ", description="Every other participant has read it.")


async def _conversation(
    root: strawberry.Parent["Message"], info: Info
) -> Annotated["Conversation", strawberry.lazy("graph.schema.conversations")]:
    from graph.schema.conversations import load_conversation  # noqa: PLC0415 - an upward field

    return await load_conversation(info, root.row.conversation_id)


async def _sender(root: strawberry.Parent["Message"], info: Info) -> User | None:
    if root.row.sender_id is None:
        return None
    # Senders are or were participants, and these are loaded together: one statement, whenever each is asked for.
    await info.context.loaders.participants.load(root.row.conversation_id)
    return await load_user(info, root.row.sender_id)


async def _attachments(root: strawberry.Parent["Message"], info: Info) -> list[Attachment]:
    if root.row.deleted_at is not None or root.row.kind in ("TEXT", "SYSTEM"):
        return []
    rows = await info.context.loaders.attachments.load(root.row.id)
    return [Attachment.of(row) for row in rows or ()]


async def _status(root: strawberry.Parent["Message"], info: Info) -> MessageStatus:
    everybody = await info.context.loaders.participants.load(root.row.conversation_id)
    return MessageStatus(status_of(root.row, everybody or ()))


def _client_message_id(root: strawberry.Parent["Message"], info: Info) -> str | None:
    return root.row.client_key if root.row.sender_id == info.context.viewer.id else None


@strawberry.type(description="A message. A deleted one stays in its place, without its words.")
class Message(Node):
    """A message."""

    row: strawberry.Private[MessageRow]
    conversation: Annotated["Conversation", strawberry.lazy("graph.schema.conversations")] = strawberry.field(
        resolver=_conversation, description="Where it was sent."
    )
    seq: int = strawberry.field(description="1, 2, 3 ... within the conversation, without holes: the only order.")
    sender: User | None = strawberry.field(resolver=_sender, description="Null for a system message.")
    sender_role: str | None = strawberry.field(
        description="The part that the sender played then, in the host's word; null for a system message."
    )
    kind: MessageKind = strawberry.field(description="What it holds.")
    body: str | None = strawberry.field(
        description="Its words, exactly as sent; empty with files only; null once deleted."
    )
    attachments: list[Attachment] = strawberry.field(resolver=_attachments, description="Its files, in order.")
    status: MessageStatus = strawberry.field(
        resolver=_status,
        description="As of this answer: READ once every other participant has read it, staff not counted. "
        "For live ticks compare seq with the participants' marks.",
    )
    created_at: DateTime = strawberry.field(description="When it was sent.")
    edited_at: DateTime | None = strawberry.field(description="When it was last edited; null for never.")
    deleted_at: DateTime | None = strawberry.field(description="When it was deleted; null when it was not.")
    client_message_id: str | None = strawberry.field(
        resolver=_client_message_id, description="The sender's own key for this message; null to others."
    )

    @classmethod
    def of(cls, row: MessageRow) -> "Message":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Message", row.id)),
            row=row,
            seq=row.seq,
            sender_role=row.sender_role,
            kind=MessageKind(row.kind),
            body=None if row.deleted_at is not None else row.body,
            created_at=DateTime(row.created_at),
            edited_at=None if row.edited_at is None else DateTime(row.edited_at),
            deleted_at=None if row.deleted_at is None else DateTime(row.deleted_at),
        )


@strawberry.type(description="A message in a list.")
class MessageEdge:
    """Relay's edge."""

    cursor: str = strawberry.field(
        description="Names the message: it pages in any list of messages that holds it, and resumes `messageAdded` "
        "and `conversationEvents` after it."
    )
    node: Message = strawberry.field(description="The message.")

    @classmethod
    def of(cls, info: Info, row: MessageRow) -> "MessageEdge":
        """The edge of a row."""
        cursors = info.context.palaver.cursors
        return cls(cursor=cursors.of_log(row.conversation_id, row.position), node=Message.of(row))


@strawberry.type(description="A page of messages, in sending order.")
class MessageConnection:
    """Relay's connection."""

    edges: list[MessageEdge] = strawberry.field(description="The messages of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
