"""Statements about all that two people said to each other: their threads, merged in time order."""

from typing import Any, TypeAlias

from sqlalchemy import Select, and_, bindparam, select, true

from db.each import each_of
from db.engine import Reading
from db.messages import ADDED, MessageRow
from db.pages import Page, Pages, Window
from db.statements import Statement
from db.tables import events, messages, participants

#: A place in time order: milliseconds, a conversation, and a seq within it.
Moment: TypeAlias = tuple[int, str, int]
#: Behind every message of its conversation that has the same time.
LAST = 2**62

_theirs = participants.alias("theirs")
_is_shared = and_(
    _theirs.c.conversation_id == participants.c.conversation_id,
    _theirs.c.user_id == bindparam("user_id"),
    _theirs.c.left_event.is_(None),
)
_shared = select(*(messages.c[name] for name in MessageRow._fields)).where(
    participants.c.user_id == bindparam("viewer_id"), participants.c.left_event.is_(None), _is_shared
)
_one = messages.alias("one")
_keys, _keys_of_one = ([each.c.created_at, each.c.conversation_id, each.c.seq] for each in (messages, _one))
_of_one = Pages(
    select(*_keys_of_one).where(_one.c.conversation_id == participants.c.conversation_id),
    _keys_of_one,
    descending=False,
)
_of_picked = Pages(_shared, _keys, descending=False)


class MergedPages(Pages):
    """Pages of many threads, of each of which no more is read than the page may hold."""

    def rows(self, *, has_after: bool, has_before: bool, backward: bool) -> Select[Any]:
        """The rows of a page."""
        choice = {"has_after": has_after, "has_before": has_before, "backward": backward}
        own = _of_one.rows(**choice).with_only_columns(_one.c.id.label("item")).correlate(participants)
        picked = each_of(own.scalar_subquery()).as_table()
        shared = participants.join(_theirs, _theirs.c.conversation_id == participants.c.conversation_id)
        # By their ids alone, so that no database has the choice to read whole threads first.
        return _of_picked.rows(**choice).select_from(
            shared.join(picked, true()).join(messages, messages.c.id == picked.c.value)
        )


_pages = MergedPages(
    _shared.where(messages.c.conversation_id == participants.c.conversation_id), _keys, descending=False
)
_tells_of = and_(messages.c.id == events.c.message_id, events.c.kind == ADDED)
_MOMENT = Statement(
    select(events.c.created_at, messages.c.created_at, messages.c.seq)
    .join(messages, _tells_of, isouter=True)
    .join(participants, participants.c.conversation_id == events.c.conversation_id)
    .where(
        events.c.conversation_id == bindparam("conversation_id"),
        events.c.position == bindparam("position"),
        participants.c.user_id == bindparam("viewer_id"),
        participants.c.left_event.is_(None),
    )
)


async def page(db: Reading, viewer_id: str, user_id: str, window: Window) -> Page[MessageRow]:
    """Messages of the conversations that both are in now, in time order; each thread's own order is kept in a tie."""
    found = await _pages.read(db, window, {"viewer_id": viewer_id, "user_id": user_id})
    return Page([MessageRow._make(row) for row in found.items], found.has_next, found.has_previous)


async def find_moment(db: Reading, viewer_id: str, conversation_id: str, position: int) -> Moment | None:
    """When the event at a position of a log of the viewer's happened; None when there is none that they may see."""
    at = {"viewer_id": viewer_id, "conversation_id": conversation_id, "position": position}
    row = await db.first(_MOMENT, at)
    if row is None:
        return None
    happened_at, sent_at, seq = row
    return (happened_at, conversation_id, LAST) if seq is None else (sent_at, conversation_id, seq)
