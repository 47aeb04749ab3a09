"""A plan at work: a level answers for all its rows at once, then the level below it, down to the leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple, Protocol, Self

from graphql.execution.values import VariableValues

from db.rows import whole_of
from graph.context import Context
from graph.declarations import Acted, Ahead, Asked, Column, Computed, Loaded
from graph.plan.arguments import Arguments
from graph.plan.selection import Unplanned

_NOTHING = id(None)


class Run(NamedTuple):
    """One execution of a plan; `event` is what a subscription is about to tell."""

    context: Context
    variables: VariableValues
    event: Any = None


class Part(Protocol):
    """Something that a level asks for beside what its rows hold."""

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """A value for each row, in the rows' order."""


@dataclass(frozen=True, slots=True)
class Level:
    """The objects of one type, for one selection."""

    #: Generated: the objects of rows, given the values of the parts.
    make: Callable[..., list[dict[str, Any]]]
    parts: Sequence[Part]
    #: What the parts say of what they are going to read.
    announcers: Sequence[Ahead] = ()
    #: The same of what is below each part, where that saves a reading: all are found before any is completed then.
    below: Sequence[Sequence[Ahead]] = ()

    @classmethod
    def of(cls, make: Callable[..., list[dict[str, Any]]], parts: Sequence[Part]) -> Self:
        """A level of some parts."""
        below = [part.announcers if isinstance(part, Objects) else () for part in parts]
        is_wide = sum(map(bool, below)) > 1
        return cls(make, parts, [ahead for part in parts if (ahead := _ahead_of(part))], below if is_wide else ())

    async def answer(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row."""
        if not rows:
            return []
        if self.below:
            values = await self._values(run, rows)
        else:
            values = [await part.values(run, rows) for part in self.parts]
        return self.make(rows, run.context, *values)

    async def _values(self, run: Run, rows: Sequence[Any]) -> list[Sequence[Any]]:
        found = [
            await (part.of if below else part).values(run, rows)  # type: ignore[attr-defined]
            for part, below in zip(self.parts, self.below, strict=True)
        ]
        for objects, below in zip(found, self.below, strict=True):
            for ahead in below:
                ahead(run.context, [row for row in objects if row is not None])
        return [
            await part.complete(run, objects) if below else objects  # type: ignore[attr-defined]
            for part, objects, below in zip(self.parts, found, self.below, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class AnyLevel:
    """Objects of several types: each row goes to the level of its own type."""

    type_of: Mapping[type, str]
    levels: Mapping[str, Level]

    async def answer(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row."""
        names = [self.type_of[whole_of(type(row))] for row in rows]
        made: list[Any] = [None] * len(rows)
        for name in dict.fromkeys(names):
            places = [place for place, other in enumerate(names) if other == name]
            objects = await self.levels[name].answer(run, [rows[place] for place in places])
            for place, item in zip(places, objects, strict=True):
                made[place] = item
        return made


class Below(Protocol):
    """The level of an object, or of several."""

    async def answer(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a field that are loaded or asked for."""

    source: Column | Computed | Loaded | Asked
    arguments: Arguments

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """A value for each row."""
        context, source = run.context, self.source
        if isinstance(source, Column):
            return [source.read(row) for row in rows]
        if isinstance(source, Computed):
            return [source.read(row, context) for row in rows]
        arguments = self.arguments.values(run.variables)
        if isinstance(source, Asked):
            return [await source.load(context, **arguments)]
        return await source.load(context, rows, **arguments)


@dataclass(frozen=True, slots=True)
class Act:
    """The field of a mutation, by its key in the answer: done once."""

    key: str
    acted: Acted
    arguments: Arguments

    async def values(self, run: Run, _: Sequence[Any]) -> Sequence[Any]:
        """The outcome, for the root's only row."""
        return [await self.acted.perform(run.context, self.key, self.arguments.values(run.variables))]


@dataclass(frozen=True, slots=True)
class Event:
    """The field of a subscription: the row is there already."""

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """The event, for the root's only row."""
        return [run.event for _ in rows]


@dataclass(frozen=True, slots=True)
class Objects:
    """A field whose value is an object. Below one `for_staff` everything is read as staff see it."""

    of: Part
    below: Below
    is_required: bool
    for_staff: bool = False
    #: About the rows themselves, none of which is None.
    is_same: bool = False

    @property
    def announcers(self) -> Sequence[Ahead]:
        """What is said of what is going to be read below; nothing where something is done first, or others look."""
        can_wait = isinstance(self.of, Values) and not self.for_staff
        return self.below.announcers if can_wait and isinstance(self.below, Level) else ()

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row, or None."""
        if self.is_same:
            return await self.below.answer(run, rows)
        return await self.complete(run, await self.of.values(run, rows))

    async def complete(self, run: Run, found: Sequence[Any]) -> Sequence[Any]:
        """The objects of rows, some of which may be None."""
        # Many rows may be one and the same, such as the sender of many messages: that one is answered for once.
        distinct = dict(zip(map(id, found), found, strict=True))
        if distinct.pop(_NOTHING, True) is None and self.is_required:
            raise Unplanned("null where there must be an object")
        if self.for_staff:
            run = run._replace(context=run.context.for_staff())
        made = await self.below.answer(run, [*distinct.values()])
        if len(distinct) == len(found):
            return made
        by_row = dict(zip(distinct, made, strict=True))
        return [None if row is None else by_row[id(row)] for row in found]


def _ahead_of(part: Part) -> Ahead | None:
    source = part.of.source if isinstance(part, Objects) and isinstance(part.of, Values) else None
    return source.ahead if isinstance(source, Loaded) else None


@dataclass(frozen=True, slots=True)
class Lists:
    """A field whose value is a list of objects."""

    of: Part
    items: Objects
    is_required: bool
    #: Each list is its row's own: no item is in two of them, and none is None.
    is_own: bool = False

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """A list for each row, or None."""
        found = await self.of.values(run, rows)
        if self.is_required and None in found:
            raise Unplanned("null where there must be a list")
        items = [*chain.from_iterable(filter(None, found))]
        made = iter(await (self.items.below.answer if self.is_own else self.items.complete)(run, items))
        return [[*islice(made, len(rows))] if rows else rows and [] for rows in found]
