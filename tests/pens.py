"""SQLite's pen with a gate before its commits: to have acts wait for each other, and commits fail."""

import asyncio
import sqlite3

from db.engine import Database
from db.line import Line
from db.pen import Pen


class GatedPen(Pen):
    """Commits when the gate is open, and counts; `fails` makes the next commit fail as a bad disk does."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.url, database.wait_seconds)
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_gate = 0
        self.stored = 0
        self.fails = False

    async def store(self) -> None:
        """Commit, when it is time."""
        self.at_gate += 1
        await self.gate.wait()
        self.at_gate -= 1
        if self.fails:
            self.fails = False
            raise sqlite3.OperationalError("disk I/O error")
        await super().store()
        self.stored += 1


def line_of(database: Database) -> Line:
    """Where acts wait for SQLite's one writer."""
    assert database.line is not None
    return database.line


def gate_of(database: Database, longest: float = 60) -> GatedPen:
    """Put a gate into a database that is open and at rest. A machine that stands still for a moment splits no commit:
    acts are let in for `longest` seconds."""
    assert database.line is not None
    database.line.pen.end()
    database.line = Line(GatedPen(database), longest)
    pen = database.line.pen
    assert isinstance(pen, GatedPen)
    return pen
