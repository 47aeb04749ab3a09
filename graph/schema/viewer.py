"""The person who asks."""

from collections.abc import Sequence

import strawberry

from chat.inbox import take_token
from chat.users import Viewer as Row
from core.ids import encode_id
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, loaded
from graph.schema.users import User, load_users


async def _users(context: Context, rows: Sequence[Row]) -> list[PersonRow]:
    return await load_users(context, [row.id for row in rows])


async def _unread(context: Context, rows: Sequence[Row]) -> list[dict[str, int]]:
    return [counts or {} for counts in await context.loaders.all_unread.load_many([row.id for row in rows])]


async def _unread_messages(context: Context, rows: Sequence[Row]) -> list[int]:
    return [sum(counts.values()) for counts in await _unread(context, rows)]


async def _unread_conversations(context: Context, rows: Sequence[Row]) -> list[int]:
    return [len(counts) for counts in await _unread(context, rows)]


async def _inbox_cursors(context: Context, rows: Sequence[Row]) -> list[str]:
    token = await take_token(context.palaver, context.reading, context.viewer)
    return [token for _ in rows]


@strawberry.type(description="The person who asks, and what waits for them.")
class Viewer(Noun):
    """The viewer."""

    row: strawberry.Private[Row]
    id: strawberry.ID = column(
        lambda row: encode_id("Viewer", row.id), description="Not the user's id, so that caches keep both apart."
    )
    user: User = loaded(_users, of=User.of, description="The viewer as others see them.")
    unread_message_count: int = loaded(_unread_messages, description="Messages not read, over all conversations.")
    unread_conversation_count: int = loaded(_unread_conversations, description="Conversations with something unread.")
    inbox_cursor: str = loaded(
        _inbox_cursors, description="Resume token of `inbox`, taken in the same read as the rest of the answer."
    )
