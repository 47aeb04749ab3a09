"""Verbs about people: look them up, list them, and the host tells of them."""

from typing import Annotated

import strawberry

from chat import users as chat_users
from chat.refusals import Refusal
from chat.users import Profile
from core.texts import is_storable
from db import users
from graph.context import Info
from graph.given import given, searched
from graph.schema.errors import UserError, user_errors
from graph.schema.pages import After, Before, First, Last, PageInfo, page_arguments
from graph.schema.scalars import URL
from graph.schema.users import User, UserConnection, UserEdge, UserFilter
from graph.schema.viewer import Viewer


def viewer(info: Info) -> Viewer:
    """Who asks."""
    return Viewer.of(info)


async def user(
    info: Info,
    external_id: Annotated[strawberry.ID, strawberry.argument(description="The host's own id: the token's `sub`.")],
) -> User | None:
    """A person by the host's own id."""
    context = info.context
    if not is_storable(external_id):
        return None
    known = await users.find_by_external_ids(context.reading, [external_id])
    row = known.get(external_id)
    visible = await context.loaders.visible_user.load(row.id) if row is not None else None
    return None if visible is None else User.of(visible)


async def list_users(
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    filter: Annotated[UserFilter | None, strawberry.argument(description="Which ones.")] = strawberry.UNSET,
) -> UserConnection:
    """People the viewer may see."""
    context = info.context
    chosen = page_arguments(first, after, last, before)
    cursors = context.palaver.cursors
    page = await users.page(
        context.reading,
        context.viewer.id,
        context.palaver.settings.directory_roles,
        chosen.window(
            None if chosen.after is None else cursors.read_user(chosen.after),
            None if chosen.before is None else cursors.read_user(chosen.before),
        ),
        role=searched(filter.role) if filter else None,
        query=(searched(filter.query) or "").strip().casefold() or None if filter else None,
    )
    edges = [UserEdge(cursor=cursors.of_user(row.name_folded, row.id), node=User.of(row)) for row in page.items]
    return UserConnection(
        edges=edges,
        page_info=PageInfo.of([edge.cursor for edge in edges], has_next=page.has_next, has_previous=page.has_previous),
    )


@strawberry.input(description="What the host tells of a person. What is left out stays; null clears the picture.")
class UpsertUserInput:
    """A person."""

    external_id: strawberry.ID = strawberry.field(
        description="The host's own id, the token's `sub`; at most 255 characters."
    )
    name: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    avatar_url: URL | None = strawberry.field(default=strawberry.UNSET, description="A picture; null for none.")
    roles: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Listed roles, at most 50 of 50 characters; they give no rights."
    )


@strawberry.type(description="The person as they are known now.")
class UpsertUserPayload:
    """A person."""

    user: User | None = strawberry.field(description="The person.")
    errors: list[UserError] = strawberry.field(description="Why nothing was stored; empty otherwise.")


async def upsert_user(
    info: Info, input: Annotated[UpsertUserInput, strawberry.argument(description="The person.")]
) -> UpsertUserPayload:
    """The host tells of a person. FORBIDDEN to others."""
    context = info.context
    profile = Profile(
        name=given(input.name),
        avatar_url=input.avatar_url or None,
        roles=tuple(input.roles) if isinstance(input.roles, list) else None,
        clears_avatar=input.avatar_url is None,
    )
    try:
        row = await chat_users.upsert_user(context.palaver.work, context.viewer, input.external_id, profile)
    except Refusal as refusal:
        return UpsertUserPayload(user=None, errors=user_errors(info, refusal))
    await context.refresh()
    return UpsertUserPayload(user=User.of(row), errors=[])
