"""Conversations."""

from enum import Enum
from typing import Annotated

import strawberry

from core.ids import encode_id
from db import conversations
from db.conversations import ConversationRow
from db.participants import ParticipantRow
from graph.context import Info
from graph.errors import NOT_FOUND, problem
from graph.given import given
from graph.schema.messages import Message, MessageConnection
from graph.schema.nodes import Node
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.participants import Participant, load_message_at
from graph.schema.scalars import URL, DateTime
from graph.schema.subjects import Subject
from graph.schema.threads import page_of_messages
from graph.schema.users import User


@strawberry.enum(description="Can something be sent? Values may be added.")
class ConversationState(Enum):
    """Closed by its subject or by staff."""

    OPEN = strawberry.enum_value("OPEN", description="It goes on.")
    CLOSED = strawberry.enum_value("CLOSED", description="It can be read; the host may still add system messages.")


@strawberry.type(description="The subject as it was when the conversation was opened.")
class SubjectSnapshot:
    """Kept, whatever becomes of the subject."""

    title: str = strawberry.field(description="What it was called.")
    image_url: URL | None = strawberry.field(description="Its picture.")
    url: URL | None = strawberry.field(description="Its page in the host application.")


async def _present(root: "Conversation", info: Info) -> list[ParticipantRow]:
    everybody = await info.context.loaders.participants.load(root.row.id)
    return [row for row in everybody or () if row.left_event is None]


async def _participants(root: strawberry.Parent["Conversation"], info: Info) -> list[Participant]:
    return [Participant.of(row) for row in await _present(root, info)]


async def _counterpart(root: strawberry.Parent["Conversation"], info: Info) -> Participant | None:
    others = [row for row in await _present(root, info) if row.user_id != info.context.viewer.id and not row.is_staff]
    return Participant.of(others[0]) if len(others) == 1 else None


async def _viewer_participant(root: strawberry.Parent["Conversation"], info: Info) -> Participant | None:
    mine = [row for row in await _present(root, info) if row.user_id == info.context.viewer.id]
    return Participant.of(mine[0]) if mine else None


async def _subject(root: strawberry.Parent["Conversation"], info: Info) -> Subject | None:
    row = await info.context.loaders.subject.load(root.row.subject_id) if root.row.subject_id else None
    return None if row is None else Subject.of(row)


async def _last_message(root: strawberry.Parent["Conversation"], info: Info) -> Message | None:
    return await load_message_at(info, root.row.id, root.row.last_seq)


async def _unread_count(root: strawberry.Parent["Conversation"], info: Info) -> int:
    return await info.context.loaders.unread_count.load(root.row.id) or 0


async def _first_unread_message(root: strawberry.Parent["Conversation"], info: Info) -> Message | None:
    seq = await info.context.loaders.first_unread.load(root.row.id)
    return await load_message_at(info, root.row.id, seq or 0)


async def _messages(
    root: strawberry.Parent["Conversation"],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    around: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A message's id, to centre the page on; ignored with `after` or `before`."),
    ] = strawberry.UNSET,
) -> MessageConnection:
    return await page_of_messages(info, root.row, page_arguments(first, after, last, before), given(around))


async def _typing(root: strawberry.Parent["Conversation"], info: Info) -> list[User]:
    typists = info.context.palaver.typing.now_typing(root.row.id)
    present = {row.user_id for row in await _present(root, info)} - {info.context.viewer.id}
    rows = await info.context.loaders.user.load_many([user_id for user_id in typists if user_id in present])
    return [User.of(row) for row in rows if row is not None]


def _cursor(root: strawberry.Parent["Conversation"], info: Info) -> str:
    return info.context.palaver.cursors.of_log(root.row.id, root.row.last_event)


@strawberry.type(description="What some people say to each other, about a subject or about nothing in particular.")
class Conversation(Node):
    """A conversation."""

    row: strawberry.Private[ConversationRow]
    subject: Subject | None = strawberry.field(
        resolver=_subject, description="Null for a conversation between two people about nothing in particular."
    )
    subject_snapshot: SubjectSnapshot | None = strawberry.field(
        description="The subject's title, picture and url as they were when the conversation was opened."
    )
    participants: list[Participant] = strawberry.field(
        resolver=_participants,
        description="Who is in it: two in every conversation of a pair; staff who join are listed too.",
    )
    counterpart: Participant | None = strawberry.field(
        resolver=_counterpart, description="The other person of a pair; null when there is not exactly one."
    )
    viewer_participant: Participant | None = strawberry.field(
        resolver=_viewer_participant, description="The viewer's own part in it."
    )
    state: ConversationState = strawberry.field(description="Can something be sent?")
    created_at: DateTime = strawberry.field(description="When it was opened.")
    updated_at: DateTime = strawberry.field(description="When something last happened in it.")
    last_message: Message | None = strawberry.field(resolver=_last_message, description="The newest message.")
    last_message_at: DateTime | None = strawberry.field(description="When the newest message was sent.")
    unread_count: int = strawberry.field(
        resolver=_unread_count,
        description="How many messages the viewer has not read: above their mark, not theirs, not deleted.",
    )
    messages: MessageConnection = strawberry.field(
        resolver=_messages,
        description="In sending order. `around` (a message id) centres a page of `first` or `last` on a message; "
        "with `after` or `before` it is accepted and ignored; unknown or foreign, the answer is BAD_USER_INPUT. "
        "hasNextPage and hasPreviousPage are exact on every page, whichever way it was asked.",
    )
    first_unread_message: Message | None = strawberry.field(
        resolver=_first_unread_message, description="Where to open the thread; null when all is read."
    )
    typing: list[User] = strawberry.field(resolver=_typing, description="Who of the others types now.")
    cursor: str = strawberry.field(
        resolver=_cursor,
        description="Resume token taken in the same read: for `conversationEvents`, and for `messageAdded` too "
        "(also while there is no message yet). It stands behind everything in this answer, a first message too.",
    )

    @classmethod
    def of(cls, row: ConversationRow) -> "Conversation":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Conversation", row.id)),
            row=row,
            subject_snapshot=_snapshot_of(row),
            state=ConversationState.CLOSED if row.is_closed else ConversationState.OPEN,
            created_at=DateTime(row.created_at),
            updated_at=DateTime(row.updated_at),
            last_message_at=None if row.last_message_at is None else DateTime(row.last_message_at),
        )


def _snapshot_of(row: ConversationRow) -> SubjectSnapshot | None:
    if row.snapshot_title is None:
        return None
    return SubjectSnapshot(
        title=row.snapshot_title,
        image_url=None if row.snapshot_image_url is None else URL(row.snapshot_image_url),
        url=None if row.snapshot_url is None else URL(row.snapshot_url),
    )


async def load_conversation(info: Info, conversation_id: str) -> Conversation:
    """A conversation that the viewer is in. NOT_FOUND when they are not (any more).

    The host, who may post into conversations that it is not part of, gets what it needs to name one: everything in it
    is read through the viewer's own membership, and so is empty for it.
    """
    row = await info.context.loaders.conversation.load(conversation_id)
    if row is None and info.context.viewer.is_service:
        row = (await conversations.find(info.context.reading, [conversation_id])).get(conversation_id)
    if row is None:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    return Conversation.of(row)
