"""Verbs about message templates: list, save and delete one's own."""

from typing import Annotated

import strawberry

from chat import templates as chat_templates
from chat.templates import TemplateRules, Wording
from core.ids import encode_id, key_of
from db import templates
from db.templates import TemplateRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.schema.errors import UserError, errors
from graph.schema.templates import MessageTemplate

_TYPE = "MessageTemplate"


async def list_templates(context: Context) -> list[TemplateRow]:
    """The viewer's own templates."""
    return await templates.find_all(context.reading, context.viewer.id)


@strawberry.input(
    description="Without `id` a new one; with it, the one that exists is replaced. Variables are written {{name}}. "
    "Each name is there once: the same again, name and words, is the one that is there."
)
class SaveMessageTemplateInput:
    """A template."""

    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="The one to replace.")
    name: str = strawberry.field(description="What to call it; 1 to 200 characters.")
    body: str = strawberry.field(
        description="1 to 4,000 characters. A variable's name is a letter, then letters, digits and _; 50 at most."
    )


@strawberry.type(description="What was saved.")
class SaveMessageTemplatePayload(Noun):
    """The template."""

    row: strawberry.Private[Outcome]
    message_template: MessageTemplate | None = column("value", of=MessageTemplate.of, description="As it is now.")
    errors: list[UserError] = errors("Why nothing was saved; empty otherwise.")


@strawberry.input(description="Which one.")
class DeleteMessageTemplateInput:
    """A template."""

    id: strawberry.ID = strawberry.field(description="The template: one of the viewer's own.")


@strawberry.type(description="What was deleted.")
class DeleteMessageTemplatePayload(Noun):
    """The template that was."""

    row: strawberry.Private[Outcome]
    deleted_id: strawberry.ID | None = column(
        lambda outcome: None if outcome.value is None else encode_id(_TYPE, outcome.value),
        description="Its id, to take it out of lists.",
    )
    errors: list[UserError] = errors("Why nothing was deleted; empty otherwise.")


async def save_message_template(
    context: Context, *, input: Annotated[SaveMessageTemplateInput, strawberry.argument(description="The template.")]
) -> TemplateRow:
    """Save a template."""
    wanted = given(input.id)
    return await chat_templates.save_template(
        context.palaver.work,
        TemplateRules.of(context.palaver.settings),
        context.viewer,
        Wording(input.name, input.body),
        is_new=wanted is None,
        template_id=None if wanted is None else key_of(wanted, _TYPE),
    )


async def delete_message_template(
    context: Context, *, input: Annotated[DeleteMessageTemplateInput, strawberry.argument(description="Which one.")]
) -> str:
    """Delete a template."""
    return await chat_templates.delete_template(context.palaver.work, context.viewer, key_of(input.id, _TYPE))
