"""What acts write through: a transaction, which only the unit of work commits."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sqlalchemy import Dialect

from db.reading import AnyStatement, Parameters, Reading
from db.statements import Statement, StatementText, text_of

#: A statement that is to be run, and what it is given.
Act: TypeAlias = tuple[Statement, Parameters]


class NotCommitted(Exception):
    """The commit that held this act failed: nothing of it was acknowledged, and its client asks again by its key."""


class Writing(Reading):
    """A transaction that may write; what it read and wrote is undone unless it is committed.

    Statements of one act run one after another.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.dialect = dialect.name
        self.is_open = True

    async def run(self, statement: AnyStatement, parameters: Parameters | None = None) -> int:
        """Run a statement that returns no rows; the answer is the number of rows it touched."""
        raise NotImplementedError

    async def run_many(self, statement: AnyStatement, rows: Sequence[Parameters]) -> None:
        """Run a statement with one set of parameters after another, which all have the same names."""
        raise NotImplementedError

    async def run_all(self, acts: Sequence[Act]) -> None:
        """Run short statements that return no rows, one after another."""
        for statement, parameters in acts:
            await self.run(statement, parameters)

    async def commit(self) -> None:
        """Make it so, for good: when this returns it is on the disk. NotCommitted when that failed."""
        raise NotImplementedError

    async def confirm(self) -> None:
        """What it was refused for is true: whatever it has seen is committed. NotCommitted when that failed.

        To be asked after `close`, where others wrote into the same transaction before it.
        """

    def _text_of(self, statement: AnyStatement, names: Iterable[str] | None) -> StatementText:
        if isinstance(statement, Statement):
            return statement.text_for(self._dialect)
        return text_of(statement, self._dialect, [*(names or ())])
