"""Values by key, each read once in a snapshot: gathered from many who ask one by one, or asked for in batches."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeGuard, TypeVar

from core.tasks import finish

Key = TypeVar("Key")
Key_contra = TypeVar("Key_contra", contravariant=True)
Value = TypeVar("Value")


def is_whole(values: "list[Value | None]") -> "TypeGuard[list[Value]]":
    """Is none of the values missing? One that is empty counts as missing: so a glance tells."""
    return all(values)


class Loader(Protocol[Key_contra, Value]):
    """Finds values by key."""

    def load(self, key: Key_contra) -> Awaitable[Value]:
        """The value of a key."""

    def load_many(self, keys: Iterable[Key_contra]) -> Awaitable[list[Value]]:
        """The values of keys, in their order."""

    def prime(self, key: Key_contra, value: Value) -> Any:
        """Have a value that is known already."""

    def prime_all(self, values: Mapping[Any, Value]) -> None:
        """The same of many."""

    def expect(self, keys: Iterable[Key_contra]) -> None:
        """These are going to be asked for: whoever asks next has them read too."""


class Memo(Generic[Key, Value]):
    """For who asks in batches, one after another, as plans do: finds at once what it does not know yet.

    What is not found is None.
    """

    def __init__(self, find: Callable[[list[Key]], Awaitable[Mapping[Key, Value]]]) -> None:
        self._find = find
        self._known: dict[Key, Value | None] = {}
        self._expected: list[Key] = []

    async def load(self, key: Key) -> Value | None:
        """The value of a key."""
        return (await self.load_many([key]))[0]

    async def load_many(self, keys: Iterable[Key]) -> list[Value | None]:
        """The values of keys, in their order; those not known yet are found together."""
        wanted, known = [*keys], self._known
        try:
            return [*map(known.__getitem__, wanted)]
        except KeyError:
            await self._find_missing(wanted)
        return [*map(self._known.__getitem__, wanted)]

    async def _find_missing(self, wanted: list[Key]) -> None:
        known = self._known
        missing = [key for key in dict.fromkeys(wanted) if key not in known]
        if self._expected:
            expected, self._expected = self._expected, []
            missing = [key for key in dict.fromkeys([*missing, *expected]) if key not in known]
        found = await self._find(missing)
        # What was found on the way, of these too, may be known meanwhile.
        self._known.update(dict.fromkeys(missing))
        self._known.update(found)

    def prime(self, key: Key, value: Value | None) -> None:
        """Have a value that is known already."""
        self._known.setdefault(key, value)

    def prime_all(self, values: Mapping[Key, Value | None]) -> None:
        """The same of many."""
        self._known = {**values, **self._known}

    def expect(self, keys: Iterable[Key]) -> None:
        """These are going to be asked for: they are found with what is asked for next."""
        self._expected.extend(keys)


class Gatherings:
    """Whatever is being gathered for one operation. When it ends nothing of it goes on, and nothing begins again.

    graphql-core calls off the fields beside one that failed; what they waited for is others' too, so it is read on.
    """

    def __init__(self) -> None:
        self._reading: set[asyncio.Task[None]] = set()
        self.has_ended = False

    def start(self, reading: "asyncio.Task[None]") -> None:
        """Something is being read."""
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)

    async def end(self) -> None:
        """End all of it."""
        self.has_ended = True
        if self._reading:
            for reading in self._reading:
                reading.cancel()
            await finish(self._wait())

    async def _wait(self) -> None:
        await asyncio.gather(*self._reading, return_exceptions=True)


class Gathering(Generic[Key, Value]):
    """For who asks one by one, at the same time, as fields do: one reading for all that was asked in a turn.

    Everybody waits by themself, so who is called off takes nothing from others who wait for the same.
    """

    def __init__(self, find: Callable[[list[Key]], Awaitable[Mapping[Key, Value]]], all_: Gatherings) -> None:
        self._find = find
        self._all = all_
        self._known: dict[Key, asyncio.Future[Value | None]] = {}
        self._waiting: dict[Key, list[asyncio.Future[Value | None]]] = {}
        self._asked: list[Key] = []

    def load(self, key: Key) -> Awaitable[Value | None]:
        """The value of a key."""
        known = self._known.get(key)
        if known is not None:
            return known
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Value | None] = loop.create_future()
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(waiter)
            return waiter
        self._waiting[key] = [waiter]
        if not self._asked:
            loop.call_soon(self._start)
        self._asked.append(key)
        return waiter

    async def load_many(self, keys: Iterable[Key]) -> list[Value | None]:
        """The values of keys, in their order."""
        # All are asked for before the first is waited for.
        waiting = [self.load(key) for key in keys]
        return [await value for value in waiting]

    def expect(self, keys: Iterable[Key]) -> None:
        """Nothing: what is asked for in the same turn is found together anyway."""

    def prime(self, key: Key, value: Value | None) -> None:
        """Have a value that is known already."""
        if key not in self._known and key not in self._waiting:
            self._know(key, value)

    def prime_all(self, values: Mapping[Key, Value | None]) -> None:
        """The same of many."""
        for key, value in values.items():
            self.prime(key, value)

    def _know(self, key: Key, value: Value | None) -> None:
        # One that is done cannot be called off, so it serves everybody.
        known = self._known[key] = asyncio.get_running_loop().create_future()
        known.set_result(value)

    def _start(self) -> None:
        if not self._all.has_ended:
            self._all.start(asyncio.create_task(self._gather()))

    async def _gather(self) -> None:
        asked, self._asked = self._asked, []
        try:
            found = await self._find(asked)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            for waiter in self._waiters(asked):
                waiter.set_exception(error)
                waiter.exception()  # Perhaps nobody looks at it.
            return
        except asyncio.CancelledError:
            for waiter in self._waiters(asked):
                waiter.cancel()
            raise
        for key in asked:
            value = found.get(key)
            for waiter in self._waiters([key]):
                waiter.set_result(value)
            self._know(key, value)

    def _waiters(self, keys: Iterable[Key]) -> list[asyncio.Future[Value | None]]:
        """Those who wait for keys, and still do."""
        return [waiter for key in keys for waiter in self._waiting.pop(key) if not waiter.done()]
