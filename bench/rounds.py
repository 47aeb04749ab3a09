"""Compares everybody, then lets them take turns: one server at a time, one work after another, round by round."""

import argparse
import gc
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TypeAlias

from bench.answers import Answers, DifferentAnswer, compare, take_answers
from bench.contenders import Contender
from bench.figures import shown
from bench.stage import BenchError, Served, Stage
from bench.works.requests import measure_requests
from bench.works.sockets import measure_fan_out, measure_latency, measure_memory

#: S1a: conversations that are followed, each by one socket.
FOLLOWED = 50
#: How many times as long as the others: of 100 messages a p99 is the slowest but one, and says nothing.
LATENCY = 6
#: Memory hardly differs from round to round, and many sockets take a while to open.
MEMORY_ROUNDS = 2
#: Contender, work, and what each round gave.
Rounds: TypeAlias = dict[str, dict[str, list[dict[str, float]]]]


def say(words: str) -> None:
    """Tell whoever waits."""
    print(words, flush=True)


@dataclass(slots=True)
class Contest:
    """Contenders, the works that they do, and what came of it so far. Who fails in a work has no figures in it."""

    stage: Stage
    contenders: Sequence[Contender]
    works: Sequence[str]
    asked: argparse.Namespace
    rounds: Rounds = field(default_factory=dict)
    #: Contender, work or "answers", and why it failed.
    failures: dict[str, dict[str, str]] = field(default_factory=dict)

    async def compare(self) -> None:
        """Compare everybody's answers with Palaver's, which the bare servers then repeat. Who differs is not timed."""
        expected: Answers | None = None
        for contender in self.contenders:
            if contender.is_bound:
                continue
            async with self.stage.serve(contender) as served:
                answers = await take_answers(served)
            if expected is None:
                expected = answers
                for name, body in answers.bodies.items():
                    (self.stage.bodies / f"{name}.json").write_bytes(body)
            try:
                compare(contender.name, answers, expected)
            except DifferentAnswer as different:
                self._fail(contender, "answers", different)
            else:
                say(f"{contender.name} answers as Palaver does")

    async def measure(self) -> None:
        """Round by round, everybody in turn."""
        for number in range(1, self.asked.rounds + 1):
            for contender in self.contenders:
                if "answers" in self.failures.get(contender.name, {}):
                    continue
                for group in self._groups(contender, number):
                    await self._measure_group(contender, group, f"[{number}/{self.asked.rounds}]")

    def _groups(self, contender: Contender, number: int) -> list[list[str]]:
        """The works that one process does after another. Memory is measured in fresh processes, and in few rounds."""
        failed = self.failures.get(contender.name, {})
        mine = [work for work in self.works if work in contender.works and work not in failed]
        busy = [work for work in mine if work != "S1c"]
        idle = [work for work in mine if work == "S1c" and number <= MEMORY_ROUNDS]
        return [group for group in (busy, idle) if group]

    async def _measure_group(self, contender: Contender, group: Sequence[str], when: str) -> None:
        async with AsyncExitStack() as running:
            served = await running.enter_async_context(self.stage.serve(contender)) if contender.serves else None
            for work in group:
                try:
                    figures = await self._measure(contender, served, work)
                except BenchError as error:
                    self._fail(contender, work, error)
                    return  # It may still be busy with what failed.
                self.rounds.setdefault(contender.name, {}).setdefault(work, []).append(figures)
                say(f"{when} {contender.name:18} {work:4} {told(figures)}")

    async def _measure(self, contender: Contender, served: Served | None, work: str) -> dict[str, float]:
        asked = self.asked
        # To look through all that the load has kept so far takes a tenth of a second, in which it hears nothing.
        gc.collect()
        gc.freeze()
        if served is None:
            words = ("--seconds", str(asked.seconds), "--warm", str(asked.warm))
            figures: dict[str, float] = json.loads(await self.stage.run(contender, work, *words))
            return figures
        if work == "S1a":
            return await measure_latency(served, asked.seconds * LATENCY, asked.rate, FOLLOWED)
        if work == "S1b":
            return await measure_fan_out(served, asked.seconds, asked.warm, asked.followers)
        if work == "S1c":
            return await measure_memory(served, asked.sockets)
        return await measure_requests(served, work, asked.seconds, asked.warm)

    def _fail(self, contender: Contender, what: str, error: BenchError) -> None:
        self.rounds.get(contender.name, {}).pop(what, None)
        self.failures.setdefault(contender.name, {})[what] = str(error)
        say(f"NO RESULT for {contender.name}, {what}: {error}")


def told(figures: dict[str, float]) -> str:
    """Figures on one line."""
    return "  ".join(f"{name} {shown(figure)}" for name, figure in figures.items())
