"""Keyset pages: a slice of an ordered list that starts at a key, never at an offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, exists, literal, select, tuple_

from db.engine import AnyRow, Reading

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: `size` rows after and before the keys, from the end when `backward`."""

    size: int
    backward: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list, in the list's order, and whether the whole list has more on either side of it."""

    items: Sequence[Item]
    has_next: bool
    has_previous: bool


async def read_page(
    db: Reading, statement: Select[Any], keys: Sequence[ColumnElement[Any]], window: Window, *, descending: bool
) -> Page[AnyRow]:
    """A page of the rows of `statement`, ordered by `keys`, which together never tie and are all part of the row.

    Two statements, whatever the size: the rows, and one question about both sides.
    """

    def beyond(key: Sequence[Any], *, forward: bool, inclusive: bool = False) -> ColumnElement[bool]:
        """Rows that stand after (or before) a key, in the list's own order."""
        values = tuple_(*(literal(value, column.type) for value, column in zip(key, keys, strict=True)))
        row = tuple_(*keys)
        if forward != descending:
            return row >= values if inclusive else row > values
        return row <= values if inclusive else row < values

    rows = statement
    if window.after is not None:
        rows = rows.where(beyond(window.after, forward=True))
    if window.before is not None:
        rows = rows.where(beyond(window.before, forward=False))
    falling = descending != window.backward
    rows = rows.order_by(*(key.desc() if falling else key.asc() for key in keys)).limit(window.size)
    items = list(await db.all(rows))
    if window.backward:
        items.reverse()

    def key_of(row: AnyRow) -> tuple[Any, ...]:
        return tuple(row._mapping[key] for key in keys)

    if items:
        ahead, behind = beyond(key_of(items[-1]), forward=True), beyond(key_of(items[0]), forward=False)
    else:
        ahead = beyond(window.before, forward=True, inclusive=True) if window.before else literal(value=False)
        behind = beyond(window.after, forward=False, inclusive=True) if window.after else literal(value=False)
    sides = await db.first(
        select(
            exists(statement.where(ahead).with_only_columns(literal(1))),
            exists(statement.where(behind).with_only_columns(literal(1))),
        )
    )
    return Page(items, bool(sides and sides[0]), bool(sides and sides[1]))
