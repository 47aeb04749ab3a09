"""The person who asks."""

import strawberry

from chat.inbox import take_token
from core.ids import encode_id
from graph.context import Info
from graph.schema.users import User, load_user


async def _user(info: Info) -> User:
    return await load_user(info, info.context.viewer.id)


async def _unread(info: Info) -> dict[str, int]:
    return await info.context.loaders.all_unread.load(info.context.viewer.id) or {}


async def _unread_message_count(info: Info) -> int:
    return sum((await _unread(info)).values())


async def _unread_conversation_count(info: Info) -> int:
    return len(await _unread(info))


async def _inbox_cursor(info: Info) -> str:
    return await take_token(info.context.palaver, info.context.reading, info.context.viewer)


@strawberry.type(description="The person who asks, and what waits for them.")
class Viewer:
    """The viewer."""

    id: strawberry.ID = strawberry.field(description="Not the user's id, so that caches keep both apart.")
    user: User = strawberry.field(resolver=_user, description="The viewer as others see them.")
    unread_message_count: int = strawberry.field(
        resolver=_unread_message_count, description="Messages not read, over all conversations."
    )
    unread_conversation_count: int = strawberry.field(
        resolver=_unread_conversation_count, description="Conversations with something unread."
    )
    inbox_cursor: str = strawberry.field(
        resolver=_inbox_cursor,
        description="Resume token of `inbox`, taken in the same read as the rest of the answer.",
    )

    @classmethod
    def of(cls, info: Info) -> "Viewer":
        """The noun of who asks."""
        return cls(id=strawberry.ID(encode_id("Viewer", info.context.viewer.id)))
