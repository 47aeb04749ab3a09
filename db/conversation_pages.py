"""Lists of a person's conversations: pages of all or some of them, and the first ones about each of many subjects."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, partial

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, exists, func, or_, select

from db.conversations import ConversationRow, is_unread, listed, mine
from db.engine import Reading
from db.pages import Page, Pages, Window, containing
from db.rows import by_kind, rows_of
from db.statements import Statement, among
from db.tables import conversations, inbox_entries, participants, users

_is_closed = or_(conversations.c.closed_by_subject, conversations.c.closed_by_staff)


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """What to list; None means no matter. `query` is a folded part of the title or of another person's name."""

    unread_only: bool = False
    is_closed: bool | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    with_user_id: str | None = None
    query: str | None = None
    is_archived: bool | None = None


def _matching() -> ColumnElement[bool]:
    query: ColumnElement[str] = bindparam("query", type_=Text())
    others = participants.alias("others")
    named = (
        select(others.c.id)
        .join(users, users.c.id == others.c.user_id)
        .where(
            others.c.conversation_id == conversations.c.id,
            others.c.user_id != bindparam("viewer_id"),
            others.c.left_event.is_(None),
            users.c.name_folded.like(query, escape="/"),
        )
    )
    return or_(conversations.c.title_folded.like(query, escape="/"), exists(named))


def _first_pages(*, backward: bool) -> Statement:
    keys = (conversations.c.active_at, conversations.c.id)
    order = [key.asc() if backward else key.desc() for key in keys]
    place = func.row_number().over(partition_by=conversations.c.subject_id, order_by=order).label("place")
    numbered = mine.add_columns(place).where(among(conversations.c.subject_id, "subject_ids")).subquery()
    return Statement(
        select(numbered)
        .where(numbered.c.place <= bindparam("size", type_=Integer()))
        .order_by(numbered.c.subject_id, numbered.c.place)
    )


async def page(
    db: Reading,
    viewer_id: str,
    window: Window,
    wanted: ConversationFilter,
    kind: type[ConversationRow] = ConversationRow,
) -> Page[ConversationRow]:
    """The viewer's conversations, the most recently active first."""
    given = {"subject_kind": wanted.subject_kind, "subject_id": wanted.subject_id, "with_user_id": wanted.with_user_id}
    given["query"] = None if wanted.query is None else containing(wanted.query)
    filters = tuple(name for name, value in given.items() if value is not None)
    pages = _pages(kind)(filters, wanted.is_closed, wanted.is_archived, unread_only=wanted.unread_only)
    found = await pages.read(db, window, {"viewer_id": viewer_id, **{name: given[name] for name in filters}})
    return Page(rows_of(kind, found.items), found.has_next, found.has_previous)


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


@by_kind
def _pages(kind: type[ConversationRow]) -> Callable[..., Pages]:
    return cache(partial(_make_pages, kind))  # There are as many of them as there are ways to filter.


def _make_pages(
    kind: type[ConversationRow],
    filters: tuple[str, ...],
    is_closed: bool | None,
    is_archived: bool | None,
    *,
    unread_only: bool,
) -> Pages:
    # A scalar, which PostgreSQL asks row by row: as a join it might begin with it, and sort the whole inbox then.
    own = participants.c.conversation_id == conversations.c.id, participants.c.user_id == bindparam("viewer_id")
    is_here = participants.c.left_event.is_(None)
    is_wanted = and_(is_here, exists().where(is_unread)) if unread_only else is_here
    statement = listed(kind).where(select(is_wanted).where(*own).scalar_subquery())
    if is_closed is not None:
        statement = statement.where(_is_closed if is_closed else ~_is_closed)
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
    if is_archived is not None:
        archived_at = inbox_entries.c.archived_at
        statement = statement.where(archived_at.is_not(None) if is_archived else archived_at.is_(None))
    keys = [inbox_entries.c.active_at, inbox_entries.c.conversation_id]
    return Pages(statement, keys, descending=True, same=[conversations.c.active_at, conversations.c.id])
