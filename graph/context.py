"""What a resolver has at hand: the running server, who is asking, and one snapshot of the database."""

from dataclasses import dataclass, field

import strawberry
from graphql import DocumentNode
from typing_extensions import TypeAliasType

from chat.palaver import Palaver
from chat.users import Viewer
from db.engine import Reading
from graph.loaders import Loaders
from graph.meters import Meters


@dataclass(slots=True)
class Context:
    """One for each operation. Queries read one snapshot; mutations and events take a fresh one for each answer.

    `document` is the operation's, already checked.
    """

    palaver: Palaver
    viewer: Viewer
    base_url: str
    meters: Meters
    document: DocumentNode | None = None
    reading: Reading = field(init=False)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self._open()

    def _open(self, *, for_plan: bool = False) -> None:
        database = self.palaver.database
        self.reading = database.reading_directly() if for_plan else database.reading()
        self.loaders = Loaders(self.palaver, self.viewer, self.reading, for_plan=for_plan)

    async def begin_plan(self) -> None:
        """Forget everything read so far, and read on as a plan does: level by level."""
        await self.release()
        self._open(for_plan=True)

    async def refresh(self) -> None:
        """Forget everything read so far: after a change, and before each event."""
        await self.release()
        self._open()

    async def release(self) -> None:
        """Give the database's connection back, before anything that may take long, such as a slow socket."""
        await self.loaders.end()
        await self.reading.close()


Info = TypeAliasType("Info", strawberry.Info[Context, None])
