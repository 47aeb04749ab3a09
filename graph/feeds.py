"""Feeds: what many sockets of one viewer follow alike is followed once, told once, and written to all of them.

A subscription that has told everything there is joins the feed of its kind, and rests. The feed checks what its viewer
may see for each event, as each subscription would. A socket that takes nothing just now leaves the feed with its place,
and goes on by itself from there: by the log, as slowly as it likes, and holding up nobody.
"""

import asyncio
from collections.abc import Hashable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from chat.refusals import Refusal
from chat.streams import Stream
from core.clock import now_ms
from db.away import DatabaseAway
from graph.context import Context
from graph.errors import is_not_found
from graph.journal import Entry
from graph.meters import Following, Meters
from graph.responses import encode
from graph.subscription import Subscription

log = structlog.get_logger()


class Member(Protocol):
    """A subscription that may rest. `feed` is the one in which it does."""

    subscription: Subscription
    context: Context
    entry: Entry
    stream: Stream[Any]
    meter: Following
    feed: "Feed | None"

    def push(self, payload: bytes) -> bool:
        """Write an answer to its socket at once; False when that is not possible just now."""

    def go_on(self, place: Any) -> None:
        """Rest no longer, and go on alone from a place."""


@dataclass(slots=True, eq=False)
class Feed:
    """One stream, followed for its members, who all have the same viewer."""

    key: Hashable
    context: Context
    stream: Stream[Any]
    place: Any
    #: The members that tell events alike stand together.
    members: dict[Hashable, dict[Member, None]] = field(default_factory=dict)
    is_idle: bool = True
    #: Those who would rest here, but found it busy.
    waiting: dict[Stream[Any], None] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    def add(self, member: Member) -> None:
        """Follow for one more."""
        self.members.setdefault(member.subscription.telling, {})[member] = None
        member.feed = self

    def remove(self, member: Member) -> None:
        """Follow no longer for one."""
        member.feed = None
        alike = self.members[member.subscription.telling]
        del alike[member]
        if not alike:
            del self.members[member.subscription.telling]

    def dismiss(self, members: Iterable[Member]) -> None:
        """Let members go on by themselves, from what was told last."""
        for member in members:
            self.remove(member)
            member.go_on(self.place)

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
        cost = sum(alike_cost(alike) for alike in self.members.values())
        if await self.context.palaver.budget.take(self.context.viewer.id, cost):
            return False  # Each waits by itself until it can be afforded.
        for telling, alike in list(self.members.items()):
            answered = await next(iter(alike)).subscription.tell(self.context, event)
            if answered.holds(DatabaseAway) or any(map(is_not_found, answered.errors)):
                return False
            told.append((telling, encode(answered.answer), answered.answer))
        now, since = now_ms(), getattr(event, "live_since", None)
        is_taken = False
        for telling, payload, answer in told:
            alike = self.members.get(telling, {})
            taken = [member for member in alike if member.context.viewer.expires_at > now and member.push(payload)]
            self.dismiss(alike.keys() - taken)
            if taken:
                is_taken = True
                taken[0].meter.count_delivery(since, len(taken))
                self._count_errors(answer, taken)
        if is_taken:
            self.stream.told(event)
        return bool(self.members)

    def _count_errors(self, answer: dict[str, Any], members: Iterable[Member]) -> None:
        if "errors" in answer:
            for member in members:
                self.context.meters.count_errors("socket", answer)
                member.entry.see(answer)


def alike_cost(alike: Mapping[Member, None]) -> int:
    """What it costs to tell an event to members who are told it alike."""
    return len(alike) * next(iter(alike)).subscription.operation.cost


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

    def rest(self, member: Member) -> bool:
        """Let one that has nothing to tell rest in a feed, until that says `go_on`; False when it cannot just now."""
        stream, context = member.stream, member.context
        if not stream.is_quiet:
            return False
        key = (stream.subject, context.viewer.id, context.viewer.roles, context.base_url)
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._open(key, member)
        elif not feed.takes(stream):
            feed.waiting[stream] = None
            return False
        else:
            feed.stream.match(stream)
        stream.rest()
        feed.add(member)
        return True

    def leave(self, member: Member) -> None:
        """One that rests has ended."""
        feed = member.feed
        if feed is not None:
            feed.remove(member)
            if not feed.members and feed.task is not None:
                self._forget(feed)
                feed.task.cancel()

    def _open(self, key: Hashable, member: Member) -> Feed:
        context, stream = member.context, member.stream
        own = Context(context.palaver, context.viewer, context.base_url, self._meters)
        feed = Feed(key, own, member.subscription.start(own), stream.place)
        feed.stream.attach(is_deputy=True)
        feed.stream.succeed(stream)
        self._feeds[key] = feed
        feed.task = asyncio.create_task(self._run(feed))
        # Also when it is ended before it has begun.
        feed.task.add_done_callback(lambda _: self._end(feed))
        return feed

    async def _run(self, feed: Feed) -> None:
        try:
            await feed.run()
        except (Refusal, DatabaseAway):
            pass  # Each member learns it by itself.
        except Exception:
            self.failures += 1
            log.exception("feed.failed")

    def _end(self, feed: Feed) -> None:
        """It is over, however it came to that: its members go on by themselves."""
        self._forget(feed)
        feed.stream.detach()
        feed.dismiss([member for alike in feed.members.values() for member in alike])
        feed.nudge()

    def _forget(self, feed: Feed) -> None:
        """Let nobody come to it any more."""
        if self._feeds.get(feed.key) is feed:
            del self._feeds[feed.key]
