"""What subscriptions deliver."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry

from chat import events as happened
from chat.live import PresenceChanged, Typed
from core.clock import now_ms
from core.ids import encode_id
from db.conversations import ConversationRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, computed, loaded
from graph.schema.conversations import Conversation, load_conversations
from graph.schema.inboxes import ConversationEdge
from graph.schema.messages import Message, MessageEdge
from graph.schema.participants import Participant
from graph.schema.scalars import DateTime
from graph.schema.users import Presence, User, load_users
from graph.schema.viewer import Viewer

_CURSOR = "Resumes the stream that it came from, after this event."


@strawberry.interface(description="Every durable event; `cursor` resumes the stream that it came from.")
class ResumableEvent(Noun):
    """An event with a place in its stream."""

    cursor: str = column("cursor", description=_CURSOR)


def _viewer() -> Any:
    return computed(
        lambda _, context: context.viewer, of=Viewer.of, description="The viewer's counts, as they are now."
    )


@strawberry.type(description="A message was sent.")
class MessageAddedEvent(ResumableEvent):
    """A message."""

    row: strawberry.Private[happened.MessageAdded]
    message: Message = column("message", of=Message.of, description="The message.")
    message_edge: MessageEdge = column(
        "message", of=MessageEdge.of, description="The same as an edge, to add to a list."
    )
    is_replay: bool = column("is_replay", description="Was it there before the subscription?")
    viewer: Viewer = _viewer()


@strawberry.type(description="Edited, deleted, reacted to, its file ready.")
class MessageUpdatedEvent(ResumableEvent):
    """A message changed."""

    row: strawberry.Private[happened.MessageUpdated]
    message: Message = column("message", of=Message.of, description="The message as it is now.")
    viewer: Viewer = _viewer()


async def _receipt_conversations(context: Context, rows: Sequence[happened.ReceiptMoved]) -> list[ConversationRow]:
    return await load_conversations(context, [row.participant.conversation_id for row in rows])


@strawberry.type(
    description="Marks that moved. Not replayed one by one: a resumed stream gets the present marks, some again."
)
class ReceiptEvent(ResumableEvent):
    """Marks."""

    row: strawberry.Private[happened.ReceiptMoved]
    conversation: Conversation = loaded(_receipt_conversations, of=Conversation.of, description="Where they moved.")
    participant: Participant = column("participant", of=Participant.of, description="Whose marks, as they are now.")
    viewer: Viewer = _viewer()


@strawberry.type(description="Opened, closed, archived, someone joined, its subject changed.")
class ConversationUpdatedEvent(ResumableEvent):
    """A conversation changed."""

    row: strawberry.Private[happened.ConversationUpdated]
    conversation: Conversation = column(
        "conversation", of=Conversation.of, description="The conversation as it is now."
    )
    conversation_edge: ConversationEdge = column(
        "conversation",
        of=ConversationEdge.of,
        description="The same as an edge, to add to a list.",
    )
    viewer: Viewer = _viewer()


@strawberry.type(description="The viewer may see it no longer, or it is gone.")
class ConversationRemovedEvent(ResumableEvent):
    """A conversation is gone."""

    row: strawberry.Private[happened.ConversationRemoved]
    conversation_id: strawberry.ID = column(
        lambda event: encode_id("Conversation", event.conversation_id), description="The id of the conversation."
    )
    viewer: Viewer = _viewer()


@strawberry.type(description="The token is too old or of another database: refetch, then resume from `cursor`.")
class ResetEvent(ResumableEvent):
    """What was missed cannot be told."""

    row: strawberry.Private[happened.Reset]
    reason: str = column("reason", description="Why, in words.")


async def _people(context: Context, rows: Sequence[Typed | PresenceChanged]) -> list[PersonRow]:
    return await load_users(context, [row.user_id for row in rows])


@strawberry.type(description="Somebody starts, goes on, or stops typing.")
class TypingEvent(Noun):
    """A hint."""

    row: strawberry.Private[Typed]
    conversation: Conversation = column("conversation", of=Conversation.of, description="Where.")
    user: User = loaded(_people, of=User.of, description="Who.")
    is_typing: bool = column("is_typing", description="Do they type?")
    expires_at: DateTime = column("until", description="Until when to believe it.")
    expires_in_ms: int = column(
        lambda event: max(0, event.until - now_ms()) if event.is_typing else 0,
        description="The same from now on; safe against a wrong clock.",
    )


@strawberry.type(description="Somebody came or went.")
class PresenceEvent(Noun):
    """A person's state."""

    row: strawberry.Private[PresenceChanged]
    user: User = loaded(_people, of=User.of, description="Who.")
    presence: Presence = column("state", of=Presence.of, description="Their state.")


AnyEvent: TypeAlias = (
    MessageAddedEvent
    | MessageUpdatedEvent
    | ReceiptEvent
    | ConversationUpdatedEvent
    | ConversationRemovedEvent
    | ResetEvent
)
ConversationEvent: TypeAlias = Annotated[
    AnyEvent,
    strawberry.union("ConversationEvent", description="What changes in one conversation. Members may be added."),
]
InboxEvent: TypeAlias = Annotated[
    AnyEvent, strawberry.union("InboxEvent", description="What changes for the viewer. Members may be added.")
]


#: The type that each kind of event is shown as.
NOUNS: dict[type, type[AnyEvent]] = {
    happened.MessageAdded: MessageAddedEvent,
    happened.MessageUpdated: MessageUpdatedEvent,
    happened.ReceiptMoved: ReceiptEvent,
    happened.ConversationUpdated: ConversationUpdatedEvent,
    happened.ConversationRemoved: ConversationRemovedEvent,
    happened.Reset: ResetEvent,
}


def noun_of(event: happened.StreamEvent) -> AnyEvent:
    """What happened, as clients see it."""
    return NOUNS[type(event)].of(event)
