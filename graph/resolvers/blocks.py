"""Verbs about blocking: block somebody, and list whom one has blocked."""

from typing import Annotated

import strawberry

from chat import blocks
from core.ids import key_of
from db import blocked_pages
from db.pages import Page
from db.users import PersonRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.schema.errors import UserError, errors
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.users import User


async def list_blocked_users(
    context: Context,
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Page[PersonRow]:
    """Whom the viewer has blocked."""
    chosen = page_arguments(context, first, after, last, before)
    cursors = context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_user(chosen.after),
        None if chosen.before is None else cursors.read_user(chosen.before),
    )
    return await blocked_pages.page(context.reading, context.viewer.id, window)


@strawberry.input(description="The wished state; a repeat changes nothing.")
class BlockUserInput:
    """Whether somebody is blocked."""

    user_id: strawberry.ID = strawberry.field(description="Whom: somebody whom the viewer sees, or has blocked.")
    blocked: bool = strawberry.field(description="Whether they are to be blocked.")


@strawberry.type(description="Who was blocked, or is no longer.")
class BlockUserPayload(Noun):
    """The person."""

    row: strawberry.Private[Outcome]
    user: User | None = column("value", of=User.of, description="The person.")
    errors: list[UserError] = errors("Why nothing was done; empty otherwise.")


async def block_user(
    context: Context, *, input: Annotated[BlockUserInput, strawberry.argument(description="Whom, and whether.")]
) -> PersonRow:
    """Block somebody, or no longer."""
    palaver, key = context.palaver, key_of(input.user_id, "User")
    limits = palaver.send_rules.limits
    return await blocks.block(palaver.work, limits, palaver.settings, context.viewer, key, blocked=input.blocked)
