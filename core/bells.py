"""Bells: that something may be new about a topic, and the small hints that ride in them; and who listens."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from core.clock import now_ms

HINTS_PER_LISTENER = 256


class Bell(NamedTuple):
    """Something may be new about a topic: up to a position of its log, or a hint, a small thing that is not stored."""

    topic: str
    hint: str | None = None
    position: int = 0


@dataclass(slots=True, eq=False)
class Listener:
    """One subscriber's place at the hub: which of its topics rang, and the hints that came with the bells.

    `on_ready` is called when it first waits or rests: it has read what was there before, and hears everything from
    then on.
    Memory is bounded whatever comes: topics are a set, and of the hints the newest few are kept.
    """

    topics: tuple[str, ...]
    on_ready: Callable[[], None] | None = None
    is_deputy: bool = False
    _rang: set[str] = field(default_factory=set)
    _hints: dict[str, str] = field(default_factory=dict)
    _lost_since: int | None = None
    _rests: bool = False
    _has_rung: bool = False
    #: Not an Event, which would take a kilobyte for each of thousands who rest.
    _waiter: asyncio.Future[None] | None = None

    def hear(self, bell: Bell) -> None:
        """A bell rang for one of the topics."""
        if bell.hint is None:
            self._rang.add(bell.topic)
        elif self._rests:
            self._lose(now_ms())
        else:
            self._hints.pop(bell.hint, None)
            self._hints[bell.hint] = bell.topic
            while len(self._hints) > HINTS_PER_LISTENER:
                self._hints.pop(next(iter(self._hints)))
                self._lose(now_ms())
        self._wake()

    def look_again(self, since: int) -> None:
        """Bells may have been lost since a time (milliseconds): behave as if all topics had rung."""
        self._rang.update(self.topics)
        self._lose(since)
        self._wake()

    def _lose(self, since: int) -> None:
        self._lost_since = since if self._lost_since is None else min(since, self._lost_since)

    @property
    def has_rung(self) -> bool:
        """Has anything come since it last waited?"""
        return self._has_rung

    def _wake(self) -> None:
        self._has_rung = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def nudge(self) -> None:
        """Let it wait no longer, though nothing came."""
        self._wake()

    def rest(self) -> None:
        """Keep no hints for a while, only that some came: somebody else listens too."""
        self._get_ready()
        self._rests = True

    def go_on(self) -> int | None:
        """Keep hints again; since when some were lost (milliseconds), None when none were."""
        self._rests = False
        return self.take_lost()

    def take_lost(self) -> int | None:
        """Since when hints may have been lost (milliseconds), told once; None when none were."""
        since, self._lost_since = self._lost_since, None
        return since

    def _get_ready(self) -> None:
        if self.on_ready is not None:
            self.on_ready()
            self.on_ready = None

    async def wait(self, seconds: float | None = None) -> tuple[set[str], list[Bell]]:
        """The topics that rang and the hints that came since the last call; empty after `seconds` without any."""
        self._get_ready()
        if not self._has_rung:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._waiter
            finally:
                self._waiter = None
        self._has_rung = False
        rang, self._rang = self._rang, set()
        hints, self._hints = self._hints, {}
        return rang, [Bell(topic, hint) for hint, topic in hints.items()]


def frames_of(acts: Iterable[Iterable[Bell]], most: int) -> Iterator[str]:
    """The bells of acts as texts of at most so many characters; equal ones once in each.

    An act is whole in one of them, unless it alone is too long: whoever hears some of its bells hears all.
    """
    frame: dict[str, None] = {}
    size = 1
    for act in acts:
        words = dict.fromkeys(_word_of(bell) for bell in act)
        news = [word for word in words if word not in frame]
        if frame and size + sum(len(word) + 1 for word in news) > most:
            yield f"[{','.join(frame)}]"
            frame, size, news = {}, 1, list(words)
        for word in news:
            if frame and size + len(word) + 1 > most:
                yield f"[{','.join(frame)}]"
                frame, size = {}, 1
            frame[word] = None
            size += len(word) + 1
    if frame:
        yield f"[{','.join(frame)}]"


def _word_of(bell: Bell) -> str:
    """A bell in characters of one byte each, as a broker counts them."""
    words = _words_of(bell)
    word = orjson.dumps(words)
    return word.decode() if word.isascii() else json.dumps(words)


def _words_of(bell: Bell) -> list[str | int | None]:
    if bell.position:
        return [bell.topic, None, bell.position]
    return [bell.topic] if bell.hint is None else [bell.topic, bell.hint]


def read_bell(words: object) -> Bell:
    """A bell of a frame. TypeError for anything else."""
    classes = [word.__class__ for word in words] if isinstance(words, list) else []
    if classes in _WORDS:
        return Bell(*words)  # type: ignore[misc]
    raise TypeError("This is no bell.")


_WORDS = ([str], [str, str], [str, type(None), int])


def encode_hint(hint: Mapping[str, str | int | bool]) -> str:
    """Write a hint."""
    return orjson.dumps(hint, option=orjson.OPT_SORT_KEYS).decode()


def decode_hint(text: str) -> dict[str, str | int | bool]:
    """Read a hint; empty for anything that `encode_hint` did not write."""
    try:
        hint = orjson.loads(text)
    except ValueError:
        return {}
    return hint if isinstance(hint, dict) else {}
