"""Every table of Palaver on one page.

Ids are UUIDv7 in 32 hexadecimal digits, so that they sort by age in either database. Times are whole milliseconds since
1970, UTC. Promises that the database can keep (unique, foreign key, check, not null) are kept here.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from db.xids import Xid

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(32)
#: Sorted by code point in both databases; PostgreSQL would use the cluster's language otherwise.
Sorted = Text().with_variant(Text(collation="C"), "postgresql")


def _where(rows: str, *, sqlite: str | None = None) -> dict[str, Any]:
    """Of an index that has some rows alone; SQLite finds it only where a condition says the same in the same words."""
    return {"postgresql_where": text(rows), "sqlite_where": text(sqlite or rows)}


#: SQLite keeps its fast row number only for a column of exactly this type.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")


def one_of(column: str, *values: str) -> CheckConstraint:
    """A column that holds one of a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({words})", name=column)


#: One row: which life of which database this is. A cursor of another epoch is refused.
epochs = Table(
    "epochs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", String(32), nullable=False),
    Column("signing_key", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("cluster", Text),
    CheckConstraint("id = 1", name="single"),
)

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("external_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_folded", Sorted, nullable=False),
    Column("avatar_url", Text),
    Column("profile_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger),
    Index("ix_users_name_folded_id", "name_folded", "id"),
)

