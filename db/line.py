"""Acts that write to SQLite wait in line; those that come while others are being committed are committed together.

There is one writer. An act whose turn it is writes, and others wait; when it has ended it makes room for the next one,
in the same transaction. When nobody waits any more the transaction is committed, and only then everybody in it is
told. While that goes on in another thread, others come and wait. Nobody waits in the hope of company.
"""

import asyncio
import math
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from db.away import DatabaseBusy
from db.pen import Pen, is_busy
from db.stored import Stored

#: Acts that one commit holds at most. Far beyond it another act in it saves next to nothing.
MOST_ACTS = 64
#: Seconds after which no further act begins in a transaction: the first one waits for the last one's end, and another
#: process for all of them.
LONGEST = 0.02
#: Seconds after a commit in which whoever was told of it goes on, before an act begins for which nobody waits.
BREATH = 0.003


class Turn(NamedTuple):
    """An act that waits for its turn."""

    come: asyncio.Future[None]
    durable: bool


class Line:
    """The acts of this process, one after another. A transaction lets them in for `longest` seconds."""

    def __init__(self, pen: Pen, longest: float = LONGEST) -> None:
        self.pen = pen
        self._longest = longest
        self._waiting: deque[Turn] = deque()
        #: Acts for which nobody waits, and who would have nobody wait for them.
        self._companions: deque[Turn] = deque()
        self._breath: asyncio.TimerHandle | None = None
        #: Acts of the open transaction for which somebody waits.
        self._waited_for = 0
        #: When somebody came last who has no patience, by the loop's clock.
        self._asked_at = -math.inf
        self._done: list[Stored] = []
        self._is_durable = True
        self._began_at = 0.0
        self._committing: asyncio.Task[None] | None = None
        #: Is it somebody's turn, or are some being committed?
        self.is_taken = False
        self.commits = 0

    async def begin(self, *, durable: bool = True, patience: float = 0) -> None:
        """Wait for the turn of an act. DatabaseBusy when it does not come in time.

        One that need not be durable has a transaction of its own: nobody waits for it longer than for its statements.
        One with `patience` waits so many seconds for others, when there were such as lately. It comes into the
        transaction of several, who wait for its statements then, and not for a commit of its own. One alone would wait
        for it in vain, so it comes after that one, with others like itself.
        """
        now = asyncio.get_running_loop().time()
        is_patient = now - self._asked_at < patience
        if durable and not patience:
            self._asked_at = now
        if is_patient or self.is_taken or self._waiting or not self._has_room(durable=durable):
            await self._wait(durable=durable, patience=patience if is_patient else 0)
        self.is_taken = True
        try:
            if self._done:
                self.pen.mark()
            else:
                await self.pen.begin(durable=durable)
                self._is_durable = durable
                self._waited_for = 0
                self._began_at = asyncio.get_running_loop().time()
        except BaseException as error:
            self._end_turn()
            if is_busy(error):
                raise DatabaseBusy from error
            raise
        self._waited_for += not patience

    async def _wait(self, *, durable: bool, patience: float) -> None:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        if patience:
            self._companions.append(companion := Turn(turn, durable))
            loop.call_later(patience, self._lose_patience, companion)
        else:
            self._waiting.append(Turn(turn, durable))
        timer = loop.call_later(self.pen.wait_seconds + patience, _give_up, turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._end_turn()  # It was called off in the very moment in which it came to its turn.
            raise
        finally:
            timer.cancel()

    def _has_room(self, *, durable: bool) -> bool:
        """May such an act still come into the transaction that is open, if one is?"""
        if not self._done:
            return True
        is_young = asyncio.get_running_loop().time() - self._began_at <= self._longest
        return durable and self._is_durable and is_young and len(self._done) < MOST_ACTS

    def _end_turn(self) -> None:
        self.is_taken = False
        if not self._let_next_in():
            # Who is on the way already, in this turn of the loop, still comes into this transaction.
            asyncio.get_running_loop().call_soon(self._go_on)

    def _let_next_in(self) -> bool:
        while self._waiting and self._has_room(durable=self._waiting[0].durable):
            turn = self._waiting.popleft().come
            if not turn.done():
                self.is_taken = True
                turn.set_result(None)
                return True
        return False

    def _lose_patience(self, companion: Turn) -> None:
        """Unless its turn has come, it waits as everybody else from now on."""
        if companion in self._companions:
            self._companions.remove(companion)
            self._waiting.append(companion)
            if not self.is_taken:
                self._let_next_in()

    def _go_on(self) -> None:
        if self.is_taken or self._let_next_in():
            return
        if not self._done:
            if self._companions and self._breath is None:
                self._breath = asyncio.get_running_loop().call_later(BREATH, self._let_companions_begin)
            return
        if self._waited_for != 1 and self._let_companion_in():
            return
        self.is_taken = True
        self._committing = asyncio.get_running_loop().create_task(self._commit())
        self._committing.add_done_callback(self._has_ended)

    def _let_companion_in(self) -> bool:
        """Give one its turn that may come into the open transaction, or begin the next."""
        for companion in [*self._companions]:
            if self._has_room(durable=companion.durable):
                self._companions.remove(companion)
                self._waiting.append(companion)
                if self._let_next_in():
                    return True
        return False

    def _let_companions_begin(self) -> None:
        self._breath = None
        if not self.is_taken and not self._done and not self._waiting:
            self._let_companion_in()

    def _has_ended(self, committing: "asyncio.Task[None]") -> None:
        """A loop that ends calls off all of its tasks; one that had not begun yet tells nobody by itself."""
        if self._committing is committing:
            self._committing = None
            self.pen.rollback()
            self.lose(asyncio.CancelledError())
            self._end_turn()

    async def store(self, tell: Callable[[], None] | None = None) -> Stored:
        """The act whose turn it is has ended; the answer says when the transaction that holds it is on the disk.

        `tell` is called then, for one act after the other.
        """
        try:
            if self._done:
                self.pen.keep()
        except BaseException:
            await self.undo()
            raise
        stored = self._add(tell)
        self._end_turn()
        return stored

    def _add(self, tell: Callable[[], None] | None = None) -> Stored:
        stored = Stored(tell)
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
                stored.come_true()
            await self._checkpoint()
        finally:
            self._committing = None
            self._end_turn()

    async def _checkpoint(self) -> None:
        """After whoever waited was told. Others can come meanwhile, and wait as they would for a commit."""
        try:
            await self.pen.checkpoint()
        except BaseException:
            await self.pen.settle()
            raise

    def lose(self, error: BaseException) -> None:
        """The transaction is no more, and whoever waits for its commit is told so."""
        done, self._done = self._done, []
        for stored in done:
            stored.fail(error)

    async def undo(self) -> Stored | None:
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
