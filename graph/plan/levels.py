"""A plan at work: a level answers for all its rows at once, then the level below it, down to the leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Protocol

from graphql.execution.values import VariableValues

from db.rows import whole_of
from graph.context import Context
from graph.declarations import Acted, Asked, Column, Computed, Loaded
from graph.plan.arguments import Arguments
from graph.plan.selection import Unplanned


@dataclass(frozen=True, slots=True)
class Run:
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

    async def answer(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row."""
        if not rows:
            return []
        values = [await part.values(run, rows) for part in self.parts]
        return self.make(rows, run.context, *values)


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

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """An object for each row, or None."""
        return await self.complete(run, await self.of.values(run, rows))

    async def complete(self, run: Run, found: Sequence[Any]) -> Sequence[Any]:
        """The objects of rows, some of which may be None."""
        # Many rows may be one and the same, such as the sender of many messages: that one is answered for once.
        distinct = {id(row): row for row in found if row is not None}
        if self.is_required and None in found:
            raise Unplanned("null where there must be an object")
        if self.for_staff:
            run = replace(run, context=run.context.for_staff())
        made = await self.below.answer(run, [*distinct.values()])
        if len(distinct) == len(found):
            return made
        by_row = dict(zip(distinct, made, strict=True))
        return [None if row is None else by_row[id(row)] for row in found]


@dataclass(frozen=True, slots=True)
class Lists:
    """A field whose value is a list of objects."""

    of: Part
    items: Objects
    is_required: bool

    async def values(self, run: Run, rows: Sequence[Any]) -> Sequence[Any]:
        """A list for each row, or None."""
        found = await self.of.values(run, rows)
        if self.is_required and None in found:
            raise Unplanned("null where there must be a list")
        made = iter(await self.items.complete(run, [*chain.from_iterable(rows or () for rows in found)]))
        return [None if rows is None else [*islice(made, len(rows))] for rows in found]
