"""Two indexes fewer for each send.

Revision: 0016
After: 0015
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEWS = "ix_events_conversation_id_id"
_PLACES = "uq_messages_conversation_id_position"
_PLACE = ["conversation_id", "position"]

_INDEX = f"create unique index {_PLACES} on messages (conversation_id, position)"
#: The keys of a table on SQLite have no names, but numbers in the order in which the table's text has them.
_KEYS = "select name from sqlite_schema where type = 'index' and tbl_name = 'messages' and sql is null"
_KEY = "sqlite_autoindex_messages_{}"
_TABLE = "select sql from sqlite_schema where type = 'table' and name = 'messages'"


def upgrade() -> None:
    """Go up to this revision."""
    op.drop_index(_NEWS, "events")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_PLACES, "messages", type_="unique")
    else:
        if not _has(_PLACES):  # As it is once this revision was taken back.
            _make_key_an_index()
        op.drop_index(_PLACES, "messages")


def downgrade() -> None:
    """Go back below this revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_unique_constraint(_PLACES, "messages", _PLACE)
    else:
        op.execute(_INDEX)  # The table keeps its text; to the version before it is the same.
    op.create_index(_NEWS, "events", ["conversation_id", "id"])


def _has(name: str) -> bool:
    found = sa.text("select 1 from sqlite_schema where type = 'index' and name = :name")
    return op.get_bind().execute(found, {"name": name}).first() is not None


def _make_key_an_index() -> None:
    """Make a unique key of SQLite's an index that can be dropped, in what SQLite has written down of its tables.

    SQLite takes no key from a table. It could be copied into another one, but the one before cannot be dropped without
    all that refers to messages and goes with them: reactions, words, what was said before. (Foreign keys cannot be
    turned off within a transaction.) A key and an index are the same on the disk, so that nothing else changes.
    """
    bind = op.get_bind()
    text = str(bind.scalar(sa.text(_TABLE)))
    without, taken = re.subn(rf",\s*CONSTRAINT {_PLACES} UNIQUE \(conversation_id, position\)", "", text)
    keys = re.findall(r"PRIMARY KEY \(|UNIQUE \(([^)]*)\)", text)
    places = [place for place, columns in enumerate(keys, 1) if columns == ", ".join(_PLACE)]
    names = {row[0] for row in bind.execute(sa.text(_KEYS))}
    if taken != 1 or len(places) != 1 or names != {_KEY.format(number) for number in range(1, len(keys) + 1)}:
        raise ValueError(f"The table of messages is not as Palaver made it: {text}")
    bind.execute(sa.text("pragma writable_schema = on"))
    change = sa.text("update sqlite_schema set name = :name, sql = :sql where type = 'index' and name = :before")
    bind.execute(
        change,
        {
            "name": _PLACES,
            "sql": _INDEX.replace("create unique index", "CREATE UNIQUE INDEX"),
            "before": _KEY.format(places[0]),
        },
    )
    for number in range(places[0] + 1, len(keys) + 1):
        bind.execute(change, {"name": _KEY.format(number - 1), "sql": None, "before": _KEY.format(number)})
    bind.execute(
        sa.text("update sqlite_schema set sql = :sql where type = 'table' and name = 'messages'"), {"sql": without}
    )
    # What SQLite knows of its tables is read anew, here and, by the change that follows, on every other connection.
    bind.execute(sa.text("pragma writable_schema = reset"))
