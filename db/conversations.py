"""Statements about conversations. Every read for a person goes through their own membership."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from db.engine import Reading, Writing
from db.ids import least_id_at
from db.inserts import inserting_if_new
from db.rows import by_kind, columns_of, rows_of
from db.statements import Statement, among
from db.tables import conversations, inbox_entries, messages, participants
from db.writing import Act


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


_columns = tuple(columns_of(conversations, ConversationRow))


_viewer: BindParameter[str] = bindparam("viewer_id")
_is_mine = and_(
    participants.c.conversation_id == conversations.c.id,
    participants.c.user_id == _viewer,
    participants.c.left_event.is_(None),
)
#: The conversations that a person is in now.
mine = select(*_columns).join(participants, _is_mine)


def listed(kind: type[ConversationRow]) -> Select[Any]:
    """What stands in a person's inbox, to be read in its order; whether they are in it now is to be asked besides."""
    entries = inbox_entries.c
    return (
        select(*columns_of(conversations, kind))
        .join(inbox_entries, entries.conversation_id == conversations.c.id)
        .where(entries.user_id == _viewer)
    )


@by_kind
def _of(kind: type[ConversationRow]) -> Statement:
    mine = select(*columns_of(conversations, kind)).join(participants, _is_mine)
    return Statement(mine.where(among(conversations.c.id, "ids")))


_ANY = Statement(select(*_columns).where(among(conversations.c.id, "ids")))
_BY_IDENTITY = Statement(select(*_columns).where(conversations.c.identity == bindparam("identity")))
_ABOUT = Statement(
    select(conversations.c.id).where(conversations.c.subject_id == bindparam("subject_id")).order_by(conversations.c.id)
)
#: Ids sort by age, so that only the person's newest conversations are looked at.
_UNANSWERED = Statement(
    select(func.count())
    .select_from(participants)
    .join(conversations, conversations.c.id == participants.c.conversation_id)
    .where(
        participants.c.user_id == _viewer,
        participants.c.conversation_id >= bindparam("least_id"),
        conversations.c.contacter_id == participants.c.user_id,
        ~exists().where(
            messages.c.conversation_id == conversations.c.id,
            messages.c.sender_id.is_not(None),
            messages.c.sender_id != participants.c.user_id,
        ),
    )
)
_INSERT_IF_NEW = inserting_if_new(conversations, ConversationRow._fields)
#: The one that is named by `conversation_id`.
is_it = conversations.c.id == bindparam("conversation_id")
_LOCK = Statement(select(*_columns).where(is_it, conversations.c.gone_at.is_(None)).with_for_update())
_TAKE_POSITION = Statement(
    update(conversations)
    .where(is_it)
    .values(last_event=conversations.c.last_event + 1, updated_at=bindparam("now"))
    .returning(conversations.c.last_event)
)


def taking_message_place(
    sent_at: ColumnElement[int], now: ColumnElement[int], *conditions: ColumnElement[bool]
) -> ReturningUpdate[tuple[int, int]]:
    """Takes the next position of the log and the next seq, for a message of a time, where some conditions hold."""
    return (
        update(conversations)
        .where(*conditions)
        .values(
            last_event=conversations.c.last_event + 1,
            last_seq=conversations.c.last_seq + 1,
            last_message_at=sent_at,
            active_at=sent_at,
            updated_at=now,
        )
        .returning(conversations.c.last_event, conversations.c.last_seq)
    )


_TAKE_MESSAGE_PLACE = Statement(taking_message_place(bindparam("sent_at"), bindparam("now"), is_it))
_SETTLE_MESSAGE_PLACE = Statement(
    update(conversations)
    .where(is_it, conversations.c.last_event == bindparam("position") - 1)
    .values(
        last_event=bindparam("position"),
        last_seq=bindparam("seq"),
        last_message_at=bindparam("sent_at"),
        active_at=bindparam("sent_at"),
        updated_at=bindparam("now"),
    )
)
_CLOSE = Statement(update(conversations).where(is_it).values(closed_by_subject=bindparam("closed")))


async def find_of(
    db: Reading, viewer_id: str, ids: Collection[str], kind: type[ConversationRow] = ConversationRow
) -> dict[str, ConversationRow]:
    """Those of the conversations that the viewer is in."""
    rows = await db.all(_of(kind), {"viewer_id": viewer_id, "ids": ids})
    return {row.id: row for row in rows_of(kind, rows)}


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


async def insert_if_new(db: Writing, row: ConversationRow) -> bool:
    """Add a conversation unless there is one of its identity; False when there was. The database decides a race."""
    return await db.run(_INSERT_IF_NEW[db.dialect], row._asdict()) == 1


async def lock(db: Writing, conversation_id: str) -> ConversationRow | None:
    """Read a conversation and hold it until the unit of work ends: commit order is event order; None when gone."""
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


def settling(conversation_id: str, position: int, seq: int, *, sent_at: int, now: int) -> Act:
    """What takes the next place, where that is known. Were it not the next one, the log's keys would refuse it."""
    place = {"position": position, "seq": seq, "sent_at": sent_at, "now": now}
    return _SETTLE_MESSAGE_PLACE, {"conversation_id": conversation_id, **place}


async def save_closed_by_subject(db: Writing, conversation_id: str, *, closed: bool) -> None:
    """Close a conversation with its subject, or lift that."""
    await db.run(_CLOSE, {"conversation_id": conversation_id, "closed": closed})


async def count_unanswered(db: Reading, viewer_id: str, since: int) -> int:
    """How many conversations a person has opened since a moment in which nobody else has written."""
    found = await db.first(_UNANSWERED, {"viewer_id": viewer_id, "least_id": least_id_at(since)})
    return int(found[0]) if found else 0
