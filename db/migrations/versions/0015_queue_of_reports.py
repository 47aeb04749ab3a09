"""A column and an index by which staff page through reports, however many were made: open ones first, oldest first.

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INDEX = "ix_reports_is_done_id"


def upgrade() -> None:
    """Go up to this revision."""
    # SQLite adds no column that is stored, and PostgreSQL before 18 none that is not.
    is_stored = op.get_context().dialect.name == "postgresql"
    is_done = sa.Computed("case when resolved_at is null then 0 else 1 end", persisted=is_stored)
    op.add_column("reports", sa.Column("is_done", sa.Integer(), is_done))
    op.create_index(_INDEX, "reports", ["is_done", "id"])


def downgrade() -> None:
    """Go back below this revision."""
    op.drop_index(_INDEX, "reports")
    op.drop_column("reports", "is_done")
