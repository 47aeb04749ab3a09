"""What a resolver has at hand: the running server, who is asking, and one snapshot of the database."""

from dataclasses import dataclass, field, replace
from typing import Any

import strawberry
from graphql import DocumentNode
from typing_extensions import TypeAliasType

from chat.palaver import Palaver
from chat.staff_files import holder_of
from chat.users import Viewer
from db.engine import Reading
from graph.loaders import Loaders
from graph.looks import Looks
from graph.meters import Meters
from graph.needs import WHOLE, Kinds
from graph.staff_loaders import StaffLoaders


@dataclass(slots=True)
class Context:
    """One for each operation. Queries read one snapshot; mutations and events take a fresh one for each answer.

    `document` is the operation's, already checked; `acts` are what came of a mutation's fields, by their keys in the
    answer: whatever happens to the answer, nothing is done twice. `looks` are what staff were shown.
    """

    palaver: Palaver
    viewer: Viewer
    base_url: str
    meters: Meters
    document: DocumentNode | None = None
    acts: dict[str, Any] = field(default_factory=dict)
    #: Values that graphql-core has made for the answer.
    made: int = 0
    looks: Looks = field(default_factory=Looks)
    #: What a plan reads instead of whole rows; None while resolvers read.
    _kinds: Kinds | None = None
    _reading: Reading | None = None
    _loaders: Loaders | None = None
    _for_staff: "Context | None" = None
    _sees_all: bool = False

    @property
    def reading(self) -> Reading:
        """The snapshot, opened when it is asked for."""
        if self._reading is None:
            database = self.palaver.database
            self._reading = database.reading() if self._kinds is None else database.reading_directly()
        return self._reading

    @property
    def kinds(self) -> Kinds:
        """What is read instead of whole rows; nothing for who may ask for anything."""
        return WHOLE if self._kinds is None or self._sees_all else self._kinds

    @property
    def has_made_too_much(self) -> bool:
        """Has graphql-core made more values than it may?"""
        return self.made > self.palaver.settings.max_values

    @property
    def loaders(self) -> Loaders:
        """The loaders of the snapshot."""
        if self._loaders is None:
            self._loaders = Loaders(self.palaver, self.viewer, self.reading, self._kinds)
        return self._loaders

    def for_staff(self) -> "Context":
        """The same snapshot as staff see it: everything is there, and what they are shown is noted."""
        if self._sees_all:
            return self
        if self._for_staff is None:
            seen = replace(self, _reading=self.reading, _loaders=None, _sees_all=True)
            kinds = None if self._kinds is None else WHOLE
            seen._loaders = StaffLoaders(self.palaver, self.viewer, self.reading, self.looks, kinds)
            self._for_staff = seen
        return self._for_staff

    @property
    def file_holder(self) -> str:
        """Whom addresses of files are for."""
        return holder_of(self.viewer.id, for_staff=self._sees_all)

    async def begin_plan(self, kinds: Kinds) -> None:
        """Forget everything read so far, and read on as a plan does: level by level, and no more than it shows."""
        await self.renew()
        self._kinds = kinds

    async def refresh(self) -> None:
        """Forget everything read so far, and read on as resolvers do: field by field."""
        await self.renew()
        self._kinds = None

    async def renew(self) -> None:
        """Forget everything read so far: after a change, and between events."""
        await self.release()
        self._reading = self._loaders = self._for_staff = None

    async def release(self) -> None:
        """Give the database's connection back at the end. A field that was called off begins nothing any more.

        Who is called off meanwhile is called off when all is given back.
        """
        try:
            if self._for_staff is not None:
                await self._for_staff.loaders.end()
        finally:
            try:
                if self._loaders is not None:
                    await self._loaders.end()
            finally:
                if self._reading is not None:
                    await self._reading.close()


Info = TypeAliasType("Info", strawberry.Info[Context, None])
