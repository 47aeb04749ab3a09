"""How much somebody does at the same time: counted in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Abreast:
    """Lets each do so much at a time, and no more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: Counter[str] = Counter()

    @contextmanager
    def begin(self, who: str) -> Iterator[bool]:
        """One more runs until the block ends; False when that would be too many, and then it does not count."""
        if self._running[who] >= self._most:
            yield False
            return
        self._running[who] += 1
        try:
            yield True
        finally:
            self._running[who] -= 1
            if not self._running[who]:
                del self._running[who]
