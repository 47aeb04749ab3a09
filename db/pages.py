"""Keyset pages: a slice of an ordered list that starts at a key, never at an offset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, literal, select, tuple_

from db.engine import AnyRow, Reading
from db.statements import Statement

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


def containing(text: str) -> str:
    """The pattern of what holds a text, for LIKE with / to escape."""
    escaped = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"


class Pages:
    """Pages of the rows of a statement, ordered by `keys`, which together never tie.

    They are part of the row, or equal to columns of it, which are named as `same` then.

    Its statements are made once for each way to ask. A page takes one for the rows, which also finds whether there is
    more ahead, and at most one for what else is to be known of both sides.
    """

    def __init__(
        self,
        statement: Select[Any],
        keys: Sequence[ColumnElement[Any]],
        *,
        descending: bool,
        same: Sequence[ColumnElement[Any]] = (),
    ) -> None:
        self._statement = statement
        self._keys = keys
        self._descending = descending
        columns = [*statement.selected_columns]
        self._places = [next(place for place, column in enumerate(columns) if column is key) for key in same or keys]
        self._rows = cache(self._make_rows)
        self._sides = cache(self._make_sides)

    async def read(self, db: Reading, window: Window, parameters: Mapping[str, Any]) -> Page[AnyRow]:
        """A page."""
        bounds = {**_named("after", window.after), **_named("before", window.before)}
        statement = self._rows(window.after is not None, window.before is not None, window.backward)
        found = await db.all(statement, {**parameters, **bounds, "size": window.size + 1})
        items, has_more = [*found[: window.size]], len(found) > window.size
        if window.backward:
            items.reverse()
        # Where the list itself begins or ends there is nothing beyond; at the end it was asked from, nobody looked.
        ahead = has_more if not window.backward and window.before is None else None
        behind = has_more if window.backward and window.after is None else None
        ahead = False if window.backward and window.before is None else ahead
        behind = False if not window.backward and window.after is None else behind
        if ahead is None or behind is None:
            ahead, behind = await self._look(db, window, parameters, items)
        return Page(items, ahead, behind)

    async def _look(
        self, db: Reading, window: Window, parameters: Mapping[str, Any], items: Sequence[AnyRow]
    ) -> tuple[bool, bool]:
        """Is there something ahead of a page, and behind it?"""
        first = self._key_of(items[0]) if items else window.after
        last = self._key_of(items[-1]) if items else window.before
        statement = self._sides(first is not None, last is not None, bool(items))
        sides = await db.first(statement, {**parameters, **_named("first", first), **_named("last", last)})
        return bool(sides and sides[0]), bool(sides and sides[1])

    def _key_of(self, row: AnyRow) -> tuple[Any, ...]:
        return tuple(row[place] for place in self._places)

    def _beyond(self, name: str, *, forward: bool, inclusive: bool = False) -> ColumnElement[bool]:
        """Rows that stand after (or before) the key that is given by a name, in the list's own order."""
        named = enumerate(self._keys)
        values = tuple_(*(bindparam(f"{name}_{number}", type_=key.type) for number, key in named))
        row = tuple_(*self._keys)
        if forward != self._descending:
            return row >= values if inclusive else row > values
        return row <= values if inclusive else row < values

    def _make_rows(self, has_after: bool, has_before: bool, backward: bool) -> Statement:
        return Statement(self.rows(has_after=has_after, has_before=has_before, backward=backward))

    def rows(self, *, has_after: bool, has_before: bool, backward: bool) -> Select[Any]:
        """The rows of a page, in the order in which they are read; its bounds and its `size` are parameters."""
        rows = self._statement
        if has_after:
            rows = rows.where(self._beyond("after", forward=True))
        if has_before:
            rows = rows.where(self._beyond("before", forward=False))
        falling = self._descending != backward
        order = (key.desc() if falling else key.asc() for key in self._keys)
        return rows.order_by(*order).limit(bindparam("size", type_=Integer()))

    def _make_sides(self, has_first: bool, has_last: bool, has_items: bool) -> Statement:
        nothing: ColumnElement[bool] = literal(value=False)
        ahead = self._beyond("last", forward=True, inclusive=not has_items) if has_last else nothing
        behind = self._beyond("first", forward=False, inclusive=not has_items) if has_first else nothing
        return Statement(
            select(
                exists(self._statement.where(ahead).with_only_columns(literal(1))),
                exists(self._statement.where(behind).with_only_columns(literal(1))),
            )
        )


def _named(name: str, key: Sequence[Any] | None) -> dict[str, Any]:
    return {f"{name}_{number}": value for number, value in enumerate(key or ())}
