"""What may go wrong in a run, and how often: drawn from the seed, so that some runs are calm and others are storms."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

#: What finds lost bells, and the losses that it cannot find. In one process with the broker in memory none is lost
#: unless the process dies. Probes find a connection that is broken or deaf, and no bell that was lost on a good one;
#: nor what another process rang while it had no connection, so there is only one.
EXCEPT = {
    "memory": ["answer_of_commit_lost"],
    "backstop": [],
    "probes": [
        *("lost", "garbled", "unsent", "broker_hangs", "answer_of_commit_lost", "crash_at_commit"),
        *("crash_at_statement", "crash_at_publish", "crash_at_answer", "crashes"),
    ],
}


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances from 0 to 1, and times in seconds. Each kind of mishap is absent from many runs."""

    nodes: int
    finds: str
    probe: float
    bursts: int
    pause: float
    read_pause: float
    travel: float
    think: float
    lost: float
    doubled: float
    garbled: float
    late: float
    in_order: bool
    unsent: float
    deaf: float
    broker_away: float
    broker_hangs: float
    statement_fails: float
    commit_fails: float
    answer_of_commit_lost: float
    crash_at_commit: float
    crash_at_statement: float
    crash_at_publish: float
    crash_at_answer: float
    crashes: float
    cancelled: float
    impatient: float
    leaves: float
    stalls: float

    @classmethod
    def of(cls, chance: Random) -> "Weather":
        """The weather of a seed."""

        def perhaps(*levels: float, often: float = 0.35) -> float:
            return chance.choice(levels) if chance.random() < often else 0.0

        nodes = chance.choice((1, 1, 2, 2, 3))
        finds = chance.choice(("memory", "memory", "probes", "backstop")) if nodes == 1 else "backstop"
        weather = cls(
            nodes=nodes,
            finds=finds,
            probe=chance.choice((1.0, 3.0)),
            bursts=chance.choice((2, 3, 4, 5)),
            pause=chance.choice((0.0, 0.001, 0.005, 0.02)),
            # Often slower than a writer: then much is committed between a read and its answer.
            read_pause=chance.choice((0.0, 0.001, 0.005, 0.03)),
            travel=chance.choice((0.0002, 0.0002, 0.002, 0.02)),
            think=chance.choice((0.0, 0.002, 0.01, 0.1)),
            lost=perhaps(0.1, 0.3, 0.6, 1.0),
            doubled=perhaps(0.2, 0.6),
            garbled=perhaps(0.1, 0.4),
            late=perhaps(0.1, 0.5),
            in_order=chance.random() < 0.5,
            unsent=perhaps(0.1, 0.4),
            deaf=perhaps(0.5, 1.0),
            broker_away=perhaps(0.5, 1.0),
            broker_hangs=perhaps(0.5, 1.0, often=0.2),
            statement_fails=perhaps(0.02, 0.06, often=0.3),
            commit_fails=perhaps(0.05, 0.2),
            answer_of_commit_lost=perhaps(0.05, 0.3),
            crash_at_commit=perhaps(0.03, 0.1),
            crash_at_statement=perhaps(0.003, 0.01, often=0.25),
            crash_at_publish=perhaps(0.01, 0.05, often=0.25),
            crash_at_answer=perhaps(0.03, 0.1),
            crashes=perhaps(0.3, 0.7),
            cancelled=perhaps(0.1, 0.3),
            impatient=perhaps(0.1, 0.3),
            leaves=perhaps(0.3, 0.8),
            stalls=perhaps(0.2, 0.6),
        )
        nothing: dict[str, Any] = dict.fromkeys(EXCEPT[finds], 0.0)
        return replace(weather, **nothing)
