"""Statements about conversations. Every read for a person goes through their own membership."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from db.engine import Reading, Writing
from db.inserts import inserting_if_new
from db.pages import Page, Pages, Window, containing
from db.statements import Statement, among
from db.tables import conversations, messages, participants, users


class ConversationRow(NamedTuple):
    """A conversation. `last_event` counts its log, `last_seq` its messages; both are dense from 1."""

    id: str
    identity: str
    subject_id: str | None
    subject_kind: str | None
    contacter_id: str | None
    snapshot_title: str | None
    snapshot_url: str | None
    snapshot_image_url: str | None
    title_folded: str | None
    closed_by_subject: bool
    closed_by_staff: bool
    last_event: int
    last_seq: int
    last_message_at: int | None
    active_at: int
    created_at: int
    updated_at: int

    @property
    def is_closed(self) -> bool:
        """Closed by its subject or by staff; each lifts only its own closing."""
        return self.closed_by_subject or self.closed_by_staff


_columns = tuple(conversations.c[name] for name in ConversationRow._fields)
_closed = or_(conversations.c.closed_by_subject, conversations.c.closed_by_staff)


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """What to list; None means no matter. `query` is a folded part of the title or of another person's name."""

    unread_only: bool = False
    is_closed: bool | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    with_user_id: str | None = None
    query: str | None = None
    archived_only: bool = False


_viewer: BindParameter[str] = bindparam("viewer_id")
#: The conversations that a person is in now.
_mine = select(*_columns).join(
    participants,
    and_(
        participants.c.conversation_id == conversations.c.id,
        participants.c.user_id == _viewer,
        participants.c.left_event.is_(None),
    ),
)
_OF = Statement(_mine.where(among(conversations.c.id, "ids")))
_ANY = Statement(select(*_columns).where(among(conversations.c.id, "ids")))
_BY_IDENTITY = Statement(select(*_columns).where(conversations.c.identity == bindparam("identity")))
_ABOUT = Statement(
    select(conversations.c.id).where(conversations.c.subject_id == bindparam("subject_id")).order_by(conversations.c.id)
)
_INSERT_IF_NEW = inserting_if_new(conversations, ConversationRow._fields)
_is_it = conversations.c.id == bindparam("conversation_id")
_LOCK = Statement(select(*_columns).where(_is_it).with_for_update())
_TAKE_POSITION = Statement(
    update(conversations)
    .where(_is_it)
    .values(last_event=conversations.c.last_event + 1, updated_at=bindparam("now"))
    .returning(conversations.c.last_event)
)


def taking_message_place(sent_at: str) -> ReturningUpdate[tuple[int, int]]:
    """Takes the next position of the log and the next seq, for a message; `sent_at` names the parameter of its time."""
    return (
        update(conversations)
        .where(_is_it)
        .values(
            last_event=conversations.c.last_event + 1,
            last_seq=conversations.c.last_seq + 1,
            last_message_at=bindparam(sent_at),
            active_at=bindparam(sent_at),
            updated_at=bindparam("now"),
        )
        .returning(conversations.c.last_event, conversations.c.last_seq)
    )


_TAKE_MESSAGE_PLACE = Statement(taking_message_place("sent_at"))
_CLOSE = Statement(update(conversations).where(_is_it).values(closed_by_subject=bindparam("closed")))


async def find_of(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, ConversationRow]:
    """Those of the conversations that the viewer is in."""
    rows = await db.all(_OF, {"viewer_id": viewer_id, "ids": ids})
    return {row[0]: ConversationRow._make(row) for row in rows}


async def find(db: Reading, ids: Collection[str]) -> dict[str, ConversationRow]:
    """Conversations by id, without asking who may see them: for the host's own acts and for streams that check."""
    rows = await db.all(_ANY, {"ids": ids})
    return {row[0]: ConversationRow._make(row) for row in rows}


async def find_by_identity(db: Reading, identity: str) -> ConversationRow | None:
    """The one conversation of a pair, of a subject and contacter, or of a booking."""
    row = await db.first(_BY_IDENTITY, {"identity": identity})
    return None if row is None else ConversationRow._make(row)


async def find_ids_about(db: Reading, subject_id: str) -> list[str]:
    """The ids of all conversations about a subject, in the order in which they may be locked."""
    return [row[0] for row in await db.all(_ABOUT, {"subject_id": subject_id})]


#: Messages that the person of `viewer_id` has not read: above their mark, not theirs, not deleted; the system's count.
is_unread = and_(
    messages.c.conversation_id == participants.c.conversation_id,
    messages.c.seq > participants.c.read_seq,
    or_(messages.c.sender_id.is_(None), messages.c.sender_id != _viewer),
    messages.c.deleted_at.is_(None),
)


