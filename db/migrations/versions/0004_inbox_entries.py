"""Each person's conversations in the order in which something was last said in them, kept by the database itself.

Triggers keep it, so that nothing that writes can forget to, a server of the version before included.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FILL = """
insert into inbox_entries (conversation_id, user_id, active_at)
select participants.conversation_id, participants.user_id, conversations.active_at
from participants join conversations on conversations.id = participants.conversation_id
where participants.left_event is null
"""
_ENTER = """
insert into inbox_entries (conversation_id, user_id, active_at)
select new.conversation_id, new.user_id, conversations.active_at
from conversations where conversations.id = new.conversation_id and new.left_event is null
"""
_LEAVE = "delete from inbox_entries where conversation_id = old.conversation_id and user_id = old.user_id"
_MOVE = "update inbox_entries set active_at = new.active_at where conversation_id = new.id"
#: The name of each trigger, what it comes after, its condition, and what it does.
_TRIGGERS = (
    ("inbox_entries_join", "insert on participants", "new.left_event is null", (_ENTER,)),
    (
        "inbox_entries_change",
        "update of left_event on participants",
        "(new.left_event is null) <> (old.left_event is null)",
        (_LEAVE, _ENTER),
    ),
    ("inbox_entries_end", "delete on participants", "true", (_LEAVE,)),
    ("inbox_entries_move", "update of active_at on conversations", "new.active_at <> old.active_at", (_MOVE,)),
)


def upgrade() -> None:
    """Go up to this revision."""
    op.create_table(
        "inbox_entries",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name="pk_inbox_entries"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_inbox_entries_conversation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_inbox_entries_user_id"),
        sqlite_with_rowid=False,
    )
    columns = ["user_id", "active_at", "conversation_id"]
    op.create_index("ix_inbox_entries_user_id_active_at_conversation_id", "inbox_entries", columns)
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, occasion, condition, acts in _TRIGGERS:
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


def downgrade() -> None:
    """Go back below this revision."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, occasion, _, _ in _TRIGGERS:
        op.execute(f"drop trigger {name} on {occasion.split()[-1]}" if is_postgres else f"drop trigger {name}")
        if is_postgres:
            op.execute(f"drop function {name}()")
    op.drop_table("inbox_entries")
