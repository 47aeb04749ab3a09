"""What the act writes through whose turn it is in SQLite's line."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence

from db.line import Line
from db.reading import AnyRow, AnyStatement, Parameters
from db.statements import Statement
from db.stored import Stored
from db.writing import Act, NotCommitted, Writing


class LineWriting(Writing):
    """The act whose turn it is."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.pen.dialect)
        self._line = line
        self._pen = line.pen
        self._failure: sqlite3.Error | None = None
        self._seen: Stored | None = None

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        text = self._text_of(statement, parameters)
        self._check()
        try:
            found = await self._pen.read(text, text.values(parameters), is_long=not isinstance(statement, Statement))
        except sqlite3.Error as error:
            self._note(error)
            raise
        return text.rows(found)

    async def run(self, statement: AnyStatement, parameters: Parameters | None = None) -> int:
        """Run a statement that returns no rows; the answer is the number of rows it touched."""
        text = self._text_of(statement, parameters)
        self._check()
        try:
            return await self._pen.write(text, text.values(parameters), is_long=not isinstance(statement, Statement))
        except sqlite3.Error as error:
            self._note(error)
            raise

    async def run_many(self, statement: AnyStatement, rows: Sequence[Parameters]) -> None:
        """Run a statement with one set of parameters after another, which all have the same names."""
        if not rows:
            return
        text = self._text_of(statement, rows[0])
        self._check()
        try:
            await self._pen.write_many(text, [text.values(row) for row in rows])
        except sqlite3.Error as error:
            self._note(error)
            raise

    async def run_all(self, acts: Sequence[Act]) -> None:
        """Run short statements that return no rows, one after another, asked for at once."""
        self._check()
        dialect = self._dialect
        try:
            await self._pen.write_all(
                [((text := statement.text_for(dialect)).text, text.values(given)) for statement, given in acts]
            )
        except sqlite3.Error as error:
            self._note(error)
            raise

    def _check(self) -> None:
        # Without its transaction a statement would be committed by itself.
        if self._failure is not None:
            raise NotCommitted from self._failure

    def _note(self, error: sqlite3.Error) -> None:
        """A full disk, for one, undoes the whole transaction at once, and with it what others have done in it."""
        if not self._pen.is_writing:
            self._failure = error
            self._line.lose(error)

    async def commit(self) -> None:
        """Make it so, for good."""
        self._check()
        self.is_open = False
        await (await self._line.store()).wait()

    async def commit_to_the_end(self, tell: Callable[[], None]) -> asyncio.CancelledError | None:
        """The same, and whoever is called off meanwhile waits on; the answer is what they were called off by.

        `tell` is called once it is on the disk, for one act after the other.
        """
        self._check()
        self.is_open = False
        return await (await self._line.store(tell)).wait_to_the_end()

    async def close(self) -> None:
        """Undo what was not committed."""
        if self.is_open:
            self.is_open = False
            self._seen = await self._line.undo()

    async def confirm(self) -> None:
        """What it has seen of others in its transaction is committed too."""
        if self._seen is not None:
            await self._seen.wait()
