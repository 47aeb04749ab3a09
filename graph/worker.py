"""What each serving process runs; it reads the settings for itself."""

import gc
import os
import signal
import threading
import time
from pathlib import Path

from core.logs import set_up_logs
from core.settings import Settings

#: Between two looks whether the command that started this process still lives.
SECONDS = 0.5
#: New objects between two collections of the youngest, and how many of these come before one of the older ones.
COLLECT_EVERY = (2_000, 50, 100)


def app_from_environment(meeting_place: Path | None) -> object:
    """The application of the environment's settings, one of several when there is a folder where they meet."""
    # The process that only starts others names this function, and needs no schema.
    from graph.app import create_app  # noqa: PLC0415

    settings = Settings()
    set_up_logs(settings)
    if meeting_place is not None:
        threading.Thread(target=_end_with, args=[os.getppid()], name="parent", daemon=True).start()
    app = create_app(settings, meeting_place)
    _settle()
    return app


def _settle() -> None:
    """Let the garbage collector pass over what stays for good, the schema above all, and look at the rest less often.

    Else it walks through some hundred thousand objects again and again, while everybody waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_EVERY)


def _end_with(parent: int) -> None:
    """End in order when the command that started this process is gone: nobody else would, and the port stay taken."""
    while os.getppid() == parent:
        time.sleep(SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
