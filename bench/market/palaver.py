"""Writes the market into a database of Palaver's, with Palaver's own statements: every row as if it had served."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import insert

from bench.market.rows import Market, Message, Thread, key_of
from chat.drafts import Draft, identity_of_listing, new_conversation, new_participants
from chat.send_rules import Content, hash_of
from db import imports, participants, tables
from db.attachments import AttachmentRow
from db.conversations import ConversationRow
from db.engine import Database, Writing
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.subjects import SubjectRow
from db.users import UserRow

BATCH = 5000
Item = TypeVar("Item")


async def fill_palaver(url: str, market: Market) -> None:
    """Write all of the market into a migrated, empty database."""
    database = Database(url)
    try:
        async with database.writing() as db:
            await _write_people(db, market)
            await _write_threads(db, market)
            await db.commit()
        for batch in batches(market.messages()):
            async with database.writing() as db:
                await imports.insert_messages(db, [_message_row(message) for message in batch], batch[-1].sent_at)
                files = [file_row(message) for message in batch if message.file_key]
                if files:
                    await db.run_many(insert(tables.attachments), [row._asdict() for row in files])
                await db.commit()
    finally:
        await database.close()


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


async def _write_people(db: Writing, market: Market) -> None:
    rows = [
        UserRow(person.key, person.sub, person.name, person.name.casefold(), person.picture, 1, None, ("buyer",))
        for person in market.people
    ]
    await imports.insert_users(db, rows, market.threads[0].opened_at)


async def _write_threads(db: Writing, market: Market) -> None:
    subjects = {thread.key: _subject_of(thread) for thread in market.threads}
    await imports.insert_subjects(db, [(row, []) for row in subjects.values()], market.threads[0].opened_at)
    rows: list[ConversationRow] = []
    members: list[ParticipantRow] = []
    for thread in market.threads:
        row, people = _conversation_of(thread, subjects[thread.key])
        rows.append(row)
        members += people
    for batch in batches(rows):
        await imports.insert_conversations(db, batch, batch[0].created_at)
    for some in batches(members):
        await participants.insert_all(db, some)


def _subject_of(thread: Thread) -> SubjectRow:
    key = key_of(2, thread.number, thread.opened_at)
    title, seller = f"Bicycle {thread.number}", thread.seller.key
    return SubjectRow(
        key, "listing", f"bike-{thread.number}", title, None, None, seller, "seller", "buyer", "ANYONE", "ACTIVE"
    )


def _conversation_of(thread: Thread, subject: SubjectRow) -> tuple[ConversationRow, Sequence[ParticipantRow]]:
    identity = identity_of_listing(subject.id, thread.buyer.key)
    roles = {thread.seller.key: "seller", thread.buyer.key: "buyer"}
    draft = Draft(identity, roles, subject, thread.buyer.key)
    last_at = thread.opened_at + thread.length * 1000
    row = new_conversation(draft, thread.opened_at)._replace(
        id=thread.key,
        last_event=thread.length + 1,
        last_seq=thread.length,
        last_message_at=last_at,
        active_at=last_at,
        updated_at=last_at,
    )
    marks = {thread.seller.key: thread.length - thread.unread, thread.buyer.key: thread.length}
    members = [
        member._replace(
            id=member_key(thread, member.ordinal),
            read_seq=marks[member.user_id],
            read_at=last_at,
            delivered_seq=thread.length,
            marked_at=last_at,
        )
        for member in new_participants(draft, thread.key, thread.opened_at)
    ]
    return row, members


def member_key(thread: Thread, ordinal: int) -> str:
    """The id of a person's part in a conversation; the seller is the first."""
    return key_of(6, thread.number * 2 + ordinal, thread.opened_at)


def _message_row(message: Message) -> MessageRow:
    thread, sender = message.thread, message.sender.key
    files = (message.file_key,) if message.file_key else ()
    client_key = f"key-{message.seq}"
    return MessageRow(
        id=message.key,
        conversation_id=thread.key,
        seq=message.seq,
        position=message.seq + 1,
        sender_id=sender,
        sender_role="seller" if sender == thread.seller.key else "buyer",
        author_key=sender,
        client_key=client_key,
        content_hash=hash_of(Content(message.body, files, client_key)),
        kind="IMAGE" if files else "TEXT",
        body=message.body,
        created_at=message.sent_at,
        edited_at=None,
        deleted_at=None,
    )


def file_row(message: Message) -> AttachmentRow:
    """The picture that a message carries. LookupError when it carries none."""
    if message.file_key is None:
        raise LookupError(message.key)
    return AttachmentRow(
        message.file_key,
        message.sender.key,
        message.key,
        0,
        "IMAGE",
        f"bicycle {message.seq}.jpg",
        "image/jpeg",
        90_000 + message.seq,
        "0" * 64,
        800,
        600,
        None,
        message.sent_at,
    )
