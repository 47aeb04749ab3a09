"""Statements about a person's inbox: what happened after a place, over all conversations that they are in.

A place is what a resume token holds. On SQLite, which has one writer, it is the id of the last event. On PostgreSQL ids
are given out in another order than transactions commit, so a place there is a snapshot: what was visible in it has been
told. News are the events between two snapshots; that set never changes, so any order of it can be resumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, literal, not_, or_, select, text

from db.engine import AnyRow, Database, Reading
from db.events import EventRow, columns
from db.snapshots import Snapshot, read_snapshot
from db.statements import Statement
from db.tables import events, participants
from db.xids import Xid

#: The parts of a token. The first is a number that only grows.
Place: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """An event, the place after it, and, where several write, the transaction that wrote it."""

    event: EventRow
    place: Place
    xid: int | None = None

    def is_within(self, head: Place) -> bool:
        """Was it there when this was the head?"""
        if self.xid is None:
            return (self.event.id,) <= head
        return Snapshot.of(head).holds(self.xid)


@dataclass(frozen=True, slots=True)
class Change:
    """How far a conversation's log grew, and who left it meanwhile."""

    position: int
    left: frozenset[str]


class Inbox(Protocol):
    """Reads inboxes; each database has its own way to say where one stands."""

    async def find_head(self, db: Reading) -> Place:
        """The place after everything that this snapshot holds."""

    def is_place(self, parts: Sequence[int | str]) -> bool:
        """Could these be the parts of a place?"""

    async def is_beyond(self, db: Reading, place: Place) -> bool:
        """Does the place name what this database has not seen yet?"""

    async def find_news(self, db: Reading, user_id: str, place: Place, limit: int) -> list[News]:
        """What happened after a place, at most `limit`; shorter than that when there is no more."""

    async def find_changed(self, db: Reading, place: Place) -> tuple[dict[str, Change], Place]:
        """The conversations in which something happened after a place, and the place after it."""


def inbox_of(database: Database) -> Inbox:
    """The inbox of a database's kind."""
    return SqliteInbox() if database.is_sqlite else PostgresInbox()


def _is_mine(user_id: str) -> ColumnElement[bool]:
    """Events of conversations that a person is in, from their joining on, and their own leaving of others."""
    return or_(
        and_(participants.c.left_event.is_(None), events.c.position >= participants.c.joined_event),
        and_(events.c.kind == "LEFT", events.c.user_id == user_id),
    )


_told = events.alias("told")


