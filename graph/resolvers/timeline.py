"""Verbs about the history with a person: all that was said, over all subjects."""

from typing import Annotated

import strawberry

from chat.cursors import CursorExpired, InvalidCursor
from core.ids import key_of
from db import timeline
from db.messages import MessageRow
from db.pages import Page
from db.timeline import Moment
from graph.context import Context
from graph.schema.pages import After, Before, First, Last, page_arguments


async def list_messages_with(
    context: Context,
    *,
    user_id: Annotated[strawberry.ID, strawberry.argument(description="The other person.")],
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Page[MessageRow]:
    """The messages of all conversations that both are in; nothing with a stranger, with nobody, or with oneself."""
    chosen = page_arguments(context, first, after, last, before)
    window = chosen.window(await _moment_of(context, chosen.after), await _moment_of(context, chosen.before))
    other = key_of(user_id, "User")
    if other is None or other == context.viewer.id:
        return Page([], has_next=False, has_previous=False)
    return await timeline.page(context.reading, context.viewer.id, other, window)


async def _moment_of(context: Context, cursor: str | None) -> Moment | None:
    """Where a cursor of a thread of the viewer's stands in time. InvalidCursor or CursorExpired for any other."""
    if cursor is None:
        return None
    conversation_id, position = context.palaver.cursors.read_any_log(cursor)
    conversation = await context.loaders.conversation.load(conversation_id)
    if conversation is None:
        raise InvalidCursor
    if position > conversation.last_event:
        raise CursorExpired
    moment = await timeline.find_moment(context.reading, context.viewer.id, conversation_id, position)
    return moment or (0, conversation_id, 0)
