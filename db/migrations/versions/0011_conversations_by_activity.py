"""An index by which staff list anybody's conversations in the order in which something was last said in them.

Revision: 0011
After: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDEX = "ix_conversations_active_at_id"


def upgrade() -> None:
    """Go up to this revision."""
    op.create_index(_INDEX, "conversations", ["active_at", "id"])


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index(_INDEX, "conversations")
