"""Message templates, and what becomes of one when its variables are filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry

from chat.refusals import Invalid, Refusal, TooLong
from chat.templates import fill, filled_length, missing_in, variables_in
from core.texts import is_storable
from db.templates import TemplateRow
from graph.context import Context
from graph.errors import BAD_USER_INPUT, problem
from graph.fields import Noun, column, loaded
from graph.schema.errors import UserError, errors
from graph.schema.nodes import Node
from graph.schema.scalars import DateTime
from graph.sound import notice


@strawberry.input(description="A value for a variable of a template.")
class TemplateValueInput:
    """A value."""

    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="What is to stand in its place.")


@dataclass(frozen=True, slots=True)
class Filled:
    """The words, or what is missing."""

    body: str | None
    errors: list[Refusal]


@strawberry.type(description="A template with values in the place of its variables.")
class FilledTemplate(Noun):
    """What can be sent."""

    row: strawberry.Private[Filled]
    body: str | None = column(
        "body", description="The words, to be sent or changed first; null when a value is missing."
    )
    errors: list[UserError] = errors(
        "An INVALID for each variable without a value, or TOO_LONG for the whole; else empty."
    )


def _fill(body: str, values: Mapping[str, str], most: int) -> Filled:
    try:
        missing = missing_in(body, values)
    except Invalid as unsound:
        notice("the variables of a template")
        return Filled(None, [_at(unsound)])
    if missing:
        return Filled(None, [_at(Invalid(reason=f"{{{{{name}}}}} has no value."), name) for name in missing])
    if filled_length(body, values) > most:  # Looked at before it is made: a variable may stand in it a thousand times.
        return Filled(None, [_at(TooLong())])
    return Filled(fill(body, values), [])


def _at(refusal: Refusal, *path: str) -> Refusal:
    """It is about an argument of a field, which has no `input`."""
    refusal.path = ("values", *path)
    return refusal


async def _filled(
    context: Context,
    rows: Sequence[TemplateRow],
    *,
    values: Annotated[
        list[TemplateValueInput],
        strawberry.argument(description="A value for each variable; the last counts, and others are ignored."),
    ],
) -> list[Filled]:
    given = {one.name: one.value for one in values}
    if not all(map(is_storable, given.values())):
        raise problem(BAD_USER_INPUT, "A value contains NUL or half a character (a lone surrogate).")
    most = context.palaver.settings.message_length
    return [_fill(row.body, given, most) for row in rows]


def _variables(row: TemplateRow) -> list[str]:
    try:
        return [*variables_in(row.body)]
    except Invalid:  # Nobody could save it so.
        notice("the variables of a template")
        return []


@strawberry.type(description="What the viewer writes again and again. Nobody else sees it.")
class MessageTemplate(Node):
    """A template."""

    row: strawberry.Private[TemplateRow]
    name: str = column("name", description="What the viewer calls it.")
    body: str = column("body", description="Its words, with variables, which are written {{name}}.")
    variables: list[str] = column(_variables, description="The names of its variables, each once, in order.")
    filled: FilledTemplate = loaded(
        _filled, of=FilledTemplate.of, description="Its words with values in the place of the variables."
    )
    created_at: DateTime = column("created_at", description="When it was first saved.")
