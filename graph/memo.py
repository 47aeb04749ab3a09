"""What one snapshot was asked for by key, remembered: for who asks in batches, one after another, as plans do."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

Key = TypeVar("Key")
Key_contra = TypeVar("Key_contra", contravariant=True)
Value = TypeVar("Value")


class Loader(Protocol[Key_contra, Value]):
    """Values by key. Strawberry's loader gathers what many ask for at the same time; a memo has no need to wait."""

    def load(self, key: Key_contra) -> Awaitable[Value]:
        """The value of a key."""

    def load_many(self, keys: Iterable[Key_contra]) -> Awaitable[list[Value]]:
        """The values of keys, in their order."""

    def prime(self, key: Key_contra, value: Value) -> Any:
        """Have a value that is known already."""


class Memo(Generic[Key, Value]):
    """A loader that reads at once what it does not know yet."""

    def __init__(self, load_fn: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._load = load_fn
        self._known: dict[Key, Value] = {}

    async def load(self, key: Key) -> Value:
        """The value of a key."""
        return (await self.load_many([key]))[0]

    async def load_many(self, keys: Iterable[Key]) -> list[Value]:
        """The values of keys, in their order; those not known yet are read together."""
        wanted, known = [*keys], self._known
        missing = [key for key in dict.fromkeys(wanted) if key not in known]
        if missing:
            known.update(zip(missing, await self._load(missing), strict=True))
        return [known[key] for key in wanted]

    def prime(self, key: Key, value: Value) -> None:
        """Have a value that is known already."""
        self._known.setdefault(key, value)
