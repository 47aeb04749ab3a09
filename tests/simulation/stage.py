"""Where runs take place: a folder in memory, a database to begin with, and the rest of the process kept quiet."""

import gc
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from structlog.testing import capture_logs

from chat.palaver import Palaver
from tests.simulation.cast import MEMBERS, make_template
from tests.simulation.checks import faults_of
from tests.simulation.fate import Fate
from tests.simulation.fleet import Fleet
from tests.simulation.history import History
from tests.simulation.loop import VirtualLoop
from tests.simulation.nodes import settings_in
from tests.simulation.weather import EXCEPT
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a seed."""

    seed: int
    faults: list[str]
    history: History


class Stage:
    """Where runs take place: a folder with the database that each of them begins with."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = {finds: settings_in(folder, finds) for finds in EXCEPT}
        self._template = folder / "template.db"
        self._plays = 0
        make_template(self._template)

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator["Stage"]:
        """A stage in memory, where there is such a folder."""
        shared = Path("/dev/shm")
        folder = shared if shared.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="palaver-simulation-", dir=folder) as name, no_collecting():
            yield cls(Path(name))

    def play(self, seed: int, plant: Callable[[Palaver], Palaver] = lambda palaver: palaver) -> Outcome:
        """Run a seed, perhaps with a bug planted in every process. The same seed is the same run."""
        path = self._folder / "palaver.db"
        for old in self._folder.glob("palaver.db*"):
            old.unlink()
        shutil.copyfile(self._template, path)
        history = History(MEMBERS)
        loop = VirtualLoop()
        try:
            with capture_logs() as logged, quiet():
                fate = Fate(seed, loop, history)
                World(fate, Fleet(fate, path, self._settings[fate.weather.finds], plant)).run()
        finally:
            loop.close()
        self._plays += 1
        if self._plays % 10 == 0:
            gc.collect()
        bad = [f"{line['event']} was logged" for line in logged if line["log_level"] in ("error", "critical")]
        return Outcome(seed, bad + faults_of(history), history)


@contextmanager
def no_collecting() -> Iterator[None]:
    """When garbage is found must not matter, so it is looked for between runs only, and only theirs."""
    was_enabled, is_frozen = gc.isenabled(), gc.get_freeze_count() > 0
    gc.disable()
    if not is_frozen:
        gc.freeze()
    try:
        yield
    finally:
        if not is_frozen:  # What somebody else froze would melt too.
            gc.unfreeze()
        if was_enabled:
            gc.enable()


@contextmanager
def quiet() -> Iterator[None]:
    """asyncio says aloud what we find out ourselves."""
    logger = logging.getLogger("asyncio")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
