"""People, as the host knows them."""

from collections.abc import Sequence
from enum import Enum

import strawberry

from chat.presence import PresenceState
from db.pages import Page
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, computed, itself, loaded
from graph.gathering import is_whole
from graph.schema.nodes import Node
from graph.schema.pages import PageInfo, PlaceOfPage
from graph.schema.scalars import URL, DateTime
from graph.sound import notice


@strawberry.enum(description="Is somebody connected? Values may be added.")
class PresenceStatus(Enum):
    """Connected or not."""

    ONLINE = strawberry.enum_value("ONLINE", description="A device of theirs is connected.")
    OFFLINE = strawberry.enum_value("OFFLINE", description="None is.")


@strawberry.type(description="Whether somebody is connected, and when they last were.")
class Presence(Noun):
    """A person's state."""

    row: strawberry.Private[PresenceState]
    status: PresenceStatus = column(
        lambda state: "ONLINE" if state.is_online else "OFFLINE", description="Connected or not."
    )
    last_seen_at: DateTime | None = column(
        "last_seen_at", description="When they last left; null when never, or unknown."
    )


async def _presences(context: Context, rows: Sequence[PersonRow]) -> list[PresenceState | None]:
    return await context.loaders.presence.load_many([row.id for row in rows])


async def _roles(context: Context, rows: Sequence[PersonRow]) -> list[list[str]]:
    return [roles or [] for roles in await context.loaders.roles.load_many([row.id for row in rows])]


async def _blocked(context: Context, rows: Sequence[PersonRow]) -> list[bool]:
    return [bool(is_blocked) for is_blocked in await context.loaders.is_blocked.load_many([row.id for row in rows])]


@strawberry.type(description="A person, as the host application knows them.")
class User(Node):
    """A person."""

    row: strawberry.Private[PersonRow]
    external_id: strawberry.ID = column("external_id", description="The host's own id: the token's `sub`.")
    name: str = column("name", description="As the newest token or `upsertUser` says; else the external id.")
    avatar_url: URL | None = column("avatar_url", description="A picture; the address is the host's.")
    roles: list[str] = loaded(
        _roles,
        needs=("id",),
        description="Words from the host's token, e.g. seller, buyer, provider, admin. Shown, never trusted.",
    )
    presence: Presence | None = loaded(
        _presences,
        of=Presence.of,
        needs=("id",),
        description="Null when the viewer may not know: they share no conversation.",
    )
    viewer_has_blocked: bool = loaded(
        _blocked,
        needs=("id",),
        description="Whether the viewer has blocked them. Who has blocked the viewer is not told.",
    )


def _cursor(row: PersonRow, context: Context) -> str:
    return context.palaver.cursors.of_user(row.name_folded, row.id)


@strawberry.type(description="A person in a list.")
class UserEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[PersonRow]
    cursor: str = computed(
        _cursor, needs=("id", "name_folded"), description="Names the person's place in any list of people."
    )
    node: User = column(itself, of=User.of, needs=(), description="The person.")


@strawberry.type(description="A page of people, by name.")
class UserConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[PersonRow]]
    edges: list[UserEdge] = column("items", of=UserEdge.of, description="The people of this page.")
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")


@strawberry.input(description="Which people to list.")
class UserFilter:
    """All that is given must hold."""

    role: str | None = strawberry.field(default=strawberry.UNSET, description="Only those with this role.")
    query: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only those with this in their name, whatever the case; at most 200 characters.",
    )


async def load_users(context: Context, ids: Sequence[str]) -> list[PersonRow]:
    """People who are part of something that the viewer sees, in the order of the ids."""
    people = await context.loaders.user.load_many(ids)
    return people if is_whole(people) else [_known(row, user_id) for row, user_id in zip(people, ids, strict=True)]


def _known(row: PersonRow | None, user_id: str) -> PersonRow:
    if row is not None:
        return row
    notice("a reference to somebody who is not there")
    return PersonRow(user_id, "", "?", "?", None, None)
