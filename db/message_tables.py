"""The tables of what belongs to a message: what it said before, its reactions, and the words that it is found by."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from db.matching import Words
from db.tables import Id, RowNumber, Sorted, messages, metadata, users

_PENDING = text("words is null")

#: What messages said before they were edited: the first is what was sent. A deleted message has none.
message_edits = Table(
    "message_edits",
    metadata,
    Column("message_id", Id, ForeignKey(messages.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("edited_at", BigInteger, nullable=False),
    CheckConstraint("number >= 1", name="number"),
)

#: Once of each emoji for each person. A deleted message has none.
reactions = Table(
    "reactions",
    metadata,
    Column("message_id", Id, ForeignKey(messages.c.id, ondelete="CASCADE"), primary_key=True),
    Column("user_id", Id, ForeignKey(users.c.id), primary_key=True),
    Column("emoji", Sorted, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
)

#: What messages can be found by (docs/decisions/0022); triggers keep it, and SQLite's index of it, `message_index`.
message_words = Table(
    "message_words",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("message_id", Id, ForeignKey(messages.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("conversation_id", Id, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("words", Words),
    Column("part", Integer, nullable=False, server_default=text("0")),
    Index("ix_message_words_pending", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
)
