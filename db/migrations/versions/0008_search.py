"""Messages are found by their time within a conversation.

Revision: 0008
After: 0005
"""

from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    columns = ["conversation_id", "created_at", "seq"]
    op.create_index("ix_messages_conversation_id_created_at_seq", "messages", columns)


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index("ix_messages_conversation_id_created_at_seq", "messages")
