"""Statements about people: the host's users, as far as Palaver knows them."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, Text, bindparam, delete, exists, or_, select, update

from db.blocks import are_bound
from db.engine import Reading, Writing
from db.inserts import inserting, inserting_if_new
from db.pages import Page, Pages, Window, containing
from db.rows import by_kind, columns_of, rows_of
from db.statements import Statement, among
from db.tables import participants, user_roles, users


class PersonRow(NamedTuple):
    """What is shown of a person."""

    id: str
    external_id: str
    name: str
    name_folded: str
    avatar_url: str | None
    last_seen_at: int | None


class UserRow(NamedTuple):
    """All that is known of a person, for acts that may change it. `roles` are the listed ones (from the newest token or
    upsertUser); authority never comes from here.
    """

    id: str
    external_id: str
    name: str
    name_folded: str
    avatar_url: str | None
    profile_at: int
    last_seen_at: int | None
    roles: tuple[str, ...]

    @property
    def person(self) -> PersonRow:
        """What is shown of them."""
        return PersonRow(self.id, self.external_id, self.name, self.name_folded, self.avatar_url, self.last_seen_at)


_shown = tuple(users.c[name] for name in PersonRow._fields)
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


_viewer: BindParameter[str] = bindparam("viewer_id")
_mine, _theirs = participants.alias("mine"), participants.alias("theirs")
#: Those who are in a conversation that the person of `viewer_id` is in too.
_is_acquainted = users.c.id.in_(
    select(_theirs.c.user_id)
    .join(_mine, _mine.c.conversation_id == _theirs.c.conversation_id)
    .where(_mine.c.user_id == _viewer, _mine.c.left_event.is_(None), _theirs.c.left_event.is_(None))
)
# Said outright: a statement that reads people with their roles would take `user_roles` here for its own.
_is_listed = exists().where(user_roles.c.user_id == users.c.id, among(user_roles.c.role, "listed")).correlate(users)
_is_visible = or_(users.c.id == _viewer, _is_listed, _is_acquainted)


@by_kind
def _any(kind: type[PersonRow]) -> Statement:
    return Statement(select(*columns_of(users, kind)).where(among(users.c.id, "ids")))


_VISIBLE = Statement(select(*_shown).where(among(users.c.id, "ids"), _is_visible))
_BY_EXTERNAL_ID = Statement(
    _with_roles.where(among(users.c.external_id, "ids")).order_by(users.c.id, user_roles.c.ordinal)
)
_ROLES = Statement(
    select(user_roles.c.user_id, user_roles.c.role)
    .where(among(user_roles.c.user_id, "ids"))
    .order_by(user_roles.c.user_id, user_roles.c.ordinal)
)
_ACQUAINTED = Statement(
    select(users.c.id).where(
        among(users.c.id, "ids"), or_(users.c.id == _viewer, _is_acquainted & ~are_bound(users.c.id, _viewer))
    )
)


_INSERT_IF_NEW = inserting_if_new(
    users, ("id", "external_id", "name", "name_folded", "avatar_url", "profile_at", "created_at")
)
_SAVE_PROFILE = Statement(
    update(users)
    .where(users.c.id == bindparam("user_id"))
    .values({name: bindparam(name) for name in ("name", "name_folded", "avatar_url", "profile_at")})
)
_DROP_ROLES = Statement(delete(user_roles).where(user_roles.c.user_id == bindparam("user_id")))
_INSERT_ROLE = inserting(user_roles, ("user_id", "role", "ordinal"))


async def find(db: Reading, ids: Collection[str], kind: type[PersonRow] = PersonRow) -> dict[str, PersonRow]:
    """People by id, without asking who may see them: for those who are part of something the viewer sees."""
    return {row.id: row for row in rows_of(kind, await db.all(_any(kind), {"ids": ids}))}


async def find_roles(db: Reading, ids: Collection[str]) -> dict[str, list[str]]:
    """The listed roles of people; who has none is left out."""
    found: dict[str, list[str]] = {}
    for user_id, role in await db.all(_ROLES, {"ids": ids}):
        found.setdefault(user_id, []).append(role)
    return found


async def find_by_external_ids(db: Reading, external_ids: Collection[str]) -> dict[str, UserRow]:
    """All that is known of people, by the host's own ids."""
    people: dict[str, UserRow] = {}
    for *known, role in await db.all(_BY_EXTERNAL_ID, {"ids": external_ids}):
        # One row for each role, or one without any.
        before = people.get(known[1])
        if before is None:
            people[known[1]] = UserRow._make((*known, () if role is None else (role,)))
        else:
            people[known[1]] = before._replace(roles=(*before.roles, role))
    return people


