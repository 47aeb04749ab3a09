"""Verbs about taking away: the host deletes a subject."""

from typing import Annotated

import strawberry

from chat import removals
from chat.references import SubjectReference
from core.ids import encode_id
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.schema.errors import UserError, errors


@strawberry.input(description="The host's own name for a subject.")
class DeleteSubjectInput:
    """A subject."""

    kind: str = strawberry.field(description="The host's word for what it is.")
    external_id: strawberry.ID = strawberry.field(description="The host's own id of it, within its kind.")


@strawberry.type(description="What is gone.")
class DeleteSubjectPayload(Noun):
    """The subject that was."""

    row: strawberry.Private[Outcome]
    deleted_id: strawberry.ID | None = column(
        lambda outcome: None if outcome.value is None else encode_id("Subject", outcome.value),
        description="The id that it had.",
    )
    errors: list[UserError] = errors("Why nothing was deleted, NOT_FOUND when it was before; empty otherwise.")


async def delete_subject(
    context: Context, *, input: Annotated[DeleteSubjectInput, strawberry.argument(description="Which one.")]
) -> str:
    """Take it away, with all that was said about it. FORBIDDEN to others."""
    palaver = context.palaver
    reference = SubjectReference(input.kind, input.external_id)
    return await removals.delete_subject(palaver.work, context.viewer, reference)
