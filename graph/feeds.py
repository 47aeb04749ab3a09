"""Feeds: what many sockets of one viewer follow alike is followed once, told once, and written to all of them.

A subscription that has told everything there is joins the feed of its kind, and rests. The feed checks what its viewer
may see for each event, as each subscription would. A socket that takes nothing just now leaves the feed with its place,
and goes on by itself from there: by the log, as slowly as it likes, and holding up nobody.
"""

import asyncio
from collections.abc import Callable, Hashable
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from typing import Any

import structlog

from chat.refusals import Refusal
from chat.streams import Stream
from core.clock import now_ms
from db.away import DatabaseAway
from graph.context import Context
from graph.errors import is_not_found
from graph.meters import Following, Meters
from graph.responses import encode
from graph.subscription import Subscription

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Member:
    """A resting subscription. `push` writes an answer to its socket at once, or says that it cannot.

    `left` gets the place where it goes on by itself.
    """

    subscription: Subscription
    push: Callable[[bytes], bool]
    expires_at: int
    meter: Following
    left: asyncio.Future[Any]


@dataclass(slots=True, eq=False)
class Feed:
    """One stream, followed for its members, who all have the same viewer."""

    context: Context
    stream: Stream[Any]
    place: Any
    #: The members that tell events alike stand together.
    members: dict[Hashable, dict[Member, None]] = field(default_factory=dict)
    is_idle: bool = True
    #: Those who would rest here, but found it busy.
    waiting: dict[Stream[Any], None] = field(default_factory=dict)
    attached: ExitStack = field(default_factory=ExitStack)
    task: asyncio.Task[None] | None = None

    def add(self, member: Member) -> None:
        """Follow for one more."""
        self.members.setdefault(member.subscription.telling, {})[member] = None

    def remove(self, member: Member) -> None:
        """Follow no longer for one; it goes on from what was told last."""
        alike = self.members.get(member.subscription.telling, {})
        if alike.pop(member, self) is not self:
            if not alike:
                del self.members[member.subscription.telling]
            if not member.left.done():
                member.left.set_result(self.place)

    def dismiss(self) -> None:
        """Let everybody go on by themselves."""
        for member in [member for alike in self.members.values() for member in alike]:
            self.remove(member)

    def nudge(self) -> None:
        """Let those who would rest here try again."""
        waiting, self.waiting = self.waiting, {}
        for stream in waiting:
            stream.nudge()

    def takes(self, stream: Stream[Any]) -> bool:
        """Do both streams stand at one place, with nothing to tell?"""
        return self.is_idle and self.stream.is_quiet and self.place == stream.place

    async def run(self) -> None:
        """Follow until there is something that each member must see by itself."""
        while True:
            self.is_idle = False
            async with aclosing(self.stream.news()) as news:
                async for event in news:
                    if not await self._tell(event):
                        return
                    self.place = self.stream.place
                    # What was written goes out before the next event is read.
                    await asyncio.sleep(0)
            self.place = self.stream.place
            self.is_idle = True
            self.nudge()
            await self.stream.wait()

    async def _tell(self, event: Any) -> bool:
        """Tell an event to all members; False when it cannot be told like this."""
        told = []
        for telling, alike in list(self.members.items()):
            answered = await next(iter(alike)).subscription.tell(self.context, event)
            if answered.holds(DatabaseAway) or any(map(is_not_found, answered.errors)):
                return False
            told.append((telling, encode(answered.answer), answered.answer))
        now, since = now_ms(), getattr(event, "live_since", None)
        is_taken = False
        for telling, payload, answer in told:
            alike = self.members.get(telling, {})
            taken = [member for member in alike if member.expires_at > now and member.push(payload)]
            for member in alike.keys() - taken:
                self.remove(member)
            if taken:
                is_taken = True
                taken[0].meter.count_delivery(since, len(taken))
                self._count_errors(answer, len(taken))
        if is_taken:
            self.stream.told(event)
        return bool(self.members)

    def _count_errors(self, answer: dict[str, Any], times: int) -> None:
        if "errors" in answer:
            for _ in range(times):
                self.context.meters.count_errors("socket", answer)


class Feeds:
    """The feeds of this process."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._feeds: dict[Hashable, Feed] = {}
        self.failures = 0

    def __len__(self) -> int:
        return len(self._feeds)

    @property
    def resting(self) -> int:
        """How many subscriptions rest in feeds."""
        return sum(len(alike) for feed in self._feeds.values() for alike in feed.members.values())

    async def rest(self, stream: Stream[Any], member: Member, context: Context) -> Any:
        """Let a stream that has nothing to tell rest in a feed, until it has to go on by itself, and from where.

        None at once when it cannot rest just now.
        """
        if not stream.is_quiet:
            return None
        key = (stream.subject, context.viewer.id, context.viewer.roles, context.base_url)
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._open(key, stream, member, context)
        elif not feed.takes(stream):
            feed.waiting[stream] = None
            return None
        else:
            feed.stream.match(stream)
        stream.rest()
        feed.add(member)
        try:
            return await member.left
        finally:
            feed.remove(member)
            if not feed.members and feed.task is not None:
                self._forget(key, feed)
                feed.task.cancel()

    def _open(self, key: Hashable, stream: Stream[Any], member: Member, context: Context) -> Feed:
        own = Context(context.palaver, context.viewer, context.base_url, self._meters)
        feed = Feed(own, member.subscription.start(own), stream.place)
        feed.attached.enter_context(feed.stream.attached(is_deputy=True))
        feed.stream.succeed(stream)
        self._feeds[key] = feed
        feed.task = asyncio.create_task(self._run(feed))
        # Also when it is ended before it has begun.
        feed.task.add_done_callback(lambda _: self._end(key, feed))
        return feed

    async def _run(self, feed: Feed) -> None:
        try:
            await feed.run()
        except (Refusal, DatabaseAway):
            pass  # Each member learns it by itself.
        except Exception:
            self.failures += 1
            log.exception("feed.failed")

    def _end(self, key: Hashable, feed: Feed) -> None:
        """It is over, however it came to that: its members go on by themselves."""
        self._forget(key, feed)
        feed.attached.close()
        feed.dismiss()
        feed.nudge()

    def _forget(self, key: Hashable, feed: Feed) -> None:
        """Let nobody come to it any more."""
        if self._feeds.get(key) is feed:
            del self._feeds[key]
