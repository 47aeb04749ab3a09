"""Where the examples are, and what they agree on."""

import re
from pathlib import Path

from typer.testing import CliRunner

from core.settings import Settings
from graph.cli import app as commands

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
#: What may be written in seconds, minutes or hours.
TIME = re.compile(r"(\d+)(ms|s|m|h)")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def defaults() -> Settings:
    """Every setting as it is when nobody sets it."""
    return Settings.model_construct()


def seconds_of(time: str) -> float:
    """A time such as `30s`. ValueError for another word."""
    found = TIME.fullmatch(time)
    if found is None:
        raise ValueError(f"{time} is no time.")
    return float(found[1]) * UNITS[found[2]]


def time_to_end() -> float:
    """Seconds that `palaver serve` may take to end: what runs is waited for, then acts may reach their limit."""
    return defaults().shutdown_seconds + defaults().operation_seconds


def options_of(words: list[str]) -> dict[str, str]:
    """The options of a command line of `palaver`'s. ValueError when Palaver has no such command, or no such option."""
    asked = CliRunner().invoke(commands, [*words, "--help"])
    if asked.exit_code != 0:
        raise ValueError(asked.output)
    return dict(zip(words[1::2], words[2::2], strict=True))


def is_short_image(name: str) -> bool:
    """Does it name an image without a registry's address?"""
    host, slash, _ = name.partition("/")
    return not (slash and ("." in host or ":" in host or host == "localhost"))
