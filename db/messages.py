"""Statements about messages: which were sent, how many are unread, and how another is written."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, insert, literal, select

from db.audit import EntryRow, noting
from db.audit_tables import audit_entries
from db.conversations import (
    ConversationRow,
    is_it,
    is_unread,
    settling,
    take_message_place,
    taking_message_place,
)
from db.engine import Reading, Writing
from db.events import adding
from db.inserts import inserting
from db.participants import is_that_one, moving_read, reading_up_to
from db.statements import Statement, among
from db.tables import events, messages, participants

ADDED = "MESSAGE_ADDED"


class MessageRow(NamedTuple):
    """A message. `position` is where the log tells of it; `content_hash` is of what was first sent."""

    id: str
    conversation_id: str
    seq: int
    position: int
    sender_id: str | None
    sender_role: str | None
    author_key: str
    client_key: str
    content_hash: str
    kind: str
    body: str | None
    created_at: int
    edited_at: int | None
    deleted_at: int | None
    #: The message that it answers, an earlier one of its conversation.
    reply_to_seq: int | None = None


_columns = tuple(messages.c[name] for name in MessageRow._fields)

#: Only what the viewer may see: messages of conversations that they are in now.
is_member = and_(
    participants.c.conversation_id == messages.c.conversation_id,
    participants.c.left_event.is_(None),
    participants.c.user_id == bindparam("viewer_id"),
)
# Not joined: SQLite would begin with the viewer, and read all messages of all of their conversations.
_VISIBLE = Statement(select(*_columns).where(among(messages.c.id, "ids"), exists().where(is_member)))
_WRITTEN_BY = Statement(
    select(messages.c.id)
    .where(messages.c.conversation_id == bindparam("conversation_id"), among(messages.c.author_key, "ids"))
    .limit(1)
)
_unread = participants.c.user_id == bindparam("viewer_id"), participants.c.left_event.is_(None)
_count = (
    select(messages.c.conversation_id, func.count())
    .join(participants, is_unread)
    .where(*_unread)
    .group_by(messages.c.conversation_id)
)
_UNREAD_OF_ALL = Statement(_count)
_UNREAD = Statement(_count.where(among(participants.c.conversation_id, "ids")))
_FIRST_UNREAD = Statement(
    select(messages.c.conversation_id, func.min(messages.c.seq))
    .join(participants, is_unread)
    .where(participants.c.user_id == bindparam("viewer_id"), among(participants.c.conversation_id, "ids"))
    .group_by(messages.c.conversation_id)
)


_SENT = Statement(
    select(*_columns).where(
        messages.c.conversation_id == bindparam("conversation_id"),
        messages.c.author_key == bindparam("author_key"),
        messages.c.client_key == bindparam("client_key"),
    )
)
_INSERT = inserting(messages, MessageRow._fields)


def _appending() -> Statement:
    """All of it as one statement, which takes one way to the server and back; SQLite has no such, and no need of it."""
    place = taking_message_place(bindparam("created_at"), bindparam("now"), is_it).cte("place")
    given = {name: bindparam(name, type_=messages.c[name].type) for name in MessageRow._fields}
    message = {**given, "position": place.c.last_event, "seq": place.c.last_seq}
    event = {"conversation_id": given["conversation_id"], "position": place.c.last_event, "kind": literal(ADDED)}
    event |= {"message_id": given["id"], "created_at": given["created_at"]}
    entry = {name: bindparam(f"entry_{name}", type_=audit_entries.c[name].type) for name in EntryRow._fields}
    return Statement(
        select(place.c.last_event, place.c.last_seq).add_cte(
            insert(messages).from_select([*message], select(*message.values())).cte("added"),
            insert(events).from_select([*event], select(*event.values())).cte("told"),
            moving_read(place.c.last_seq, bindparam("now"), is_that_one).cte("marked"),
            insert(audit_entries).from_select([*entry], select(*entry.values()).select_from(place)).cte("noted"),
        )
    )


_APPEND = _appending()


async def find_visible(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, MessageRow]:
    """Those of the messages that the viewer may see."""
    rows = await db.all(_VISIBLE, {"viewer_id": viewer_id, "ids": ids})
    return {row[0]: MessageRow._make(row) for row in rows}


async def find_first_unread(db: Reading, viewer_id: str, conversation_ids: Collection[str]) -> dict[str, int]:
    """The seq of the first message that the viewer has not read, for the conversations that have one."""
    rows = await db.all(_FIRST_UNREAD, {"viewer_id": viewer_id, "ids": conversation_ids})
    return {row[0]: row[1] for row in rows}


async def count_unread(db: Reading, viewer_id: str, conversation_ids: Collection[str] | None = None) -> dict[str, int]:
    """How many messages the viewer has not read, by conversation (of all when None); those without any are left out."""
    if conversation_ids is None:
        rows = await db.all(_UNREAD_OF_ALL, {"viewer_id": viewer_id})
    else:
        rows = await db.all(_UNREAD, {"viewer_id": viewer_id, "ids": conversation_ids})
    return {row[0]: row[1] for row in rows}


async def find_by_key(db: Reading, conversation_id: str, author_key: str, client_key: str) -> MessageRow | None:
    """The message that an author sent with a key."""
    row = await db.first(
        _SENT, {"conversation_id": conversation_id, "author_key": author_key, "client_key": client_key}
    )
    return None if row is None else MessageRow._make(row)


async def append(
    db: Writing,
    draft: MessageRow,
    participant_id: str | None,
    entry: EntryRow,
    *,
    now: int,
    known: ConversationRow | None = None,
) -> MessageRow:
    """Write a message and its event at the next place of its conversation, which is held; the message with its place.

    With it goes its entry in the audit log. Who writes has read what was before it: the mark of that participant, if
    there is one, moves up to it. `known` is the conversation, if it was read while held and nothing was written since;
    then SQLite need not tell which place it gave.
    """
    if db.dialect == "postgresql":
        row = await db.first(_APPEND, appended(draft, participant_id, entry, now))
        if row is None:
            raise LookupError(draft.conversation_id)
        return draft._replace(position=row[0], seq=row[1])
    conversation_id, sent_at, acts = draft.conversation_id, draft.created_at, []
    if known is None:
        position, seq = await take_message_place(db, conversation_id, sent_at=sent_at, now=now)
    else:
        position, seq = known.last_event + 1, known.last_seq + 1
        acts.append(settling(conversation_id, position, seq, sent_at=sent_at, now=now))
    message = draft._replace(position=position, seq=seq)
    acts.append((_INSERT, message._asdict()))
    acts.append(adding(conversation_id, position, ADDED, now=sent_at, message_id=draft.id))
    if participant_id is not None:
        acts.append(reading_up_to(participant_id, seq=seq, now=now))
    await db.run_all([*acts, noting(entry)])
    return message


def appended(draft: MessageRow, participant_id: str | None, entry: EntryRow, now: int) -> dict[str, Any]:
    """What the one statement is given."""
    noted = {f"entry_{name}": value for name, value in entry._asdict().items()}
    return {**draft._asdict(), **noted, "participant_id": participant_id, "now": now}


async def has_any_of(db: Reading, conversation_id: str, author_ids: Collection[str]) -> bool:
    """Has any of these people written in a conversation?"""
    return await db.first(_WRITTEN_BY, {"conversation_id": conversation_id, "ids": list(author_ids)}) is not None
