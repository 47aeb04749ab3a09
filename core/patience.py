"""How long the hub waits for its broker."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass


def chance() -> float:
    """From 0 to 1, another one each time."""
    return secrets.randbelow(1000) / 1000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the hub waits, in seconds: for an answer of the broker, between probes, between tries to reach it.

    Between tries it waits longer by a part of the time that `jitter` draws, so that processes do not come all at once.
    """

    answer: float = 1.0
    probe: float = 1.0
    retry: float = 0.1
    longest_retry: float = 2.0
    jitter: Callable[[], float] = chance
