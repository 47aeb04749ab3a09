"""Events are found by their person only when they have one: a message's event is no entry of that index any more.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_events_user_id_id", ["user_id", "id"]


def upgrade() -> None:
    """Go up to this revision."""
    joins = sa.text("user_id is not null")
    op.drop_index(NAME, "events")
    op.create_index(NAME, "events", COLUMNS, sqlite_where=joins, postgresql_where=joins)


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index(NAME, "events")
    op.create_index(NAME, "events", COLUMNS)
