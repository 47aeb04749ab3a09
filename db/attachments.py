"""Statements about files: who gave them, what they are, and the message that carries them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, func, or_, select, update

from db.engine import Reading, Writing
from db.inserts import inserting
from db.rows import by_kind, columns_of, rows_of
from db.statements import Statement, among
from db.tables import attachments, messages, participants


class AttachmentRow(NamedTuple):
    """A file. Without `message_id` it is not sent yet, and only its owner sees it."""

    id: str
    owner_id: str
    message_id: str | None
    ordinal: int
    kind: str
    file_name: str
    mime_type: str
    byte_size: int
    sha256: str
    width: int | None
    height: int | None
    duration_seconds: float | None
    created_at: int
    #: Of the small picture, in bytes; None without one.
    thumbnail_size: int | None = None


_columns = tuple(attachments.c[name] for name in AttachmentRow._fields)


_viewer: BindParameter[str] = bindparam("viewer_id")
_carried = (
    select(messages.c.id)
    .join(participants, participants.c.conversation_id == messages.c.conversation_id)
    .where(
        messages.c.id == attachments.c.message_id,
        messages.c.deleted_at.is_(None),
        participants.c.user_id == _viewer,
        participants.c.left_event.is_(None),
    )
)
_mine = (attachments.c.owner_id == _viewer) & attachments.c.message_id.is_(None)
_VISIBLE = Statement(select(*_columns).where(among(attachments.c.id, "ids"), or_(_mine, _carried.exists())))


@by_kind
def _of_messages(kind: type[AttachmentRow]) -> Statement:
    return Statement(
        select(*columns_of(attachments, kind))
        .where(among(attachments.c.message_id, "ids"))
        .order_by(attachments.c.message_id, attachments.c.ordinal)
    )


_is_unsent = attachments.c.owner_id == bindparam("owner_id"), attachments.c.message_id.is_(None)
_COUNT_UNSENT = Statement(select(func.count()).where(*_is_unsent))
_SUM = Statement(select(func.sum(attachments.c.byte_size)).where(attachments.c.owner_id == bindparam("owner_id")))
_FORGOTTEN = Statement(
    select(attachments.c.id)
    .where(attachments.c.message_id.is_(None), attachments.c.created_at < bindparam("before"))
    .limit(bindparam("most"))
)
# In these words no index of unsent files fits, so that PostgreSQL goes by the id instead of reading all of them.
_DELETE_UNSENT = Statement(
    delete(attachments).where(
        attachments.c.id == bindparam("attachment_id"), func.coalesce(attachments.c.message_id, "") == ""
    )
)
_DELETE_OF = Statement(delete(attachments).where(among(attachments.c.message_id, "ids")))
_INSERT = inserting(attachments, AttachmentRow._fields)
_ATTACH = Statement(
    update(attachments)
    .where(attachments.c.id == bindparam("attachment_id"), *_is_unsent)
    .values(message_id=bindparam("message_id"), ordinal=bindparam("ordinal"))
)


async def find_visible(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, AttachmentRow]:
    """Those of the files that the viewer may see: their own unsent ones, and those of messages they may see."""
    rows = await db.all(_VISIBLE, {"viewer_id": viewer_id, "ids": ids})
    return {row[0]: AttachmentRow._make(row) for row in rows}


async def find_of_messages(
    db: Reading, message_ids: Collection[str], kind: type[AttachmentRow] = AttachmentRow
) -> dict[str, list[AttachmentRow]]:
    """The files of messages, in order; the caller has checked that the viewer may see the messages."""
    found: dict[str, list[AttachmentRow]] = {message_id: [] for message_id in message_ids}
    for row in rows_of(kind, await db.all(_of_messages(kind), {"ids": message_ids})):
        found[row.message_id or ""].append(row)
    return found


async def count_unsent(db: Reading, owner_id: str) -> int:
    """How many files a person has given and not sent."""
    return await db.value(_COUNT_UNSENT, {"owner_id": owner_id}) or 0


async def sum_sizes(db: Reading, owner_id: str) -> int:
    """How many bytes the files have that a person has given, sent or not; without thumbnails."""
    return int(await db.value(_SUM, {"owner_id": owner_id}) or 0)


async def find_forgotten(db: Reading, before: int, most: int) -> list[str]:
    """Files that were given before a moment and not sent, in the order in which they may be taken."""
    return sorted(row[0] for row in await db.all(_FORGOTTEN, {"before": before, "most": most}))


async def delete_unsent(db: Writing, attachment_id: str) -> bool:
    """Forget a file; False when it has been sent meanwhile, and stays."""
    return await db.run(_DELETE_UNSENT, {"attachment_id": attachment_id}) == 1


async def delete_of_messages(db: Writing, message_ids: Collection[str]) -> None:
    """Forget the files of messages."""
    await db.run(_DELETE_OF, {"ids": message_ids})


async def insert_one(db: Writing, row: AttachmentRow) -> None:
    """Add a file that is stored already."""
    await db.run(_INSERT, row._asdict())


async def attach(db: Writing, message_id: str, owner_id: str, ids: Sequence[str]) -> int:
    """Send files with a message; the number of those that were the owner's and not sent before.

    They are taken in the order of their ids, as by whoever sends them elsewhere or forgets them at the same time.
    """
    taken = 0
    for attachment_id, ordinal in sorted(zip(ids, range(len(ids)), strict=True)):
        given = {"attachment_id": attachment_id, "owner_id": owner_id, "message_id": message_id, "ordinal": ordinal}
        taken += await db.run(_ATTACH, given)
    return taken
