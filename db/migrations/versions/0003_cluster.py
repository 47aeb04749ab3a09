"""The database remembers its cluster from now on, so that a dump that was read into another one is noticed.

Revision: 0003
After: 0002
"""

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    if bind.scalar(text("select has_function_privilege('pg_control_system()', 'execute')")):
        op.execute("update epochs set cluster = (select system_identifier::text from pg_control_system())")


def downgrade() -> None:
    """Go back below this revision."""
    op.execute("update epochs set cluster = null")
