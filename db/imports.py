"""Statements of an import: many rows at once, in a database that may be serving meanwhile."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, insert, select, tuple_, update

from db.conversations import ConversationRow
from db.engine import Reading, Writing
from db.inserts import inserting_if_new
from db.messages import MessageRow
from db.search import Said, is_searched, save_words
from db.statements import Statement, among, larger
from db.subjects import PartyRow, SubjectRow
from db.tables import conversations, events, messages, participants, subject_parties, subjects, user_roles, users
from db.users import UserRow

#: Pairs in one statement; SQLite takes 32,766 values.
MOST_KEYS = 5000


class Overtaken(Exception):
    """Somebody else made or changed at the same moment what was about to be: what was read is no longer so."""


@dataclass(frozen=True, slots=True)
class MessageKey:
    """Who may send a key only once, and where."""

    conversation_id: str
    author_key: str
    client_key: str


@dataclass(frozen=True, slots=True)
class Counters:
    """Where a conversation stands after messages were added."""

    conversation_id: str
    last_event: int
    last_seq: int
    last_message_at: int
    active_at: int


@dataclass(frozen=True, slots=True)
class Marks:
    """How far somebody has come in a conversation."""

    participant_id: str
    read_seq: int
    read_at: int | None
    delivered_seq: int


def _values(row: Any) -> dict[str, Any]:
    names = getattr(row, "_fields", None) or row.__slots__
    return {name: getattr(row, name) for name in names}


async def is_empty(db: Reading) -> bool:
    """Does the database know of nobody and of nothing?"""
    somebody, something = select(users.c.id).limit(1), select(subjects.c.id).limit(1)
    return await db.first(somebody) is None and await db.first(something) is None


def _counting(ids: ColumnElement[Any]) -> Statement:
    return Statement(select(func.count()).where(among(ids, "ids")))


_users = "id", "external_id", "name", "name_folded", "avatar_url", "profile_at", "last_seen_at", "created_at"
_INSERTS = {
    table: (inserting_if_new(table, names), _counting(table.c.id))
    for table, names in (
        (users, _users),
        (subjects, (*SubjectRow._fields, "created_at", "updated_at")),
        (conversations, ConversationRow._fields),
    )
}


async def _insert(db: Writing, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows whose unique keys nobody had when they were looked for. Overtaken when somebody has one by now."""
    inserting, counting = _INSERTS[table]
    await db.run_many(inserting[db.dialect], rows)
    if await db.value(counting, {"ids": [row["id"] for row in rows]}) < len(rows):
        raise Overtaken


async def insert_users(db: Writing, rows: Sequence[UserRow], now: int) -> None:
    """Add people, with their listed roles. Overtaken when one of them has become known."""
    if rows:
        values = [{**_values(row), "created_at": now} for row in rows]
        for value in values:
            del value["roles"]
        await _insert(db, users, values)
        await _insert_roles(db, rows)


_SAVE_USER = Statement(
    update(users)
    .where(users.c.id == bindparam("user_id"), users.c.profile_at == bindparam("profile_at"))
    .values({name: bindparam(name) for name in ("name", "name_folded", "avatar_url")})
)


async def save_users(db: Writing, rows: Sequence[UserRow]) -> None:
    """Replace what is shown of people, and their listed roles. Overtaken when a newer word has come of one of them."""
    if rows:
        for row in rows:
            if await db.run(_SAVE_USER, {**_values(row), "user_id": row.id}) == 0:
                raise Overtaken
        await db.run(delete(user_roles).where(user_roles.c.user_id.in_([row.id for row in rows])))
        await _insert_roles(db, rows)


async def _insert_roles(db: Writing, rows: Iterable[UserRow]) -> None:
    roles = [
        {"user_id": row.id, "role": role, "ordinal": ordinal}
        for row in rows
        for ordinal, role in enumerate(dict.fromkeys(row.roles))
    ]
    if roles:
        await db.run_many(insert(user_roles), roles)


async def hold_subjects(db: Writing, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], SubjectRow]:
    """Subjects by the host's kinds and ids, held until the unit of work ends."""
    if not names:
        return {}
    rows = await db.all(
        select(*(subjects.c[name] for name in SubjectRow._fields))
        .where(tuple_(subjects.c.kind, subjects.c.external_id).in_(list(names)))
        .order_by(subjects.c.id)
        .with_for_update()
    )
    found = [SubjectRow(*row) for row in rows]
    return {(row.kind, row.external_id): row for row in found}


