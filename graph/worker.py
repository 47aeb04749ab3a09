"""What each serving process runs; it reads the settings for itself."""

import os
import signal
import threading
import time
from pathlib import Path

from core.logs import set_up_logs
from core.settings import Settings

#: Between two looks whether the command that started this process still lives.
SECONDS = 0.5


def app_from_environment(meeting_place: Path | None) -> object:
    """The application of the environment's settings, one of several when there is a folder where they meet."""
    # The process that only starts others names this function, and needs no schema.
    from graph.app import create_app  # noqa: PLC0415

    settings = Settings()
    set_up_logs(settings)
    if meeting_place is not None:
        threading.Thread(target=_end_with, args=[os.getppid()], name="parent", daemon=True).start()
    return create_app(settings, meeting_place)


def _end_with(parent: int) -> None:
    """End in order when the command that started this process is gone: nobody else would, and the port stay taken."""
    while os.getppid() == parent:
        time.sleep(SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
