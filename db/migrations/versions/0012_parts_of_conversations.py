"""Messages are found in one part of a long conversation after another, the newest part first.

Words are kept with the part, so those of long conversations are saved anew, by a server while it serves.

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A part has 4,096 messages. In the first one words are kept as they were.
_ENTER = """
insert into message_words (message_id, conversation_id, {columns})
select new.id, new.conversation_id, {values}
where new.kind <> 'SYSTEM' and new.deleted_at is null and new.body <> ''
on conflict (message_id) do nothing
"""
_LEAVE = "delete from message_words where message_id = old.id"
_FORGET = "delete from message_words where message_id in (select id from messages where seq >= 4096)"
_FILL = """
insert into message_words (message_id, conversation_id, {columns})
select id, conversation_id, {values} from messages
where kind <> 'SYSTEM' and deleted_at is null and body <> '' and seq >= 4096 order by id
"""
#: A search looks into each piece of SQLite's index. With these there are half as many; writing it takes a fifth longer.
_MERGE = "insert into message_index (message_index, rank) values ('{name}', {number})"
_TRIGGERS = (
    ("message_words_add", "insert on messages", "new.kind <> 'SYSTEM' and new.deleted_at is null and new.body <> ''"),
    ("message_words_change", "update of body, deleted_at, kind, created_at on messages", "true"),
)


def upgrade() -> None:
    """Go up to this revision."""
    # Those of before this migration are in the first part, until they are counted anew.
    op.add_column("message_words", sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
    _enter(columns="created_at, part", values="new.created_at, new.seq / 4096")
    _merge(automerge=2, crisismerge=4)
    op.execute(_FORGET)
    op.execute(_FILL.format(columns="created_at, part", values="created_at, seq / 4096"))


def downgrade() -> None:
    """Go back below this revision."""
    op.execute(_FORGET)
    _enter(columns="created_at", values="new.created_at")
    op.drop_column("message_words", "part")
    _merge(automerge=4, crisismerge=16)
    op.execute(_FILL.format(columns="created_at", values="created_at"))


def _enter(*, columns: str, values: str) -> None:
    """Say what a message's entry is made of."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    enter = _ENTER.format(columns=columns, values=values).strip()
    for (name, occasion, condition), acts in zip(_TRIGGERS, ((enter,), (_LEAVE, enter)), strict=True):
        body = "; ".join(acts)
        if is_postgres:
            op.execute(
                f"create or replace function {name}() returns trigger language plpgsql as "
                f"$$ begin {body}; return null; end $$"
            )
        else:
            op.execute(f"drop trigger {name}")
            op.execute(f"create trigger {name} after {occasion} for each row when ({condition}) begin {body}; end")


def _merge(**numbers: int) -> None:
    """Say of how many pieces SQLite makes one, while it has time for it and when there are too many."""
    if op.get_bind().dialect.name == "sqlite":
        for name, number in numbers.items():
            op.execute(_MERGE.format(name=name, number=number))
