"""Statements about message templates, each person's own."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from db.engine import Reading, Writing
from db.inserts import inserting
from db.own_tables import message_templates
from db.statements import Statement, among
from db.tables import users


class TemplateRow(NamedTuple):
    """A template; `created_at` is in milliseconds."""

    id: str
    owner_id: str
    name: str
    body: str
    created_at: int


_columns = tuple(message_templates.c[name] for name in TemplateRow._fields)
_theirs = message_templates.c.owner_id == bindparam("owner_id")
_is_it = message_templates.c.id == bindparam("template_id")
# Two acts of one person wait for each other; who only refers to the person does not wait.
_HOLD = Statement(select(users.c.id).where(users.c.id == bindparam("owner_id")).with_for_update(key_share=True))
_ALL = Statement(select(*_columns).where(_theirs).order_by(message_templates.c.name_folded))
_OF = Statement(select(*_columns).where(_theirs, among(message_templates.c.id, "ids")))
_INSERT = inserting(message_templates, (*TemplateRow._fields, "name_folded"))
_SAVE = Statement(
    update(message_templates).where(_is_it).values({name: bindparam(name) for name in ("name", "name_folded", "body")})
)
_REMOVE = Statement(delete(message_templates).where(_is_it, _theirs))


async def hold(db: Writing, owner_id: str) -> None:
    """Let nothing else change a person's templates until the unit of work ends."""
    await db.first(_HOLD, {"owner_id": owner_id})


async def find_all(db: Reading, owner_id: str) -> list[TemplateRow]:
    """A person's templates, by name."""
    return [TemplateRow._make(row) for row in await db.all(_ALL, {"owner_id": owner_id})]


async def find_of(db: Reading, owner_id: str, ids: Collection[str]) -> dict[str, TemplateRow]:
    """Those of the templates that are a person's own."""
    rows = await db.all(_OF, {"owner_id": owner_id, "ids": ids})
    return {row[0]: TemplateRow._make(row) for row in rows}


async def insert_one(db: Writing, row: TemplateRow) -> None:
    """Add a template. The database refuses a second one of a name."""
    await db.run(_INSERT, {**row._asdict(), "name_folded": row.name.casefold()})


async def save(db: Writing, template_id: str, name: str, body: str) -> None:
    """Give a template another name and other words."""
    given = {"name": name, "name_folded": name.casefold(), "body": body}
    await db.run(_SAVE, {**given, "template_id": template_id})


async def remove(db: Writing, owner_id: str, template_id: str) -> bool:
    """Drop a template of a person's own; False when there is none."""
    return await db.run(_REMOVE, {"owner_id": owner_id, "template_id": template_id}) == 1
