"""What is shown for stored values that should not be there: a bug, a restore or somebody's SQL may have left them.

One such value must not take a page from its readers, as an error in a field that is never null would. So each is shown
as what promises least, and the log tells of it once in a process.
"""

import math
from typing import Any

import structlog
from graphql import GraphQLEnumType, GraphQLError, GraphQLFloat, GraphQLInt, GraphQLScalarType, GraphQLSchema

from graph.plan.inputs import LEAST_INT, MOST_INT

log = structlog.get_logger()

#: What a value is shown as that is none of its enum's.
INSTEAD = {
    "MessageKind": "TEXT",
    "AttachmentKind": "DOCUMENT",
    "ContactPolicy": "PARTIES",
    "SubjectState": "CLOSED",
    "ReportReason": "OTHER",
}
_noticed: set[str] = set()


def notice(what: str) -> None:
    """Tell the log once that something unsound is stored; never what it is."""
    if what not in _noticed:
        _noticed.add(what)
        log.error("row.unsound", what=what)


def bear_unsound_values(schema: GraphQLSchema) -> None:
    """Let a schema show something for every stored value. What clients send is checked as ever."""
    for name, instead in INSTEAD.items():
        _bear_enum(schema.type_map[name], instead)
    _bear_numbers(GraphQLInt, lambda value: int(min(max(value, LEAST_INT), MOST_INT)) if math.isfinite(value) else 0)
    _bear_numbers(GraphQLFloat, lambda value: value if math.isfinite(value) else 0.0)


def _bear_enum(type_: Any, instead: str) -> None:
    known: GraphQLEnumType = type_
    show = known.coerce_output_value

    def shown(value: Any) -> str:
        try:
            return show(value)
        except GraphQLError:
            if not isinstance(value, str | int | float):  # No column holds such.
                raise
            notice(f"a value of {known.name}")
            return instead

    known.coerce_output_value = shown  # type: ignore[method-assign, assignment]


def _bear_numbers(type_: GraphQLScalarType, sound: Any) -> None:
    show = type_.coerce_output_value

    def shown(value: Any) -> Any:
        try:
            return show(value)
        except GraphQLError:
            if not isinstance(value, int | float):
                raise
            notice(f"a number out of range of {type_.name}")
            return sound(value)

    type_.coerce_output_value = type_.serialize = shown  # type: ignore[method-assign]
