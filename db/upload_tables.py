"""The tables of files on their way, and of what is left over in the store. Beside the page of all others."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from db.tables import Id, attachments, metadata, users

__all__ = ["leftovers", "metadata", "uploads"]

#: Files on their way. Once one is there, `attachment_id` says which it became, so that saying so again changes nothing.
uploads = Table(
    "uploads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey(users.c.id), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("byte_size", BigInteger, nullable=False),
    Column("attachment_id", Id, ForeignKey(attachments.c.id, ondelete="CASCADE"), unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    CheckConstraint("byte_size >= 1", name="size"),
    Index("ix_uploads_owner_id", "owner_id"),
    Index("ix_uploads_expires_at", "expires_at"),
)

#: Keys of the store whose files are removed at `due_at`, unless they have become an attachment by then. Written before
#: a file is, so that whatever a process that dies leaves behind is known.
leftovers = Table(
    "leftovers",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    Index("ix_leftovers_due_at", "due_at"),
)
