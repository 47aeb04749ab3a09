"""What a resolver has at hand: the running server, who is asking, and one snapshot of the database."""

from dataclasses import dataclass, field
from typing import Any

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

    `document` is the operation's, already checked; `acts` are what came of a mutation's fields, by their keys in the
    answer: whatever happens to the answer, nothing is done twice.
    """

    palaver: Palaver
    viewer: Viewer
    base_url: str
    meters: Meters
    document: DocumentNode | None = None
    acts: dict[str, Any] = field(default_factory=dict)
    _is_planned: bool = False
    reading: Reading = field(init=False)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        database = self.palaver.database
        self.reading = database.reading_directly() if self._is_planned else database.reading()
        self.loaders = Loaders(self.palaver, self.viewer, self.reading, for_plan=self._is_planned)

    async def begin_plan(self) -> None:
        """Forget everything read so far, and read on as a plan does: level by level."""
        self._is_planned = True
        await self.renew()

    async def refresh(self) -> None:
        """Forget everything read so far, and read on as resolvers do: field by field."""
        self._is_planned = False
        await self.renew()

    async def renew(self) -> None:
        """Forget everything read so far: after a change, and before each event."""
        await self.release()
        self._open()

    async def release(self) -> None:
        """Give the database's connection back, before anything that may take long, such as a slow socket."""
        await self.loaders.end()
        await self.reading.close()


Info = TypeAliasType("Info", strawberry.Info[Context, None])
