"""Pages of conversations' messages. They are dense by seq, so every page is a range that is known beforehand."""

from collections.abc import Sequence

from chat.cursors import CursorExpired
from core.ids import key_of
from db.conversations import ConversationRow
from db.message_places import SeqRange
from db.messages import MessageRow
from db.pages import Page
from graph.context import Context
from graph.errors import BAD_USER_INPUT, problem
from graph.schema.pages import PageArguments


async def load_pages(
    context: Context, conversations: Sequence[ConversationRow], wanted: PageArguments, around: str | None
) -> list[Page[MessageRow]]:
    """A page of each conversation's messages, read in the same snapshot as the conversations."""
    visible = await context.loaders.conversation.load_many([row.id for row in conversations])
    lasts = [0 if row is None else row.last_seq for row in visible]
    ranges = [
        SeqRange(row.id, *await _range_of(context, mine or row, wanted, around, last_seq))
        for row, mine, last_seq in zip(conversations, visible, lasts, strict=True)
    ]
    filled = [span for span in ranges if span.low <= span.high]
    found = dict(zip(filled, await context.loaders.messages.load_many(filled), strict=True)) if filled else {}
    return [
        Page(found.get(span) or [], has_next=span.high < last_seq, has_previous=min(span.low, last_seq + 1) > 1)
        for span, last_seq in zip(ranges, lasts, strict=True)
    ]


async def _range_of(
    context: Context, conversation: ConversationRow, wanted: PageArguments, around: str | None, last_seq: int
) -> tuple[int, int]:
    """The first and the last seq of the page; the last is below the first when it is empty."""
    if around is not None and wanted.after is None and wanted.before is None:
        return await _range_around(context, conversation, wanted.size, around, last_seq)
    above = 0 if wanted.after is None else await _seq_of(context, conversation, wanted.after)
    below = last_seq + 1
    if wanted.before is not None:
        below = min(below, await _seq_before(context, conversation, wanted.before))
    if wanted.backward:
        return max(above + 1, below - wanted.size), below - 1
    return above + 1, max(above, min(above + wanted.size, below - 1))


async def _range_around(
    context: Context, conversation: ConversationRow, size: int, around: str, last_seq: int
) -> tuple[int, int]:
    key = key_of(around, "Message")
    message = await context.loaders.message.load(key) if key is not None else None
    if message is None or message.conversation_id != conversation.id:
        raise problem(BAD_USER_INPUT, "`around` names no message of this conversation.")
    low = max(1, min(message.seq - size // 2, last_seq - size + 1))
    return low, min(last_seq, low + size - 1)


async def _seq_of(context: Context, conversation: ConversationRow, cursor: str) -> int:
    """The seq of the last message up to a cursor. InvalidCursor or CursorExpired for one that is not of this log."""
    position = _position_in(context, conversation, cursor)
    return await context.loaders.seq_at.load((conversation.id, position)) or 0


async def _seq_before(context: Context, conversation: ConversationRow, cursor: str) -> int:
    """The first seq that is not before a cursor; an event that is no message stands behind those before it."""
    position = _position_in(context, conversation, cursor)
    before = await context.loaders.seq_at.load((conversation.id, position - 1)) or 0
    return before + 1


def _position_in(context: Context, conversation: ConversationRow, cursor: str) -> int:
    position = context.palaver.cursors.read_log(cursor, conversation.id)
    if position > conversation.last_event:
        raise CursorExpired
    return position
