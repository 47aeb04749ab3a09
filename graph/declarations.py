"""What a field says about where its value comes from: plain resolvers and compiled plans go by it. See `fields`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from chat.refusals import Refusal
from chat.streams import Stream
from graph.context import Context

#: Makes the noun of a row, for plain resolvers; plans need none.
Of: TypeAlias = Callable[[Any], Any]
#: What is done before an operation reads anything.
Before: TypeAlias = Callable[[Context], Awaitable[None]]
Ahead: TypeAlias = Callable[[Context, Sequence[Any]], None]
#: Names of columns.
Needed: TypeAlias = frozenset[str] | None
KEY = "declared"


@dataclass(frozen=True, slots=True)
class Column:
    """The value is in the row: under a name, or worked out of nothing else.

    Here and below, `needs` are the columns of the row that it takes; None for all of them.
    """

    name: str | None
    read: Callable[[Any], Any]
    of: Of | None = None
    #: For objects of one type, by its name: what makes of the one column that it needs a text as it stands in answers.
    read_as: Callable[[str], Callable[[Any], str]] | None = None
    needs: Needed = None


@dataclass(frozen=True, slots=True)
class Computed:
    """The value follows from the row and the operation's context, without waiting."""

    read: Callable[[Any, Context], Any]
    needs: Needed = None


@dataclass(frozen=True, slots=True)
class Alone:
    """Reads less for a field of a plan, `unless` the operation has one of these fields, which share what is read."""

    load: Callable[..., Awaitable[Sequence[Any]]]
    unless: frozenset[str]
    glance: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The values of many rows are read together, in the rows' order; with the field's arguments by name.

    `ahead` tells the loader what is going to be asked of it for some rows, so that it reads that with what others ask.
    `glance` is the part of conversations (`db.glances`) that a plan may have read with other parts. `before` is done
    before the snapshot is taken in which the operation is answered.
    """

    load: Callable[..., Awaitable[Sequence[Any]]]
    alone: Alone | None = None
    needs: Needed = None
    ahead: Ahead | None = None
    glance: str | None = None
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The value of a root field. Below one `for_staff` everything is read as staff see it; so it is for acts.

    `before` is done before the snapshot is taken in which the operation is answered.
    """

    load: Callable[..., Awaitable[Any]]
    for_staff: bool = False
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """The values of a root field of subscriptions: the events of a stream, each a row."""

    start: Callable[..., Stream[Any]]
    of: Of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: what it returned, or why it was refused."""

    value: Any = None
    refusal: Refusal | None = None

    @property
    def errors(self) -> list[Refusal]:
        """The refusal, if there is one."""
        return [] if self.refusal is None else [self.refusal]


@dataclass(frozen=True, slots=True)
class Acted:
    """The value of a root field of mutations: the outcome of an act, which is done once, whoever asks again."""

    act: Callable[..., Awaitable[Any]]
    for_staff: bool = False

    async def perform(self, context: Context, key: str, arguments: dict[str, Any]) -> Outcome:
        """Act, unless it was done already for this key of the answer. What comes after is read in a new snapshot."""
        done = context.acts.get(key)
        if done is None:
            await context.renew()  # The answer to the act before it may have a connection in hand.
            done = context.acts[key] = await self._perform(context, arguments)
            await context.renew()
        if isinstance(done, Exception):
            raise done
        return done

    async def _perform(self, context: Context, arguments: dict[str, Any]) -> Outcome | Exception:
        try:
            return Outcome(await self.act(context, **arguments))
        except Refusal as refusal:
            context.meters.count_refusal("payload", refusal.code)
            # Its frames would keep the whole operation until the garbage collector came by.
            return Outcome(refusal=refusal.with_traceback(None))
        except Exception as error:  # noqa: BLE001 - it is raised to whoever asks
            return error


Declared: TypeAlias = Column | Computed | Loaded | Asked | Followed | Acted
