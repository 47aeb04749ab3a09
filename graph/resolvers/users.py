"""Verbs about people: look them up, list them, and the host tells of them."""

from typing import Annotated

import strawberry

from chat import users as chat_users
from chat.users import Profile
from core.texts import is_storable
from db import users
from db.pages import Page
from db.users import PersonRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given, searched
from graph.schema.errors import UserError, errors
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.scalars import URL
from graph.schema.users import User, UserFilter


async def find_viewer(context: Context) -> chat_users.Viewer:
    """Who asks."""
    return context.viewer


async def find_user(
    context: Context,
    *,
    external_id: Annotated[strawberry.ID, strawberry.argument(description="The host's own id: the token's `sub`.")],
) -> PersonRow | None:
    """A person by the host's own id."""
    if not is_storable(external_id):
        return None
    row = (await users.find_by_external_ids(context.reading, [external_id])).get(external_id)
    return await context.loaders.visible_user.load(row.id) if row is not None else None


async def list_users(
    context: Context,
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    filter: Annotated[UserFilter | None, strawberry.argument(description="Which ones.")] = strawberry.UNSET,
) -> Page[PersonRow]:
    """People the viewer may see."""
    chosen = page_arguments(context, first, after, last, before)
    cursors = context.palaver.cursors
    return await users.page(
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


@strawberry.input(description="What the host tells of a person. What is left out stays; null clears the picture.")
class UpsertUserInput:
    """A person."""

    external_id: strawberry.ID = strawberry.field(
        description="The host's own id, the token's `sub`; at most 255 characters."
    )
    name: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    avatar_url: URL | None = strawberry.field(default=strawberry.UNSET, description="A picture; null for none.")
    roles: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Listed roles, at most 50 of 50 characters; they give no rights. A list without `admin` ends what "
        "its person joined as staff.",
    )


@strawberry.type(description="The person as they are known now.")
class UpsertUserPayload(Noun):
    """A person."""

    row: strawberry.Private[Outcome]
    user: User | None = column("value", of=User.of, description="The person.")
    errors: list[UserError] = errors("Why nothing was stored; empty otherwise.")


async def upsert_user(
    context: Context, *, input: Annotated[UpsertUserInput, strawberry.argument(description="The person.")]
) -> PersonRow:
    """The host tells of a person. FORBIDDEN to others."""
    profile = Profile(
        name=given(input.name),
        avatar_url=input.avatar_url or None,
        roles=tuple(input.roles) if isinstance(input.roles, list) else None,
        clears_avatar=input.avatar_url is None,
    )
    user = await chat_users.upsert_user(context.palaver.work, context.viewer, input.external_id, profile)
    return user.person
