"""What messages said before they were edited, which message one answers, and reactions.

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    # Written out: SQLite takes a check together with a new column, and never after it.
    op.execute(
        "alter table messages add column reply_to_seq bigint "
        "constraint ck_messages_reply check (reply_to_seq >= 1 and reply_to_seq < seq)"
    )
    op.create_table(
        "message_edits",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "number", name="pk_message_edits"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_edits_message_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_message_edits_number")),
    )
    op.create_table(
        "reactions",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("emoji", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "user_id", "emoji", name="pk_reactions"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_reactions_message_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_reactions_user_id"),
    )


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_table("reactions")
    op.drop_table("message_edits")
    op.drop_column("messages", "reply_to_seq")
