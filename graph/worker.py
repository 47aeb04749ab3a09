"""What each serving process runs; it reads the settings for itself."""

from core.logs import set_up_logs
from core.settings import Settings
from graph.app import create_app


def app_from_environment() -> object:
    """The application of the environment's settings."""
    settings = Settings()
    set_up_logs(settings)
    return create_app(settings)
