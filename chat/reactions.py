"""Reactions: whoever is in a conversation puts emoji to its messages, each once, and takes them back."""

from chat.access import get_message
from chat.changes import announce, refuse_when_silent
from chat.refusals import Forbidden, Invalid, RateLimited
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.emojis import find_emoji
from core.limits import Limits, Rate
from core.settings import Settings
from db import reactions
from db.messages import MessageRow


async def react(
    work: Work,
    limits: Limits,
    settings: Settings,
    viewer: Viewer,
    message_id: str | None,
    text: str,
    *,
    reacted: bool,
) -> MessageRow:
    """Have reacted to a message with an emoji, or not. What is so already is left as it is, and nobody is told.

    A deleted message has no reactions: none can be put to it, and to take one back is done.
    """
    emoji = find_emoji(text)
    if emoji is None:
        raise Invalid("emoji", reason="This is not exactly one emoji.")
    async with work.begin() as unit:
        membership, message = await get_message(unit, viewer.id, message_id, "messageId")
        if message.deleted_at is not None and reacted:
            raise Invalid("messageId", reason="The message was deleted.")
        if not await _change(unit, settings, viewer, message, emoji, reacted=reacted):
            return message
        # Raised after the change, which is undone: only who would change something is refused.
        refuse_when_silent(membership)
        wait = await limits.take(Rate("reactions", settings.reactions), viewer.id)
        if wait:
            raise RateLimited(wait)
        await announce(unit, message, membership.member_ids)
        return message


async def _change(
    unit: UnitOfWork, settings: Settings, viewer: Viewer, message: MessageRow, emoji: str, *, reacted: bool
) -> bool:
    """Make it so; False when it was. Forbidden when it would be one emoji too many."""
    if not reacted:
        return await reactions.delete_one(unit.db, message.id, viewer.id, emoji)
    if not await reactions.insert_if_new(unit.db, message.id, viewer.id, emoji, now=unit.now):
        return False
    if await reactions.count_of(unit.db, message.id, viewer.id) > settings.max_reactions:
        most = settings.max_reactions
        raise Forbidden("emoji", reason=f"One person can put {most} different emoji to a message.")
    return True
