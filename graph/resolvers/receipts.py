"""Verbs about receipts: what has been delivered and read."""

from typing import Annotated

import strawberry

from chat import receipts
from chat.receipts import UpTo
from chat.refusals import Refusal
from core.ids import key_of
from db.conversations import ConversationRow
from graph.context import Info
from graph.given import given
from graph.schema.conversations import Conversation
from graph.schema.errors import UserError, user_errors
from graph.schema.viewer import Viewer

_UP_TO = "The last message; everything there is when left out."


@strawberry.input(description="How far the viewer has read.")
class MarkReadInput:
    """A mark."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    up_to_message_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_UP_TO)


@strawberry.type(description="What is read.")
class MarkReadPayload:
    """The conversation with its counts as they are now."""

    conversation: Conversation | None = strawberry.field(description="The conversation, with its unread count.")
    viewer: Viewer | None = strawberry.field(description="The viewer, with their unread counts.")
    errors: list[UserError] = strawberry.field(description="Why nothing was marked; empty otherwise.")


@strawberry.input(description="How far a device of the viewer has the messages.")
class MarkDeliveredInput:
    """A mark."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    up_to_message_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_UP_TO)


@strawberry.type(description="What is delivered.")
class MarkDeliveredPayload:
    """The conversation."""

    conversation: Conversation | None = strawberry.field(description="The conversation.")
    errors: list[UserError] = strawberry.field(description="Why nothing was marked; empty otherwise.")


def _up_to(message_id: strawberry.ID | None) -> UpTo:
    wanted = given(message_id)
    return UpTo(is_everything=True) if wanted is None else UpTo(key_of(wanted, "Message"))


async def _fresh(info: Info, row: ConversationRow) -> Conversation:
    await info.context.refresh()
    return Conversation.of(await info.context.loaders.conversation.load(row.id) or row)


async def mark_read(
    info: Info, input: Annotated[MarkReadInput, strawberry.argument(description="How far.")]
) -> MarkReadPayload:
    """Read up to a message. Never moves back."""
    context, key = info.context, key_of(input.conversation_id, "Conversation")
    try:
        row = await receipts.mark_read(context.palaver.work, context.viewer, key, _up_to(input.up_to_message_id))
    except Refusal as refusal:
        return MarkReadPayload(conversation=None, viewer=None, errors=user_errors(info, refusal))
    return MarkReadPayload(conversation=await _fresh(info, row), viewer=Viewer.of(context.viewer), errors=[])


async def mark_delivered(
    info: Info, input: Annotated[MarkDeliveredInput, strawberry.argument(description="How far.")]
) -> MarkDeliveredPayload:
    """A device has the messages. Never moves back."""
    context, key = info.context, key_of(input.conversation_id, "Conversation")
    try:
        row = await receipts.mark_delivered(context.palaver.work, context.viewer, key, _up_to(input.up_to_message_id))
    except Refusal as refusal:
        return MarkDeliveredPayload(conversation=None, errors=user_errors(info, refusal))
    return MarkDeliveredPayload(conversation=await _fresh(info, row), errors=[])
