"""What each serving process runs; it reads the settings for itself."""

from pathlib import Path

from core.logs import set_up_logs
from core.settings import Settings


def app_from_environment(meeting_place: Path | None) -> object:
    """The application of the environment's settings, one of several when there is a folder where they meet."""
    # The process that only starts others names this function, and needs no schema.
    from graph.app import create_app  # noqa: PLC0415

    settings = Settings()
    set_up_logs(settings)
    return create_app(settings, meeting_place)
