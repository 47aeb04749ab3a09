"""What it was measured on: processors, versions and how busy it was; no names, and no places."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.contenders import versions_of_peers
from tests.parts.programs import postgres_folder, version_of

PACKAGES = ("strawberry-graphql", "fastapi", "uvicorn", "sqlalchemy", "aiosqlite", "asyncpg", "websockets", "uvloop")


def machine() -> dict[str, Any]:
    """The machine as it is now."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "versions": _versions(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _versions() -> dict[str, str]:
    found = {"palaver": version("palaver"), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    found["postgresql"] = version_of(postgres_folder() / "postgres")
    found |= {package: version(package) for package in PACKAGES}
    node = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True).stdout.strip()
    return {**found, "node": node.removeprefix("v"), **versions_of_peers()}
