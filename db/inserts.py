"""Inserts that are written once: each column is given by its own name; also those that leave what is there."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite

from db.statements import Statement


def inserting(table: Table, names: Iterable[str]) -> Statement:
    """Insert a row of these columns."""
    return Statement(insert(table).values({name: bindparam(name) for name in names}))


def inserting_if_new(table: Table, names: Iterable[str]) -> Mapping[str, Statement]:
    """Insert a row unless a unique key already holds one like it, so that the key decides a race.

    Both databases have it, and SQLAlchemy spells it twice: by the database's name.
    """
    row: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in names}
    return {
        "sqlite": Statement(sqlite.insert(table).values(row).on_conflict_do_nothing()),
        "postgresql": Statement(postgresql.insert(table).values(row).on_conflict_do_nothing()),
    }
