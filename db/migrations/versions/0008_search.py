"""Messages are found by their words, and by their time within a conversation.

Triggers keep the entries, so that no text is found that is gone, whoever changed it. A message that nobody has looked
into has an entry without words; so have all that were there before. A server fills them while it serves.

Revision: 0008
After: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FILL = """
insert into message_words (message_id, conversation_id, created_at) select id, conversation_id, created_at from messages
where kind <> 'SYSTEM' and deleted_at is null and body <> ''
"""
_IS_FOUND = "new.kind <> 'SYSTEM' and new.deleted_at is null and new.body <> ''"
#: Whoever saved the words in the same statement was first.
_ENTER = """
insert into message_words (message_id, conversation_id, created_at)
select new.id, new.conversation_id, new.created_at
where new.kind <> 'SYSTEM' and new.deleted_at is null and new.body <> ''
on conflict (message_id) do nothing
"""
_LEAVE = "delete from message_words where message_id = old.id"
_TRIGGERS = (
    ("message_words_add", "insert on messages", _IS_FOUND, (_ENTER,)),
    ("message_words_change", "update of body, deleted_at, kind, created_at on messages", "true", (_LEAVE, _ENTER)),
    # Who writes to SQLite beside the server may have turned its foreign keys off.
    ("message_words_end", "delete on messages", "true", (_LEAVE,)),
)
#: SQLite only: the index of the words. What is taken out of it has to be said as it was put in.
_INDEX = """
create virtual table message_index using fts5
(words, content='message_words', content_rowid='id', tokenize='ascii', columnsize=0)
"""
_PUT = "insert into message_index (rowid, words) values (new.id, new.words)"
_TAKE = "insert into message_index (message_index, rowid, words) values ('delete', old.id, old.words)"
_INDEXING = (
    ("message_index_put", "insert on message_words", "new.words is not null", (_PUT,)),
    ("message_index_renew", "update of words on message_words", "old.words is null", (_PUT,)),
    ("message_index_change", "update of words on message_words", "old.words is not null", (_TAKE, _PUT)),
    ("message_index_take", "delete on message_words", "old.words is not null", (_TAKE,)),
)
_SEQS = "ix_messages_conversation_id_created_at_seq"


def upgrade() -> None:
    """Go up to this revision."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "message_words",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("words", TSVECTOR() if is_postgres else sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_message_words"),
        sa.UniqueConstraint("message_id", name="uq_message_words_message_id"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_words_message_id", ondelete="CASCADE"
        ),
    )
    pending = sa.text("words is null")
    op.create_index("ix_message_words_pending", "message_words", ["id"], sqlite_where=pending, postgresql_where=pending)
    if is_postgres:
        # A list of what is new would have to be read as a whole by every look into the index.
        op.execute("create index ix_message_words_words on message_words using gin (words) with (fastupdate = off)")
    else:
        op.execute(_INDEX)
    for name, occasion, condition, acts in (*_TRIGGERS, *(() if is_postgres else _INDEXING)):
        body = "; ".join(act.strip() for act in acts)
        head = f"create trigger {name} after {occasion} for each row when ({condition})"
        if is_postgres:
            op.execute(
                f"create function {name}() returns trigger language plpgsql as $$ begin {body}; return null; end $$"
            )
            op.execute(f"{head} execute function {name}()")
        else:
            op.execute(f"{head} begin {body}; end")
    op.execute(_FILL)
    op.create_index(_SEQS, "messages", ["conversation_id", "created_at", "seq"])


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index(_SEQS, "messages")
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, _, _, _ in _TRIGGERS:
        op.execute(f"drop trigger {name} on messages" if is_postgres else f"drop trigger {name}")
        if is_postgres:
            op.execute(f"drop function {name}()")
    if not is_postgres:
        op.execute("drop table message_index")
    op.drop_table("message_words")
