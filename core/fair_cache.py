"""Remembers what people bring, within bounds, so that nobody can push out what others use.

What two people have used is common. What one person alone has used is theirs, and when there is no room, whoever has
the most of their own loses the oldest of it. So somebody who brings ever new things only pushes out their own. Common
things have most of the room, never all of it: what is new must be able to stay until a second person comes.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

#: Of the room, in number and in size, that common things may take.
COMMON_SHARE = 0.75


@dataclass(slots=True)
class _Kept(Generic[Value]):
    value: Value
    size: int


class _Part(Generic[Key, Value]):
    """Things in the order of their last use."""

    def __init__(self) -> None:
        self.things: OrderedDict[Key, _Kept[Value]] = OrderedDict()
        self.size = 0

    def add(self, key: Key, kept: _Kept[Value]) -> None:
        """One more, used now."""
        self.things[key] = kept
        self.size += kept.size

    def take(self, key: Key) -> _Kept[Value]:
        """Take one out."""
        kept = self.things.pop(key)
        self.size -= kept.size
        return kept


class FairCache(Generic[Key, Value]):
    """At most so many things, and so much of them by their sizes; each is of the person who brought it."""

    def __init__(self, most: int, most_size: int) -> None:
        self._most = most
        self._most_size = most_size
        self._common: _Part[Key, Value] = _Part()
        self._own: dict[Hashable, _Part[Key, Value]] = {}
        #: Whose each thing is; None for what is common.
        self._owners: dict[Key, Hashable | None] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._owners)

    def __contains__(self, key: Key) -> bool:
        return key in self._owners

    def get(self, key: Key, person: Hashable) -> Value | None:
        """What is remembered, used by this person now; None when it is not."""
        if key not in self._owners:
            return None
        owner = self._owners[key]
        if owner is None or owner == person:
            part = self._common if owner is None else self._own[owner]
            part.things.move_to_end(key)
            return part.things[key].value
        kept = self._take_own(owner, key)
        self._common.add(key, kept)
        self._owners[key] = None
        return kept.value

    def put(self, key: Key, value: Value, size: int, person: Hashable) -> list[Key]:
        """Remember a new thing of a person's; the keys of what was forgotten for it."""
        self._own.setdefault(person, _Part()).add(key, _Kept(value, size))
        self._owners[key] = person
        self.size += size
        forgotten = []
        while len(self) > self._most or self.size > self._most_size:
            forgotten.append(self._forget_one())
        return forgotten

    def _forget_one(self) -> Key:
        if not self._own or self._share_of(self._common) > COMMON_SHARE:
            key = next(iter(self._common.things))
            size = self._common.take(key).size
        else:
            most = max(self._own, key=lambda person: self._share_of(self._own[person]))
            key = next(iter(self._own[most].things))
            size = self._take_own(most, key).size
        del self._owners[key]
        self.size -= size
        return key

    def _take_own(self, person: Hashable, key: Key) -> _Kept[Value]:
        kept = self._own[person].take(key)
        if not self._own[person].things:
            del self._own[person]
        return kept

    def _share_of(self, part: _Part[Key, Value]) -> float:
        """How much of the room it takes, in number or in size."""
        return max(len(part.things) / self._most, part.size / self._most_size)