user_roles = Table(
    "user_roles",
    metadata,
    Column("user_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Index("ix_user_roles_role_user_id", "role", "user_id"),
)

subjects = Table(
    "subjects",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("image_url", Text),
    Column("owner_id", Id, ForeignKey(users.c.id)),
    Column("owner_role", Text),
    Column("contacter_role", Text, nullable=False),
    Column("policy", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("kind", "external_id"),
    one_of("policy", "ANYONE", "PARTIES"),
    one_of("state", "ACTIVE", "CLOSED"),
    CheckConstraint("policy = 'PARTIES' or owner_id is not null", name="owned"),
    CheckConstraint("(owner_id is null) = (owner_role is null)", name="owner_role"),
)

subject_parties = Table(
    "subject_parties",
    metadata,
    Column("subject_id", Id, ForeignKey(subjects.c.id), primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("role", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Index("ix_subject_parties_user_id", "user_id"),
)

#: `identity` says who may have only one of it: "pair:<user>:<user>", "subject:<id>:<contacter>" or "parties:<id>".
#: With `gone_at` only the shell is left of it, by which whoever was in it learns that it is gone.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", Text, nullable=False, unique=True),
    Column("subject_id", Id, ForeignKey(subjects.c.id)),
    Column("subject_kind", Text),
    Column("contacter_id", Id, ForeignKey(users.c.id)),
    Column("snapshot_title", Text),
    Column("snapshot_url", Text),
    Column("snapshot_image_url", Text),
    Column("title_folded", Text),
    Column("closed_by_subject", Boolean, nullable=False, server_default=false()),
    Column("closed_by_staff", Boolean, nullable=False, server_default=false()),
    Column("last_event", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_message_at", BigInteger),
    Column("active_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("gone_at", BigInteger),
    CheckConstraint("last_seq <= last_event", name="counters"),
    CheckConstraint("(subject_id is null) = (snapshot_title is null)", name="snapshot"),
    Index("ix_conversations_subject_id", "subject_id"),
    Index("ix_conversations_active_at_id", "active_at", "id"),
)

#: A row stays when its person leaves (`left_event`), so that their marks and place are not lost.
participants = Table(
    "participants",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("user_id", Id, ForeignKey(users.c.id), nullable=False),
    Column("role", Text, nullable=False),
    Column("is_staff", Boolean, nullable=False, server_default=false()),
    Column("ordinal", Integer, nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("joined_event", BigInteger, nullable=False),
    Column("joined_seq", BigInteger, nullable=False),
    Column("left_event", BigInteger),
    Column("read_seq", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Column("delivered_seq", BigInteger, nullable=False),
    Column("marked_at", BigInteger, nullable=False),
    Column("muted_until", BigInteger),
    Column("pinned_at", BigInteger),
    Column("arranged_at", BigInteger),
    UniqueConstraint("conversation_id", "user_id"),
    CheckConstraint("read_seq <= delivered_seq", name="marks"),
    Index("ix_participants_user_id_conversation_id", "user_id", "conversation_id"),
    # Few people arrange anything, and few are staff.
    Index("ix_participants_user_id_arranged_at", "user_id", "arranged_at", **_where("arranged_at is not null")),
    Index("ix_participants_user_id_is_staff", "user_id", **_where("is_staff", sqlite="is_staff = 1")),
)

#: The conversations that people are in now, in the order in which something was last said in them: an inbox, without
#: having to sort it. Triggers keep it (docs/decisions/0017), and take out of the archive what something is said in; who
#: may see what is said in `participants` alone.
inbox_entries = Table(
    "inbox_entries",
    metadata,
    Column("conversation_id", Id, ForeignKey(conversations.c.id), primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("active_at", BigInteger, nullable=False),
    Column("archived_at", BigInteger),
    # With the archive in it, so that what is passed over is not looked up.
    Index(
        "ix_inbox_entries_user_id_active_at_conversation_id_archived_at",
        "user_id",
        "active_at",
        "conversation_id",
        "archived_at",
    ),
    sqlite_with_rowid=False,
)


#: `author_key` is the sender's id, or "system": never null, so that the unique key holds for system messages too.
messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("sender_id", Id, ForeignKey(users.c.id)),
    Column("sender_role", Text),
    Column("author_key", String(32), nullable=False),
    Column("client_key", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("body", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Column("deleted_at", BigInteger),
    Column("reply_to_seq", BigInteger),
    # Of a `position` there is one event, and that is of one message.
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "author_key", "client_key"),
    Index("ix_messages_conversation_id_created_at_seq", "conversation_id", "created_at", "seq"),
    one_of("kind", "TEXT", "IMAGE", "FILE", "VOICE", "SYSTEM"),
    CheckConstraint("(kind = 'SYSTEM') = (sender_id is null)", name="sender"),
    CheckConstraint("seq >= 1 and seq <= position", name="seq"),
    # Seqs have no holes, so this is an earlier message of the same conversation, and cannot be another's.
    CheckConstraint("reply_to_seq >= 1 and reply_to_seq < seq", name="reply"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey(users.c.id), nullable=False),
    Column("message_id", Id, ForeignKey(messages.c.id)),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("byte_size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_seconds", Float),
    Column("created_at", BigInteger, nullable=False),
    Column("thumbnail_size", Integer),
    one_of("kind", "IMAGE", "DOCUMENT", "VOICE"),
    Index("ix_attachments_message_id", "message_id"),
    Index("ix_attachments_owner_id_message_id", "owner_id", "message_id"),
    Index("ix_attachments_created_at", "created_at", **_where("message_id is null")),
)

#: The log. `position` is dense from 1 in each conversation; `id` is the inbox's order on SQLite, which has one writer.
events = Table(
    "events",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("conversation_id", Id, ForeignKey(conversations.c.id), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("message_id", Id, ForeignKey(messages.c.id)),
    Column("user_id", Id, ForeignKey(users.c.id)),
    Column("created_at", BigInteger, nullable=False),
    Column("xid", Xid),
    UniqueConstraint("conversation_id", "position"),
    one_of("kind", "MESSAGE_ADDED", "MESSAGE_UPDATED", "CONVERSATION_UPDATED", "JOINED", "LEFT"),
    CheckConstraint("(kind in ('MESSAGE_ADDED', 'MESSAGE_UPDATED')) = (message_id is not null)", name="message"),
    CheckConstraint("(kind in ('JOINED', 'LEFT')) = (user_id is not null)", name="member"),
    # Most events are of messages, and no person's.
    Index("ix_events_user_id_id", "user_id", "id", **_where("user_id is not null")),
    sqlite_autoincrement=True,
)

presence_processes = Table(
    "presence_processes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("beat_at", BigInteger, nullable=False),
)

presence_leases = Table(
    "presence_leases",
    metadata,
    Column("process_id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("since", BigInteger, nullable=False),
    ForeignKeyConstraint(["process_id"], [presence_processes.c.id], ondelete="CASCADE"),
    Index("ix_presence_leases_user_id", "user_id"),
)
