"""What a client left out and what it set to null mean the same almost everywhere; what is empty means itself."""

from typing import TypeVar

import strawberry

from chat.texts import QUERY
from core.texts import is_storable
from graph.errors import BAD_USER_INPUT, problem

Value = TypeVar("Value")


def given(value: Value | None) -> Value | None:
    """The value, or None when it was left out."""
    return None if value is strawberry.UNSET else value


def searched(text: str | None) -> str | None:
    """A text to look for, or None when it was left out. BAD_USER_INPUT for one that is too long or cannot be stored."""
    wanted = given(text)
    if wanted is not None and not is_storable(wanted):
        raise problem(BAD_USER_INPUT, "What is looked for contains NUL or half a character (a lone surrogate).")
    if wanted is not None and len(wanted) > QUERY:
        raise problem(BAD_USER_INPUT, f"What is looked for may have at most {QUERY} characters.")
    return wanted
