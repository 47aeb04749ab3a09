"""The statement that both databases have and SQLAlchemy spells twice: insert, or leave what is there."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert


def insert_or_ignore(table: Table, dialect: str) -> Insert:
    """Insert a row unless a unique key already holds one like it, so that the key decides a race."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
