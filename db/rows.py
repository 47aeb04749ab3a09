"""Rows with some of their columns: nobody reads more of a table than an operation shows.

Handing a value over takes as long as finding it, so a page of messages without the columns that nobody asked for takes
half the time of whole ones.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, FromClause

Row = TypeVar("Row", bound=NamedTuple)
Made = TypeVar("Made")
#: Kinds of rows remembered, and of each read the statements for so many of them.
REMEMBERED = 256


@lru_cache(maxsize=REMEMBERED)
def lean(whole: type[Row], names: frozenset[str]) -> type[Row]:
    """A kind of row with these columns only, in the order of the whole one, and with its properties.

    Whoever asks one for another column gets an AttributeError.
    """
    kept = [name for name in whole._fields if name in names]
    if len(kept) == len(whole._fields):
        return whole
    base: Any = namedtuple(whole.__name__, kept)  # type: ignore[misc]
    properties = {name: each for name, each in vars(whole).items() if isinstance(each, property)}
    kind: type[Row] = type(whole.__name__, (base,), {"__slots__": (), "whole": whole, **properties})
    return kind


def whole_of(kind: type) -> type:
    """The whole kind of row that a lean one is of; any other is itself."""
    whole: type = getattr(kind, "whole", kind)
    return whole


def columns_of(table: FromClause, kind: type[Row]) -> list[ColumnElement[Any]]:
    """What is read of a table for rows of a kind."""
    return [table.c[name] for name in kind._fields]


def rows_of(kind: type[Row], found: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows as a database gave them, whose columns are those of their kind."""
    # As `_make`, without a call of Python's for each, and without counting what a statement has made sure of.
    return [*map(partial(tuple.__new__, kind), found)]


def by_kind(make: Callable[[type[Row]], Made]) -> Callable[[type[Row]], Made]:
    """What is made once for each kind of rows: statements, mostly."""
    return lru_cache(maxsize=REMEMBERED)(make)
