"""Verbs about typing: tell it, and follow it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from chat.live import TypingStream
from chat.refusals import Refusal
from core.ids import key_of
from graph.context import Info
from graph.errors import NOT_FOUND, problem
from graph.schema.errors import UserError, user_errors
from graph.schema.events import TypingEvent


@strawberry.input(description="That the viewer types, or stopped.")
class SetTypingInput:
    """A hint."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    is_typing: bool = strawberry.field(default=True, description="False when they stopped without sending.")


@strawberry.type(description="Whether it was told.")
class SetTypingPayload:
    """Nothing but refusals."""

    errors: list[UserError] = strawberry.field(description="Why it was not told; empty otherwise.")


async def set_typing(
    info: Info, input: Annotated[SetTypingInput, strawberry.argument(description="Where, and whether.")]
) -> SetTypingPayload:
    """Tell the others; called more often than they are told, it succeeds silently."""
    context = info.context
    try:
        await context.palaver.typing.set(
            context.viewer, key_of(input.conversation_id, "Conversation"), is_typing=input.is_typing
        )
    except Refusal as refusal:
        return SetTypingPayload(errors=user_errors(refusal))
    return SetTypingPayload(errors=[])


async def typing(
    info: Info,
    conversation_id: Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")],
) -> AsyncGenerator[TypingEvent, None]:
    """Who starts and stops typing."""
    key = key_of(conversation_id, "Conversation")
    if key is None:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    async with aclosing(TypingStream(info.context.palaver, info.context.viewer, key).changes()) as events:
        async for event in events:
            await info.context.refresh()
            yield TypingEvent.of(event)
