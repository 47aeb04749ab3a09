"""Verbs about what people arrange for themselves: put a conversation away, mute it, pin it."""

from typing import Annotated

import strawberry

from chat import arrangements
from core.ids import key_of
from db.conversations import ConversationRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.schema.conversations import Conversation
from graph.schema.errors import UserError, errors
from graph.schema.scalars import DateTime

_AS_IT_IS = "The conversation, as it is for the viewer now."
_REFUSED = "Why nothing was done; empty otherwise."


@strawberry.input(description="The wished state; a repeat changes nothing.")
class ArchiveConversationInput:
    """Whether it is put away."""

    conversation_id: strawberry.ID = strawberry.field(description="Which one.")
    archived: bool = strawberry.field(description="True puts it away until the next message, false takes it back.")


@strawberry.type(description="What was put away, or taken back.")
class ArchiveConversationPayload(Noun):
    """The conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description=_AS_IT_IS)
    errors: list[UserError] = errors(_REFUSED)


@strawberry.input(description="The wished state; a repeat changes nothing.")
class MuteConversationInput:
    """Until when."""

    conversation_id: strawberry.ID = strawberry.field(description="Which one.")
    until: DateTime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; null, or a time that is over: no longer muted."
    )


@strawberry.type(description="What was muted, or is no longer.")
class MuteConversationPayload(Noun):
    """The conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description=_AS_IT_IS)
    errors: list[UserError] = errors(_REFUSED)


@strawberry.input(description="The wished state; a repeat changes nothing.")
class PinConversationInput:
    """Whether it is pinned."""

    conversation_id: strawberry.ID = strawberry.field(description="Which one.")
    pinned: bool = strawberry.field(description="Whether it is to be pinned.")


@strawberry.type(description="What was pinned, or is no longer.")
class PinConversationPayload(Noun):
    """The conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description=_AS_IT_IS)
    errors: list[UserError] = errors(_REFUSED)


async def archive_conversation(
    context: Context,
    *,
    input: Annotated[ArchiveConversationInput, strawberry.argument(description="Which one, and whether.")],
) -> ConversationRow:
    """Put it away, or take it back."""
    key = key_of(input.conversation_id, "Conversation")
    return await arrangements.archive(context.palaver.work, context.viewer, key, archived=input.archived)


async def mute_conversation(
    context: Context,
    *,
    input: Annotated[MuteConversationInput, strawberry.argument(description="Which one, and until when.")],
) -> ConversationRow:
    """Mute it for a while, or no longer."""
    key = key_of(input.conversation_id, "Conversation")
    return await arrangements.mute(context.palaver.work, context.viewer, key, until=input.until or None)


async def pin_conversation(
    context: Context,
    *,
    input: Annotated[PinConversationInput, strawberry.argument(description="Which one, and whether.")],
) -> ConversationRow:
    """Pin it, or no longer."""
    key = key_of(input.conversation_id, "Conversation")
    return await arrangements.pin(context.palaver.work, context.viewer, key, pinned=input.pinned)
