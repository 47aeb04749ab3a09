"""What a subscription follows: a place in what happens. Nothing is queued for it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Hashable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any, Generic, TypeVar

from chat.palaver import Palaver
from chat.users import Viewer
from core.bells import Listener

Event = TypeVar("Event")


class Stream(ABC, Generic[Event]):
    """One subscription: attached first, then begun; after that it tells its news and waits, in turns.

    Two streams of one viewer with the same `subject` that have nothing left to tell and stand at the same `place` go on
    alike, so one of them may rest while the other is followed for both.
    """

    __slots__ = ("_listener", "_palaver", "_topics", "_viewer")

    def __init__(self, palaver: Palaver, viewer: Viewer, *topics: str) -> None:
        self._palaver = palaver
        self._viewer = viewer
        self._topics = topics
        self._listener = Listener(topics)

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Hear the bells as long as the block lasts."""
        self.attach()
        try:
            yield
        finally:
            self.detach()

    def attach(self, *, is_deputy: bool = False) -> None:
        """Hear the bells, for oneself or as a deputy for others, who rest; until `detach`."""
        self._listener = self._palaver.hub.enter(*self._topics, is_deputy=is_deputy)

    def detach(self) -> None:
        """Hear them no longer."""
        self._palaver.hub.leave(self._listener)

    @property
    @abstractmethod
    def subject(self) -> Hashable:
        """What is followed, and how."""

    @property
    @abstractmethod
    def place(self) -> Any:
        """How far it has told."""

    async def begin(self) -> Sequence[Event]:
        """Find the place to begin at; the events that come before all others."""
        return ()

    @abstractmethod
    def news(self) -> AsyncGenerator[Event, None]:
        """What there is to tell now. Whoever takes an event says so, by `told` or `look_back`, before the next."""

    async def wait(self) -> None:
        """Wait until there may be news."""
        await self._listener.wait()

    def told(self, event: Event) -> None:
        """The subscriber has the event that was given last."""

    def look_back(self) -> None:
        """The event that was given last could not be told, for its viewer was out by then: it is looked up again."""

    @property
    def is_quiet(self) -> bool:
        """Has nothing rung since the news were told?"""
        return not self._listener.has_rung

    def nudge(self) -> None:
        """Let it wait no longer."""
        self._listener.nudge()

    def rest(self) -> None:
        """Be followed by another one for a while: hints are not kept, only that there were some."""
        self._listener.rest()

    @abstractmethod
    def go_on(self, place: Any) -> None:
        """Stand at a place that another stream of the same viewer and subject has told up to."""

    def succeed(self, other: Any) -> None:
        """Go on instead of another one, which rests."""
        self.go_on(other.place)

    def match(self, other: Any) -> None:
        """Be followed for another one too, from where both stand: what that one may not know is told again."""


async def follow(stream: Stream[Event]) -> AsyncGenerator[Event, None]:
    """Everything that a stream tells, without end."""
    with stream.attached():
        for event in await stream.begin():
            yield event
        while True:
            async with aclosing(stream.news()) as news:
                async for event in news:
                    yield event
                    stream.told(event)
            await stream.wait()
