"""An index of the few who are in conversations as staff, which is looked into whenever somebody's roles are told anew.

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INDEX = "ix_participants_user_id_is_staff"


def upgrade() -> None:
    """Go up to this revision."""
    op.create_index(
        _INDEX,
        "participants",
        ["user_id"],
        sqlite_where=sa.text("is_staff = 1"),
        postgresql_where=sa.text("is_staff"),
    )


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index(_INDEX, "participants")
