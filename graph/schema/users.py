"""People, as the host knows them."""

from enum import Enum

import strawberry

from chat.presence import PresenceState
from core.ids import encode_id
from db.users import UserRow
from graph.context import Info
from graph.schema.nodes import Node
from graph.schema.pages import PageInfo
from graph.schema.scalars import URL, DateTime


@strawberry.enum(description="Is somebody connected? Values may be added.")
class PresenceStatus(Enum):
    """Connected or not."""

    ONLINE = strawberry.enum_value("ONLINE", description="A device of theirs is connected.")
    OFFLINE = strawberry.enum_value("OFFLINE", description="None is.")


@strawberry.type(description="Whether somebody is connected, and when they last were.")
class Presence:
    """A person's state."""

    status: PresenceStatus = strawberry.field(description="Connected or not.")
    last_seen_at: DateTime | None = strawberry.field(description="When they last left; null when never, or unknown.")

    @classmethod
    def of(cls, state: PresenceState) -> "Presence":
        """The noun of a state."""
        status = PresenceStatus.ONLINE if state.is_online else PresenceStatus.OFFLINE
        return cls(status=status, last_seen_at=None if state.last_seen_at is None else DateTime(state.last_seen_at))


async def _presence(root: strawberry.Parent["User"], info: Info) -> Presence | None:
    state = await info.context.loaders.presence.load(root.key)
    return None if state is None else Presence.of(state)


@strawberry.type(description="A person, as the host application knows them.")
class User(Node):
    """A person."""

    key: strawberry.Private[str]
    name_folded: strawberry.Private[str]
    external_id: strawberry.ID = strawberry.field(description="The host's own id: the token's `sub`.")
    name: str = strawberry.field(description="As the newest token or `upsertUser` says; else the external id.")
    avatar_url: URL | None = strawberry.field(description="A picture; the address is the host's.")
    roles: list[str] = strawberry.field(
        description="Words from the host's token, e.g. seller, buyer, provider, admin. Shown, never trusted."
    )
    presence: Presence | None = strawberry.field(
        resolver=_presence, description="Null when the viewer may not know: they share no conversation."
    )

    @classmethod
    def of(cls, row: UserRow) -> "User":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("User", row.id)),
            key=row.id,
            name_folded=row.name_folded,
            external_id=strawberry.ID(row.external_id),
            name=row.name,
            avatar_url=None if row.avatar_url is None else URL(row.avatar_url),
            roles=list(row.roles),
        )


@strawberry.type(description="A person in a list.")
class UserEdge:
    """Relay's edge."""

    cursor: str = strawberry.field(description="Names the person's place in any list of people.")
    node: User = strawberry.field(description="The person.")


@strawberry.type(description="A page of people, by name.")
class UserConnection:
    """Relay's connection."""

    edges: list[UserEdge] = strawberry.field(description="The people of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.input(description="Which people to list.")
class UserFilter:
    """All that is given must hold."""

    role: str | None = strawberry.field(default=strawberry.UNSET, description="Only those with this role.")
    query: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only those with this in their name, whatever the case; at most 200 characters.",
    )


async def load_user(info: Info, user_id: str) -> User:
    """A person who is part of something that the viewer sees."""
    row = await info.context.loaders.user.load(user_id)
    if row is None:
        raise LookupError(user_id)
    return User.of(row)
