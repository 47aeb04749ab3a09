"""Conversations."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import strawberry

from chat.blocks import other_of_pair
from core.clock import now_ms
from db import conversations
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.pages import Page
from db.participants import ParticipantRow
from db.subjects import SubjectRow
from db.users import PersonRow
from graph.context import Context
from graph.declarations import Alone
from graph.errors import NOT_FOUND, problem
from graph.fields import Noun, column, computed, loaded
from graph.given import given
from graph.schema.messages import Message, MessageConnection
from graph.schema.nodes import Node
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.participants import Participant, load_messages_at
from graph.schema.scalars import URL, DateTime
from graph.schema.subjects import Subject
from graph.schema.threads import load_pages
from graph.schema.users import User


@strawberry.enum(description="Can something be sent? Values may be added.")
class ConversationState(Enum):
    """Closed by its subject or by staff."""

    OPEN = strawberry.enum_value("OPEN", description="It goes on.")
    CLOSED = strawberry.enum_value("CLOSED", description="It can be read; the host may still add system messages.")


@strawberry.type(description="The subject as it was when the conversation was opened.")
class SubjectSnapshot(Noun):
    """Kept, whatever becomes of the subject."""

    row: strawberry.Private[ConversationRow]
    title: str = column("snapshot_title", description="What it was called.")
    image_url: URL | None = column("snapshot_image_url", description="Its picture.")
    url: URL | None = column("snapshot_url", description="Its page in the host application.")


async def _present(context: Context, rows: Sequence[ConversationRow]) -> list[list[ParticipantRow]]:
    everybody = await context.loaders.participants.load_many([row.id for row in rows])
    return [[member for member in members or () if member.left_event is None] for members in everybody]


async def _counterparts(context: Context, rows: Sequence[ConversationRow]) -> list[ParticipantRow | None]:
    others = [
        [member for member in members if member.user_id != context.viewer.id and not member.is_staff]
        for members in await _present(context, rows)
    ]
    return [members[0] if len(members) == 1 else None for members in others]


async def _counterparts_alone(context: Context, rows: Sequence[ConversationRow]) -> list[ParticipantRow | None]:
    """Without everybody else, who are as many again."""
    return await context.loaders.counterpart.load_many([row.id for row in rows])


async def _viewer_participants(context: Context, rows: Sequence[ConversationRow]) -> list[ParticipantRow | None]:
    return [
        next((member for member in members if member.user_id == context.viewer.id), None)
        for members in await _present(context, rows)
    ]


async def _subjects(context: Context, rows: Sequence[ConversationRow]) -> list[SubjectRow | None]:
    about = [row.subject_id for row in rows if row.subject_id is not None]
    found = dict(zip(about, await context.loaders.subject.load_many(about), strict=True)) if about else {}
    return [None if row.subject_id is None else found[row.subject_id] for row in rows]


async def _last_messages(context: Context, rows: Sequence[ConversationRow]) -> list[MessageRow | None]:
    if context.loaders.are_seen_at_a_glance("last_message"):
        return await context.loaders.last_message.load_many([row.id for row in rows])
    return await load_messages_at(context, [(row.id, row.last_seq) for row in rows])


async def _unread_counts(context: Context, rows: Sequence[ConversationRow]) -> list[int]:
    return [count or 0 for count in await context.loaders.unread_count.load_many([row.id for row in rows])]


async def _first_unread_messages(context: Context, rows: Sequence[ConversationRow]) -> list[MessageRow | None]:
    seqs = await context.loaders.first_unread.load_many([row.id for row in rows])
    return await load_messages_at(context, [(row.id, seq or 0) for row, seq in zip(rows, seqs, strict=True)])


async def _archived_at(context: Context, rows: Sequence[ConversationRow]) -> list[int | None]:
    found = await context.loaders.arrangement.load_many([row.id for row in rows])
    return [one and one.archived_at for one in found]


async def _muted_until(context: Context, rows: Sequence[ConversationRow]) -> list[int | None]:
    found, now = await context.loaders.arrangement.load_many([row.id for row in rows]), now_ms()
    return [one.muted_until if one and (one.muted_until or 0) > now else None for one in found]


async def _pinned_at(context: Context, rows: Sequence[ConversationRow]) -> list[int | None]:
    found = await context.loaders.arrangement.load_many([row.id for row in rows])
    return [one and one.pinned_at for one in found]


async def _messages(
    context: Context,
    rows: Sequence[ConversationRow],
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    around: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A message's id, to centre the page on; ignored with `after` or `before`."),
    ] = strawberry.UNSET,
) -> list[Page[MessageRow]]:
    return await load_pages(context, rows, page_arguments(context, first, after, last, before), given(around))


async def _hidden(context: Context, members: Sequence[ParticipantRow]) -> str:
    """Whom of a pair a block hides from the viewer; nobody has an empty id."""
    other = other_of_pair(members, context.viewer.id)
    return other.user_id if other is not None and await context.loaders.is_bound.load(other.user_id) else ""


async def _typing(context: Context, rows: Sequence[ConversationRow]) -> list[list[PersonRow]]:
    typists = []
    for row, members in zip(rows, await _present(context, rows), strict=True):
        now_typing = {member.user_id for member in members} & {*context.palaver.typing.now_typing(row.id)}
        now_typing -= {context.viewer.id, await _hidden(context, members) if now_typing else ""}
        people = await context.loaders.user.load_many(sorted(now_typing))
        typists.append([person for person in people if person is not None])
    return typists


def _cursor(row: ConversationRow, context: Context) -> str:
    return context.palaver.cursors.of_log(row.id, row.last_event)


@strawberry.type(description="What some people say to each other, about a subject or about nothing in particular.")
class Conversation(Node):
    """A conversation."""

    row: strawberry.Private[ConversationRow]
    subject: Subject | None = loaded(
        _subjects,
        of=Subject.of,
        needs=("subject_id",),
        description="Null for a conversation between two people about nothing in particular.",
    )
    subject_snapshot: SubjectSnapshot | None = column(
        lambda row: None if row.snapshot_title is None else row,
        of=SubjectSnapshot.of,
        needs=("snapshot_title",),
        description="The subject's title, picture and url as they were when the conversation was opened.",
    )
    participants: list[Participant] = loaded(
        _present,
        of=Participant.of,
        needs=("id",),
        description="Who is in it: two in every conversation of a pair; staff who join are listed too.",
    )
    counterpart: Participant | None = loaded(
        _counterparts,
        of=Participant.of,
        needs=("id",),
        alone=Alone(
            _counterparts_alone, unless=frozenset({"participants", "viewerParticipant", "status"}), glance="counterpart"
        ),
        description="The other person of a pair; null when there is not exactly one.",
    )
    viewer_participant: Participant | None = loaded(
        _viewer_participants, of=Participant.of, needs=("id",), description="The viewer's own part in it."
    )
    state: ConversationState = column(
        lambda row: "CLOSED" if row.is_closed else "OPEN",
        needs=("closed_by_subject", "closed_by_staff"),
        description="Can something be sent?",
    )
    created_at: DateTime = column("created_at", description="When it was opened.")
    updated_at: DateTime = column("updated_at", description="When something last happened in it.")
    last_message: Message | None = loaded(
        _last_messages,
        of=Message.of,
        needs=("id", "last_seq"),
        glance="last_message",
        description="The newest message.",
    )
    last_message_at: DateTime | None = column("last_message_at", description="When the newest message was sent.")
    unread_count: int = loaded(
        _unread_counts,
        needs=("id",),
        glance="unread_count",
        description="How many messages the viewer has not read: above their mark, not theirs, not deleted.",
    )
    messages: MessageConnection = loaded(
        _messages,
        of=MessageConnection.of,
        needs=("id", "last_event", "last_seq"),
        description="In sending order. `around` (a message id) centres a page of `first` or `last` on a message; "
        "with `after` or `before` it is accepted and ignored; unknown or foreign, the answer is BAD_USER_INPUT. "
        "hasNextPage and hasPreviousPage are exact on every page, whichever way it was asked.",
    )
    first_unread_message: Message | None = loaded(
        _first_unread_messages,
        of=Message.of,
        needs=("id",),
        description="Where to open the thread; null when all is read.",
    )
    archived_at: DateTime | None = loaded(
        _archived_at,
        needs=("id",),
        description="When the viewer put it away; null when they did not. It comes back with the next message.",
    )
    muted_until: DateTime | None = loaded(
        _muted_until,
        needs=("id",),
        description="Until when the viewer wants no notice of it; null when it is not muted.",
    )
    pinned_at: DateTime | None = loaded(
        _pinned_at,
        needs=("id",),
        description="When the viewer pinned it; null when it is not pinned. The order is yours to make.",
    )
    typing: list[User] = loaded(_typing, of=User.of, needs=("id",), description="Who of the others types now.")
    cursor: str = computed(
        _cursor,
        needs=("id", "last_event"),
        description="Resume token taken in the same read: for `conversationEvents`, and for `messageAdded` too "
        "(also while there is no message yet). It stands behind everything in this answer, a first message too.",
    )


async def load_conversations(context: Context, ids: Sequence[str]) -> list[ConversationRow]:
    """Conversations that the viewer is in. NOT_FOUND when there is one that they are not in (any more).

    The host, who may post into conversations that it is not part of, gets what it needs to name one: everything in it
    is read through the viewer's own membership, and so is empty for it.
    """
    rows = dict(zip(ids, await context.loaders.conversation.load_many([*ids]), strict=True))
    missing = [conversation_id for conversation_id, row in rows.items() if row is None]
    if missing and context.viewer.is_service:
        rows.update(await conversations.find(context.reading, missing))
    found = [rows[conversation_id] for conversation_id in ids]
    if None in found:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    return [row for row in found if row is not None]