async def find_visible(
    db: Reading, viewer_id: str, directory_roles: Collection[str], ids: Collection[str]
) -> dict[str, PersonRow]:
    """Those of the people that the viewer may see: themself, the directory, and whom they share a conversation with."""
    rows = await db.all(_VISIBLE, {"ids": ids, "viewer_id": viewer_id, "listed": directory_roles})
    return {row[0]: PersonRow._make(row) for row in rows}


async def find_acquainted(db: Reading, viewer_id: str, ids: Collection[str]) -> set[str]:
    """Those of the people whom the viewer shares a conversation with, bound by no block, and the viewer."""
    return {row[0] for row in await db.all(_ACQUAINTED, {"ids": ids, "viewer_id": viewer_id})}


async def page(
    db: Reading,
    viewer_id: str,
    directory_roles: Collection[str],
    window: Window,
    *,
    role: str | None = None,
    query: str | None = None,
) -> Page[PersonRow]:
    """The people that the viewer may see, by name; `query` is a folded part of the name."""
    given = {"role": role, "query": None if query is None else containing(query)}
    filters = tuple(name for name, value in given.items() if value is not None)
    parameters = {"viewer_id": viewer_id, "listed": directory_roles, **{name: given[name] for name in filters}}
    found = await _pages(filters).read(db, window, parameters)
    people = await find(db, [row[0] for row in found.items]) if found.items else {}
    return Page([people[row[0]] for row in found.items], found.has_next, found.has_previous)


@cache  # There are as many of them as there are ways to filter.
def _pages(filters: tuple[str, ...]) -> Pages:
    conditions = {
        "role": exists().where(user_roles.c.user_id == users.c.id, user_roles.c.role == bindparam("role")),
        "query": users.c.name_folded.like(bindparam("query", type_=Text()), escape="/"),
    }
    statement = select(users.c.id, users.c.name_folded).where(_is_visible, *(conditions[name] for name in filters))
    return Pages(statement, [users.c.name_folded, users.c.id], descending=False)


async def insert_if_new(
    db: Writing, *, id: str, external_id: str, name: str, avatar_url: str | None, profile_at: int, now: int
) -> bool:
    """Add a person unless the external id is known; False when it was."""
    known = {"id": id, "external_id": external_id, "profile_at": profile_at, "created_at": now}
    shown = {"name": name, "name_folded": name.casefold(), "avatar_url": avatar_url}
    return await db.run(_INSERT_IF_NEW[db.dialect], {**known, **shown}) == 1


async def save_profile(db: Writing, user_id: str, *, name: str, avatar_url: str | None, profile_at: int) -> None:
    """Replace what is shown of a person."""
    shown = {"name": name, "name_folded": name.casefold(), "avatar_url": avatar_url}
    await db.run(_SAVE_PROFILE, {**shown, "user_id": user_id, "profile_at": profile_at})


async def save_roles(db: Writing, user_id: str, roles: Sequence[str]) -> None:
    """Replace a person's listed roles."""
    await db.run(_DROP_ROLES, {"user_id": user_id})
    unique: Iterable[str] = dict.fromkeys(roles)
    rows = [{"user_id": user_id, "role": role, "ordinal": ordinal} for ordinal, role in enumerate(unique)]
    await db.run_many(_INSERT_ROLE, rows)
