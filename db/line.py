"""Acts that write to SQLite wait in line; those that come while others are being committed are committed together.

There is one writer. An act whose turn it is writes, and others wait; when it has ended it makes room for the next one,
in the same transaction. When nobody waits any more the transaction is committed, and only then everybody in it is
told. While that goes on in another thread, others come and wait. Nobody waits in the hope of company.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Sequence

from db.pen import Pen, is_busy
from db.reading import AnyRow, AnyStatement, Parameters
from db.statements import Statement
from db.writing import DatabaseBusy, NotCommitted, Writing

#: Acts that one commit holds at most. Far beyond it another act in it saves next to nothing.
MOST_ACTS = 64
#: Seconds after which no further act begins in a transaction: the first one waits for the last one's end, and another
#: process for all of them.
LONGEST = 0.02


class Line:
    """The acts of this process, one after another."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._done: list[asyncio.Future[None]] = []
        self._began_at = 0.0
        self._committing: asyncio.Task[None] | None = None
        #: Is it somebody's turn, or are some being committed?
        self.is_taken = False
        self.commits = 0

    async def begin(self) -> "LineWriting":
        """An act whose turn it is. DatabaseBusy when it does not come in time."""
        if self.is_taken or self._waiting or self._is_full():
            await self._wait()
        self.is_taken = True
        try:
            if self._done:
                self.pen.mark()
            else:
                await self.pen.begin()
                self._began_at = asyncio.get_running_loop().time()
        except BaseException as error:
            self._end_turn()
            if is_busy(error):
                raise DatabaseBusy from error
            raise
        return LineWriting(self)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(self.pen.wait_seconds, _give_up, turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._end_turn()  # It was called off in the very moment in which it came to its turn.
            raise
        finally:
            timer.cancel()

    def _is_full(self) -> bool:
        done = len(self._done)
        return done > 0 and (done >= MOST_ACTS or asyncio.get_running_loop().time() - self._began_at > LONGEST)

    def _end_turn(self) -> None:
        self.is_taken = False
        if not self._let_next_in():
            # Who is on the way already, in this turn of the loop, still comes into this transaction.
            asyncio.get_running_loop().call_soon(self._go_on)

    def _let_next_in(self) -> bool:
        while self._waiting and not self._is_full():
            turn = self._waiting.popleft()
            if not turn.done():
                self.is_taken = True
                turn.set_result(None)
                return True
        return False

    def _go_on(self) -> None:
        if self.is_taken or self._let_next_in() or not self._done:
            return
        self.is_taken = True
        self._committing = asyncio.get_running_loop().create_task(self._commit())

    async def store(self) -> None:
        """The act whose turn it is has ended: wait until the transaction that holds it is on the disk."""
        try:
            if self._done:
                self.pen.keep()
        except BaseException:
            await self.undo()
            raise
        stored = self._add()
        self._end_turn()
        await stored

    def _add(self) -> "asyncio.Future[None]":
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._done.append(stored)
        return stored

    async def _commit(self) -> None:
        try:
            await self.pen.store()
        except BaseException as error:
            await self.pen.settle()
            self.pen.rollback()
            self.lose(error)
            if not isinstance(error, Exception):
                raise
        else:
            self.commits += 1
            done, self._done = self._done, []
            for stored in done:  # In the order of the acts: so their bells ring.
                if not stored.done():
                    stored.set_result(None)
        finally:
            self._committing = None
            self._end_turn()

    def lose(self, error: BaseException) -> None:
        """The transaction is no more, and whoever waits for its commit is told so."""
        done, self._done = self._done, []
        for stored in done:
            if not stored.done():
                failure = NotCommitted()
                failure.__cause__ = error
                stored.set_exception(failure)
                stored.exception()  # Who would be told may have been called off.

    async def undo(self) -> "asyncio.Future[None] | None":
        """The act whose turn it is leaves nothing behind; what others did before it, and it has seen, stays.

        The answer tells when that is committed; None when it has seen only what was.
        """
        try:
            await self.pen.settle()
            if self._done:
                self.pen.undo()
                return self._add()
            self.pen.rollback()
            return None
        except sqlite3.Error as error:  # Also when the transaction had ended by itself meanwhile.
            seen = self._add()
            self.pen.rollback()
            self.lose(error)
            return seen
        finally:
            self._end_turn()

    async def close(self) -> None:
        """Let go of the file, after what is being committed."""
        while self._committing is not None:
            await asyncio.wait([self._committing])
        self.pen.end()


def _give_up(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_exception(DatabaseBusy())


class LineWriting(Writing):
    """The act whose turn it is."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.pen.dialect)
        self._line = line
        self._pen = line.pen
        self._failure: sqlite3.Error | None = None
        self._seen: asyncio.Future[None] | None = None

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
        await self._line.store()

    async def close(self) -> None:
        """Undo what was not committed."""
        if self.is_open:
            self.is_open = False
            self._seen = await self._line.undo()

    async def confirm(self) -> None:
        """What it has seen of others in its transaction is committed too."""
        if self._seen is not None:
            await self._seen
