"""Conversations, who takes part in them, and their pages."""

from enum import Enum
from typing import Annotated

import strawberry

from core.ids import encode_id, key_of
from db import conversations
from db.conversations import ConversationFilter as Wanted
from db.conversations import ConversationRow
from db.messages import SeqRange
from db.participants import ParticipantRow
from graph.context import Info
from graph.errors import NOT_FOUND, problem
from graph.schema.messages import Message, MessageConnection
from graph.schema.nodes import Node
from graph.schema.pages import After, Before, First, Last, PageInfo, page_arguments
from graph.schema.scalars import URL, DateTime
from graph.schema.subjects import Subject
from graph.schema.threads import page_of_messages
from graph.schema.users import User, load_user


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


async def _message_at(info: Info, conversation_id: str, seq: int) -> Message | None:
    rows = await info.context.loaders.messages.load(SeqRange(conversation_id, seq, seq)) if seq > 0 else None
    return Message.of(rows[0]) if rows else None


async def _participant_user(root: strawberry.Parent["Participant"], info: Info) -> User:
    return await load_user(info, root.row.user_id)


async def _last_read_message(root: strawberry.Parent["Participant"], info: Info) -> Message | None:
    return await _message_at(info, root.row.conversation_id, root.row.read_seq)


async def _last_delivered_message(root: strawberry.Parent["Participant"], info: Info) -> Message | None:
    return await _message_at(info, root.row.conversation_id, root.row.delivered_seq)


@strawberry.type(description="One person's part in one conversation.")
class Participant(Node):
    """A member, and their marks."""

    row: strawberry.Private[ParticipantRow]
    user: User = strawberry.field(resolver=_participant_user, description="The person.")
    role: str = strawberry.field(
        description="Host's word for the part they play: the subject's owner and party roles, `contacterRole` for who "
        "wrote first; in a bare pair the first of the person's token roles, else member; staff for staff who joined."
    )
    joined_at: DateTime = strawberry.field(description="Since when they are in it.")
    last_read_message: Message | None = strawberry.field(
        resolver=_last_read_message, description="The last message they have read."
    )
    last_read_seq: int = strawberry.field(description="0 = nothing. Compare with Message.seq for live ticks.")
    last_read_at: DateTime | None = strawberry.field(description="When they last read something.")
    last_delivered_message: Message | None = strawberry.field(
        resolver=_last_delivered_message, description="The last message that a device of theirs has."
    )
    last_delivered_seq: int = strawberry.field(description="0 = nothing. Never behind lastReadSeq.")

    @classmethod
    def of(cls, row: ParticipantRow) -> "Participant":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Participant", row.id)),
            row=row,
            role=row.role,
            joined_at=DateTime(row.joined_at),
            last_read_seq=row.read_seq,
            last_read_at=None if row.read_at is None else DateTime(row.read_at),
            last_delivered_seq=row.delivered_seq,
        )


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
    return await _message_at(info, root.row.id, root.row.last_seq)


async def _unread_count(root: strawberry.Parent["Conversation"], info: Info) -> int:
    return await info.context.loaders.unread_count.load(root.row.id) or 0


async def _first_unread_message(root: strawberry.Parent["Conversation"], info: Info) -> Message | None:
    seq = await info.context.loaders.first_unread.load(root.row.id)
    return await _message_at(info, root.row.id, seq or 0)


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
    return await page_of_messages(info, root.row, page_arguments(first, after, last, before), around or None)


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
        "(also while there is no message yet).",
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


@strawberry.type(description="A conversation in a list.")
class ConversationEdge:
    """Relay's edge."""

    cursor: str = strawberry.field(description="Names the conversation's place in any list of conversations.")
    node: Conversation = strawberry.field(description="The conversation.")

    @classmethod
    def of(cls, info: Info, row: ConversationRow) -> "ConversationEdge":
        """The edge of a row."""
        cursor = info.context.palaver.cursors.of_conversation(row.active_at, row.id)
        return cls(cursor=cursor, node=Conversation.of(row))


@strawberry.type(description="A page of conversations, the most recently active first.")
class ConversationConnection:
    """Relay's connection."""

    edges: list[ConversationEdge] = strawberry.field(description="The conversations of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.input(description="Which conversations to list: all that is given must hold. Pins do not change the order.")
class ConversationFilter:
    """What the viewer looks for."""

    unread_only: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Only those with something unread."
    )
    state: ConversationState | None = strawberry.field(default=strawberry.UNSET, description="Only those in it.")
    subject_kind: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only those about a subject of this kind."
    )
    with_user_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Only those that this person is in too."
    )
    archived: bool | None = strawberry.field(
        default=False, description="`archived`: false by default; null means both. Nothing is archived yet."
    )
    query: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only those with this in the subject's title or in somebody's name."
    )

    def wanted(self) -> Wanted:
        """The same for the database; an id that names nobody matches nothing."""
        return Wanted(
            unread_only=bool(self.unread_only),
            is_closed=self.state is ConversationState.CLOSED if self.state else None,
            subject_kind=self.subject_kind or None,
            with_user_id=key_of(self.with_user_id, "User") or "" if self.with_user_id else None,
            query=self.query.strip().casefold() or None if self.query else None,
        )


async def page_of_conversations(
    info: Info,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    *,
    wanted: Wanted | None = None,
    subject_id: str | None = None,
) -> ConversationConnection:
    """A page of the viewer's conversations."""
    chosen = page_arguments(first, after, last, before)
    cursors = info.context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_conversation(chosen.after),
        None if chosen.before is None else cursors.read_conversation(chosen.before),
    )
    page = await conversations.page(
        info.context.reading, info.context.viewer.id, window, wanted or Wanted(subject_id=subject_id)
    )
    for row in page.items:
        info.context.loaders.conversation.prime(row.id, row)
    edges = [ConversationEdge.of(info, row) for row in page.items]
    return ConversationConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
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
