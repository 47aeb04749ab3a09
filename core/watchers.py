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

    def add(self, beginning: str, hear: Callable[[Bell], None], wants: Callable[[Bell], bool]) -> None:
        """Let one hear the bells that it wants of topics that begin so."""
        self._all.append(_Watcher(beginning, hear, wants))

    def tell(self, bell: Bell) -> None:
        """Tell those who want to hear of a bell."""
        for watcher in self._all:
            if bell.topic.startswith(watcher.beginning) and watcher.wants(bell):
                watcher.hear(bell)

    def want(self, bell: Bell) -> bool:
        """Does anybody want to hear of it?"""
        return any(bell.topic.startswith(watcher.beginning) and watcher.wants(bell) for watcher in self._all)
