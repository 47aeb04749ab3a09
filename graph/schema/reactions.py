"""Reactions to messages."""

from collections.abc import Sequence

import strawberry

from db.reactions import ReactionRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, computed, loaded
from graph.schema.users import User, load_users


async def _people(context: Context, rows: Sequence[ReactionRow]) -> list[list[PersonRow]]:
    people = iter(await load_users(context, [user_id for row in rows for user_id in row.user_ids]))
    return [[next(people) for _ in row.user_ids] for row in rows]


@strawberry.type(description="An emoji that people put to a message.")
class Reaction(Noun):
    """One emoji, and who."""

    row: strawberry.Private[ReactionRow]
    emoji: str = column("emoji", description="The emoji, as Unicode spells it; those of other skin tones are others.")
    count: int = column(lambda row: len(row.user_ids), description="How many people did.")
    users: list[User] = loaded(_people, of=User.of, description="Who did, in the order in which they did.")
    viewer_reacted: bool = computed(
        lambda row, context: context.viewer.id in row.user_ids, description="Is the viewer one of them?"
    )