async def insert_subjects(db: Writing, rows: Sequence[tuple[SubjectRow, list[PartyRow]]], now: int) -> None:
    """Add subjects, with their named parties. Overtaken when one of them has become known."""
    if not rows:
        return
    # In one order, as users are: each waits for whoever is adding the same one.
    ordered = sorted((row for row, _ in rows), key=lambda row: (row.kind, row.external_id))
    await _insert(db, subjects, [{**_values(row), "created_at": now, "updated_at": now} for row in ordered])
    parties = [
        {"subject_id": row.id, "user_id": party.user_id, "role": party.role, "ordinal": ordinal}
        for row, named in rows
        for ordinal, party in enumerate(named)
    ]
    if parties:
        await db.run_many(insert(subject_parties), parties)


_conversation = select(*(conversations.c[name] for name in ConversationRow._fields))


async def find_conversations(db: Reading, identities: Collection[str]) -> dict[str, ConversationRow]:
    """The conversations of identities."""
    rows = await db.all(_conversation.where(conversations.c.identity.in_(identities)))
    return {row.identity: row for row in (ConversationRow(*row) for row in rows)}


async def hold_conversations(db: Writing, ids: Collection[str]) -> dict[str, ConversationRow]:
    """Conversations by id, held until the unit of work ends; taken in one order, as everywhere. None that are gone."""
    statement = _conversation.where(conversations.c.id.in_(ids), conversations.c.gone_at.is_(None))
    statement = statement.order_by(conversations.c.id)
    return {row[0]: ConversationRow(*row) for row in await db.all(statement.with_for_update())}


async def insert_conversations(db: Writing, rows: Sequence[ConversationRow], now: int) -> None:
    """Add conversations; the first event of each tells of its opening. Overtaken when one of them has been opened."""
    await _insert(db, conversations, [_values(row) for row in sorted(rows, key=attrgetter("identity"))])
    await db.run_many(
        insert(events),
        [{"conversation_id": row.id, "position": 1, "kind": "CONVERSATION_UPDATED", "created_at": now} for row in rows],
    )


async def find_keys(db: Reading, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (conversation, client key) pairs under which anybody has sent something."""
    columns = (messages.c.conversation_id, messages.c.client_key)
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), MOST_KEYS):
        part = wanted[start : start + MOST_KEYS]
        found |= {(row[0], row[1]) for row in await db.all(select(*columns).where(tuple_(*columns).in_(part)))}
    return found


async def find_sent(db: Reading, keys: Collection[MessageKey]) -> dict[MessageKey, MessageRow]:
    """The messages that were sent with keys."""
    if not keys:
        return {}
    columns = tuple_(messages.c.conversation_id, messages.c.author_key, messages.c.client_key)
    rows = await db.all(
        select(*(messages.c[name] for name in MessageRow._fields)).where(
            columns.in_([(key.conversation_id, key.author_key, key.client_key) for key in keys])
        )
    )
    found = [MessageRow(*row) for row in rows]
    return {MessageKey(row.conversation_id, row.author_key, row.client_key): row for row in found}


async def insert_messages(db: Writing, rows: Sequence[MessageRow], now: int) -> None:
    """Add messages at the places that were taken for them, and the event of each."""
    await db.run_many(insert(messages), [_values(row) for row in rows])
    found = (row for row in rows if is_searched(row.kind, row.body))
    await save_words(db, [Said(row.id, row.conversation_id, row.seq, row.body or "") for row in found])
    await db.run_many(
        insert(events),
        [
            {
                "conversation_id": row.conversation_id,
                "position": row.position,
                "kind": "MESSAGE_ADDED",
                "message_id": row.id,
                "created_at": now,
            }
            for row in rows
        ],
    )


async def save_counters(db: Writing, rows: Sequence[Counters], now: int) -> None:
    """Say where conversations stand; their rows are held."""
    statement = update(conversations).where(conversations.c.id == bindparam("conversation_id"))
    await db.run_many(statement.values(updated_at=now), [_values(row) for row in rows])


async def save_marks(db: Writing, rows: Sequence[Marks], now: int) -> None:
    """Move people's marks. Never back: a delivery is written without holding the conversation."""
    if not rows:
        return
    statement = (
        update(participants)
        .where(participants.c.id == bindparam("participant"))
        .values(
            read_seq=larger(participants.c.read_seq, bindparam("read")),
            delivered_seq=larger(participants.c.delivered_seq, bindparam("delivered")),
            read_at=bindparam("at"),
            marked_at=now,
        )
    )
    await db.run_many(
        statement,
        [
            {"participant": row.participant_id, "read": row.read_seq, "delivered": row.delivered_seq, "at": row.read_at}
            for row in rows
        ],
    )
