"""Joins whose left side is read first, whatever a database thinks of it."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Join
from sqlalchemy.ext.compiler import compiles


class first_join(Join):  # noqa: N801 - it reads like a function of SQL
    """`first_join(few, many, condition)`: for each of the few, those of the many that belong to it.

    SQLite knows nothing of how many rows a table of given values has, and takes CROSS JOIN for the order that it says.
    PostgreSQL finds a good order by itself.
    """

    __visit_name__ = "first_join"
    inherit_cache = True

    def __init__(self, left: FromClause, right: FromClause, condition: ColumnElement[bool]) -> None:
        super().__init__(left, right, condition)


@compiles(first_join)
def _joined(element: first_join, compiler: Any, **options: Any) -> str:
    return _in_words(element, compiler, "JOIN", options)


@compiles(first_join, "sqlite")
def _joined_on_sqlite(element: first_join, compiler: Any, **options: Any) -> str:
    return _in_words(element, compiler, "CROSS JOIN", options)


def _in_words(element: first_join, compiler: Any, word: str, options: dict[str, Any]) -> str:
    left, right = (compiler.process(side, **{**options, "asfrom": True}) for side in (element.left, element.right))
    condition = compiler.process(element.onclause, **{**options, "asfrom": False})
    return f"{left} {word} {right} ON {condition}"
