"""What can be followed: the fields of the root of subscriptions."""

from collections.abc import AsyncGenerator

import strawberry

from graph.fields import followed
from graph.resolvers import (
    live,
    typing,
)
from graph.schema.events import (
    ConversationEvent,
    InboxEvent,
    MessageAddedEvent,
    PresenceEvent,
    TypingEvent,
    noun_of,
)


@strawberry.type(description="What can be followed. Every stream can be resumed or begins with the present state.")
class Subscription:
    """Streams."""

    message_added: AsyncGenerator[MessageAddedEvent, None] = followed(
        live.follow_messages,
        of=MessageAddedEvent.of,
        description="Every message after the cursor, in order, once each: stored ones first, then live. Without "
        "`after`: from now on. A cursor too old or of another database ends the stream with CURSOR_EXPIRED and a "
        "fresh `extensions.cursor`.",
    )
    typing: AsyncGenerator[TypingEvent, None] = followed(
        typing.follow_typing,
        of=TypingEvent.of,
        description="Who starts and stops typing, beginning with those who type now. A hint: it may be lost, and it "
        "expires by itself.",
    )
    conversation_events: AsyncGenerator[ConversationEvent, None] = followed(
        live.follow_conversation,
        of=noun_of,
        description="Everything that changes in one conversation, resumable like `messageAdded`; begins with a "
        "ReceiptEvent of each participant's present marks.",
    )
    inbox: AsyncGenerator[InboxEvent, None] = followed(
        live.follow_inbox,
        of=noun_of,
        description="Everything for the viewer over all conversations, those opened meanwhile included; resumable.",
    )
    presence: AsyncGenerator[PresenceEvent, None] = followed(
        live.follow_presence,
        of=PresenceEvent.of,
        description="Beginning with the present state of each person asked for.",
    )
