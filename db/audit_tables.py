"""The tables of the audit log, beside the page of all others."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, String, Table, Text

from db.tables import Id, metadata, users

#: Who did what, in the transaction that did it. Triggers forbid that a row changes or goes (docs/decisions/0019).
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(users.c.id)),
    Column("action", Text, nullable=False),
    Column("target_type", Text),
    Column("target_id", Id),
    Column("reason", Text),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("(target_type is null) = (target_id is null)", name="target"),
)

#: The chain over the entries, a moment later. Here, too, no row changes or goes.
audit_seals = Table(
    "audit_seals",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Id, ForeignKey(audit_entries.c.id), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    CheckConstraint("number >= 1", name="number"),
)

#: The entries that are not in the chain yet; a trigger puts each of them here.
audit_unsealed = Table(
    "audit_unsealed",
    metadata,
    Column("entry_id", Id, ForeignKey(audit_entries.c.id), primary_key=True),
    sqlite_with_rowid=False,
)
