"""What a client left out and what it set to null mean the same almost everywhere; what is empty means itself."""

from typing import TypeVar

import strawberry

Value = TypeVar("Value")


def given(value: Value | None) -> Value | None:
    """The value, or None when it was left out."""
    return None if value is strawberry.UNSET else value
