"""The server with points at which it can be told to die: the same application, and a trap around it.

Production does not know this module: whoever wants it names it to `graph.serving.serve`. Orders are lines of standard
input: `die POINT AFTER` (at that point of the AFTERth act from now), `full` and `room` (SQLite's disk), and `late SHARE
SECONDS` (how late a share of the commits is on the way there, and of their answers on the way back). When the input
ends, whoever gave the orders is dead, and so is the server.
"""

import asyncio
import os
import random
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.palaver import Palaver
from core.bells import Bell
from core.hub import Hub
from core.logs import set_up_logs
from core.settings import Settings
from db.engine import AnyRow, Database, Parameters, Writing
from db.line_writing import LineWriting
from db.many import ManyStatement
from db.pen import Pen
from db.tries import Try
from graph.app import create_app

Result = TypeVar("Result")

BEFORE_COMMIT = "before_commit"
AFTER_COMMIT = "after_commit"
BEFORE_ANSWER = "before_answer"
AFTER_ANSWER = "after_answer"
#: Before the commit; after it and before the bell; after the bell and before the answer; after the answer and before
#: the bell.
POINTS = (BEFORE_COMMIT, AFTER_COMMIT, BEFORE_ANSWER, AFTER_ANSWER)
#: How long what was said before the death has to leave the process, in seconds.
LEAVING = 0.02


@dataclass(slots=True)
class Call:
    """A request that the server works on."""

    is_doomed: bool = False


current: ContextVar[Call | None] = ContextVar("current", default=None)


@dataclass(slots=True)
class Trap:
    """At which point of which act the process dies, how late commits are, and whether SQLite's disk is full."""

    point: str | None = None
    acts_to_go: int = 0
    is_full: bool = False
    #: On SQLite an act dies where its whole batch does.
    is_doomed: bool = False
    late_share: float = 0.0
    late_seconds: float = 0.0

    def obey(self, orders: Iterable[str]) -> None:
        """Follow orders until there are no more."""
        for order in orders:
            match order.split():
                case ["die", point, after]:
                    self.acts_to_go, self.point = int(after), point
                case ["late", share, seconds]:
                    self.late_share, self.late_seconds = float(share), float(seconds)
                case ["full"]:
                    self.is_full = True
                case ["room"]:
                    self.is_full = False
        die()

    def is_next(self, *points: str) -> bool:
        """An act comes to one of these points: is it its turn?"""
        if self.point not in points:
            return False
        self.acts_to_go -= 1
        return self.acts_to_go <= 0

    async def be_late(self) -> None:
        """Some are on their way for a while."""
        if random.random() < self.late_share:
            await asyncio.sleep(self.late_seconds)


