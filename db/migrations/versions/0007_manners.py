"""What people arrange for themselves, whom they block, what they report, and their templates; subjects that are gone.

The archive is a column of `inbox_entries`, so that whatever moves a conversation in an inbox takes it out of there.

Revision: 0007
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEX = "ix_inbox_entries_user_id_active_at_conversation_id"
_COLUMNS = ["user_id", "active_at", "conversation_id"]
_ARRANGED = "ix_participants_user_id_arranged_at"
#: The trigger of 0004 that follows what is said; a message of the same millisecond moves nothing, but counts.
_NAME, _BEFORE, _AFTER = "inbox_entries_move", "update of active_at", "update of active_at, last_seq"
_WHEN_BEFORE = "new.active_at <> old.active_at"
_WHEN_AFTER = f"{_WHEN_BEFORE} or new.last_seq <> old.last_seq"
_MOVE = "update inbox_entries set active_at = new.active_at where conversation_id = new.id"
_MOVE_OUT = "update inbox_entries set active_at = new.active_at, archived_at = null where conversation_id = new.id"


def _move_by(occasion: str, condition: str, act: str) -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    op.execute(f"drop trigger {_NAME} on conversations" if is_postgres else f"drop trigger {_NAME}")
    head = f"create trigger {_NAME} after {occasion} on conversations for each row when ({condition})"
    if is_postgres:
        op.execute(
            f"create or replace function {_NAME}() returns trigger language plpgsql as "
            f"$$ begin {act}; return null; end $$"
        )
        op.execute(f"{head} execute function {_NAME}()")
    else:
        op.execute(f"{head} begin {act}; end")


def _id(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(32), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _create_blocks() -> None:
    op.create_table(
        "blocks",
        _id("blocker_id"),
        _id("blocked_id"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name="pk_blocks"),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"], name="fk_blocks_blocker_id"),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name="fk_blocks_blocked_id"),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_blocks_another")),
    )
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"])


def _create_reports() -> None:
    op.create_table(
        "reports",
        _id("id"),
        _id("message_id", nullable=True),
        sa.Column("message_body", sa.Text()),
        _id("reporter_id"),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("note", sa.Text()),
        _time("created_at"),
        _time("resolved_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_reports_message_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name="fk_reports_reporter_id"),
        sa.UniqueConstraint("message_id", "reporter_id", name="uq_reports_message_id_reporter_id"),
        sa.CheckConstraint("reason in ('SPAM', 'SCAM', 'ABUSE', 'OTHER')", name=op.f("ck_reports_reason")),
    )


def _create_templates() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "message_templates",
        _id("id"),
        _id("owner_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sorted_text, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_message_templates"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_message_templates_owner_id"),
        sa.UniqueConstraint("owner_id", "name_folded", name="uq_message_templates_owner_id_name_folded"),
    )


def upgrade() -> None:
    """Go up to this revision."""
    op.add_column("inbox_entries", sa.Column("archived_at", sa.BigInteger()))
    op.drop_index(_INDEX, "inbox_entries")
    op.create_index(f"{_INDEX}_archived_at", "inbox_entries", [*_COLUMNS, "archived_at"])
    for name in ("muted_until", "pinned_at", "arranged_at"):
        op.add_column("participants", sa.Column(name, sa.BigInteger()))
    some = sa.text("arranged_at is not null")
    op.create_index(_ARRANGED, "participants", ["user_id", "arranged_at"], sqlite_where=some, postgresql_where=some)
    _move_by(_AFTER, _WHEN_AFTER, _MOVE_OUT)
    _create_blocks()
    _create_reports()
    _create_templates()
    op.add_column("conversations", _time("gone_at", nullable=True))


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_column("conversations", "gone_at")
    for table in ("message_templates", "reports", "blocks"):
        op.drop_table(table)
    _move_by(_BEFORE, _WHEN_BEFORE, _MOVE)
    op.drop_index(_ARRANGED, "participants")
    for name in ("arranged_at", "pinned_at", "muted_until"):
        op.drop_column("participants", name)
    op.drop_index(f"{_INDEX}_archived_at", "inbox_entries")
    op.create_index(_INDEX, "inbox_entries", _COLUMNS)
    op.drop_column("inbox_entries", "archived_at")
