"""Statements about people: the host's users, as far as Palaver knows them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select, update

from db.engine import Reading, Writing
from db.inserts import insert_or_ignore
from db.pages import Page, Window, read_page
from db.tables import participants, user_roles, users


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person. `roles` are the listed ones (from the newest token or upsertUser); authority never comes from here."""

    id: str
    external_id: str
    name: str
    name_folded: str
    avatar_url: str | None
    profile_at: int
    last_seen_at: int | None
    roles: tuple[str, ...]


_columns = (
    users.c.id,
    users.c.external_id,
    users.c.name,
    users.c.name_folded,
    users.c.avatar_url,
    users.c.profile_at,
    users.c.last_seen_at,
)
_with_roles = select(*_columns, user_roles.c.role).outerjoin(user_roles, user_roles.c.user_id == users.c.id)


async def _rows(db: Reading, condition: ColumnElement[bool]) -> list[UserRow]:
    rows = await db.all(_with_roles.where(condition).order_by(users.c.id, user_roles.c.ordinal))
    return [
        UserRow(*(*group[0][:-1], tuple(row[-1] for row in group if row[-1] is not None)))
        for _, members in groupby(rows, key=lambda row: row[0])
        if (group := list(members))
    ]


async def find(db: Reading, ids: Collection[str]) -> dict[str, UserRow]:
    """People by id, without asking who may see them: for those who are part of something the viewer sees."""
    return {row.id: row for row in await _rows(db, users.c.id.in_(ids))}


async def find_by_external_ids(db: Reading, external_ids: Collection[str]) -> dict[str, UserRow]:
    """People by the host's own ids."""
    return {row.external_id: row for row in await _rows(db, users.c.external_id.in_(external_ids))}


def shares_conversation_with(viewer_id: str) -> ColumnElement[bool]:
    """Condition on `users`: those who are in a conversation that the viewer is in too."""
    mine, theirs = participants.alias("mine"), participants.alias("theirs")
    return users.c.id.in_(
        select(theirs.c.user_id)
        .join(mine, mine.c.conversation_id == theirs.c.conversation_id)
        .where(mine.c.user_id == viewer_id, mine.c.left_event.is_(None), theirs.c.left_event.is_(None))
    )


def _listed(directory_roles: Collection[str]) -> ColumnElement[bool]:
    # Said outright: a statement that reads people with their roles would take `user_roles` here for its own.
    condition = exists().where(user_roles.c.user_id == users.c.id, user_roles.c.role.in_(directory_roles))
    return condition.correlate(users)


def _visible(viewer_id: str, directory_roles: Collection[str]) -> ColumnElement[bool]:
    return or_(users.c.id == viewer_id, _listed(directory_roles), shares_conversation_with(viewer_id))


async def find_visible(
    db: Reading, viewer_id: str, directory_roles: Collection[str], ids: Collection[str]
) -> dict[str, UserRow]:
    """Those of the people that the viewer may see: themself, the directory, and whom they share a conversation with."""
    return {row.id: row for row in await _rows(db, and_(users.c.id.in_(ids), _visible(viewer_id, directory_roles)))}


async def find_acquainted(db: Reading, viewer_id: str, ids: Collection[str]) -> set[str]:
    """Those of the people whom the viewer shares a conversation with, and the viewer."""
    condition = or_(users.c.id == viewer_id, shares_conversation_with(viewer_id))
    return {row[0] for row in await db.all(select(users.c.id).where(users.c.id.in_(ids), condition))}


async def page(
    db: Reading,
    viewer_id: str,
    directory_roles: Collection[str],
    window: Window,
    *,
    role: str | None = None,
    query: str | None = None,
) -> Page[UserRow]:
    """The people that the viewer may see, by name; `query` is a folded part of the name."""
    statement = select(users.c.id, users.c.name_folded).where(_visible(viewer_id, directory_roles))
    if role is not None:
        statement = statement.where(exists().where(user_roles.c.user_id == users.c.id, user_roles.c.role == role))
    if query is not None:
        statement = statement.where(users.c.name_folded.contains(query, autoescape=True))
    found = await read_page(db, statement, [users.c.name_folded, users.c.id], window, descending=False)
    people = await find(db, [row.id for row in found.items]) if found.items else {}
    return Page([people[row.id] for row in found.items], found.has_next, found.has_previous)


async def insert_if_new(
    db: Writing, *, id: str, external_id: str, name: str, avatar_url: str | None, profile_at: int, now: int
) -> bool:
    """Add a person unless the external id is known; False when it was."""
    added = await db.run(
        insert_or_ignore(users, db.dialect).values(
            id=id,
            external_id=external_id,
            name=name,
            name_folded=name.casefold(),
            avatar_url=avatar_url,
            profile_at=profile_at,
            created_at=now,
        )
    )
    return added == 1


async def save_profile(db: Writing, user_id: str, *, name: str, avatar_url: str | None, profile_at: int) -> None:
    """Replace what is shown of a person."""
    await db.run(
        update(users)
        .where(users.c.id == user_id)
        .values(name=name, name_folded=name.casefold(), avatar_url=avatar_url, profile_at=profile_at)
    )


async def save_roles(db: Writing, user_id: str, roles: Sequence[str]) -> None:
    """Replace a person's listed roles."""
    await db.run(delete(user_roles).where(user_roles.c.user_id == user_id))
    unique: Iterable[str] = dict.fromkeys(roles)
    rows = [{"user_id": user_id, "role": role, "ordinal": ordinal} for ordinal, role in enumerate(unique)]
    if rows:
        await db.run(insert(user_roles), rows)
