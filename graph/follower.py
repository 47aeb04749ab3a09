"""One running subscription of a socket: alone while it has something to catch up with, else resting in a feed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from chat.streams import Stream
from core.clock import now_ms
from db.away import PAUSE, ConnectionLost, DatabaseAway
from graph.context import Context
from graph.errors import is_not_found
from graph.execution import Answered
from graph.feeds import Feeds, Member
from graph.meters import Following
from graph.outlet import Outlet
from graph.subscription import Over, Subscription


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows until its task is cancelled; or Over."""

    subscription: Subscription
    context: Context
    outlet: Outlet
    feeds: Feeds

    async def run(self) -> None:
        """Follow."""
        with self.context.meters.following(self.subscription.field) as meter:
            try:
                stream = self.subscription.start(self.context)
            except Exception as error:
                raise Over([self.subscription.located(error)]) from error
            async with aclosing(self._events(stream, meter)) as events:
                async for event in events:
                    await self._tell(stream, event, meter)

    async def _events(self, stream: Stream[Any], meter: Following) -> AsyncGenerator[Any, None]:
        """What is to be told alone."""
        try:
            with stream.attached():
                for event in await stream.begin():
                    yield event
                while True:
                    async with aclosing(stream.news()) as news:
                        async for event in news:
                            yield event
                    await self._rest(stream, meter)
        except Exception as error:
            raise Over([self.subscription.located(error)]) from error

    async def _tell(self, stream: Stream[Any], event: Any, meter: Following) -> None:
        answered = await self._answer(event)
        if any(map(is_not_found, answered.errors)):
            stream.look_back()  # Taken out since the event was checked: what comes next in the log says so.
            return
        if answered.holds(DatabaseAway):
            raise Over(list(answered.errors))  # Before this event, so that its client resumes with it.
        if self.context.viewer.expires_at <= now_ms():
            raise Over([])  # The socket is about to be closed for it; a later token resumes before this event.
        self.context.meters.count_errors("socket", answered.answer)
        await self.outlet.send(answered.answer)
        stream.told(event)
        meter.count_delivery(getattr(event, "live_since", None))

    async def _answer(self, event: Any) -> Answered:
        while True:
            answered = await self.subscription.tell(self.context, event)
            if not answered.holds(ConnectionLost):
                return answered
            await asyncio.sleep(PAUSE)

    async def _rest(self, stream: Stream[Any], meter: Following) -> None:
        """Wait until there may be news: in a feed, else alone."""
        if self.outlet.can_push:
            member = Member(
                self.subscription,
                self.outlet.push,
                self.context.viewer.expires_at,
                meter,
                asyncio.get_running_loop().create_future(),
            )
            place = await self.feeds.rest(stream, member, self.context)
            if place is not None:
                stream.go_on(place)
                return
        await stream.wait()
