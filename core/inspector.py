"""Looks closely into files: each in a process of its own (core/inspection.py), of which there are few at a time."""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.scratch import Scratch
from core.turns import Turns

#: Where our own packages are: the process has the same as we have, whatever else is installed.
_HOME = str(Path(__file__).resolve().parent.parent)
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from core.inspection import main; main()"


class Unreadable(Exception):
    """It is not what it begins like."""


class TooMuchWork(Exception):
    """It has more points or frames than are accepted, or takes more memory or time."""


class NoRoom(Exception):
    """The disk is full."""


@dataclass(frozen=True, slots=True)
class InspectionLimits:
    """Of one file: points of a picture (all frames together), frames, bytes of memory, seconds, bytes written; and how
    many files are looked into at a time."""

    pixels: int
    frames: int
    memory: int
    seconds: float
    written: int
    side: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file is. `size` is of a picture as it was made anew, `seconds` of sound."""

    mime_type: str
    size: tuple[int, int] | None
    seconds: float | None


class Inspector:
    """Has files looked into."""

    def __init__(self, limits: InspectionLimits) -> None:
        self.limits = limits
        self._turns = Turns(limits.at_once)

    async def look(self, who: str, source: Scratch, mime_type: str, target: Scratch, thumbnail: Scratch) -> Finding:
        """Look into a file that begins like one of a media type; a picture is written anew into `target`, and a small
        one into `thumbnail`. Nobody waits for all files of somebody else. Unreadable, TooMuchWork, or NoRoom."""
        limits = self.limits
        asked = {
            "source": str(source.path),
            "target": str(target.path),
            "thumbnail": str(thumbnail.path),
            "mime_type": mime_type,
            "pixels": limits.pixels,
            "frames": limits.frames,
            "memory": limits.memory,
            "seconds": max(1, round(limits.seconds)),
            "written": limits.written,
            "side": limits.side,
        }
        numbers = (source.number, target.number, thumbnail.number)
        async with self._turns.take(who):
            answer = await self._run(asked, numbers)
        return _finding_of(answer)

    async def _run(self, asked: dict[str, Any], numbers: tuple[int, ...]) -> dict[str, Any]:
        # -I: it is told nothing by the environment or by the folder that it is in; and there are no secrets to find.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-c", _PROGRAM, _HOME, json.dumps(asked)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=numbers,
            env={},
        )
        try:
            async with asyncio.timeout(self.limits.seconds):
                output, _ = await process.communicate()
        except TimeoutError as error:
            raise TooMuchWork from error
        finally:
            # Whoever stops waiting, or is cancelled, leaves no process behind.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0:
            raise TooMuchWork
        answer: dict[str, Any] = json.loads(output)
        return answer


def _finding_of(answer: dict[str, Any]) -> Finding:
    match answer.get("fault"):
        case None:
            size = answer.get("size")
            return Finding(answer["mime_type"], (size[0], size[1]) if size else None, answer.get("seconds"))
        case "no room":
            raise NoRoom
        case "too much":
            raise TooMuchWork
        case _:
            raise Unreadable
