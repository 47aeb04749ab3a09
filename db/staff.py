"""Statements of those who watch over what is said: they ask for nobody's membership, so nothing else may use them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Text, and_, bindparam, exists, or_, select, update

from db.attachments import AttachmentRow
from db.conversations import ConversationRow
from db.engine import Reading, Writing
from db.message_places import SeqRange
from db.messages import MessageRow
from db.pages import Page, Pages, Window, containing
from db.participants import ParticipantRow
from db.statements import Statement, among
from db.subjects import SubjectRow
from db.tables import attachments, conversations, messages, participants, subjects, users
from db.value_tables import points, spans


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """What to list; None means no matter. `query` is a folded part of the title or of a participant's name."""

    is_closed: bool | None = None
    subject_kind: str | None = None
    participant_id: str | None = None
    query: str | None = None


_conversation = select(*(conversations.c[name] for name in ConversationRow._fields)).where(
    conversations.c.gone_at.is_(None)
)
_CONVERSATIONS = Statement(_conversation.where(among(conversations.c.id, "ids")))
_message = select(*(messages.c[name] for name in MessageRow._fields))
_spans = spans("ranges").table_valued("number", "key", "low", "high")
_points = points("places").table_valued("key", "number")
_MESSAGES = Statement(_message.where(among(messages.c.id, "ids")))
_RANGES = Statement(
    _message.add_columns(_spans.c.number)
    .join(_spans, and_(messages.c.conversation_id == _spans.c.key, messages.c.seq.between(_spans.c.low, _spans.c.high)))
    .order_by(_spans.c.number, messages.c.seq)
)
_AT = Statement(
    _message.join(_points, and_(messages.c.conversation_id == _points.c.key, messages.c.seq == _points.c.number))
)
_PARTICIPANTS = Statement(
    select(*(participants.c[name] for name in ParticipantRow._fields)).where(among(participants.c.id, "ids"))
)
_SUBJECTS = Statement(select(*(subjects.c[name] for name in SubjectRow._fields)).where(among(subjects.c.id, "ids")))
_CLOSE = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation_id"))
    .values(closed_by_staff=bindparam("closed"))
)
_FILE = Statement(
    select(*(attachments.c[name] for name in AttachmentRow._fields))
    .join(messages, messages.c.id == attachments.c.message_id)
    .where(attachments.c.id == bindparam("file_id"), messages.c.deleted_at.is_(None))
)
_is_closed = or_(conversations.c.closed_by_subject, conversations.c.closed_by_staff)


async def find_conversations(db: Reading, ids: Collection[str]) -> dict[str, ConversationRow]:
    """Conversations by id, but for those that are gone."""
    return {row[0]: ConversationRow._make(row) for row in await db.all(_CONVERSATIONS, {"ids": ids})}


async def find_messages(db: Reading, ids: Collection[str]) -> dict[str, MessageRow]:
    """Messages by id."""
    return {row[0]: MessageRow._make(row) for row in await db.all(_MESSAGES, {"ids": ids})}


async def find_ranges(db: Reading, ranges: Sequence[SeqRange]) -> dict[SeqRange, list[MessageRow]]:
    """The messages of ranges, in order."""
    found: list[list[MessageRow]] = [[] for _ in ranges]
    for row in await db.all(_RANGES, {"ranges": ranges}):
        found[row[-1]].append(MessageRow._make(row[:-1]))
    return dict(zip(ranges, found, strict=True))


async def find_at(db: Reading, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], MessageRow]:
    """The messages of (conversation, seq)."""
    found = [MessageRow._make(row) for row in await db.all(_AT, {"places": places})]
    return {(row.conversation_id, row.seq): row for row in found}


async def find_file(db: Reading, file_id: str) -> AttachmentRow | None:
    """A file that was sent, and whose message was not taken back."""
    row = await db.first(_FILE, {"file_id": file_id})
    return None if row is None else AttachmentRow._make(row)


async def find_participants(db: Reading, ids: Collection[str]) -> dict[str, ParticipantRow]:
    """Participants by their own id."""
    return {row[0]: ParticipantRow._make(row) for row in await db.all(_PARTICIPANTS, {"ids": ids})}


async def find_subjects(db: Reading, ids: Collection[str]) -> dict[str, SubjectRow]:
    """Subjects by id."""
    return {row[0]: SubjectRow._make(row) for row in await db.all(_SUBJECTS, {"ids": ids})}


async def page(db: Reading, window: Window, wanted: StaffFilter) -> Page[ConversationRow]:
    """Anybody's conversations, the most recently active first. What a filter leaves out is looked at too."""
    given = {"subject_kind": wanted.subject_kind, "participant_id": wanted.participant_id}
    given["query"] = None if wanted.query is None else containing(wanted.query)
    filters = tuple(name for name, value in given.items() if value is not None)
    pages = _pages(filters, wanted.is_closed)
    found = await pages.read(db, window, {name: given[name] for name in filters})
    return Page([ConversationRow._make(row) for row in found.items], found.has_next, found.has_previous)


@cache  # There are as many of them as there are ways to filter.
def _pages(filters: tuple[str, ...], is_closed: bool | None) -> Pages:
    statement = _conversation
    if is_closed is not None:
        statement = statement.where(_is_closed if is_closed else ~_is_closed)
    query = bindparam("query", type_=Text())
    named = (
        select(participants.c.id)
        .join(users, users.c.id == participants.c.user_id)
        .where(participants.c.conversation_id == conversations.c.id, users.c.name_folded.like(query, escape="/"))
    )
    theirs = select(participants.c.conversation_id).where(participants.c.user_id == bindparam("participant_id"))
    conditions = {
        "subject_kind": conversations.c.subject_kind == bindparam("subject_kind"),
        "participant_id": conversations.c.id.in_(theirs),
        "query": or_(conversations.c.title_folded.like(query, escape="/"), exists(named)),
    }
    statement = statement.where(*(conditions[name] for name in filters))
    return Pages(statement, [conversations.c.active_at, conversations.c.id], descending=True)


async def save_closed_by_staff(db: Writing, conversation_id: str, *, closed: bool) -> None:
    """Close a conversation, or lift that; what its subject closed stays closed."""
    await db.run(_CLOSE, {"conversation_id": conversation_id, "closed": closed})