def _matching() -> ColumnElement[bool]:
    query: ColumnElement[str] = bindparam("query", type_=Text())
    others = participants.alias("others")
    named = (
        select(others.c.id)
        .join(users, users.c.id == others.c.user_id)
        .where(
            others.c.conversation_id == conversations.c.id,
            others.c.user_id != _viewer,
            others.c.left_event.is_(None),
            users.c.name_folded.like(query, escape="/"),
        )
    )
    return or_(conversations.c.title_folded.like(query, escape="/"), exists(named))


def _first_pages(*, backward: bool) -> Statement:
    keys = (conversations.c.active_at, conversations.c.id)
    order = [key.asc() if backward else key.desc() for key in keys]
    place = func.row_number().over(partition_by=conversations.c.subject_id, order_by=order).label("place")
    numbered = _mine.add_columns(place).where(among(conversations.c.subject_id, "subject_ids")).subquery()
    return Statement(
        select(numbered)
        .where(numbered.c.place <= bindparam("size", type_=Integer()))
        .order_by(numbered.c.subject_id, numbered.c.place)
    )


async def page(db: Reading, viewer_id: str, window: Window, wanted: ConversationFilter) -> Page[ConversationRow]:
    """The viewer's conversations, the most recently active first."""
    given = {"subject_kind": wanted.subject_kind, "subject_id": wanted.subject_id, "with_user_id": wanted.with_user_id}
    given["query"] = None if wanted.query is None else containing(wanted.query)
    filters = tuple(name for name, value in given.items() if value is not None)
    pages = _pages(filters, wanted.is_closed, unread_only=wanted.unread_only, archived_only=wanted.archived_only)
    found = await pages.read(db, window, {"viewer_id": viewer_id, **{name: given[name] for name in filters}})
    return Page([ConversationRow._make(row) for row in found.items], found.has_next, found.has_previous)


_FIRST = {backward: _first_pages(backward=backward) for backward in (False, True)}


async def first_pages_about(
    db: Reading, viewer_id: str, subject_ids: Collection[str], size: int, *, backward: bool
) -> dict[str, Page[ConversationRow]]:
    """For each subject the front (or the back) of the viewer's conversations about it, all in one statement."""
    found: dict[str, list[ConversationRow]] = {subject_id: [] for subject_id in subject_ids}
    given = {"viewer_id": viewer_id, "subject_ids": subject_ids, "size": size + 1}
    for *row, _ in await db.all(_FIRST[backward], given):
        found[row[2]].append(ConversationRow._make(row))
    pages = {}
    for subject_id, rows in found.items():
        items, has_more = rows[:size], len(rows) > size
        if backward:
            items.reverse()
        pages[subject_id] = Page(items, has_next=has_more and not backward, has_previous=has_more and backward)
    return pages


@cache  # There are as many of them as there are ways to filter.
def _pages(filters: tuple[str, ...], is_closed: bool | None, *, unread_only: bool, archived_only: bool) -> Pages:
    statement = _mine
    if unread_only:
        statement = statement.where(exists().where(is_unread))
    if is_closed is not None:
        statement = statement.where(_closed if is_closed else ~_closed)
    other = participants.alias("other")
    conditions = {
        "subject_kind": conversations.c.subject_kind == bindparam("subject_kind"),
        "subject_id": conversations.c.subject_id == bindparam("subject_id"),
        "with_user_id": exists().where(
            other.c.conversation_id == conversations.c.id,
            other.c.user_id == bindparam("with_user_id"),
            other.c.left_event.is_(None),
        ),
        "query": _matching(),
    }
    statement = statement.where(*(conditions[name] for name in filters))
    if archived_only:
        statement = statement.where(false())  # Nothing is archived yet.
    return Pages(statement, [conversations.c.active_at, conversations.c.id], descending=True)


async def insert_if_new(db: Writing, row: ConversationRow) -> bool:
    """Add a conversation unless there is one of its identity; False when there was. The database decides a race."""
    return await db.run(_INSERT_IF_NEW[db.dialect], row._asdict()) == 1


async def lock(db: Writing, conversation_id: str) -> ConversationRow | None:
    """Read a conversation and hold it until the unit of work ends: commit order is event order."""
    row = await db.first(_LOCK, {"conversation_id": conversation_id})
    return None if row is None else ConversationRow._make(row)


async def take_position(db: Writing, conversation_id: str, *, now: int) -> int:
    """The next position of the log, for an event that is no message."""
    position: int = await db.value(_TAKE_POSITION, {"conversation_id": conversation_id, "now": now})
    return position


async def take_message_place(db: Writing, conversation_id: str, *, sent_at: int, now: int) -> tuple[int, int]:
    """The next position of the log and the next seq, for a message."""
    row = await db.first(_TAKE_MESSAGE_PLACE, {"conversation_id": conversation_id, "sent_at": sent_at, "now": now})
    if row is None:
        raise LookupError(conversation_id)
    return row[0], row[1]


async def save_closed_by_subject(db: Writing, conversation_id: str, *, closed: bool) -> None:
    """Close a conversation with its subject, or lift that."""
    await db.run(_CLOSE, {"conversation_id": conversation_id, "closed": closed})