def die() -> None:
    """End as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Doorbell:
    """Stands before the hub, where an act that has just been committed rings."""

    hub: Hub
    trap: Trap

    def ring(self, bells: Iterable[Bell]) -> None:
        """Ring, or die, or doom the request that rings."""
        call = current.get()
        if call is None:
            self.hub.ring(bells)
            return
        if self.trap.is_next(AFTER_COMMIT):
            die()
        if self.trap.is_next(AFTER_ANSWER):
            call.is_doomed = True
            return
        call.is_doomed = self.trap.is_next(BEFORE_ANSWER)
        self.hub.ring(bells)


class Commit:
    """The end of an act: between it and its database there may be a slow line, or nothing any more."""

    def __init__(self, db: Writing, trap: Trap) -> None:
        self._db, self._commit = db, db.commit
        self._trap = trap

    async def __call__(self) -> None:
        """Commit some time later, and say so later still."""
        await self.around(self._commit)

    async def around(self, commit: Callable[[], Awaitable[Result]]) -> Result:
        """The same of whatever commits."""
        await self._trap.be_late()
        if current.get() is not None and self._trap.is_next(BEFORE_COMMIT):
            self._trap.is_doomed = self._db.dialect == "sqlite"
            if not self._trap.is_doomed:
                die()
        done = await commit()
        await self._trap.be_late()
        return done


class CommitToTheEnd:
    """The end of an act on SQLite, which rings its bells itself."""

    def __init__(self, db: LineWriting, trap: Trap) -> None:
        self._commit, self._to_the_end = Commit(db, trap), db.commit_to_the_end

    async def __call__(self, tell: Callable[[], None]) -> asyncio.CancelledError | None:
        """Commit some time later, and say so later still."""
        return await self._commit.around(lambda: self._to_the_end(tell))


class Storing:
    """The one statement of a try, which is its own commit."""

    def __init__(self, db: Try, trap: Trap) -> None:
        self._commit, self._store = Commit(db, trap), db.store

    async def __call__(self, statement: ManyStatement, parameters: Parameters) -> AnyRow | None:
        """Store some time later, and say so later still."""
        return await self._commit.around(lambda: self._store(statement, parameters))


@dataclass(slots=True)
class TrappedDatabase:
    """Stands before the database, where units of work take their transactions."""

    database: Database
    trap: Trap

    @asynccontextmanager
    async def writing(self, **options: Any) -> AsyncIterator[Writing]:
        """A transaction."""
        async with self.database.writing(**options) as db:
            if isinstance(db, LineWriting):
                db.commit_to_the_end = CommitToTheEnd(db, self.trap)  # type: ignore[method-assign]
            db.commit = Commit(db, self.trap)  # type: ignore[method-assign]
            yield db

    @property
    def can_try(self) -> bool:
        """As the database can."""
        return self.database.can_try

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[Try]:
        """A connection."""
        async with self.database.trying() as db:
            db.store = Storing(db, self.trap)  # type: ignore[method-assign]
            yield db


class TrappedPen(Pen):
    """Writes to a disk that is full or slow when it is told so; and dies with a batch of acts before their commit."""

    def __init__(self, database: Database, trap: Trap) -> None:
        super().__init__(database.url, database.wait_seconds)
        self.trap = trap

    async def begin(self, *, durable: bool = True) -> None:
        """As large as it is: SQLite then answers just as it does when the disk is full."""
        await super().begin(durable=durable)
        pages = 1 if self.trap.is_full else 4_294_967_294
        # Said as what writes is: interrupted here, it would leave a transaction open that nobody knows of.
        self._the_watched.write(f"PRAGMA max_page_count={pages}", ())

    async def store(self) -> None:
        """Commit, and say so some time later; unless one of the acts was to die with it."""
        if self.trap.is_doomed:
            die()
        await super().store()
        await self.trap.be_late()


@dataclass(slots=True)
class Trapped:
    """The application within its trap."""

    app: Any
    trap: Trap = field(default_factory=Trap)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, as the application does, until the trap springs."""
        app = cast(ASGIApp, self.app)
        if scope["type"] == "lifespan":
            await app(scope, receive, self._wiring(send))
        elif scope["type"] == "http":
            call = Call()
            current.set(call)
            await app(scope, receive, self._watching(send, call))
        else:
            await app(scope, receive, send)

    def _wiring(self, send: Send) -> Send:
        async def wire(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                set_trap(self.app.state.palaver, self.trap)
            await send(message)

        return wire

    def _watching(self, send: Send, call: Call) -> Send:
        async def watch(message: Message) -> None:
            if call.is_doomed and self.trap.point == BEFORE_ANSWER:
                await asyncio.sleep(LEAVING)
                die()
            await send(message)
            if call.is_doomed and not message.get("more_body") and message["type"] == "http.response.body":
                await asyncio.sleep(LEAVING)
                die()

        return watch


def set_trap(palaver: Palaver, trap: Trap) -> None:
    """Put the trap into a server that has just started, and listen for orders."""
    palaver.work._hub = cast(Hub, Doorbell(palaver.hub, trap))
    palaver.work._database = cast(Database, TrappedDatabase(palaver.database, trap))
    if palaver.database.line is not None:
        palaver.database.line.pen.end()
        palaver.database.line.pen = TrappedPen(palaver.database, trap)
    threading.Thread(target=trap.obey, args=(sys.stdin,), name="orders", daemon=True).start()


def app_from_environment(meeting_place: Path | None) -> Trapped:
    """The application of the environment's settings, trapped."""
    settings = Settings()
    set_up_logs(settings)
    return Trapped(create_app(settings, meeting_place))
