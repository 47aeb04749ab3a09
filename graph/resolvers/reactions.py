"""Verbs about reactions: put one to a message, or take it back."""

from typing import Annotated

import strawberry

from chat import reactions
from core.ids import key_of
from db.messages import MessageRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, loaded
from graph.resolvers.changes import as_it_is
from graph.schema.errors import UserError, errors
from graph.schema.messages import Message


@strawberry.input(description="A reaction as it shall be. Toggles take the wished state, so a repeat changes nothing.")
class ReactInput:
    """A reaction."""

    message_id: strawberry.ID = strawberry.field(description="To which message.")
    emoji: str = strawberry.field(description="Exactly one emoji, with its skin tone if it has one.")
    reacted: bool = strawberry.field(description="True to have it there, false to have it not.")


@strawberry.type(description="What was reacted to.")
class ReactPayload(Noun):
    """The message."""

    row: strawberry.Private[Outcome]
    message: Message | None = loaded(
        as_it_is, of=Message.of, description="The message, with its reactions as they are now."
    )
    errors: list[UserError] = errors("Why it is not as wished; empty when it is.")


async def react(
    context: Context,
    *,
    input: Annotated[ReactInput, strawberry.argument(description="Which emoji, to which message.")],
) -> MessageRow:
    """Put an emoji to a message, or take it back."""
    palaver, key = context.palaver, key_of(input.message_id, "Message")
    limits = palaver.send_rules.limits
    return await reactions.react(
        palaver.work, limits, palaver.settings, context.viewer, key, input.emoji, reacted=input.reacted
    )
