"""Verbs about typing: tell it, and follow it."""

from typing import Annotated

import strawberry

from chat.live import TypingStream
from core.ids import key_of
from graph.context import Context
from graph.declarations import Outcome
from graph.errors import NOT_FOUND, problem
from graph.fields import Noun, column
from graph.schema.errors import UserError, errors


@strawberry.input(description="That the viewer types, or stopped.")
class SetTypingInput:
    """A hint."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    is_typing: bool = strawberry.field(default=True, description="False when they stopped without sending.")


@strawberry.type(description="Whether it was told.")
class SetTypingPayload(Noun):
    """How long it lasts."""

    row: strawberry.Private[Outcome]
    expires_in_ms: int = column(
        lambda outcome: outcome.value or 0,
        description="How long the others believe it: repeat it before, while it goes on.",
    )
    errors: list[UserError] = errors("Why it was not told; empty otherwise.")


async def set_typing(
    context: Context, *, input: Annotated[SetTypingInput, strawberry.argument(description="Where, and whether.")]
) -> int:
    """Tell the others; called more often than they are told, it succeeds silently."""
    key = key_of(input.conversation_id, "Conversation")
    await context.palaver.typing.set(context.viewer, key, is_typing=input.is_typing)
    return round(context.palaver.settings.typing_seconds * 1000) if input.is_typing else 0


def follow_typing(
    context: Context,
    *,
    conversation_id: Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")],
) -> TypingStream:
    """Who starts and stops typing."""
    key = key_of(conversation_id, "Conversation")
    if key is None:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    return TypingStream(context.palaver, context.viewer, key)
