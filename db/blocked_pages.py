"""Pages of the people whom a person has blocked, by name."""

from sqlalchemy import bindparam, select

from db.engine import Reading
from db.own_tables import blocks
from db.pages import Page, Pages, Window
from db.tables import users
from db.users import PersonRow

_BLOCKED = Pages(
    select(*(users.c[name] for name in PersonRow._fields))
    .join(blocks, blocks.c.blocked_id == users.c.id)
    .where(blocks.c.blocker_id == bindparam("user_id")),
    [users.c.name_folded, users.c.id],
    descending=False,
)


async def page(db: Reading, blocker_id: str, window: Window) -> Page[PersonRow]:
    """Whom a person has blocked; who has blocked them is nothing that they may know."""
    found = await _BLOCKED.read(db, window, {"user_id": blocker_id})
    return Page([PersonRow._make(row) for row in found.items], found.has_next, found.has_previous)
