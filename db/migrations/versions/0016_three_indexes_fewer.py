"""Three indexes fewer for each send.

Revision: 0016
After: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEWS = "ix_events_conversation_id_id"


def upgrade() -> None:
    """Go up to this revision."""
    op.drop_index(_NEWS, "events")


def downgrade() -> None:
    """Go back below this revision."""
    op.create_index(_NEWS, "events", ["conversation_id", "id"])