def _after(user_id: str, is_told: ColumnElement[bool]) -> Select[Any]:
    """What happened in a person's conversations after what was told of each, as far as they may see it.

    What was told of a conversation is a prefix of its log, in either database. So its end is found by walking back from
    the newest position, over what is news, to the first that was told: no send pays for an index of (conversation, id).
    """
    seen = (
        select(_told.c.position)
        .where(_told.c.conversation_id == participants.c.conversation_id, is_told)
        .order_by(_told.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    mine = and_(participants.c.conversation_id == events.c.conversation_id, participants.c.user_id == user_id)
    return (
        select(*columns).join(participants, mine).where(events.c.position > func.coalesce(seen, 0), _is_mine(user_id))
    )


_NEWEST = Statement(select(func.max(events.c.id)))


class SqliteInbox:
    """One writer: an id never comes twice, and never before a smaller one."""

    async def find_head(self, db: Reading) -> Place:
        """The id of the newest event."""
        return (await db.value(_NEWEST) or 0,)

    def is_place(self, parts: Sequence[int | str]) -> bool:
        """One number."""
        return len(parts) == 1 and isinstance(parts[0], int) and parts[0] >= 0

    async def is_beyond(self, db: Reading, place: Place) -> bool:
        """Beyond the newest event."""
        return place > await self.find_head(db)

    async def find_news(self, db: Reading, user_id: str, place: Place, limit: int) -> list[News]:
        """The events with a greater id."""
        statement = _after(user_id, _told.c.id <= place[0]).order_by(events.c.id).limit(limit)
        return [News(EventRow(*row), (row[0],)) for row in await db.all(statement)]

    async def find_changed(self, db: Reading, place: Place) -> tuple[dict[str, Change], Place]:
        """Those of events with a greater id."""
        head = await self.find_head(db)
        return await _changed(db, and_(events.c.id > place[0], events.c.id <= head[0])), head


class PostgresInbox:
    """Many writers: a place is the snapshot that was told; in a stretch also where that goes and how far it is.

    Its parts: xmax, xmin and the running transactions of the base; then the same of the target, and the last id.
    """

    async def find_head(self, db: Reading) -> Place:
        """What is visible now."""
        return (await read_snapshot(db)).parts

    def is_place(self, parts: Sequence[int | str]) -> bool:
        """One snapshot, or two and an id."""
        if len(parts) == 3:
            return Snapshot.is_snapshot(parts)
        return (
            len(parts) == 7
            and Snapshot.is_snapshot(parts[:3])
            and Snapshot.is_snapshot(parts[3:6])
            and isinstance(parts[6], int)
        )

    async def is_beyond(self, db: Reading, place: Place) -> bool:
        """Beyond the newest transaction that wrote an event."""
        known = await read_snapshot(db)
        return Snapshot.of(place[:3]).xmax > known.xmax or (
            len(place) > 3 and Snapshot.of(place[3:6]).xmax > known.xmax
        )

    async def find_news(self, db: Reading, user_id: str, place: Place, limit: int) -> list[News]:
        """The events between the base and the target, by id; with the last of them the target becomes the base."""
        base = Snapshot.of(place[:3])
        target, last_id = (Snapshot.of(place[3:6]), int(place[6])) if len(place) > 3 else (await read_snapshot(db), 0)
        rows = await self._between(db, user_id, base, target, last_id, limit)
        news = [News(EventRow(*row[:-1]), (*base.parts, *target.parts, int(row[0])), int(row[-1])) for row in rows]
        if len(rows) < limit:
            if news:
                news[-1] = replace(news[-1], place=target.parts)
            elif len(place) > 3:
                # The stretch ended exactly with the last page: what came since is the next one.
                return await self.find_news(db, user_id, target.parts, limit)
        return news

    async def find_changed(self, db: Reading, place: Place) -> tuple[dict[str, Change], Place]:
        """Those of events between the two snapshots; no late commit is missed, whatever its transaction's id."""
        base, target = Snapshot.of(place[:3]), await read_snapshot(db)
        oldest = cast(literal(str(base.xmin)), Xid)
        between = and_(events.c.xid >= oldest, not_(_is_visible(events.c.xid, base)), _is_visible(events.c.xid, target))
        return await _changed(db, between), target.parts

    async def _between(
        self, db: Reading, user_id: str, base: Snapshot, target: Snapshot, last_id: int, limit: int
    ) -> Sequence[AnyRow]:
        statement = (
            _after(user_id, _is_visible(_told.c.xid, base))
            .add_columns(cast(events.c.xid, Text))
            .where(events.c.id > last_id, _is_visible(events.c.xid, target))
            .order_by(events.c.id)
            .limit(limit)
        )
        return await db.all(statement)


async def _changed(db: Reading, condition: ColumnElement[bool]) -> dict[str, Change]:
    left = case((events.c.kind == "LEFT", events.c.user_id))
    rows = await db.all(
        select(events.c.conversation_id, left, func.max(events.c.position))
        .where(condition)
        .group_by(events.c.conversation_id, left)
    )
    changed: dict[str, Change] = {}
    for conversation_id, user_id, position in rows:
        known = changed.get(conversation_id, Change(0, frozenset()))
        gone = known.left | ({user_id} if user_id is not None else set())
        changed[conversation_id] = Change(max(known.position, position), gone)
    return changed


def _is_visible(xid: ColumnElement[str], snapshot: Snapshot) -> ColumnElement[bool]:
    return func.pg_visible_in_snapshot(xid, literal(snapshot.text).op("::")(text("pg_snapshot")))
