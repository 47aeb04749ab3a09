"""Statements about files on their way: places that were promised, and what came of them."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from db.engine import Reading, Writing
from db.inserts import inserting
from db.statements import Statement, among
from db.tables import users
from db.upload_tables import uploads


class UploadRow(NamedTuple):
    """A file on its way. `byte_size` is what was announced; `attachment_id` is there once it is complete."""

    id: str
    owner_id: str
    file_name: str
    byte_size: int
    attachment_id: str | None
    created_at: int
    expires_at: int


_columns = tuple(uploads.c[name] for name in UploadRow._fields)
_INSERT = inserting(uploads, UploadRow._fields)
_FIND = Statement(
    select(*_columns).where(uploads.c.id == bindparam("upload_id"), uploads.c.owner_id == bindparam("owner_id"))
)
_PLACE = Statement(select(*_columns).where(uploads.c.id == bindparam("upload_id"), uploads.c.attachment_id.is_(None)))
_EXPIRED = Statement(select(uploads.c.id).where(uploads.c.expires_at < bindparam("before")).limit(1))
_open = (
    uploads.c.owner_id == bindparam("owner_id"),
    uploads.c.attachment_id.is_(None),
    uploads.c.expires_at > bindparam("now"),
)
_OPEN = Statement(select(func.count(), func.sum(uploads.c.byte_size)).where(*_open))
_COMPLETE = Statement(
    update(uploads)
    .where(uploads.c.id == bindparam("upload_id"), uploads.c.attachment_id.is_(None))
    .values(attachment_id=bindparam("given_id"))
)
_DELETE = Statement(delete(uploads).where(uploads.c.id == bindparam("upload_id"), uploads.c.attachment_id.is_(None)))
# What somebody else holds is left to them, or to the next time: nobody waits here, so that the order is all one.
_HOLD_EXPIRED = Statement(
    select(uploads.c.id).where(uploads.c.expires_at < bindparam("before")).with_for_update(skip_locked=True)
)
_DROP = Statement(delete(uploads).where(among(uploads.c.id, "ids")))
# Who gives two files at once is counted one after the other. SQLite has one writer anyhow.
_HOLD = Statement(select(users.c.id).where(users.c.id == bindparam("owner_id")).with_for_update(key_share=True))


async def hold_owner(db: Writing, owner_id: str) -> None:
    """Let nobody else promise a place to this person until the act has ended."""
    await db.value(_HOLD, {"owner_id": owner_id})


async def insert_one(db: Writing, row: UploadRow) -> None:
    """Promise a place."""
    await db.run(_INSERT, row._asdict())


async def find_of(db: Reading, owner_id: str, upload_id: str) -> UploadRow | None:
    """A person's own upload."""
    row = await db.first(_FIND, {"owner_id": owner_id, "upload_id": upload_id})
    return None if row is None else UploadRow._make(row)


async def find_open(db: Reading, upload_id: str) -> UploadRow | None:
    """Anybody's upload that has not become an attachment, for who proved otherwise that it is theirs."""
    row = await db.first(_PLACE, {"upload_id": upload_id})
    return None if row is None else UploadRow._make(row)


async def is_any_expired(db: Reading, before: int) -> bool:
    """Is there one that expired before a moment?"""
    return await db.first(_EXPIRED, {"before": before}) is not None


async def measure_open(db: Reading, owner_id: str, now: int) -> tuple[int, int]:
    """How many files of a person are on their way, and their bytes as announced."""
    row = await db.first(_OPEN, {"owner_id": owner_id, "now": now})
    return (0, 0) if row is None else (row[0], int(row[1] or 0))


async def complete(db: Writing, upload_id: str, attachment_id: str) -> bool:
    """It has become an attachment; False when it had before, or is gone."""
    return await db.run(_COMPLETE, {"upload_id": upload_id, "given_id": attachment_id}) == 1


async def delete_open(db: Writing, upload_id: str) -> bool:
    """Forget one that has become nothing; False when it is gone already, or became something."""
    return await db.run(_DELETE, {"upload_id": upload_id}) == 1


async def delete_expired(db: Writing, before: int) -> int:
    """Forget those that expired before a moment; how many they were."""
    return await db.run(_DROP, {"ids": [row[0] for row in await db.all(_HOLD_EXPIRED, {"before": before})]})
