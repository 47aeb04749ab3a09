"""The audit log: entries, the chain over them, and triggers by which nothing of either changes or goes.

Revision: 0009
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("audit_entries", "audit_seals")
WAIT = "audit_entries_wait"
_WAIT = "insert into audit_unsealed (entry_id) values (new.id)"


def upgrade() -> None:
    """Go up to this revision."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(32)),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target_type", sa.Text()),
        sa.Column("target_id", sa.String(32)),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_audit_entries_actor_id"),
        sa.CheckConstraint("(target_type is null) = (target_id is null)", name="ck_audit_entries_target"),
    )
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_seals"),
        sa.UniqueConstraint("entry_id", name="uq_audit_seals_entry_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name="fk_audit_seals_entry_id"),
        sa.CheckConstraint("number >= 1", name="ck_audit_seals_number"),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_unsealed"),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name="fk_audit_unsealed_entry_id"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgres()
    else:
        _guard_on_sqlite()


def _guard_on_postgres() -> None:
    op.execute(f"create function {WAIT}() returns trigger language plpgsql as $$ begin {_WAIT}; return null; end $$")
    op.execute(f"create trigger {WAIT} after insert on audit_entries for each row execute function {WAIT}()")
    op.execute(
        "create function audit_refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'The audit log is append-only.'; end $$"
    )
    for table in TABLES:
        for act in ("update", "delete", "truncate"):
            each = "statement" if act == "truncate" else "row"
            op.execute(
                f"create trigger {table}_no_{act} before {act} on {table} for each {each} "
                "execute function audit_refuse()"
            )


def _guard_on_sqlite() -> None:
    op.execute(f"create trigger {WAIT} after insert on audit_entries for each row begin {_WAIT}; end")
    for table in TABLES:
        for act in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{act} before {act} on {table} for each row "
                "begin select raise(abort, 'The audit log is append-only.'); end"
            )


def downgrade() -> None:
    """Go back below this revision. The log goes with its tables, and only so."""
    op.drop_table("audit_unsealed")
    op.drop_table("audit_seals")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"drop function {WAIT}()")
        op.execute("drop function audit_refuse()")
