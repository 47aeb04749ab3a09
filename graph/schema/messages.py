"""Messages and their pages."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from chat.receipts import status_of
from db.attachments import AttachmentRow
from db.changes import EditRow
from db.messages import MessageRow
from db.pages import Page
from db.reactions import ReactionRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, computed, itself, loaded
from graph.schema.attachments import Attachment
from graph.schema.changes import MessageEdit
from graph.schema.nodes import Node
from graph.schema.pages import PageInfo, PlaceOfPage
from graph.schema.reactions import Reaction
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_users

if TYPE_CHECKING:
    from db.conversations import ConversationRow
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


async def _conversations(context: Context, rows: Sequence[MessageRow]) -> "list[ConversationRow]":
    from graph.schema.conversations import load_conversations  # noqa: PLC0415 - an upward field

    return await load_conversations(context, [row.conversation_id for row in rows])


def _conversation_of(row: "ConversationRow") -> "Conversation":
    from graph.schema.conversations import Conversation  # noqa: PLC0415 - an upward field

    return Conversation.of(row)


async def _senders(context: Context, rows: Sequence[MessageRow]) -> list[PersonRow | None]:
    said = [row for row in rows if row.sender_id is not None]
    if said and not context.loaders.for_plan:
        # Senders are or were participants, and these are loaded together: one statement, whenever each is asked for.
        await context.loaders.participants.load_many([row.conversation_id for row in said])
    people = await load_users(context, [row.sender_id for row in said if row.sender_id is not None])
    found = iter(people)
    return [*people] if len(said) == len(rows) else [None if row.sender_id is None else next(found) for row in rows]


def _expect_senders(context: Context, rows: Sequence[MessageRow]) -> None:
    context.loaders.user.expect(row.sender_id for row in rows if row.sender_id is not None)


def _has_files(row: MessageRow) -> bool:
    return row.deleted_at is None and row.kind not in ("TEXT", "SYSTEM")


async def _attachments(context: Context, rows: Sequence[MessageRow]) -> list[list[AttachmentRow]]:
    carriers = [row.id for row in rows if _has_files(row)]
    if not carriers:
        return [[] for _ in rows]
    found = dict(zip(carriers, await context.loaders.attachments.load_many(carriers), strict=True))
    return [found.get(row.id) or [] for row in rows]


async def _answered(context: Context, rows: Sequence[MessageRow]) -> list[MessageRow | None]:
    places = [None if row.reply_to_seq is None else (row.conversation_id, row.reply_to_seq) for row in rows]
    there = [place for place in places if place is not None]
    found = dict(zip(there, await context.loaders.message_at.load_many(there), strict=True)) if there else {}
    return [None if place is None else found[place] for place in places]


def _message_of(row: MessageRow) -> "Message":
    return Message.of(row)


async def _edits(context: Context, rows: Sequence[MessageRow]) -> list[list[EditRow]]:
    edited = [row.id for row in rows if row.edited_at is not None and row.deleted_at is None]
    found = dict(zip(edited, await context.loaders.edits.load_many(edited), strict=True)) if edited else {}
    return [found.get(row.id) or [] for row in rows]


async def _reactions(context: Context, rows: Sequence[MessageRow]) -> list[list[ReactionRow]]:
    there = [row.id for row in rows if row.deleted_at is None]
    found = dict(zip(there, await context.loaders.reactions.load_many(there), strict=True)) if there else {}
    return [found.get(row.id) or [] for row in rows]


async def _statuses(context: Context, rows: Sequence[MessageRow]) -> list[str]:
    everybody = await context.loaders.participants.load_many([row.conversation_id for row in rows])
    return [status_of(row, members or ()) for row, members in zip(rows, everybody, strict=True)]


def _client_message_id(row: MessageRow, context: Context) -> str | None:
    return row.client_key if row.sender_id == context.viewer.id else None


def _cursor(row: MessageRow, context: Context) -> str:
    return context.palaver.cursors.of_log(row.conversation_id, row.position)


@strawberry.type(description="A message. A deleted one stays in its place, without its words.")
class Message(Node):
    """A message."""

    row: strawberry.Private[MessageRow]
    conversation: Annotated["Conversation", strawberry.lazy("graph.schema.conversations")] = loaded(
        _conversations, of=_conversation_of, needs=("conversation_id",), description="Where it was sent."
    )
    seq: int = column("seq", description="1, 2, 3 ... within the conversation, without holes: the only order.")
    sender: User | None = loaded(
        _senders,
        of=User.of,
        needs=("conversation_id", "sender_id"),
        ahead=_expect_senders,
        description="Null for a system message.",
    )
    sender_role: str | None = column(
        "sender_role",
        description="The part that the sender played then, in the host's word; null for a system message.",
    )
    kind: MessageKind = column("kind", description="What it holds.")
    body: str | None = column(
        lambda row: None if row.deleted_at is not None else row.body,
        needs=("deleted_at", "body"),
        description="Its words, exactly as sent; empty with files only; null once deleted.",
    )
    attachments: list[Attachment] = loaded(
        _attachments, of=Attachment.of, needs=("id", "deleted_at", "kind"), description="Its files, in order."
    )
    status: MessageStatus = loaded(
        _statuses,
        needs=("conversation_id", "sender_id", "seq"),
        description="As of this answer: READ once every other participant has read it, staff not counted. "
        "For live ticks compare seq with the participants' marks.",
    )
    created_at: DateTime = column("created_at", description="When it was sent.")
    edited_at: DateTime | None = column("edited_at", description="When it was last edited; null for never.")
    deleted_at: DateTime | None = column("deleted_at", description="When it was deleted; null when it was not.")
    reply_to: "Message | None" = loaded(
        _answered,
        of=_message_of,
        needs=("conversation_id", "reply_to_seq"),
        description="The message that it answers, as it is now; null for none. A deleted one is still there, without "
        "its words.",
    )
    reactions: list[Reaction] = loaded(
        _reactions,
        of=Reaction.of,
        needs=("id", "deleted_at"),
        description="What people put to it, the emoji used first before others. Empty once it is deleted.",
    )
    edits: list[MessageEdit] = loaded(
        _edits,
        of=MessageEdit.of,
        needs=("id", "edited_at", "deleted_at"),
        description="What it said before, oldest first: the first is what was sent. Empty once it is deleted.",
    )
    client_message_id: str | None = computed(
        _client_message_id,
        needs=("sender_id", "client_key"),
        description="The sender's own key for this message; null to others.",
    )


@strawberry.type(description="A message in a list.")
class MessageEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[MessageRow]
    cursor: str = computed(
        _cursor,
        needs=("conversation_id", "position"),
        description="Names the message: it pages in any list of messages that holds it, and resumes `messageAdded` "
        "and `conversationEvents` after it.",
    )
    node: Message = column(itself, of=Message.of, needs=(), description="The message.")


@strawberry.type(description="A page of messages, in sending order.")
class MessageConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[MessageRow]]
    edges: list[MessageEdge] = column("items", of=MessageEdge.of, description="The messages of this page.")
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")
