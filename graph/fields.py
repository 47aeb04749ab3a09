"""How a field's value is found, said once beside the field: plain resolvers and compiled plans go by the same word.

An object of the schema is a noun about a row: whatever the floors below know of it. Its fields say how their values
come from the row: alone (`column`), with the operation's context (`computed`), or read for all rows of a level at once
(`loaded`). A root field has no row (`asked`), or it is what came of an act (`acted`) or
an event of a stream (`followed`).
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from operator import attrgetter
from typing import Any, Self

import strawberry
from strawberry.types.field import StrawberryField

from chat.streams import Stream, follow
from graph.context import Context, Info
from graph.declarations import (
    KEY,
    Acted,
    Ahead,
    Alone,
    Asked,
    Before,
    Column,
    Computed,
    Declared,
    Followed,
    Loaded,
    Needed,
    Of,
)


class Noun:
    """An object of the schema: a row, and fields that are read from it when they are asked for.

    The first time that a column is asked for, all columns of its noun become properties. What is below one that is
    `for_staff` is read as staff see it.
    """

    row: Any
    for_staff = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """The noun of a row."""
        make: Any = cls
        noun: Self = make(row=row)
        return noun

    def __getattr__(self, name: str) -> Any:
        noun: Any = type(self)
        if name.startswith("__"):  # Strawberry asks for such all the time.
            raise AttributeError(f"{noun.__name__} has no {name}")
        columns = {
            field.python_name: declared
            for field in noun.__strawberry_definition__.fields
            if isinstance(declared := field.metadata.get(KEY), Column)
        }
        if name not in columns:
            raise AttributeError(f"{noun.__name__} has no {name}")
        for column_name, declared in columns.items():
            setattr(noun, column_name, _property(declared))
        return getattr(self, name)


def _property(declared: Column) -> property:
    read, of = declared.read, declared.of
    if of is None:
        return property(lambda noun: read(noun.row))
    return property(lambda noun: _noun(read(noun.row), of, for_staff=noun.for_staff))


def declared_of(field: object) -> Declared | None:
    """What was said about a field of Strawberry's; None for one of another kind."""
    return field.metadata.get(KEY) if isinstance(field, StrawberryField) else None


def column(
    source: str | Callable[[Any], Any],
    *,
    description: str,
    of: Of | None = None,
    read_as: Callable[[str], Callable[[Any], str]] | None = None,
    needs: Sequence[str] | None = None,
) -> Any:
    """A field whose value is in the row: the name of an attribute, or a function of its `needs`."""
    name, read = (source, attrgetter(source)) if isinstance(source, str) else (None, source)
    declared = Column(name, read, of, read_as, frozenset({name}) if name else _needed(needs))
    field: Any = strawberry.field(description=description, metadata={KEY: declared})
    # A noun is made of its row alone.
    field.init = field.repr = field.compare = False
    return field


def computed(
    read: Callable[[Any, Context], Any], *, description: str, of: Of | None = None, needs: Sequence[str] | None = None
) -> Any:
    """A field whose value follows from the row and the context, without waiting."""

    def resolve(root: Any, info: Info) -> Any:
        return _noun(read(root.row, _context_of(root, info)), of, for_staff=root.for_staff)

    return strawberry.field(resolver=resolve, description=description, metadata={KEY: Computed(read, _needed(needs))})


def loaded(
    load: Callable[..., Awaitable[Sequence[Any]]],
    *,
    description: str,
    of: Of | None = None,
    alone: Alone | None = None,
    needs: Sequence[str] | None = None,
    ahead: Ahead | None = None,
    glance: str | None = None,
    before: Before | None = None,
) -> Any:
    """A field that is read for all rows of a level at once: `load(context, rows, **arguments)`; before anything is
    read at all, `before(context)`."""

    async def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        values = await load(_context_of(root, info), [root.row], **arguments)
        return _noun(values[0], of, for_staff=root.for_staff)

    _take_arguments(resolve, load, inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD))
    declared = Loaded(load, alone, _needed(needs), ahead, glance, before)
    return strawberry.field(resolver=resolve, description=description, metadata={KEY: declared})


def itself(row: Any) -> Any:
    """The row: the object below is about the same."""
    return row


def _needed(names: Sequence[str] | None) -> Needed:
    return None if names is None else frozenset(names)


def _context_of(root: Any, info: Info) -> Context:
    return info.context.for_staff() if root.for_staff else info.context


def asked(
    load: Callable[..., Awaitable[Any]],
    *,
    description: str,
    of: Of | None = None,
    for_staff: bool = False,
    before: Before | None = None,
) -> Any:
    """A field of the root: `load(context, **arguments)`; before anything is read, `before(context)`."""

    async def resolve(info: Info, **arguments: Any) -> Any:
        return _noun(await load(info.context, **arguments), of, for_staff=for_staff)

    _take_arguments(resolve, load)
    return strawberry.field(resolver=resolve, description=description, metadata={KEY: Asked(load, for_staff, before)})


def acted(act: Callable[..., Awaitable[Any]], *, description: str, of: Of, for_staff: bool = False) -> Any:
    """A root field of mutations: `act(context, **arguments)`; a Refusal that it raises becomes part of the payload."""
    declared = Acted(act, for_staff)

    async def resolve(info: Info, **arguments: Any) -> Any:
        outcome = await declared.perform(info.context, str(info.path.key), arguments)
        return _noun(outcome, of, for_staff=for_staff)

    _take_arguments(resolve, act)
    return strawberry.mutation(resolver=resolve, description=description, metadata={KEY: declared})


def followed(start: Callable[..., Stream[Any]], *, description: str, of: Of) -> Any:
    """A root field of subscriptions: `start(context, **arguments)` is the stream that it follows."""

    async def resolve(info: Info, **arguments: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(follow(start(info.context, **arguments))) as events:
            async for event in events:
                await info.context.refresh()
                yield of(event)

    _take_arguments(resolve, start)
    return strawberry.subscription(resolver=resolve, description=description, metadata={KEY: Followed(start, of)})


def _noun(value: Any, of: Of | None, *, for_staff: bool = False) -> Any:
    """A row as its noun, rows as their nouns, and a value as it is."""
    if of is None or value is None:
        return value
    if isinstance(value, list):
        return [None if item is None else _marked(of(item), for_staff=for_staff) for item in value]
    return _marked(of(value), for_staff=for_staff)


def _marked(noun: Any, *, for_staff: bool) -> Any:
    if for_staff:
        noun.for_staff = True
    return noun


def _take_arguments(resolve: Any, load: Callable[..., Any], *before: inspect.Parameter) -> None:
    """Let Strawberry see the arguments of `load`, those that are given by name, as the resolver's own."""
    info = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    named = [
        parameter
        for parameter in inspect.signature(load).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    resolve.__signature__ = inspect.Signature([*before, info, *named])
    resolve.__module__ = load.__module__
    resolve.__name__ = load.__name__
