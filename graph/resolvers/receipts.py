"""Verbs about receipts: what has been delivered and read."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from chat import receipts
from chat.receipts import UpTo
from core.ids import key_of
from db.conversations import ConversationRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, computed, loaded
from graph.given import given
from graph.schema.conversations import Conversation
from graph.schema.errors import UserError, errors
from graph.schema.viewer import Viewer

_UP_TO = "The last message; everything there is when left out."


async def _as_it_is(context: Context, rows: Sequence[Outcome]) -> list[ConversationRow | None]:
    """The conversations after the act; who is out of one by now still learns what they marked."""
    done = [outcome.value for outcome in rows]
    found = await context.loaders.conversation.load_many([row.id for row in done if row is not None])
    fresh = iter(found)
    return [None if row is None else next(fresh) or row for row in done]


@strawberry.input(description="How far the viewer has read.")
class MarkReadInput:
    """A mark."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    up_to_message_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_UP_TO)


@strawberry.type(description="What is read.")
class MarkReadPayload(Noun):
    """The conversation with its counts as they are now."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = loaded(
        _as_it_is, of=Conversation.of, description="The conversation, with its unread count."
    )
    viewer: Viewer | None = computed(
        lambda outcome, context: None if outcome.refusal else context.viewer,
        of=Viewer.of,
        description="The viewer, with their unread counts.",
    )
    errors: list[UserError] = errors("Why nothing was marked; empty otherwise.")


@strawberry.input(description="How far a device of the viewer has the messages.")
class MarkDeliveredInput:
    """A mark."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    up_to_message_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_UP_TO)


@strawberry.type(description="What is delivered.")
class MarkDeliveredPayload(Noun):
    """The conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = loaded(_as_it_is, of=Conversation.of, description="The conversation.")
    errors: list[UserError] = errors("Why nothing was marked; empty otherwise.")


def _up_to(message_id: strawberry.ID | None) -> UpTo:
    wanted = given(message_id)
    return UpTo(is_everything=True) if wanted is None else UpTo(key_of(wanted, "Message"))


async def mark_read(
    context: Context, *, input: Annotated[MarkReadInput, strawberry.argument(description="How far.")]
) -> ConversationRow:
    """Read up to a message. Never moves back."""
    key = key_of(input.conversation_id, "Conversation")
    return await receipts.mark_read(context.palaver.work, context.viewer, key, _up_to(input.up_to_message_id))


async def mark_delivered(
    context: Context, *, input: Annotated[MarkDeliveredInput, strawberry.argument(description="How far.")]
) -> ConversationRow:
    """A device has the messages. Never moves back."""
    key = key_of(input.conversation_id, "Conversation")
    return await receipts.mark_delivered(context.palaver.work, context.viewer, key, _up_to(input.up_to_message_id))
