"""The tables of what is one person's own: whom they block, what they report, their templates.

Beside the page of all others.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from db.tables import Id, Sorted, messages, metadata, one_of, users

__all__ = ["blocks", "message_templates", "metadata", "reports"]

#: Who wants to hear nothing more of whom; it binds both, whichever of them blocked.
blocks = Table(
    "blocks",
    metadata,
    Column("blocker_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("blocked_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("blocker_id <> blocked_id", name="another"),
    Index("ix_blocks_blocked_id", "blocked_id"),
)

#: What people told staff of. A report stays when its message goes, and keeps the words as they were.
reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey(messages.c.id, ondelete="SET NULL")),
    Column("message_body", Text),
    Column("reporter_id", Id, ForeignKey(users.c.id), nullable=False),
    Column("reason", String(10), nullable=False),
    Column("note", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("resolved_at", BigInteger),
    # Of what the queue is in order: a page of it begins at a place of an index.
    Column("is_done", Integer, Computed("case when resolved_at is null then 0 else 1 end")),
    UniqueConstraint("message_id", "reporter_id"),
    Index("ix_reports_is_done_id", "is_done", "id"),
    one_of("reason", "SPAM", "SCAM", "ABUSE", "OTHER"),
)

#: What people write again and again, under a name of their own choice.
message_templates = Table(
    "message_templates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey(users.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Sorted, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("owner_id", "name_folded"),
)
