"""What subscriptions deliver."""

from typing import Annotated, TypeAlias

import strawberry

from chat import events as happened
from chat.live import PresenceChanged, Typed
from core.clock import now_ms
from core.ids import encode_id
from graph.context import Info
from graph.schema.conversations import Conversation, load_conversation
from graph.schema.inboxes import ConversationEdge
from graph.schema.messages import Message, MessageEdge
from graph.schema.participants import Participant
from graph.schema.scalars import DateTime
from graph.schema.users import Presence, User, load_user
from graph.schema.viewer import Viewer

_CURSOR = "Resumes the stream that it came from, after this event."


@strawberry.interface(description="Every durable event; `cursor` resumes the stream that it came from.")
class ResumableEvent:
    """An event with a place in its stream."""

    cursor: str = strawberry.field(description=_CURSOR)


def _viewer(info: Info) -> Viewer:
    return Viewer.of(info)


@strawberry.type(description="A message was sent.")
class MessageAddedEvent(ResumableEvent):
    """A message."""

    message: Message = strawberry.field(description="The message.")
    message_edge: MessageEdge = strawberry.field(description="The same as an edge, to add to a list.")
    is_replay: bool = strawberry.field(description="Was it there before the subscription?")
    viewer: Viewer = strawberry.field(resolver=_viewer, description="The viewer's counts, as they are now.")


@strawberry.type(description="Edited, deleted, reacted to, its file ready.")
class MessageUpdatedEvent(ResumableEvent):
    """A message changed."""

    message: Message = strawberry.field(description="The message as it is now.")


async def _receipt_conversation(root: strawberry.Parent["ReceiptEvent"], info: Info) -> Conversation:
    return await load_conversation(info, root.participant.row.conversation_id)


@strawberry.type(
    description="Marks that moved. Not replayed one by one: a resumed stream gets the present marks, some again."
)
class ReceiptEvent(ResumableEvent):
    """Marks."""

    conversation: Conversation = strawberry.field(resolver=_receipt_conversation, description="Where they moved.")
    participant: Participant = strawberry.field(description="Whose marks, as they are now.")
    viewer: Viewer = strawberry.field(resolver=_viewer, description="The viewer's counts, as they are now.")


@strawberry.type(description="Opened, closed, archived, someone joined, its subject changed.")
class ConversationUpdatedEvent(ResumableEvent):
    """A conversation changed."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")
    conversation_edge: ConversationEdge = strawberry.field(description="The same as an edge, to add to a list.")
    viewer: Viewer = strawberry.field(resolver=_viewer, description="The viewer's counts, as they are now.")


@strawberry.type(description="The viewer may see it no longer, or it is gone.")
class ConversationRemovedEvent(ResumableEvent):
    """A conversation is gone."""

    conversation_id: strawberry.ID = strawberry.field(description="The id of the conversation.")
    viewer: Viewer = strawberry.field(resolver=_viewer, description="The viewer's counts, as they are now.")


@strawberry.type(description="The token is too old or of another database: refetch, then resume from `cursor`.")
class ResetEvent(ResumableEvent):
    """What was missed cannot be told."""

    reason: str = strawberry.field(description="Why, in words.")


async def _typing_user(root: strawberry.Parent["TypingEvent"], info: Info) -> User:
    return await load_user(info, root.user_id)


@strawberry.type(description="Somebody starts, goes on, or stops typing.")
class TypingEvent:
    """A hint."""

    user_id: strawberry.Private[str]
    conversation: Conversation = strawberry.field(description="Where.")
    user: User = strawberry.field(resolver=_typing_user, description="Who.")
    is_typing: bool = strawberry.field(description="Do they type?")
    expires_at: DateTime = strawberry.field(description="Until when to believe it.")
    expires_in_ms: int = strawberry.field(description="The same from now on; safe against a wrong clock.")

    @classmethod
    def of(cls, event: Typed) -> "TypingEvent":
        """The noun of a hint."""
        return cls(
            user_id=event.user_id,
            conversation=Conversation.of(event.conversation),
            is_typing=event.is_typing,
            expires_at=DateTime(event.until),
            expires_in_ms=max(0, event.until - now_ms()) if event.is_typing else 0,
        )


async def _presence_user(root: strawberry.Parent["PresenceEvent"], info: Info) -> User:
    return await load_user(info, root.user_id)


@strawberry.type(description="Somebody came or went.")
class PresenceEvent:
    """A person's state."""

    user_id: strawberry.Private[str]
    user: User = strawberry.field(resolver=_presence_user, description="Who.")
    presence: Presence = strawberry.field(description="Their state.")

    @classmethod
    def of(cls, event: PresenceChanged) -> "PresenceEvent":
        """The noun of a change."""
        return cls(user_id=event.user_id, presence=Presence.of(event.state))


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


def noun_of(info: Info, event: happened.StreamEvent) -> AnyEvent:
    """What happened, as clients see it."""
    match event:
        case happened.MessageAdded(cursor, message, is_replay):
            edge = MessageEdge.of(info, message)
            return MessageAddedEvent(cursor=cursor, message=edge.node, message_edge=edge, is_replay=is_replay)
        case happened.MessageUpdated(cursor, message):
            return MessageUpdatedEvent(cursor=cursor, message=Message.of(message))
        case happened.ConversationUpdated(cursor, conversation):
            edge_of = ConversationEdge.of(info, conversation)
            return ConversationUpdatedEvent(cursor=cursor, conversation=edge_of.node, conversation_edge=edge_of)
        case happened.ReceiptMoved(cursor, participant):
            return ReceiptEvent(cursor=cursor, participant=Participant.of(participant))
        case happened.ConversationRemoved(cursor, conversation_id):
            removed = strawberry.ID(encode_id("Conversation", conversation_id))
            return ConversationRemovedEvent(cursor=cursor, conversation_id=removed)
        case happened.Reset(cursor, reason):
            return ResetEvent(cursor=cursor, reason=reason)
