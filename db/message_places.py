"""Messages by their places. A conversation's messages are dense by seq, so a page is a range of seqs."""

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, exists, select

from db.bisection import bisected
from db.engine import AnyRow, Reading
from db.messages import MessageRow, is_member
from db.rows import by_kind, columns_of, rows_of
from db.statements import Statement, larger, smaller
from db.tables import conversations, messages, participants
from db.value_tables import points, spans


class SeqRange(NamedTuple):
    """The messages of a conversation from one seq to another, both included; empty when `low` is above `high`."""

    conversation_id: str
    low: int
    high: int


_spans = spans("ranges").table_valued("number", "key", "low", "high")
_points = points("places").table_valued("key", "number")
_key_of_place = attrgetter("conversation_id", "seq")


@by_kind
def _range(kind: type[MessageRow]) -> Statement:
    """One range, as nearly everybody asks: read in its order, and the membership once for all of it."""
    conversation_id: BindParameter[str] = bindparam("conversation_id")
    is_in_it = exists().where(
        participants.c.conversation_id == conversation_id,
        participants.c.user_id == bindparam("viewer_id"),
        participants.c.left_event.is_(None),
    )
    return Statement(
        select(*columns_of(messages, kind))
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.seq.between(bindparam("low"), bindparam("high")),
            is_in_it,
        )
        .order_by(messages.c.seq)
    )


@by_kind
def _ranges(kind: type[MessageRow]) -> Statement:
    return Statement(
        select(*columns_of(messages, kind), _spans.c.number)
        .join(participants, is_member)
        .join(
            _spans,
            and_(
                messages.c.conversation_id == _spans.c.key,
                messages.c.seq.between(_spans.c.low, _spans.c.high),
            ),
        )
        .order_by(_spans.c.number, messages.c.seq)
    )


@by_kind
def _at(kind: type[MessageRow]) -> Statement:
    return Statement(
        select(*columns_of(messages, kind))
        .join(_points, and_(messages.c.conversation_id == _points.c.key, messages.c.seq == _points.c.number))
        .where(exists().where(is_member))
    )


_position = smaller(_points.c.number, conversations.c.last_event)
_high = smaller(_position, conversations.c.last_seq)
#: So many of those events at least are messages: what is none is rare, mostly, and the bisection is short then.
_low = larger(_position - conversations.c.last_event + conversations.c.last_seq, 0)
_reached = bisected(
    "reached",
    select(
        conversations.c.id.label("conversation_id"),
        _points.c.number.label("position"),
        _low.label("low"),
        (_high - _low).label("rest"),
    ).join(_points, conversations.c.id == _points.c.key),
    lambda message, start: message.c.position <= start.c.position,
)
_SEQS_AT = Statement(select(_reached.c.conversation_id, _reached.c.position, _reached.c.low))


async def find_ranges(
    db: Reading, viewer_id: str, ranges: Sequence[SeqRange], kind: type[MessageRow] = MessageRow
) -> dict[SeqRange, list[MessageRow]]:
    """The messages of ranges, in order; nothing of a conversation that the viewer is not in."""
    if len(ranges) == 1:
        rows = await db.all(_range(kind), {"viewer_id": viewer_id, **ranges[0]._asdict()})
        return {ranges[0]: rows_of(kind, rows)}
    found: list[list[AnyRow]] = [[] for _ in ranges]
    for row in await db.all(_ranges(kind), {"viewer_id": viewer_id, "ranges": ranges}):
        found[row[-1]].append(row[:-1])
    return {span: rows_of(kind, rows) for span, rows in zip(ranges, found, strict=True)}


async def find_at(
    db: Reading, viewer_id: str, places: Collection[tuple[str, int]], kind: type[MessageRow] = MessageRow
) -> dict[tuple[str, int], MessageRow]:
    """The messages of (conversation, seq); nothing of a conversation that the viewer is not in."""
    rows = rows_of(kind, await db.all(_at(kind), {"viewer_id": viewer_id, "places": places}))
    return dict(zip(map(_key_of_place, rows), rows, strict=True))


async def find_seqs_at(db: Reading, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """For each (conversation, position of its log): the seq of the last message told of up to there, 0 for none."""
    rows = await db.all(_SEQS_AT, {"places": places})
    return dict.fromkeys(places, 0) | {(row[0], row[1]): row[2] for row in rows}
