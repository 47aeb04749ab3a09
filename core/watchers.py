"""Who keeps something of everything that rings in a process: as who types, or which logs have grown."""

from collections.abc import Callable
from typing import NamedTuple

from core.bells import Bell


def anything(_: Bell) -> bool:
    """Whatever rings."""
    return True


def is_plain(bell: Bell) -> bool:
    """Does it tell of something that is stored?"""
    return bell.hint is None


class _Watcher(NamedTuple):
    beginning: str
    hear: Callable[[Bell], None]
    wants: Callable[[Bell], bool]


class Watchers:
    """A few, each of topics that begin in one way; told in the order in which they came."""

    def __init__(self) -> None:
        self._all: list[_Watcher] = []
        #: A glance at these tells that nobody watches most topics.
        self._beginnings: tuple[str, ...] = ()

    def add(self, beginning: str, hear: Callable[[Bell], None], wants: Callable[[Bell], bool]) -> None:
        """Let one hear the bells that it wants of topics that begin so."""
        self._all.append(_Watcher(beginning, hear, wants))
        self._beginnings = tuple({*self._beginnings, beginning})

    def tell(self, bell: Bell) -> None:
        """Tell those who want to hear of a bell."""
        for watcher in self._of(bell):
            if watcher.wants(bell):
                watcher.hear(bell)

    def want(self, bell: Bell) -> bool:
        """Does anybody want to hear of it?"""
        return any(watcher.wants(bell) for watcher in self._of(bell))

    def _of(self, bell: Bell) -> list[_Watcher]:
        topic = bell.topic
        if not topic.startswith(self._beginnings):
            return []
        return [watcher for watcher in self._all if topic.startswith(watcher.beginning)]
