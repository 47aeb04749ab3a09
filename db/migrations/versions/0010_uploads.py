"""Files on their way, small pictures, and what is to be removed from the store of files.

Revision: 0010
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    op.add_column("attachments", sa.Column("thumbnail_size", sa.Integer()))
    unsent = sa.text("message_id is null")
    op.create_index(
        "ix_attachments_created_at", "attachments", ["created_at"], sqlite_where=unsent, postgresql_where=unsent
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("attachment_id", sa.String(32)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_uploads_owner_id"),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name="fk_uploads_attachment_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("attachment_id", name="uq_uploads_attachment_id"),
        sa.CheckConstraint("byte_size >= 1", name=op.f("ck_uploads_size")),
    )
    op.create_index("ix_uploads_owner_id", "uploads", ["owner_id"])
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"])
    op.create_table(
        "leftovers",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_leftovers"),
    )
    op.create_index("ix_leftovers_due_at", "leftovers", ["due_at"])


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_table("leftovers")
    op.drop_table("uploads")
    op.drop_index("ix_attachments_created_at", "attachments")
    op.drop_column("attachments", "thumbnail_size")
