"""Pages of one conversation's messages. They are dense by seq, so every page is a range that is known beforehand."""

from chat.cursors import CursorExpired
from core.ids import key_of
from db.conversations import ConversationRow
from db.messages import SeqRange
from graph.context import Info
from graph.errors import BAD_USER_INPUT, problem
from graph.schema.messages import MessageConnection, MessageEdge
from graph.schema.pages import PageArguments, PageInfo


async def page_of_messages(
    info: Info, conversation: ConversationRow, wanted: PageArguments, around: str | None
) -> MessageConnection:
    """A page of the conversation's messages, read in the same snapshot as the conversation."""
    visible = await info.context.loaders.conversation.load(conversation.id)
    last_seq = 0 if visible is None else visible.last_seq
    low, high = await _range_of(info, visible or conversation, wanted, around, last_seq)
    rows = await info.context.loaders.messages.load(SeqRange(conversation.id, low, high)) if low <= high else []
    edges = [MessageEdge.of(info, row) for row in rows or ()]
    return MessageConnection(
        edges=edges,
        page_info=PageInfo.of(
            [edge.cursor for edge in edges],
            has_next=high < last_seq,
            has_previous=min(low, last_seq + 1) > 1,
        ),
    )


async def _range_of(
    info: Info, conversation: ConversationRow, wanted: PageArguments, around: str | None, last_seq: int
) -> tuple[int, int]:
    """The first and the last seq of the page; the last is below the first when it is empty."""
    if around is not None and wanted.after is None and wanted.before is None:
        return await _range_around(info, conversation, wanted.size, around, last_seq)
    above = 0 if wanted.after is None else await _seq_of(info, conversation, wanted.after)
    below = last_seq + 1
    if wanted.before is not None:
        below = min(below, await _seq_before(info, conversation, wanted.before))
    if wanted.backward:
        return max(above + 1, below - wanted.size), below - 1
    return above + 1, max(above, min(above + wanted.size, below - 1))


async def _range_around(
    info: Info, conversation: ConversationRow, size: int, around: str, last_seq: int
) -> tuple[int, int]:
    key = key_of(around, "Message")
    message = await info.context.loaders.message.load(key) if key is not None else None
    if message is None or message.conversation_id != conversation.id:
        raise problem(BAD_USER_INPUT, "`around` names no message of this conversation.")
    low = max(1, min(message.seq - size // 2, last_seq - size + 1))
    return low, min(last_seq, low + size - 1)


async def _seq_of(info: Info, conversation: ConversationRow, cursor: str) -> int:
    """The seq of the last message up to a cursor. InvalidCursor or CursorExpired for one that is not of this log."""
    position = _position_in(info, conversation, cursor)
    return await info.context.loaders.seq_at.load((conversation.id, position)) or 0


async def _seq_before(info: Info, conversation: ConversationRow, cursor: str) -> int:
    """The first seq that is not before a cursor; an event that is no message stands behind those before it."""
    position = _position_in(info, conversation, cursor)
    before = await info.context.loaders.seq_at.load((conversation.id, position - 1)) or 0
    return before + 1


def _position_in(info: Info, conversation: ConversationRow, cursor: str) -> int:
    position = info.context.palaver.cursors.read_log(cursor, conversation.id)
    if position > conversation.last_event:
        raise CursorExpired
    return position
