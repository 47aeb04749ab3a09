"""Verbs that change what was sent."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from chat import changes
from core.ids import key_of
from db.messages import MessageRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, loaded
from graph.schema.errors import UserError, errors
from graph.schema.messages import Message


async def as_it_is(context: Context, rows: Sequence[Outcome]) -> list[MessageRow | None]:
    """The messages after the acts, with what others did meanwhile; who is out by now still learns what they did."""
    done = [outcome.value for outcome in rows]
    found = await context.loaders.message.load_many([row.id for row in done if row is not None])
    fresh = iter(found)
    return [None if row is None else next(fresh) or row for row in done]


@strawberry.input(description="Other words for a message.")
class EditMessageInput:
    """An edit."""

    message_id: strawberry.ID = strawberry.field(description="Which; one of the viewer's own.")
    body: str = strawberry.field(
        description="What it says from now on, as in `sendMessage`; it may be empty when there are files."
    )


@strawberry.type(description="What was edited.")
class EditMessagePayload(Noun):
    """The message."""

    row: strawberry.Private[Outcome]
    message: Message | None = loaded(as_it_is, of=Message.of, description="The message as it is now.")
    errors: list[UserError] = errors("Why it was not edited; empty when it says so now.")


async def edit_message(
    context: Context,
    *,
    input: Annotated[EditMessageInput, strawberry.argument(description="Which message, and its new words.")],
) -> MessageRow:
    """Edit one's own message."""
    palaver, key = context.palaver, key_of(input.message_id, "Message")
    return await changes.edit_message(
        palaver.work, palaver.send_rules, palaver.settings, context.viewer, key, input.body
    )


@strawberry.input(description="A message to be gone.")
class DeleteMessageInput:
    """A deletion."""

    message_id: strawberry.ID = strawberry.field(description="Which; one of the viewer's own.")


@strawberry.type(description="What was deleted.")
class DeleteMessagePayload(Noun):
    """The message's place."""

    row: strawberry.Private[Outcome]
    message: Message | None = loaded(
        as_it_is, of=Message.of, description="What is left of it: its place, without words and files."
    )
    errors: list[UserError] = errors("Why it was not deleted; empty when it is gone.")


async def delete_message(
    context: Context, *, input: Annotated[DeleteMessageInput, strawberry.argument(description="Which message.")]
) -> MessageRow:
    """Delete one's own message for everybody."""
    key = key_of(input.message_id, "Message")
    return await changes.delete_message(context.palaver.work, context.viewer, key)
