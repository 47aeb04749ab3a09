"""Where several write at once, an event remembers the transaction that wrote it, and the database its cluster.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

from db.xids import Xid

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    op.add_column("epochs", sa.Column("cluster", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("xid", Xid(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("update events set xid = '3'::xid8")
        op.execute("alter table events alter column xid set not null")
        op.execute("alter table events alter column xid set default pg_current_xact_id()")
        op.create_index("ix_events_xid", "events", ["xid"])


def downgrade() -> None:
    """Go back below this revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_events_xid", "events")
    with op.batch_alter_table("events") as table:
        table.drop_column("xid")
    with op.batch_alter_table("epochs") as table:
        table.drop_column("cluster")
