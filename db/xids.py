"""The ids of transactions, as a type of columns."""

from sqlalchemy.types import UserDefinedType


class Xid(UserDefinedType[str]):
    """A transaction's id, where several write at once (PostgreSQL's xid8); SQLite has one writer, and no use for it."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """How a column of it is declared."""
        return "xid8"
