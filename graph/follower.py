"""One running subscription of a socket: alone while it has something to catch up with, else resting in a feed."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from chat.streams import Stream
from core.clock import now_ms
from db.away import PAUSE, ConnectionLost, DatabaseAway
from graph.context import Context
from graph.errors import is_not_found
from graph.execution import Answered
from graph.feeds import Feed, Feeds
from graph.journal import Entry
from graph.meters import Following
from graph.outlet import Outlet
from graph.subscription import Over, Subscription


@dataclass(slots=True, eq=False)
class Follower:
    """Follows in `run`, which returns when it rests in a feed: thousands rest, and none of them needs a task for that.

    When it has to go on by itself it calls `wake`, and whoever hears that calls `run` again.
    """

    operation_id: str
    subscription: Subscription
    context: Context
    outlet: Outlet
    feeds: Feeds
    entry: Entry
    wake: Callable[["Follower"], None]
    feed: Feed | None = None
    stream: Stream[Any] = field(init=False)
    meter: Following = field(init=False)
    _is_attached: bool = False
    _is_over: bool = False

    @classmethod
    def begin(
        cls,
        operation_id: str,
        subscription: Subscription,
        context: Context,
        outlet: Outlet,
        feeds: Feeds,
        entry: Entry,
        wake: Callable[["Follower"], None],
    ) -> "Follower":
        """A subscription that counts as running. Over when its arguments are no good."""
        follower = cls(operation_id, subscription, context, outlet, feeds, entry, wake)
        follower.meter = context.meters.begin_following(subscription.field)
        try:
            follower.stream = subscription.start(context)
        except Exception as error:
            follower.meter.end()
            raise Over([subscription.located(error)]) from error
        return follower

    async def run(self) -> None:
        """Follow until it rests. Over, or whatever else ends it, is raised, and it runs no longer then."""
        try:
            async with aclosing(self._events()) as events:
                async for event in events:
                    await self._tell(event)
        except BaseException:
            self.end()
            raise

    def cancel(self) -> None:
        """End while it rests."""
        self.feeds.leave(self)
        self.call_off()

    def call_off(self) -> None:
        """End with nothing to tell."""
        self.end()
        self.entry.end()

    def end(self) -> None:
        """It runs no longer."""
        if self._is_over:
            return
        self._is_over = True
        if self._is_attached:
            self.stream.detach()
        self.meter.end()

    async def _events(self) -> AsyncGenerator[Any, None]:
        """What is to be told alone, until it rests."""
        stream = self.stream
        try:
            if not self._is_attached:
                stream.attach()
                self._is_attached = True
                for event in await stream.begin():
                    yield event
            while True:
                async with aclosing(stream.news()) as news:
                    async for event in news:
                        yield event
                if self.outlet.can_push and self.feeds.rest(self):
                    return
                await stream.wait()
        except Exception as error:
            raise Over([self.subscription.located(error)]) from error

    def push(self, payload: bytes) -> bool:
        """Write an answer at once, if possible."""
        return self.outlet.push(payload)

    def go_on(self, place: Any) -> None:
        """Rest no longer."""
        self.stream.go_on(place)
        self.wake(self)

    async def _tell(self, event: Any) -> None:
        await self._afford()
        answered = await self._answer(event)
        if any(map(is_not_found, answered.errors)):
            self.stream.look_back()  # Taken out since the event was checked: what comes next in the log says so.
            return
        if answered.holds(DatabaseAway):
            raise Over(list(answered.errors))  # Before this event, so that its client resumes with it.
        if self.context.viewer.expires_at <= now_ms():
            raise Over([])  # The socket is about to be closed for it; a later token resumes before this event.
        self.context.meters.count_errors("socket", answered.answer)
        self.entry.see(answered.answer)
        await self.outlet.send(answered.answer)
        self.stream.told(event)
        self.meter.count_delivery(getattr(event, "live_since", None))

    async def _afford(self) -> None:
        """Each event costs what the operation does. Who has spent all hears it later: it is in the log."""
        budget, viewer = self.context.palaver.budget, self.context.viewer
        while True:
            wait = await budget.take(viewer.id, self.subscription.operation.cost)
            if not wait:
                return
            await asyncio.sleep(wait / 1000)

    async def _answer(self, event: Any) -> Answered:
        while True:
            answered = await self.subscription.tell(self.context, event)
            if not answered.holds(ConnectionLost):
                return answered
            await asyncio.sleep(PAUSE)
