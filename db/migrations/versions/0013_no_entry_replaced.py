"""Nothing of the audit log is replaced: SQLite deletes the row before without asking the triggers of deletes.

Revision: 0013
After: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Tables, and what is the same in a row that would be replaced.
SAME = {"audit_entries": "id = new.id", "audit_seals": "number = new.number or entry_id = new.entry_id"}


def upgrade() -> None:
    """Go up to this revision."""
    if op.get_bind().dialect.name == "postgresql":
        return  # It has no such statement: one that updates what is there asks the triggers of updates.
    for table, same in SAME.items():
        is_there = f"exists (select 1 from {table} where {same})"  # noqa: S608 - of words above
        op.execute(
            f"create trigger {table}_no_replace before insert on {table} for each row when {is_there} "
            "begin select raise(abort, 'The audit log is append-only.'); end"
        )


def downgrade() -> None:
    """Go back below this revision."""
    if op.get_bind().dialect.name != "postgresql":
        for table in SAME:
            op.execute(f"drop trigger {table}_no_replace")
